/** @module What is asked of `worker.ts`, and what it answers. */

export interface Drive {
  streamId: string;
  shards: number;
  isolates: number;
  links: number;
  opensPerSecond: number;
  seconds: number;
  /** s after the last open, in which the Counters come to rest. */
  rest: number;
}

export interface Driven {
  opens: number;
  /** As the runtime counts them; an alarm that is set is one. */
  rows: number;
  /** What the Counters have in the end. */
  views: number;
  commits: number;
}
