/**
 * @module The Connections object: the one Durable Object that keeps accounts of alliances and pulls their orders, in its
 * alarm, so that no open, no count and no request of the API ever waits for a gateway (docs/connections.md). Without a
 * connection it has no alarm.
 */
import { DurableObject } from "cloudflare:workers";
import { type Env, extraHosts, outboundOrigins, settings } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import { TimeLimit } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { isFresh } from "../lib/moments.ts";
import { pauseAfter } from "../lib/opened-store.ts";
import { ringBy } from "../lib/ring-by.ts";
import type { Orders } from "../orders/object.ts";
import type { ConnectionService } from "./connection-service.ts";
import type { ConnectionListener } from "./notices.ts";
import type { AskedPromotion } from "./promoting/promote.ts";
import type { RenewPorts } from "./promoting/renew.ts";

/** Of one run of the alarm; then those that wait begin anew. */
const runAtMostMs = 20_000;
/** Of one request for promoted links: proxies wait a minute for an answer. */
const promoteAtMostMs = 50_000;
const afterFailureMs = 5_000;
/** While there is a connection, the object looks whether a stream is on. */
const wakeEveryMs = 60_000;
/** Promoted links that end are looked for this often. */
const renewEveryMs = 3_600_000;

type Given<Name extends keyof ConnectionService> = Parameters<ConnectionService[Name]>;

export class Connections extends DurableObject<Env> {
  #opened: Promise<Opened> | undefined;
  /** When links that end were last looked for. */
  #renewedAt = Number.NEGATIVE_INFINITY;

  #open(): Promise<Opened> {
    this.#opened ??= open(this.ctx, this.env).catch((error) => {
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

  /** Makes promoted links; what is made stays though the time is over before the last. */
  async promote(id: string, asked: AskedPromotion) {
    const { ports, promote } = await this.#open();
    const limit = new TimeLimit(promoteAtMostMs);
    try {
      return await promote(ports, id, asked, () => limit.isOver);
    } finally {
      limit.end();
    }
  }

  /** What a platform pushed: it is durable once this answers. */
  pushed(...given: Given<"pushed">) {
    return this.#changed((service) => service.pushed(...given));
  }

  /** Who came back by what was copied of a stream's links, as platforms told. */
  async returned(streamId: string) {
    return (await this.#open()).returned.ofStream(streamId);
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
      const { ports, run, tell, renewEnding } = await this.#open();
      const next = await run(() => limit.isOver);
      const now = Date.now();
      const notifier = stubOf<ConnectionListener>(this.env.NOTIFIER, "notifier");
      if (!(await tell(ports, notifier, now))) await ringBy(this.ctx.storage, now + wakeEveryMs);
      if (!isFresh(this.#renewedAt, now, renewEveryMs)) {
        this.#renewedAt = now;
        await renewEnding(ports, () => limit.isOver);
      }
      if (next === null) return;
      await ringBy(this.ctx.storage, Math.max(now, Math.min(next, now + wakeEveryMs)));
    } catch (error) {
      log("connections_alarm_failed", { error: String(error) });
      await this.ctx.storage.setAlarm(Date.now() + pauseAfter(error, afterFailureMs));
    } finally {
      limit.end();
    }
  }
}

type Opened = Awaited<ReturnType<typeof open>>;

/** Imported on first use, so that the isolate of a redirect never loads it. */
async function open(ctx: DurableObjectState, env: Env) {
  const [
    { migrateConnections },
    { ConnectionsStore },
    { besidePulling },
    { livePlatformsOf },
    { ConnectionService },
    { Sealer },
    { Skews, sender },
    { adapterOf },
    { sealAnew },
    { wayOut },
    { promote },
    { renewEnding },
    { tell },
    { catalogOf, learn },
  ] = await Promise.all([
    import("./migrations.ts"),
    import("./store.ts"),
    import("./returns/beside.ts"),
    import("./live-platforms.ts"),
    import("./connection-service.ts"),
    import("./secrets.ts"),
    import("./caller.ts"),
    import("./registry.ts"),
    import("./tokens.ts"),
    import("../outbound/way-out.ts"),
    import("./promoting/promote.ts"),
    import("./promoting/renew.ts"),
    import("./tell.ts"),
    import("../catalog/calls.ts"),
  ]);
  ctx.storage.transactionSync(() => migrateConnections(ctx.storage.sql, Date.now()));
  const { current, old } = settings(env).connectionsKeys;
  const ports: RenewPorts = {
    store: new ConnectionsStore(ctx.storage.sql),
    transaction: (work) => ctx.storage.transactionSync(work),
    sealer: current === undefined ? null : new Sealer(current, old),
    adapterOf,
    send: sender(wayOut(outboundOrigins(env))),
    now: () => Date.now(),
    wait: (ms) => scheduler.wait(ms),
    book: (events) => stubOf<Pick<Orders, "apply">>(env.ORDERS, "orders").apply([...events]),
    livePlatforms: livePlatformsOf(env),
    skews: new Skews(),
    freeAt: new Map(),
    renewing: new Map(),
    renewAfter: new Map(),
    catalog: catalogOf(env),
    ending: (from, to, atMost) => catalogOf(env).endingLinks(from, to, atMost),
    hosts: extraHosts(env),
    learn: (links) => learn(env, { links }),
  };
  await sealAnew(ports);
  return {
    ...{ ports, promote, renewEnding, tell },
    ...besidePulling(ports, ctx.storage.sql, env),
    service: new ConnectionService(ports),
  };
}
