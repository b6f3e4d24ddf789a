/**
 * @module `POST /api/import`: takes an export, line by line as it comes. What is there already stays as it
 * is, so the same file can be sent again after a failure. A line that is refused stops no other.
 */
import { createRoute, z } from "@hono/zod-openapi";
import type { BookedLine } from "../attribution/apply.ts";
import { coverKeys } from "../catalog/records.ts";
import { randomId } from "../catalog/slug.ts";
import type { CounterPart } from "../counting/archive.ts";
import { counterOf } from "../counting/read.ts";
import { type Env, extraHosts } from "../env.ts";
import { cut } from "../lib/cut.ts";
import { overfull } from "../lib/overfull.ts";
import { format, type LineType, lineTypes, type RowOf, rowSchemas } from "./archive.ts";
import { byOf } from "./auth.ts";
import { catalogOf } from "./catalog.ts";
import { revisionOf, typeOfPicture } from "./cover.ts";
import { destinationOfUrl } from "./destinations.ts";
import { linesOf } from "./ndjson.ts";
import { ordersOf } from "./orders.ts";
import { Problem, validationProblem } from "./problem.ts";
import { commonProblems, jsonAnswer, router } from "./router.ts";
import { requires } from "./scopes.ts";

/** Rows of one type that are written together. */
const batchSize = 200;
const rejectedAtMost = 1_000;
/** Characters of what is said of a refused line, which may name its fields. */
const detailAtMost = 300;

interface Row {
  line: number;
  row: unknown;
}
interface Outcome {
  taken: number;
  known: number;
  /** Refused all the same, by their place. */
  refused?: { index: number; detail: string }[];
}

/** One import: its counts of what became of the lines. */
class Importer {
  readonly #env: Env;
  readonly #by: string;
  /** A Counter takes the parts of one import only. */
  readonly #id = randomId();
  // biome-ignore lint/plugin: by the types of lines, a closed set
  readonly imported: Record<string, number> = {};
  // biome-ignore lint/plugin: likewise
  readonly known: Record<string, number> = {};
  readonly rejected: { line: number; detail: string }[] = [];
  #refused = 0;
  #pending: { type: LineType; rows: Row[] } | null = null;

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

