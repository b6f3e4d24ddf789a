/** @module What the API asks of the Connections object: create, list, change, delete, test, pull. */
import { definedOnly, recordOf } from "../lib/records.ts";
import { type Said, said } from "../lib/said.ts";
import { randomId } from "../model/slug.ts";
import type { Adapter, AllianceName, Credentials, Fault } from "./adapter.ts";
import {
  connectionsAtMost,
  dumpConnections,
  type RestoredConnections,
  restoreConnections,
} from "./archive.ts";
import type { ArchivedConnection } from "./archived-connection.ts";
import { call } from "./caller.ts";
import type { Connection, ShownConnection } from "./connection.ts";
import { newJob, settledAfterMs } from "./feed-state.ts";
import { accountOf, credentialsMissing, type PullPorts } from "./pull.ts";
import { shownOf } from "./tokens.ts";
import { type Push, type Pushed, readPush } from "./wechat-push.ts";

/** A new connection is pulled by itself after this, so that who made it can look at it first. */
const firstPullAfterMs = 30_000;
const sinceDefaultMs = 7 * 86_400_000;
const testWithinMs = 25_000;

/** What is wrong with a request, by its field. */
export interface Refused {
  pointer: string;
  message: Said;
}
export type Made<T> = { ok: true; value: T } | { ok: false; refused: Refused[] };

export interface NewConnection {
  alliance: AllianceName;
  name: string;
  credentials: Credentials;
  apiBase: string | null;
  since: number | undefined;
}

export interface ConnectionChange {
  name?: string | undefined;
  enabled?: boolean | undefined;
  apiBase?: string | null | undefined;
  credentials?: Partial<Credentials> | undefined;
}

/** What an alliance's credentials lack, and what they have that it does not take. */
function refusedOf({ credentials: taken, title }: Adapter, given: object): Refused[] {
  const names = new Set<string>(taken.map(({ name }) => name));
  const needed = taken.flatMap(({ name, isNeeded }) => (isNeeded ? [name] : []));
  const missing = (["appKey", "appSecret", ...needed] as const)
    .filter((name) => !Object.hasOwn(given, name))
    .map((name) => ({
      pointer: `/credentials/${name}`,
      message: said(`${title.en} needs ${name}.`, `${title.zh}需要 ${name}。`),
    }));
  const unknown = Object.keys(given)
    .filter((name) => name !== "appKey" && name !== "appSecret" && !names.has(name))
    .map((name) => ({
      pointer: `/credentials/${name}`,
      message: said(`${title.en} has no ${name}.`, `${title.zh}没有 ${name}。`),
    }));
  return [...missing, ...unknown];
}

export class ConnectionService {
  readonly #ports: PullPorts;

  constructor(ports: PullPorts) {
    this.#ports = ports;
  }

