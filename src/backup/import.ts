/**
 * @module One import: each line is read as the API would read it, written where it belongs, and counted. What
 * belongs to a stream or link that is not there yet is taken all the same, since older exports have those
 * last, and taken out again at the end when they never came.
 */
import { z } from "@hono/zod-openapi";
import { apiBaseOf } from "../alliances/api-base.ts";
import { connectionsAtMost, type RestoredConnections } from "../alliances/archive.ts";
import { connectionsOf } from "../alliances/stub.ts";
import type { Owners, Restored } from "../catalog/archive.ts";
import { catalogOf } from "../catalog/calls.ts";
import { bytesAtMost, revisionOf, typeOfPicture } from "../catalog/covers.ts";
import { type Env, extraHosts, outboundOrigins } from "../config/env.ts";
import type { CounterPart } from "../counting/counter/archive.ts";
import { counterOf } from "../counting/counter/stub.ts";
import { purgeCounter } from "../counting/purge.ts";
import { Problem } from "../http/problem.ts";
import { validationProblem } from "../http/validation-problem.ts";
import { cut } from "../lib/cut.ts";
import { overfull } from "../lib/json-size.ts";
import { recordOf } from "../lib/records.ts";
import { inLanguage } from "../lib/said.ts";
import { coverKeys } from "../model/edge-records.ts";
import { randomId } from "../model/slug.ts";
import type { RestoredNotifiers } from "../notify/archive.ts";
import { notifiersAtMost } from "../notify/notifier-service.ts";
import { notifierOf } from "../notify/stub.ts";
import type { OrderRows, Taken } from "../orders/archive.ts";
import { ordersOf } from "../orders/calls.ts";
import { withDestinations } from "./catalog-lines.ts";
import { type LineType, type RowOf, rowSchemas } from "./lines.ts";
import { judge } from "./owners.ts";

/** Rows of one type that are written together. */
const batchSize = 200;
const rejectedAtMost = 1_000;
/** Characters of what is said of a refused line, which may name its fields. */
const detailAtMost = 300;

interface Row<T extends LineType = LineType> {
  line: number;
  row: RowOf<T>;
}

/** Rows that were taken, by their place, and those that are refused all the same. */
interface Outcome {
  taken: number[];
  known: number;
  refused?: { index: number; detail: string }[];
}

type Owned = "counts" | "cover" | "line" | "costs" | "spend";
const owned: readonly Owned[] = ["counts", "cover", "line", "costs", "spend"];
/** What the Counters and KV keep: they have no log of their own. */
const unlogged = ["counts", "cover"] as const;

export class Importer {
  readonly #env: Env;
  readonly #by: string;
  /** Names this import in the log; a Counter takes the parts of one import only. */
  readonly id = `imp_${randomId()}`;
  readonly imported = new Map<LineType, number>();
  readonly known = new Map<LineType, number>();
  readonly rejected: { line: number; detail: string }[] = [];
  #refused = 0;
  #pending: { type: LineType; rows: Row[] } | null = null;
  /** What was taken before its stream or link came. */
  readonly #early = new Map<Owned, Row[]>();

  constructor(env: Env, by: string) {
    this.#env = env;
    this.#by = by;
  }

  get refused(): number {
    return this.#refused;
  }

  reject(line: number, detail: string): void {
    this.#refused += 1;
    if (this.rejected.length >= rejectedAtMost) return;
    this.rejected.push({ line, detail: cut(detail, detailAtMost) });
  }

