/**
 * @module What the audit log says of a change: whole records come in, what differs is kept. Never a secret,
 * nor its digest. Pure; the Catalog and the Orders object both keep such entries.
 */
import { type Keyed, own, recordOf } from "../lib/records.ts";

/** By the names of what changed; those of an import are as its lines have them. */
export type AuditFields = Keyed<unknown>;

export const auditActions = [
  "stream.created",
  "stream.changed",
  "stream.deleted",
  "stream.restored",
  "stream.purged",
  "link.created",
  "link.changed",
  "link.promoted",
  "link.deleted",
  "link.restored",
  "creator.updated",
  "creator.deleted",
  "key.created",
  "key.deleted",
  "share.created",
  "share.deleted",
  "notifier.created",
  "notifier.changed",
  "notifier.deleted",
  "connection.created",
  "connection.changed",
  "connection.deleted",
  "costs.changed",
  "spend.imported",
  "conversions.applied",
  "conversion.booked",
  "settlement.closed",
  "settlement.voided",
  "imported",
  "export.read",
  "session.opened",
  "session.refused",
  "session.closed",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** What a change says of itself: whole records, of which the log keeps what differs. */
export interface Audited {
  /** Of the entry; drawn unless given. */
  id?: string;
  action: AuditAction;
  target: string;
  before?: object;
  after?: object;
}

export interface AuditEntry {
  seq: number;
  id: string;
  at: number;
  actor: string;
  action: AuditAction;
  target: string;
  before: AuditFields | null;
  after: AuditFields | null;
  /** The import that brought the entry here, and vouches for nothing in it; `null` for what happened here. */
  importId: string | null;
}

export interface AuditFilter {
  target?: string | undefined;
  actor?: string | undefined;
  action?: AuditAction | undefined;
}

const neverKept = new Set(["secret", "digest", "version", "updatedAt", "shardsEver"]);

/** Of one record its fields that have a value; of two, those that differ. */
export function differing({ before, after }: Pick<Audited, "before" | "after">): {
  before: AuditFields | null;
  after: AuditFields | null;
} {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  if (!old || !now) {
    const isEmpty = (value: unknown) =>
      value === null || (Array.isArray(value) && value.length === 0);
    const full = (fields: AuditFields | null) =>
      fields && recordOf(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
    return { before: full(old), after: full(now) };
  }
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (name) => JSON.stringify(own(old, name)) !== JSON.stringify(own(now, name)),
  );
  const only = (fields: AuditFields) =>
    recordOf(names.map((name) => [name, own(fields, name) ?? null]));
  return { before: only(old), after: only(now) };
}

function fieldsOf(record: object | undefined): AuditFields | null {
  if (!record) return null;
  return recordOf(
    Object.entries(record).filter(([name, value]) => value !== undefined && !neverKept.has(name)),
  );
}
