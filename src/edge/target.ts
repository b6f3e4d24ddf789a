/** @module A link as this isolate knows it: its records, and what was decided for whom. */
import type { Outcome } from "../decision/decide.ts";
import type { Visitor } from "../decision/visitor.ts";
import type { BoundedMap } from "../lib/bounded-map.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import type { Cells } from "./cells.ts";

export interface Target {
  link: LinkRecord;
  stream: StreamRecord;
  /** What was decided for a kind of visitor; as old as the two records. */
  decided: BoundedMap<Visitor, Decided>;
  /** To be called when something was decided, so that it is weighed. */
  hasGrown: () => void;
}

export interface Decided {
  outcome: Outcome;
  origin: string;
  /** What a page of it offers, as its token says (offer.ts). */
  offer: string;
  /** UTC ms; before it, by a clock that was set back, another decision may be right. */
  since: number;
  /** UTC ms at which the phase, or the link's life, changes. */
  until: number;
  /** Live by the clock, and the host not on yet. */
  isEarly: boolean;
  /** The destination that opens and clicks are counted for; `none` without one. */
  destination: string;
  cells: Cells;
  /** The answer, when it is one, once it was given. */
  redirect?: Response;
}