  async take(type: LineType, given: unknown, line: number): Promise<void> {
    const read = this.#read(type, given);
    if (typeof read === "string") {
      this.reject(line, read);
      return;
    }
    if (this.#pending?.type !== type) await this.flush();
    this.#pending ??= { type, rows: [] };
    this.#pending.rows.push({ line, row: read });
    if (this.#pending.rows.length >= batchSize) await this.flush();
  }

  async flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = null;
    if (pending) await this.#take(pending.type, pending.rows);
  }

  /**
   * No more lines come: what is still nobody's goes out again, and the log says what it does not say yet.
   *
   * @param isComplete whether the file had its last line
   */
  async finish(isComplete: boolean): Promise<void> {
    await this.flush();
    for (const type of owned) await this.#settle(type);
    const after = new Map<string, unknown>(
      unlogged.map((type) => [type, this.imported.get(type) ?? 0]),
    );
    after.set("refused", this.#refused).set("isComplete", isComplete);
    await catalogOf(this.#env).noteChange(
      { action: "imported", target: this.id, after: recordOf(after) },
      this.#by,
    );
  }

  /** @returns the row as it is to be written, or why it is refused */
  #read(type: LineType, given: unknown): RowOf<LineType> | string {
    const tooMuch = overfull(given);
    if (tooMuch) return `/row${tooMuch.pointer}: ${tooMuch.message}`;
    const parsed = z.object({ row: rowSchemas[type] }).safeParse({ row: given });
    if (!parsed.success) return validationProblem(parsed.error, "json").message;
    const { row } = parsed.data;
    if (type === "cover") return noPicture(row as RowOf<"cover">) ?? row;
    if (type === "connection") return withGateway(row as RowOf<"connection">, this.#env);
    if (type !== "stream" && type !== "link") return row;
    try {
      return withDestinations(row as RowOf<"stream" | "link">, extraHosts(this.#env));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return `${error.errors[0]?.pointer ?? "/row"}: ${error.message}`;
    }
  }

  async #take(type: LineType, rows: readonly Row[]): Promise<void> {
    const verdicts = await this.#judge(type, rows);
    const wanted: Row[] = [];
    const early = new Set<Row>();
    for (const [index, row] of rows.entries()) {
      const verdict = verdicts[index] ?? { is: "fine" };
      if (verdict.is === "wrong" || (verdict.is === "absent" && !isOwned(type))) {
        this.reject(row.line, verdict.detail);
        continue;
      }
      wanted.push(row);
      if (verdict.is === "absent") early.add(row);
    }
    if (wanted.length === 0) return;
    const outcome = await this.#write(
      type,
      wanted.map(({ row }) => row),
    );
    this.#count(this.imported, type, outcome.taken.length);
    this.#count(this.known, type, outcome.known);
    for (const { index, detail } of outcome.refused ?? []) {
      this.reject(wanted[index]?.line ?? 0, detail);
    }
    if (!isOwned(type) || early.size === 0) return;
    const kept = this.#early.get(type) ?? [];
    for (const index of outcome.taken) {
      const row = wanted[index];
      if (row && early.has(row)) kept.push(row);
    }
    this.#early.set(type, kept);
  }

  /** Takes out again what came for a stream or link that is still not there. */
  async #settle(type: Owned): Promise<void> {
    const early = this.#early.get(type) ?? [];
    for (let start = 0; start < early.length; start += batchSize) {
      const part = early.slice(start, start + batchSize);
      const verdicts = await this.#judge(type, part);
      const gone: Row[] = [];
      for (const [index, row] of part.entries()) {
        const verdict = verdicts[index];
        if (!verdict || verdict.is === "fine") continue;
        gone.push(row);
        this.reject(row.line, verdict.detail);
      }
      if (gone.length === 0) continue;
      await this.#undo(
        type,
        gone.map(({ row }) => row),
      );
      this.#count(this.imported, type, -gone.length);
    }
  }

  #judge(type: LineType, rows: readonly Row[]) {
    return judge(
      type,
      rows.map(({ row }) => row) as never,
      async (asked) => (await catalogOf(this.#env).ownersOf(asked)) as Owners,
    );
  }

  #count(counts: Map<LineType, number>, type: LineType, many: number): void {
    counts.set(type, (counts.get(type) ?? 0) + many);
  }

