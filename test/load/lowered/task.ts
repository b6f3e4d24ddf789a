/** @module What is asked of `worker.ts`, which answers how many links' visitors were told. */

export interface Task {
  /** A read has an addition before it, as every read of a stream that is open has. */
  what: "fill" | "add" | "read";
  streamId: string;
  /** How many the stream ever had; it has one. */
  shards: number;
  links: number;
}
