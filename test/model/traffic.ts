/** @module What people and the API do: opens of links, edits of streams and links; and what the model knows of them. */

import { linkRecord, streamRecord } from "../../src/catalog/edge-copy.ts";
import type { Result } from "../../src/catalog/results.ts";
import { cellKey } from "../../src/counting/batch.ts";
import { epochOf } from "../../src/counting/epoch.ts";
import type { CountEvent, Metric } from "../../src/counting/event.ts";
import type { Ticket } from "../../src/counting/isolate/lane.ts";
import type { Role, Who } from "../../src/counting/isolate/visitors.ts";
import type { Store } from "../../src/edge/store-port.ts";
import type { Target } from "../../src/edge/target.ts";
import type { LinkRecord, StreamRecord } from "../../src/model/edge-records.ts";
import type { Link } from "../../src/model/link.ts";
import type { NewStream, Stream } from "../../src/model/stream.ts";
import type { Isolate, World } from "./world.ts";

/** One event that an isolate took to be counted. */
export interface Counted {
  streamId: string;
  event: CountEvent;
  isolate: Isolate;
  ticket: Ticket;
  visitor?: { role: Role; who: Who; epoch: string };
}

export interface Broadcast {
  id: string;
  slugs: string[];
  /** How many shards it ever had, as far as the API was told. */
  shardsEver: number;
  edits: number;
}

const taobao = { platform: "taobao", kind: "live", url: "https://m.tb.cn/h.1" };

export class Traffic {
  readonly world: World;
  readonly counted: Counted[] = [];
  readonly broadcasts: Broadcast[] = [];
  /** Opens of `strict` streams that were answered 503. */
  refused = 0;
  /** The newest version that an isolate answered by, by isolate and stream. */
  readonly #answeredBy = new Map<string, number>();

  constructor(world: World) {
    this.world = world;
  }

  /** A stream with two links, while all is well. */
  async create(stream: Partial<NewStream>): Promise<Broadcast> {
    const { world } = this;
    const input = {
      ...{ title: "v0", timezone: "Asia/Shanghai", destinations: [taobao], primary: "taobao" },
      ...stream,
    };
    const made = await world.ask<Result<{ stream: Stream; links: Link[] }>>(
      "catalog",
      "createStreamWithLinks",
      input,
      [{}, {}],
      "key",
    );
    if (!made.ok) throw new Error(made.detail.en);
    const { id, shardsEver } = made.value.stream;
    const slugs = made.value.links.map(({ slug }) => slug);
    const broadcast = { id, slugs, shardsEver, edits: 0 };
    this.broadcasts.push(broadcast);
    return broadcast;
  }

  /**
   * Somebody opens a link.
   *
   * @returns whether the isolate answered, and was counted when the answer says so
   */
  async open(isolate: Isolate, slug: string): Promise<void> {
    await isolate.request(async () => {
      // A visitor whose link can't be found now gets an error, and is counted by nobody.
      const target = await this.#find(isolate, slug).catch(() => null);
      if (!target) return;
      this.#notOlder(isolate, target.stream);
      const { stream, link } = target;
      if (stream.deleted || link.deleted || link.disabled) return;
      const tickets = this.#record(isolate, stream, link);
      if (stream.durability !== "strict") return;
      for (const { ticket } of tickets) {
        if (!(await isolate.code.settled(ticket, 5_000))) this.refused += 1;
      }
    });
  }

