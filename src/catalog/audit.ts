/**
 * @module An audit log, who changed what: the Catalog and the Orders object each keep one, and write an entry in the
 * transaction of the change. What an import brought from another service's log says so.
 */
import type { Sql, SqlRow, SqlValue } from "../lib/sql.ts";
import {
  type AuditAction,
  type AuditEntry,
  type Audited,
  type AuditFields,
  type AuditFilter,
  differing,
} from "../model/audit-entry.ts";
import { randomId } from "../model/slug.ts";

const textOf = (fields: AuditFields | null): string | null => fields && JSON.stringify(fields);
const fieldsOf = (text: SqlValue | undefined): AuditFields | null =>
  typeof text === "string" ? (JSON.parse(text) as AuditFields) : null;

/** The table of Orders has no column for imports. */
const entryOf = (row: SqlRow): AuditEntry => ({
  seq: Number(row.seq),
  id: String(row.id),
  at: Number(row.at),
  actor: String(row.actor),
  action: String(row.action) as AuditAction,
  target: String(row.target),
  before: fieldsOf(row.before),
  after: fieldsOf(row.after),
  importId: typeof row.import_id === "string" ? row.import_id : null,
});

export class AuditLog {
  readonly #sql: Sql;

  /** @param sql of a store that has the table `audit` */
  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /**
   * To be called inside the transaction of the change.
   *
   * @param at UTC ms
   */
  note(actor: string, at: number, changes: readonly Audited[]): void {
    for (const change of changes) {
      const { id = randomId(), action, target } = change;
      const { before, after } = differing(change);
      this.#sql.exec(
        "INSERT INTO audit (id, at, actor, action, target, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ...[id, at, actor, action, target, textOf(before), textOf(after)],
      );
    }
  }

  /** The newest first, those before a number. */
  list({ target, actor, action }: AuditFilter, limit: number, before: number): AuditEntry[] {
    const wanted: [condition: string, value: SqlValue][] = [["seq < ?", before]];
    if (target !== undefined) wanted.push(["target = ?", target]);
    if (actor !== undefined) wanted.push(["actor = ?", actor]);
    if (action !== undefined) wanted.push(["action = ?", action]);
    const where = wanted.map(([condition]) => condition).join(" AND ");
    return this.#entries(
      `WHERE ${where} ORDER BY seq DESC LIMIT ?`,
      ...wanted.map(([, value]) => value),
      limit,
    );
  }

  /** The oldest first, those after a number. */
  after(seq: number, limit: number): AuditEntry[] {
    return this.#entries("WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit);
  }

  /** @param at UTC ms */
  forgetBefore(at: number): void {
    this.#sql.exec("DELETE FROM audit WHERE at < ?", at);
  }

  #entries(which: string, ...bindings: SqlValue[]): AuditEntry[] {
    return this.#sql
      .exec(`SELECT * FROM audit ${which}`, ...bindings)
      .toArray()
      .map(entryOf);
  }
}