  async add(type: LineType, row: unknown, line: number): Promise<void> {
    const tooMuch = overfull(row);
    if (tooMuch) {
      this.reject(line, `/row${tooMuch.pointer}: ${tooMuch.message}`);
      return;
    }
    const parsed = rowSchemas[type].safeParse(row);
    if (!parsed.success) {
      this.reject(line, validationProblem(parsed.error, "json").message);
      return;
    }
    const detail = refusal(type, parsed.data, extraHosts(this.#env));
    if (detail !== null) {
      this.reject(line, detail);
      return;
    }
    if (this.#pending?.type !== type) await this.flush();
    this.#pending ??= { type, rows: [] };
    this.#pending.rows.push({ line, row: parsed.data });
    if (this.#pending.rows.length >= batchSize) await this.flush();
  }

  async flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = null;
    if (!pending) return;
    const { type, rows } = pending;
    const {
      taken,
      known,
      refused = [],
    } = await this.#write(
      type,
      rows.map(({ row }) => row),
    );
    this.imported[type] = (this.imported[type] ?? 0) + taken;
    this.known[type] = (this.known[type] ?? 0) + known;
    for (const { index, detail } of refused) this.reject(rows[index]?.line ?? 0, detail);
  }

  async #write(type: LineType, rows: unknown[]): Promise<Outcome> {
    const orders = ordersOf(this.#env);
    switch (type) {
      case "counts":
        return this.#counts(rows as RowOf<"counts">[]);
      case "cover":
        return this.#covers(rows as RowOf<"cover">[]);
      case "line":
        return orders.restore({ lines: rows as BookedLine[] }, this.#by);
      case "costs":
        return orders.restore({ costs: rows as RowOf<"costs">[] }, this.#by);
      case "spend":
        return orders.restore({ spend: rows as RowOf<"spend">[] }, this.#by);
      default: {
        const done = await catalogOf(this.#env).restore(type, rows as never, this.#by);
        const detail = "Its stream is neither here nor in a line before.";
        return { ...done, refused: done.orphans.map((index) => ({ index, detail })) };
      }
    }
  }

  async #counts(parts: RowOf<"counts">[]): Promise<Outcome> {
    const outcome = { taken: 0, known: 0 };
    for (const part of parts) {
      const counter = counterOf(this.#env, part.streamId, part.shard);
      if (await counter.restore(this.#id, part as CounterPart)) outcome.taken += 1;
      else outcome.known += 1;
    }
    return outcome;
  }

  async #covers(covers: RowOf<"cover">[]): Promise<Outcome> {
    const outcome = { taken: 0, known: 0 };
    for (const { streamId, data } of covers) {
      const bytes = Buffer.from(data, "base64");
      const [key] = coverKeys(streamId, revisionOf(bytes));
      if ((await this.#env.LINKS.get(key, "arrayBuffer")) !== null) outcome.known += 1;
      else {
        await this.#env.LINKS.put(key, bytes, { metadata: { type: typeOfPicture(bytes) } });
        outcome.taken += 1;
      }
    }
    return outcome;
  }
}

interface WithDestinations {
  destinations?: { url?: string | undefined; replay?: string | undefined }[] | null;
  after?: { url?: string | undefined } | null;
}

/** An import opens no way around the allowed hosts. */
function refusal(type: LineType, row: unknown, hosts: readonly string[]): string | null {
  if (type === "cover") {
    const { data } = row as RowOf<"cover">;
    return typeOfPicture(Buffer.from(data, "base64")) ? null : "/row/data: not a picture.";
  }
  if (type !== "stream" && type !== "link") return null;
  const { destinations, after } = row as WithDestinations;
  const urls = [...(destinations ?? []).flatMap(({ url, replay }) => [url, replay]), after?.url];
  try {
    for (const url of urls) if (url !== undefined) destinationOfUrl(url, "", hosts);
    return null;
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

const counts = z.record(z.string(), z.int());
const ImportReport = z
  .object({
    imported: counts.openapi({ description: "By the type of a line" }),
    known: counts.openapi({ description: "Left as they are here" }),
    refused: z.int(),
    rejected: z.array(z.object({ line: z.int(), detail: z.string() })),
    complete: z.boolean().openapi({ description: "The file has its last line" }),
  })
  .openapi("ImportReport");

export const imports = router().openapi(
  createRoute({
    method: "post",
    path: "/api/import",
    summary: "Takes an export; what is there already stays as it is",
    description: "`Idempotency-Key` has no effect: a file that is sent again changes nothing.",
    security: requires("admin"),
    request: {
      body: { required: true, content: { "application/x-ndjson": { schema: z.string() } } },
    },
    responses: { 200: jsonAnswer("What became of the lines", ImportReport), ...commonProblems },
  }),
  async (c) => {
    const { body } = c.req.raw;
    if (!body) throw new Problem("invalid_request", "The body is empty.");
    const importer = new Importer(c.env, byOf(c));
    let isBegun = false;
    let isComplete = false;
    for await (const { number, text } of linesOf(body)) {
      const line = text === null ? "The line is too long." : parse(text);
      if (!isBegun) {
        expectHeader(line);
        isBegun = true;
      } else if (typeof line === "string") importer.reject(number, line);
      else if (line.type === "end") isComplete = true;
      else {
        const type = lineTypes.find((name) => name === line.type);
        if (type) await importer.add(type, line.row, number);
        else importer.reject(number, `/type: expected one of ${lineTypes.join(", ")}.`);
      }
    }
    if (!isBegun) expectHeader("");
    await importer.flush();
    const { imported, known, refused, rejected } = importer;
    return c.json({ imported, known, refused, rejected, complete: isComplete }, 200);
  },
);

function parse(text: string): { type?: unknown; row?: unknown; format?: unknown } | string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : "Expected a JSON object.";
  } catch {
    return "The line is not JSON.";
  }
}

function expectHeader(line: ReturnType<typeof parse>): void {
  if (typeof line !== "string" && line.type === "moongate" && line.format === format) return;
  throw new Problem(
    "invalid_request",
    `The first line must be {"type":"moongate","format":${format},…}, as GET /api/export writes it.`,
  );
}