  async create(input: NewConnection): Promise<Made<ShownConnection> | "no_key" | "too_many"> {
    const { store, sealer, transaction, now, adapterOf } = this.#ports;
    if (!sealer) return "no_key";
    const refused = refusedOf(adapterOf(input.alliance), input.credentials);
    if (refused.length > 0) return { ok: false, refused };
    const at = now();
    const id = `cn_${randomId()}`;
    const sealed = await sealer.seal(input.credentials, id);
    if (store.connections().length >= connectionsAtMost) return "too_many";
    const made: Connection = {
      id,
      alliance: input.alliance,
      name: input.name,
      enabled: true,
      apiBase: input.apiBase,
      since: input.since ?? at - sinceDefaultMs,
      createdAt: at,
      updatedAt: at,
      lastPull: null,
      roundBegan: null,
      nextRoundAt: at + firstPullAfterMs,
      error: null,
      stoppedAt: null,
      tries: 0,
      failingSince: null,
      told: [],
      renewedAt: null,
      ...shownOf(input.credentials),
    };
    transaction(() => store.create(made, sealed, made.nextRoundAt));
    return { ok: true, value: this.#view(made) };
  }

  list(): ShownConnection[] {
    return this.#ports.store.connections().map((one) => this.#view(one));
  }

  get(id: string): ShownConnection | null {
    const found = this.#ports.store.connection(id);
    return found && this.#view(found);
  }

  /** What somebody changes may mend what failed: it is tried at once. */
  async change(
    id: string,
    { credentials, ...fields }: ConnectionChange,
  ): Promise<Made<ShownConnection> | "no_key" | null> {
    const { store, sealer, transaction, now, adapterOf } = this.#ports;
    const before = store.connection(id);
    if (!before) return null;
    const adapter = adapterOf(before.alliance);
    let whole: Credentials | undefined;
    if (credentials) {
      if (!sealer) return "no_key";
      whole = { ...(await this.#credentials(id)), ...credentials } as Credentials;
      const refused = refusedOf(adapter, whole);
      if (refused.length > 0) return { ok: false, refused };
    }
    const sealed = whole && sealer ? await sealer.seal(whole, id) : null;
    const at = now();
    transaction(() => {
      const current = store.connection(id);
      if (!current) return;
      const changed: Connection = {
        ...current,
        ...definedOnly(fields),
        ...(whole ? shownOf(whole) : {}),
        // A call that works clears what failed; of one that is paused none would.
        ...(whole && current.error?.code === credentialsMissing.code ? { error: null } : {}),
        updatedAt: at,
      };
      if (sealed) store.putSealed(id, sealed);
      const isMended = sealed !== null || fields.apiBase !== undefined || fields.enabled === true;
      store.put(isMended ? { ...changed, stoppedAt: null, tries: 0 } : changed);
      if (!changed.enabled) store.setDue(id, null);
      else if (isMended) this.#hasten({ ...changed, stoppedAt: null, tries: 0 }, at);
    });
    return { ok: true, value: this.#view(store.connection(id) ?? before) };
  }

  delete(id: string): boolean {
    const { store, transaction } = this.#ports;
    if (!store.connection(id)) return false;
    transaction(() => store.delete(id));
    return true;
  }

  /** Pulls at once; all of a range anew where one is given. */
  pull(id: string, { from, to }: { from?: number | undefined; to?: number | undefined }): boolean {
    const { store, transaction, now, adapterOf } = this.#ports;
    const connection = store.connection(id);
    if (!connection) return false;
    const at = now();
    transaction(() => {
      if (from !== undefined || to !== undefined) {
        const range = randomId();
        const start = from ?? connection.since;
        for (const { name, backMs } of adapterOf(connection.alliance).feeds) {
          const earliest = Math.max(start, at - backMs);
          store.putJob(id, newJob(name, earliest, range, Math.min(to ?? at, at)));
        }
      }
      this.#hasten({ ...connection, stoppedAt: null, tries: 0 }, at);
    });
    return true;
  }

  #hasten(connection: Connection, at: number): void {
    const { store } = this.#ports;
    store.put({ ...connection, nextRoundAt: Math.min(connection.nextRoundAt, at) });
    if (connection.enabled) store.setDue(connection.id, at);
  }

  /** One call with a window of a minute; a throttle is waited for, within the test's time. */
  async test(id: string): Promise<{ ok: boolean; code?: string; detail?: string } | null> {
    const { store, now, wait } = this.#ports;
    const connection = store.connection(id);
    if (!connection) return null;
    const end = now() + testWithinMs;
    for (;;) {
      const said = await this.#tryCall(connection);
      if (said === null) return { ok: true };
      const pauseMs = said.waitMs ?? 2_000;
      if (said.kind !== "throttled" || now() + pauseMs > end) {
        return { ok: false, code: said.code, detail: said.detail };
      }
      await wait(pauseMs);
    }
  }

  async #tryCall(connection: Connection): Promise<Fault | null> {
    const account = await accountOf(this.#ports, connection);
    if ("kind" in account) return account;
    const [feed] = account.adapter.feeds;
    if (!feed) return null;
    const minute = 60_000;
    const end = Math.floor((this.#ports.now() - settledAfterMs) / 1_000) * 1_000;
    const asked = feed.call({ start: end - minute, end }, null, account.credentials);
    const opened = await call(this.#ports, account, asked);
    return opened.ok ? null : opened;
  }

  /**
   * What WeChat pushed: which orders it names is stored before this answers, and asked for at once. A connection that is paused
   * or has stopped takes it too, for when it goes on.
   *
   * @returns `null`: there is no such connection, or its platform pushes nothing
   */
  async pushed(id: string, push: Omit<Pushed, "query"> & { query: string }): Promise<Push | null> {
    const { store, transaction, now } = this.#ports;
    const connection = store.connection(id);
    if (connection?.alliance !== "wechat-shop") return null;
    const { appKey = "", pushToken, encodingAesKey } = await this.#credentials(id);
    const keys = definedOnly({ appKey, pushToken, encodingAesKey });
    const read = readPush({ ...push, query: new URLSearchParams(push.query) }, keys, now());
    if (read.kind !== "orders") return read;
    const at = now();
    transaction(() => {
      for (const order of read.ids) store.wait(id, { feed: "orders", id: order, asOf: at });
      if (connection.enabled && connection.stoppedAt === null) {
        const dueAt = store.dueAt(id);
        // While it backs off from a fault, or waits out a quota, it goes on waiting.
        if (connection.tries === 0 || dueAt === null) store.setDue(id, at);
      }
    });
    return read;
  }

  /** For an export. */
  dump(): ArchivedConnection[] {
    return dumpConnections(this.#ports);
  }

  /** What an import brings: it asks nothing yet. */
  restore(rows: readonly ArchivedConnection[]): RestoredConnections {
    return restoreConnections(this.#ports, rows);
  }

  /** What is known of the credentials: nothing where the key is not. */
  async #credentials(id: string): Promise<Partial<Credentials>> {
    const { store, sealer } = this.#ports;
    const sealed = store.sealed(id);
    const opened = sealer && sealed ? await sealer.open(sealed, id).catch(() => null) : null;
    return (opened ?? recordOf([])) as Partial<Credentials>;
  }

  #view(connection: Connection): ShownConnection {
    const { store } = this.#ports;
    const steady = store.jobs(connection.id).filter(({ range }) => range === "");
    const held = store.heldBack(connection.id);
    const moments = [...steady.map(({ through }) => through), ...(held === null ? [] : [held])];
    const isPulled = steady.some(({ through }) => through > connection.since);
    const ofFeed = steady.find(({ fault }) => fault !== null)?.fault ?? null;
    return {
      ...connection,
      error: connection.error ?? ofFeed,
      through: isPulled ? Math.min(...moments) : null,
      nextPullAt: store.dueAt(connection.id),
    };
  }
}
