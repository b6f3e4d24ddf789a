/**
 * @module A Durable Object's store: migrated before anything else of it is read or written, or refused. A
 * refused one is asked again at each call, so the object works as soon as its store can be read; a
 * constructor that threw instead would end the object's alarm, which six failures drop for good.
 */
import { log } from "./log.ts";
import { type MigratedSql, NewerStore } from "./migrations.ts";

/** How long an alarm waits that met a store of a later release, in ms. */
const refusedForMs = 60_000;

/** What of an object's storage is used here. */
type Storage = Pick<DurableObjectStorage, "sql" | "transactionSync" | "setAlarm">;

export class OpenedStore<T> {
  readonly #storage: Storage;
  readonly #migrate: (sql: MigratedSql, now: number) => void;
  readonly #make: () => T;
  #made: { parts: T } | undefined;

  /** @param make what stands on the store's tables; called once, when they are there */
  constructor(storage: Storage, migrate: (sql: MigratedSql, now: number) => void, make: () => T) {
    this.#storage = storage;
    this.#migrate = migrate;
    this.#make = make;
  }

  /** @throws {NewerStore} when a later release wrote the store; nothing was written to it then */
  opened(): T {
    if (!this.#made) {
      const { sql } = this.#storage;
      this.#storage.transactionSync(() => this.#migrate(sql, Date.now()));
      this.#made = { parts: this.#make() };
    }
    return this.#made.parts;
  }

  /**
   * Work in one transaction, before which the store is opened: one that is opened within it would be undone with it,
   * and be taken for open.
   */
  transaction<R>(run: (parts: T) => R): R {
    const parts = this.opened();
    return this.#storage.transactionSync(() => run(parts));
  }

  /** What comes next opens it anew, or is refused. */
  close(): void {
    this.#made = undefined;
  }

  /** The beginning of an `alarm()`: one whose store can't be opened does nothing, and rings again later. */
  async opensForAlarm(): Promise<boolean> {
    try {
      this.opened();
      return true;
    } catch (error) {
      log("store_not_opened", { error: String(error) });
      await this.#storage.setAlarm(Date.now() + refusedForMs);
      return false;
    }
  }
}

/** How long an alarm that failed waits, in ms: a store of a later release stays one for a while. */
export const pauseAfter = (error: unknown, usual: number): number =>
  error instanceof NewerStore ? refusedForMs : usual;