  /** What the edge opens a link with. */
  #ports({ code, env, name }: Isolate) {
    const background = { waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined) };
    const whole = code.storeOf(env as never, { spillsOf: this.world.spillsOf(name) });
    const { callsAtMost } = this.world;
    const transport: Store["transport"] = (...of) => ({
      ...whole.transport(...of),
      callsAtMost,
    });
    const store: Store = { ...whole, transport };
    return new code.Ports(env as never, store, background, "https://go.cn");
  }

  async #find(isolate: Isolate, slug: string): Promise<Target | null> {
    return this.#ports(isolate).find(slug, Date.now());
  }

  #record(isolate: Isolate, stream: StreamRecord, { slug }: LinkRecord): Counted[] {
    const { chance } = this.world;
    const now = Date.now();
    const [metrics, role] = chance.pick<[Metric[], Role | null]>([
      [["views", "clicks"], "viewer"],
      [["views"], "viewer"],
      [["views"], "viewer"],
      [["clicks"], "clicker"],
      [["rendered"], null],
      [["previews"], null],
    ]);
    const who = role && {
      role,
      slug,
      address: `10.0.0.${chance.between(1, 40)}`,
      userAgent: "a browser",
      languages: "zh",
    };
    const common = {
      ...{ slug, at: now, app: chance.pick(["wechat", "taobao"] as const), os: "ios" as const },
      ...{ country: "CN", region: chance.pick(["ZJ", "SH"]), destination: "taobao" },
    };
    const events = metrics.map((metric) => ({ ...common, metric, method: "page" }));
    const ticket = this.#ports(isolate).record(stream, events.map(cellKey), who, now);
    const visitor = who && { role: who.role, who, epoch: epochOf(stream, now).id };
    const counted = events.map((event, index) => ({
      ...{ streamId: stream.id, event, isolate, ticket },
      ...(visitor && index === 0 ? { visitor } : {}),
    }));
    this.counted.push(...counted);
    this.world.note("opened", `${slug} ${metrics}`);
    return counted;
  }

  /** A record never makes way for an older one. */
  #notOlder({ name }: Isolate, { id, version }: StreamRecord): void {
    const key = `${name} ${id}`;
    const known = this.#answeredBy.get(key) ?? 0;
    if (version < known) {
      this.world.wrong.push(`${name} answered by version ${version} after ${known} of ${id}`);
    }
    this.#answeredBy.set(key, Math.max(version, known));
  }

  /** Through the API, in one of the isolates, as src/api does it. */
  async edit(isolate: Isolate, broadcast: Broadcast, change: Partial<Stream>): Promise<void> {
    broadcast.edits += 1;
    const { id } = broadcast;
    const title = `v${broadcast.edits}`;
    broadcast.shardsEver = Math.max(broadcast.shardsEver, change.shards ?? 1);
    await this.#api(
      isolate,
      "changeStream",
      [id, { ...change, title }, "key"],
      (stream: Stream) => {
        isolate.code.linkCache.learn({ streams: [streamRecord(stream)] }, Date.now());
      },
    );
  }

  async editLink(isolate: Isolate, slug: string, disabled: boolean): Promise<void> {
    await this.#api(isolate, "changeLink", [slug, { disabled }, "key"], (link: Link) => {
      isolate.code.linkCache.learn({ links: [linkRecord(link)] }, Date.now());
    });
  }

  async deleteLink(isolate: Isolate, slug: string): Promise<void> {
    await this.#api(isolate, "deleteLink", [slug, "key"], (link: Link) => {
      isolate.code.linkCache.learn({ links: [linkRecord(link)] }, Date.now());
    });
  }

  async #api<T>(isolate: Isolate, method: string, args: unknown[], done: (value: T) => void) {
    await isolate.request(async () => {
      const { CATALOG } = isolate.env as { CATALOG: { getByName(name: string): never } };
      const catalog = CATALOG.getByName("catalog") as Record<
        string,
        (...args: unknown[]) => Promise<Result<T>>
      >;
      try {
        const result = await catalog[method]?.(...args);
        if (result?.ok) done(result.value);
      } catch {
        // Whether it was done the API does not know, and says so: 500.
      }
    });
  }

  /** The record that an isolate answers by now. */
  async known(isolate: Isolate, slug: string): Promise<{ title: string; isOpen: boolean } | null> {
    const found = isolate.request(async () => {
      const target = await this.#find(isolate, slug);
      if (!target) return null;
      const { stream, link } = target;
      const isOpen = !(stream.deleted || link.deleted || link.disabled);
      return { title: stream.title, isOpen };
    });
    return this.world.until(found);
  }

  /** Stops an isolate as SIGTERM does. @returns how many streams still had undelivered counts */
  drain(isolate: Isolate, within: number): Promise<number> {
    const operator = { atMost: within + 60_000, mayVanish: false };
    return isolate.request(async () => (await isolate.code.drain(within)).streams, operator);
  }
}
