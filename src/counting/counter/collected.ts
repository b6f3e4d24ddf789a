/** @module The last cumulative state of each producer that was collected from KV, so that a later one is a difference. */

import type { Sql } from "../../lib/sql.ts";
import type { Batch, Cell } from "../batch.ts";
import { difference } from "../cumulative.ts";
import type { Ledger } from "./ledger.ts";

interface Last {
  cells: Cell[];
  lost: number;
}

/** Adds what a state has beyond the last one, which is kept in the same transaction; its seq was checked. */
export function collectState(sql: Sql, ledger: Ledger, state: Batch, now: number): void {
  const [row] = sql
    .exec<{ state: string }>("SELECT state FROM collected WHERE producer = ?", state.producer)
    .toArray();
  const last: Last = row ? (JSON.parse(row.state) as Last) : { cells: [], lost: 0 };
  const lost = state.lost ?? 0;
  const cells = difference(state.cells, last.cells);
  const kept: Last = { cells: state.cells, lost };
  ledger.commit([{ ...state, cells, lost: Math.max(0, lost - last.lost) }], now, () =>
    sql.exec(
      "INSERT INTO collected (producer, state, at) VALUES (?, ?, ?) ON CONFLICT (producer) DO UPDATE SET state = excluded.state, at = excluded.at",
      state.producer,
      JSON.stringify(kept),
      now,
    ),
  );
}