  async #write(type: LineType, rows: readonly RowOf<LineType>[]): Promise<Outcome> {
    const noted = { by: this.#by, importId: this.id };
    switch (type) {
      case "counts":
        return this.#each(rows as RowOf<"counts">[], (part) =>
          counterOf(this.#env, part.streamId, part.shard).restore(this.id, part as CounterPart),
        );
      case "cover":
        return this.#each(rows as RowOf<"cover">[], (cover) => this.#keep(cover));
      case "line":
      case "costs":
      case "spend":
      case "settlement":
      case "settlementLines":
        return (await ordersOf(this.#env).restore(type, rows as never, noted)) as Taken;
      case "notifier":
        return this.#notifiers(rows as RowOf<"notifier">[]);
      case "connection":
        return this.#connections(rows as RowOf<"connection">[]);
      default: {
        const done = (await catalogOf(this.#env).restore(type, rows as never, noted)) as Restored;
        const detail = "/row/streamId: Its stream is neither here nor in a line before.";
        return { ...done, refused: done.orphans.map((index) => ({ index, detail })) };
      }
    }
  }

  async #each<T>(rows: readonly T[], take: (row: T) => Promise<boolean>): Promise<Outcome> {
    const taken: number[] = [];
    for (const [index, row] of rows.entries()) if (await take(row)) taken.push(index);
    return { taken, known: rows.length - taken.length };
  }

  /** @returns whether there was none */
  async #keep({ streamId, data }: RowOf<"cover">): Promise<boolean> {
    const bytes = Buffer.from(data, "base64");
    const [key] = coverKeys(streamId, revisionOf(bytes));
    if ((await this.#env.LINKS.get(key, "arrayBuffer")) !== null) return false;
    await this.#env.LINKS.put(key, bytes, { metadata: { type: typeOfPicture(bytes) } });
    return true;
  }

  async #notifiers(rows: readonly RowOf<"notifier">[]): Promise<Outcome> {
    const outcome = (await notifierOf(this.#env).restore(rows as never)) as RestoredNotifiers;
    const named = takenOf(outcome, rows).map(({ id, kind, name }) => ({ id, kind, name }));
    await this.#noteNamed("notifier", named);
    const detail = `/row: There are ${notifiersAtMost} notifiers already.`;
    return { ...outcome, refused: outcome.refused.map((index) => ({ index, detail })) };
  }

  async #connections(rows: readonly RowOf<"connection">[]): Promise<Outcome> {
    const outcome: RestoredConnections = await connectionsOf(this.#env).restore(rows);
    const named = takenOf(outcome, rows).map(({ id, alliance, name }) => ({ id, alliance, name }));
    await this.#noteNamed("connection", named);
    const detail = `/row: There are ${connectionsAtMost} connections already.`;
    return { ...outcome, refused: outcome.refused.map((index) => ({ index, detail })) };
  }

  /** Of what other objects keep: the entry follows what was taken. */
  async #noteNamed(type: "notifier" | "connection", named: readonly object[]): Promise<void> {
    if (named.length === 0) return;
    const change = {
      action: "imported",
      target: this.id,
      after: recordOf([[type, named]]),
    } as const;
    await catalogOf(this.#env).noteChange(change, this.#by);
  }

  async #undo(type: Owned, rows: readonly RowOf<LineType>[]): Promise<void> {
    if (type === "counts") {
      const parts = rows as RowOf<"counts">[];
      const shards = new Map(parts.map((part) => [`${part.streamId}:${part.shard}`, part]));
      for (const { streamId, shard } of shards.values()) {
        await purgeCounter(this.#env, streamId, shard);
      }
    } else if (type === "cover") {
      for (const { streamId, data } of rows as RowOf<"cover">[]) {
        const [key] = coverKeys(streamId, revisionOf(Buffer.from(data, "base64")));
        await this.#env.LINKS.delete(key);
      }
    } else {
      await ordersOf(this.#env).forget(recordOf([[type, rows]]) as Partial<OrderRows>);
    }
  }
}

const isOwned = (type: LineType): type is Owned => owned.some((name) => name === type);

const takenOf = <R>({ taken }: { taken: readonly number[] }, rows: readonly R[]): R[] =>
  rows.filter((_, index) => taken.includes(index));

/** A gateway that a request would be refused is no way out by an import: its line is, and can be sent again once it is named. */
function withGateway(row: RowOf<"connection">, env: Env): RowOf<"connection"> | string {
  if (row.apiBase === null) return row;
  const read = apiBaseOf(row.alliance, row.apiBase, outboundOrigins(env));
  return read.ok
    ? { ...row, apiBase: read.base }
    : `/row/apiBase: ${inLanguage(read.message, "en")}`;
}

/** Why a cover's bytes are none; `undefined` when they are a picture. */
function noPicture({ data }: RowOf<"cover">): string | undefined {
  const bytes = Buffer.from(data, "base64");
  if (bytes.length > bytesAtMost) {
    return `/row/data: A cover may have at most ${bytesAtMost} bytes.`;
  }
  return typeOfPicture(bytes)
    ? undefined
    : "/row/data: Expected a JPEG, PNG, WebP, GIF or AVIF picture.";
}
