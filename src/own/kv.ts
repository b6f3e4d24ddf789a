/**
 * @module KV on a server of one's own: a namespace is a Durable Object, so what was put is on disk before it is
 * acknowledged, and read by whoever asks next. A Worker of its own, which workerd's bindings of KV namespaces ask; the
 * Worker that they are bindings of is the same as on Cloudflare.
 */
import { DurableObject } from "cloudflare:workers";
import { OpenedStore } from "../lib/opened-store.ts";
import { KvEntries, migrateKv } from "./kv-entries.ts";
import { KvNames } from "./kv-names.ts";
import { answerKv } from "./kv-requests.ts";
import type { NamesMark, NamesNews, NamesTeller } from "./name-bits.ts";

const secondsOf = (milliseconds: number): number => Math.floor(milliseconds / 1_000);
/** What has ended is deleted in rounds, so long after the first of it, in seconds. */
const roundAfter = 60;

interface KvEnv {
  KV: DurableObjectNamespace<KvNamespace>;
}

export class KvNamespace extends DurableObject<KvEnv> implements NamesTeller {
  readonly #opened: OpenedStore<KvEntries>;
  readonly #names = new KvNames();
  /** When the alarm rings, as far as this instance knows, UTC ms. */
  #armedAt = Number.POSITIVE_INFINITY;

  constructor(ctx: DurableObjectState, env: KvEnv) {
    super(ctx, env);
    this.#opened = new OpenedStore(ctx.storage, migrateKv, () => new KvEntries(ctx.storage.sql));
  }

  override async fetch(request: Request): Promise<Response> {
    const store = {
      entries: this.#opened.opened(),
      names: this.#names,
      transaction: <T>(run: () => T) => this.ctx.storage.transactionSync(run),
    };
    const answer = await answerKv(store, request, secondsOf(Date.now()));
    if (request.method === "PUT") this.#arm();
    return answer;
  }

  namesSince(known: NamesMark | null): Promise<NamesNews> {
    return this.#names.since(known, this.#opened.opened());
  }

  override async alarm(): Promise<void> {
    this.#armedAt = Number.POSITIVE_INFINITY;
    if (!(await this.#opened.opensForAlarm())) return;
    this.#opened.transaction((entries) => entries.forgetEnded(secondsOf(Date.now())));
    this.#arm();
  }

  #arm(): void {
    const end = this.#opened.opened().nextEnd();
    if (end === null) return;
    const rings = (end + roundAfter) * 1_000;
    if (rings >= this.#armedAt) return;
    this.#armedAt = rings;
    void this.ctx.storage.setAlarm(rings);
  }
}

interface KvProps {
  /** The binding's name. */
  namespace: string;
}

export default {
  fetch(request: Request, env: KvEnv, context: ExecutionContext<KvProps>): Promise<Response> {
    return env.KV.getByName(context.props.namespace).fetch(request);
  },
} satisfies {
  fetch: (request: Request, env: KvEnv, context: ExecutionContext<KvProps>) => Promise<Response>;
};
