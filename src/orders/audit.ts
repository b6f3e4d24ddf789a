/** @module The Orders object's part of the audit log: costs, and how many orders a request changed. */

import type { Sql } from "../lib/sql.ts";
import {
  type AuditAction,
  type AuditEntry,
  type Audited,
  type AuditFields,
  type AuditFilter,
  differing,
} from "../model/audit-entry.ts";
import { randomId } from "../model/slug.ts";
import type { Row } from "./row.ts";

const fieldsOf = (text: string | number | null): AuditFields | null =>
  typeof text === "string" ? (JSON.parse(text) as AuditFields) : null;
const textOf = (fields: AuditFields | null): string | null => fields && JSON.stringify(fields);

const entryOf = (row: Row): AuditEntry => ({
  seq: Number(row.seq),
  id: String(row.id),
  at: Number(row.at),
  actor: String(row.actor),
  action: String(row.action) as AuditAction,
  target: String(row.target),
  before: fieldsOf(row.before ?? null),
  after: fieldsOf(row.after ?? null),
  importId: null,
});

export class OrdersAudit {
  readonly #sql: Sql;

  /** @param sql of a store that `migrateOrders` has seen */
  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** To be called inside the transaction of the change. */
  note(actor: string, at: number, change: Audited): void {
    const { before, after } = differing(change);
    this.#sql.exec(
      "INSERT INTO audit (id, at, actor, action, target, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
      randomId(),
      at,
      actor,
      change.action,
      change.target,
      textOf(before),
      textOf(after),
    );
  }

  /** The newest first, those before a number. */
  list({ target, actor }: AuditFilter, limit: number, before: number): AuditEntry[] {
    const rows = this.#sql
      .exec<Row>(
        `SELECT * FROM audit WHERE seq < ? AND (? IS NULL OR target = ?) AND (? IS NULL OR actor = ?)
         ORDER BY seq DESC LIMIT ?`,
        before,
        target ?? null,
        target ?? null,
        actor ?? null,
        actor ?? null,
        limit,
      )
      .toArray();
    return rows.map(entryOf);
  }

  /** The oldest first, those after a number. */
  after(seq: number, limit: number): AuditEntry[] {
    return this.#sql
      .exec<Row>("SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit)
      .toArray()
      .map(entryOf);
  }

  forgetBefore(at: number): void {
    this.#sql.exec("DELETE FROM audit WHERE at < ?", at);
  }
}
