/**
 * @module The Connections object: the one Durable Object that keeps accounts of alliances and pulls their orders, in its
 * alarm, so that no open, no count and no request of the API ever waits for a gateway (docs/connections.md). Without a
 * connection it has no alarm.
 */
import { DurableObject } from "cloudflare:workers";
import type { Catalog } from "../catalog/object.ts";
import { type Env, outboundOrigins, settings } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import { TimeLimit } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { isFresh } from "../lib/moments.ts";
import { pauseAfter } from "../lib/opened-store.ts";
import { ringBy } from "../lib/ring-by.ts";
import type { Orders } from "../orders/object.ts";
import type { ConnectionService } from "./connection-service.ts";
import { afterTelling, type ConnectionListener, noticesOf } from "./notices.ts";
import type { PullPorts } from "./pull.ts";

/** Of one run of the alarm; then those that wait begin anew. */
const runAtMostMs = 20_000;
const afterFailureMs = 5_000;
/** Which platforms are on is looked at this often. */
const lookEveryMs = 30_000;
/** While there is a connection, the object looks whether a stream is on. */
const wakeEveryMs = 60_000;
const streamsAtMost = 200;

type Given<Name extends keyof ConnectionService> = Parameters<ConnectionService[Name]>;

export class Connections extends DurableObject<Env> {
  #opened: Promise<Opened> | undefined;
  #live: { at: number; platforms: ReadonlySet<string> } | undefined;

  #open(): Promise<Opened> {
    this.#opened ??= open(this.ctx, this.env, () => this.#livePlatforms()).catch((error) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #changed<T>(work: (service: ConnectionService) => T | Promise<T>): Promise<T> {
    const { service, ports } = await this.#open();
    const done = await work(service);
    const next = ports.store.nextDue();
    if (next !== null) await ringBy(this.ctx.storage, next);
    return done;
  }

  create(...given: Given<"create">) {
    return this.#changed((service) => service.create(...given));
  }

  async list() {
    return (await this.#open()).service.list();
  }

  async get(...given: Given<"get">) {
    return (await this.#open()).service.get(...given);
  }

  change(...given: Given<"change">) {
    return this.#changed((service) => service.change(...given));
  }

  delete(...given: Given<"delete">) {
    return this.#changed((service) => service.delete(...given));
  }

  pull(...given: Given<"pull">) {
    return this.#changed((service) => service.pull(...given));
  }

  /** `test` is a handler of workerd's own, which no stub has. */
  tryOut(...given: Given<"test">) {
    return this.#changed((service) => service.test(...given));
  }

  /** What a platform pushed: it is durable once this answers. */
  pushed(...given: Given<"pushed">) {
    return this.#changed((service) => service.pushed(...given));
  }

  async dump() {
    return (await this.#open()).service.dump();
  }

  restore(...given: Given<"restore">) {
    return this.#changed((service) => service.restore(...given));
  }

  /** Answers when this object works; for `/healthz`. */
  async ping(): Promise<"ok"> {
    const { migrateConnections } = await import("./migrations.ts");
    const { storage } = this.ctx;
    storage.transactionSync(() => migrateConnections(storage.sql, Date.now()));
    return "ok";
  }

  /** Never throws: after six throws an alarm is dropped for good. */
  override async alarm(): Promise<void> {
    const limit = new TimeLimit(runAtMostMs);
    try {
      const { ports, run } = await this.#open();
      const next = await run(ports, () => limit.isOver);
      const now = Date.now();
      await this.#tell(ports, now);
      if (next === null) return;
      await ringBy(this.ctx.storage, Math.max(now, Math.min(next, now + wakeEveryMs)));
    } catch (error) {
      log("connections_alarm_failed", { error: String(error) });
      await this.ctx.storage.setAlarm(Date.now() + pauseAfter(error, afterFailureMs));
    } finally {
      limit.end();
    }
  }

  /** Robots hear of what fails and of what ends. What they were not told is told in a minute. */
  async #tell({ store, transaction }: PullPorts, now: number): Promise<void> {
    const notices = store
      .connections()
      .map((connection) => ({ id: connection.id, told: noticesOf(connection, now) }))
      .filter(({ told }) => told.length > 0);
    if (notices.length === 0) return;
    const notifier = stubOf<ConnectionListener>(this.env.NOTIFIER, "notifier");
    try {
      await notifier.connectionsTell(notices.flatMap(({ told }) => told));
    } catch (error) {
      log("connections_not_told", { error: String(error) });
      await ringBy(this.ctx.storage, now + wakeEveryMs);
      return;
    }
    transaction(() => {
      for (const { id, told } of notices) {
        const connection = store.connection(id);
        if (connection) store.put(afterTelling(connection, told));
      }
    });
  }

  /** The platforms that streams lead to which are on; those of before where the Catalog does not answer. */
  async #livePlatforms(): Promise<ReadonlySet<string>> {
    const now = Date.now();
    if (this.#live && isFresh(this.#live.at, now, lookEveryMs)) return this.#live.platforms;
    try {
      const { data } = await stubOf<Pick<Catalog, "listStreams">>(
        this.env.CATALOG,
        "catalog",
      ).listStreams({ phase: "live" }, streamsAtMost, null);
      const platforms = new Set<string>(
        data.flatMap(({ destinations }) => destinations.map(({ platform }) => platform)),
      );
      this.#live = { at: now, platforms };
    } catch (error) {
      log("connections_not_looked", { error: String(error) });
    }
    return this.#live?.platforms ?? new Set();
  }
}

type Opened = Awaited<ReturnType<typeof open>>;

/** Imported on first use, so that the isolate of a redirect never loads it. */
async function open(
  ctx: DurableObjectState,
  env: Env,
  livePlatforms: () => Promise<ReadonlySet<string>>,
) {
  const [
    { migrateConnections },
    { ConnectionsStore },
    { run },
    { ConnectionService },
    { Sealer },
    { Skews, sender },
    { adapterOf },
    { sealAnew },
    { wayOut },
  ] = await Promise.all([
    import("./migrations.ts"),
    import("./store.ts"),
    import("./pull.ts"),
    import("./connection-service.ts"),
    import("./secrets.ts"),
    import("./caller.ts"),
    import("./registry.ts"),
    import("./tokens.ts"),
    import("../outbound/way-out.ts"),
  ]);
  ctx.storage.transactionSync(() => migrateConnections(ctx.storage.sql, Date.now()));
  const { current, old } = settings(env).connectionsKeys;
  const ports: PullPorts = {
    store: new ConnectionsStore(ctx.storage.sql),
    transaction: (work) => ctx.storage.transactionSync(work),
    sealer: current === undefined ? null : new Sealer(current, old),
    adapterOf,
    send: sender(wayOut(outboundOrigins(env))),
    now: () => Date.now(),
    wait: (ms) => scheduler.wait(ms),
    book: (events) => stubOf<Pick<Orders, "apply">>(env.ORDERS, "orders").apply([...events]),
    livePlatforms,
    skews: new Skews(),
    freeAt: new Map(),
    renewing: new Map(),
    renewAfter: new Map(),
  };
  await sealAnew(ports);
  return { ports, run, service: new ConnectionService(ports) };
}
