/**
 * @module Which lines of closed sheets have to be looked at again: an order of theirs changed since. Kept by the sheets'
 * promoter, so that the next sheet reads those alone, however many lines earlier ones have.
 */
import type { Sql } from "../../lib/sql.ts";

const marked = `INSERT OR IGNORE INTO restated (creator, currency, platform, order_id, sub_id)
  SELECT sheet.creator, sheet.currency, own.platform, own.order_id, own.sub_id`;

/** A refund may be booked on any line of its order, so all that sheets have of it are marked. Inside the change's transaction. */
export function markOrders(
  sql: Sql,
  orders: readonly { platform: string; orderId: string }[],
): void {
  const keys = new Set(orders.map(({ platform, orderId }) => JSON.stringify([platform, orderId])));
  sql.exec(
    `${marked} FROM json_each(?) k CROSS JOIN sheet_line own
       ON own.platform = (k.value->>0) AND own.order_id = (k.value->>1)
     CROSS JOIN sheet ON sheet.seq = own.sheet WHERE sheet.voided_at IS NULL`,
    `[${[...keys].join()}]`,
  );
}

/**
 * What a sheet said of earlier ones' lines, when it is voided; all of its lines, when an import brought them.
 *
 * @param first the first of its lines, by their place
 */
export function markSheet(
  sql: Sql,
  seq: number,
  { isVoided, first = 1 }: { isVoided: boolean; first?: number },
): void {
  sql.exec(
    `${marked} FROM sheet_line own JOIN sheet ON sheet.seq = own.sheet
     WHERE own.sheet = ? AND own.place >= ? ${isVoided ? "AND kind IN ('change', 'moved')" : ""}`,
    seq,
    first,
  );
}
