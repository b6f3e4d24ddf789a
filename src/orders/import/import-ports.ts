/** @module Where the rows of an order file go. */
import type { Spend } from "../../model/costs.ts";
import type { OrderEvent } from "../order-line.ts";
import type { Counted } from "./outcome.ts";

/** Rows handed over at once. */
export const batchSize = 200;

/** Where batches go. */
export interface ImportPorts {
  apply: (events: OrderEvent[]) => Promise<Counted & { unattributed: number }>;
  /** Lets others have their turn, after each batch. */
  pause?: () => Promise<void>;
  /** `unknown`: places of rows whose link is not known. */
  spend: (rows: Spend[]) => Promise<Counted & { unknown: number[] }>;
}
