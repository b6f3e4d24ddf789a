/** @module What is asked of `worker.ts`, and what it answers. */

export interface Task {
  /** Of the object. */
  name: string;
  /**
   * A commit is of forty opens, each of another link; a fold has one before it; a read is what the stats ask of one shard, with
   * each link's visitors; a publication is what KV is given.
   */
  what: "fill" | "commit" | "fold" | "read" | "publish" | "nothing";
  links: number;
  days?: number;
  times?: number;
  /** UTC ms. */
  now: number;
}

export interface Done {
  /** Of what was read last, as JSON. */
  bytes: number;
}
