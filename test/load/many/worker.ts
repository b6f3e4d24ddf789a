/**
 * @module A Worker with one object that has a Counter's ledger over its real store: `POST /` with a {@link Task} does
 * it as often as it says. Time inside an object stands still, so who asks measures.
 */
import { DurableObject } from "cloudflare:workers";
import { Ledger } from "../../../src/counting/counter/ledger.ts";
import { migrateCounter } from "../../../src/counting/counter/migrations.ts";
import { pairFrom } from "../../../src/counting/hyperloglog.ts";
import { batchOf, cellOf } from "../../batches.ts";
import type { Done, Task } from "./task.ts";

interface Env {
  LEDGERS: DurableObjectNamespace<Ledgers>;
}

const day = 86_400_000;
/** Each of another link. */
const opensOfCommit = 40;

const slugAt = (index: number) => `link-${index}`;
const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);

export class Ledgers extends DurableObject {
  readonly #ledger: Ledger;
  #seq = 0;
  #opens = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { storage } = ctx;
    const transaction = <T>(run: () => T): T => storage.transactionSync(run);
    transaction(() => migrateCounter(storage.sql, Date.now()));
    this.#ledger = new Ledger({ sql: storage.sql, transaction });
  }

  do(task: Task): Done {
    const { times = 1, links } = task;
    let bytes = 0;
    for (let time = 0; time < times; time += 1) {
      switch (task.what) {
        case "fill":
          this.#fill(links, task.days ?? 1, task.now);
          break;
        case "commit":
          this.#commit(links, task.now);
          break;
        case "fold":
          this.#commit(links, task.now);
          this.#ledger.fold(task.now);
          break;
        case "read":
          bytes = JSON.stringify(this.#ledger.read(task.now, { byLink: true })).length;
          break;
        case "publish":
          bytes = JSON.stringify(this.#ledger.read(task.now, { mergeable: true })).length;
          break;
        case "nothing":
          break;
      }
    }
    return { bytes };
  }

  /** Each link is opened once a day, by another visitor, and half of them clicked. */
  #fill(links: number, days: number, now: number): void {
    for (let ago = days - 1; ago >= 0; ago -= 1) {
      const at = now - ago * day;
      for (let from = 0; from < links; from += 1_000) {
        this.#batch(Math.min(1_000, links - from), at, (index) => from + index);
      }
      this.#ledger.fold(at);
    }
    this.#ledger.forget(now, undefined);
  }

  #commit(links: number, now: number): void {
    const from = Math.floor(Math.random() * links);
    this.#batch(Math.min(opensOfCommit, links), now, (index) => (from + index) % links);
  }

  #batch(cells: number, at: number, linkAt: (index: number) => number): void {
    const slugs = Array.from({ length: cells }, (_, index) => slugAt(linkAt(index)));
    const opens = slugs.map((slug): [string, number] => [cellOf(at, { slug }), 1]);
    const clicks = slugs
      .filter((_, index) => index % 2 === 0)
      .map((slug): [string, number] => [cellOf(at, { slug, metric: "clicks", method: "web" }), 1]);
    this.#seq += 1;
    const visitors = slugs.map((slug): [string, string, number[]] => {
      this.#opens += 1;
      return [slug, dateOf(at), [pairFrom(this.#opens % 4_096, 1 + (this.#opens % 7))]];
    });
    this.#ledger.commit(
      [batchOf([...opens, ...clicks], { seq: this.#seq, visitors, timezone: "Asia/Shanghai" })],
      at,
    );
  }
}

export default {
  async fetch(request: Request, { LEDGERS }: Env): Promise<Response> {
    const task = (await request.json()) as Task;
    const stub = LEDGERS.get(LEDGERS.idFromName(task.name));
    return Response.json(await stub.do(task));
  },
};
