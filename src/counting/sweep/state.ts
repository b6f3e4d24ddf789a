/** @module What the sweep remembers between two runs. Times are UTC ms. */
import type { Keyed } from "../../lib/records.ts";

/** What a round over all keys has found so far. */
export interface Round {
  /** Spilled batches left, by stream. */
  pending: Keyed<number>;
  /** When the oldest of them was spilled, by stream. */
  oldest: Keyed<number>;
}

export interface SweepState extends Round {
  /** KV list cursors to go on from. */
  spillCursor?: string;
  laneCursor?: string;
  asideCursor?: string;
  /** The round that is under way; `pending` and `oldest` are of the last whole one. */
  round: Round;
  /** Counters that did not answer, by stream and shard: no call is made before `until`. */
  resting: Keyed<Rest>;
  /** Batches that were not taken though their Counter answers, by key. */
  refused: Keyed<Refused>;
  /** Batches that are set aside, by stream (set-aside.ts); and when they are next looked at. */
  aside: Keyed<number>;
  asideAt: number;
  /** Producer → highest seq collected, so that unchanged states are not read again. */
  collected: Keyed<number>;
  /** The last run found something. */
  foundSpills: boolean;
  foundStates: boolean;
  /** Streams whose states the last run saw: their isolates wait for salts in KV. */
  streams: string[];
  /** Salts that stand in KV, by key → UTC ms of their end. */
  salted: Keyed<number>;
}

export interface Rest {
  until: number;
  /** In a row. */
  failures: number;
}

export interface Refused {
  /** Which Counter it is for, so that it need not be read while that one rests. */
  shard: number;
  tries: number;
}

export const noRound: Round = { pending: {}, oldest: {} };

export const noSweep: SweepState = {
  ...noRound,
  round: noRound,
  resting: {},
  refused: {},
  aside: {},
  asideAt: 0,
  collected: {},
  foundSpills: false,
  foundStates: false,
  streams: [],
  salted: {},
};
