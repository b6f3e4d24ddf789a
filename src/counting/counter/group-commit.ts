/**
 * @module How the Counter commits: each batch once, several in one commit. Pure: the store and the
 * timer are ports, so the same code runs in the Durable Object and in the fault model.
 *
 * Who owns what: `#group` is the group that takes batches until its timer rings; `#pending` says which
 * (producer, seq) are in it. Both are memory only: what a crash forgets, nobody was told was added.
 */
import type { Ack, Batch } from "../batch.ts";

export interface CommitStore {
  /** The highest seq of a producer that is committed; 0 for an unknown one. */
  committedSeq(producer: string): number;
  /** Writes a group in one transaction; throws when it is not written. */
  commit(group: readonly Batch[]): void;
}

export interface CommitPorts {
  after(milliseconds: number, run: () => void): void;
  /** A commit threw: nothing of this object's memory can be trusted any more. */
  abort(error: unknown): void;
}

/**
 * How long a group gathers, in ms. Each commit is a row, and rows are billed, so batches that nobody waits for are
 * gathered longer; a strict one brings the whole group forward. What a group holds when its Counter dies was not
 * acknowledged, and is sent again.
 */
export const groupWindow = { fast: 250, strict: 10 };

interface Group {
  batches: Batch[];
  committed: Promise<void>;
  /** A strict batch has set the shorter timer. */
  isHurried: boolean;
  /** Commits, unless that was done. */
  close: () => void;
}

export class GroupCommit {
  #store: CommitStore;
  #ports: CommitPorts;
  #group: Group | null = null;
  #pending = new Map<string, number>();

  constructor(store: CommitStore, ports: CommitPorts) {
    this.#store = store;
    this.#ports = ports;
  }

  /**
   * Adds a batch once, however often it is sent.
   *
   * @returns `added`, `duplicate`, or `gap` when a batch before it is missing (only a restored backup)
   */
  async take(batch: Batch): Promise<Ack["status"]> {
    const { producer, seq } = batch;
    const committed = this.#store.committedSeq(producer);
    if (seq <= committed) return "duplicate";
    const last = this.#pending.get(producer) ?? committed;
    if (seq <= last) {
      // Still uncommitted: answered at once it would have no write behind it, and a crash would lose it.
      await this.#group?.committed;
      return "duplicate";
    }
    if (seq !== last + 1) return "gap";
    this.#group ??= this.#openGroup();
    const group = this.#group;
    group.batches.push(batch);
    this.#pending.set(producer, seq);
    if (batch.strict && !group.isHurried) {
      group.isHurried = true;
      this.#ports.after(groupWindow.strict, group.close);
    }
    await group.committed;
    return "added";
  }

  /** Resolves when no batch of a producer waits for its commit. */
  async settled(producer: string): Promise<void> {
    while (this.#pending.has(producer)) await this.#group?.committed;
  }

  #openGroup(): Group {
    const batches: Batch[] = [];
    let close: () => void = () => undefined;
    const committed = new Promise<void>((resolve, reject) => {
      close = () => {
        if (this.#group?.batches !== batches) return;
        this.#group = null;
        this.#pending.clear();
        try {
          this.#store.commit(batches);
          resolve();
        } catch (error) {
          reject(error);
          this.#ports.abort(error);
        }
      };
    });
    // Nobody may be waiting any more; who does still sees the rejection.
    committed.catch(() => undefined);
    this.#ports.after(groupWindow.fast, close);
    return { batches, committed, isHurried: false, close };
  }
}
