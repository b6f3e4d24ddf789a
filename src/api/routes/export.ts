/** @module `GET /api/export`: everything there is, as NDJSON, while it is read. */
import { createRoute } from "@hono/zod-openapi";
import { connectionsOf } from "../../alliances/stub.ts";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { format, type LineType } from "../../backup/lines.ts";
import type { ArchivedKind, Dump } from "../../catalog/archive.ts";
import { catalogOf } from "../../catalog/calls.ts";
import { keptCover } from "../../catalog/covers.ts";
import type { Env } from "../../config/env.ts";
import type { CounterArchive } from "../../counting/counter/archive.ts";
import { counterOf } from "../../counting/counter/stub.ts";
import { lanePrefix } from "../../counting/isolate/transport.ts";
import { spillPrefix } from "../../counting/spill.ts";
import { streamedText } from "../../http/streamed-text.ts";
import { toBase64 } from "../../lib/hash.ts";
import { partsOf } from "../../lib/sql.ts";
import { version } from "../../lib/version.ts";
import type { AuditEntry } from "../../model/audit-entry.ts";
import { randomId } from "../../model/slug.ts";
import { notifierOf } from "../../notify/stub.ts";
import { ordersOf } from "../../orders/calls.ts";
import type { LinePage } from "../../orders/settlement/settlements.ts";
import type { StoredSheet } from "../../orders/settlement/sheet-store.ts";
import type { StoredLine } from "../../orders/store.ts";
import { commonProblems, router } from "../router.ts";

/** Rows of a Counter, and of a settlement sheet, in one line. */
const rowsPerLine = 200;
const linesPerPage = 500;
const sheetsPerPage = 20;

async function* rowsOf(env: Env, kind: ArchivedKind): AsyncGenerator<object> {
  for (let after: number | null = 0; after !== null; ) {
    // The types of RPC don't follow a generic method.
    const page = (await catalogOf(env).dump(kind, after)) as unknown as Dump<object>;
    yield* page.rows;
    after = page.next;
  }
}

interface StreamRow {
  id: string;
  shardsEver: number;
  cover: string | null;
  purgedAt: number | null;
}

async function* countsOf(env: Env, { id, shardsEver }: StreamRow): AsyncGenerator<object> {
  for (let shard = 0; shard < shardsEver; shard += 1) {
    for (let from: number | null = 0; from !== null; ) {
      const page = (await counterOf(env, id, shard).dump(from)) as unknown as CounterArchive | null;
      for (const { table, rows } of page?.parts ?? []) {
        for (const part of partsOf(rows, rowsPerLine)) {
          yield { ...headOf(page), streamId: id, shard, table, rows: part };
        }
      }
      from = page?.next ?? null;
    }
  }
}

const headOf = (page: CounterArchive | null) => ({
  timezone: page?.timezone ?? null,
  lost: page?.lost ?? 0,
});

async function* ordersIn(env: Env): AsyncGenerator<[LineType, object]> {
  const orders = ordersOf(env);
  for (let after: number | null = 0; after !== null; ) {
    const lines = (await orders.dumpLines(after, linesPerPage)) as StoredLine[];
    for (const { id: _, ...row } of lines) yield ["line", row];
    after = lines.length === linesPerPage ? (lines.at(-1)?.id ?? null) : null;
  }
  for (const row of await orders.dumpCosts()) yield ["costs", row];
  for (const row of await orders.dumpSpend()) yield ["spend", row];
  yield* settlementsIn(env);
}

async function* settlementsIn(env: Env): AsyncGenerator<[LineType, object]> {
  const orders = ordersOf(env);
  for (let after: number | null = 0; after !== null; ) {
    const sheets = (await orders.dumpSettlements(after, sheetsPerPage)) as StoredSheet[];
    for (const { sheet } of sheets) {
      yield ["settlement", sheet];
      for (let place: number | null = 0; place !== null; ) {
        const page = (await orders.settlementLines(sheet.id, place, rowsPerLine)) as LinePage;
        const { lines } = page;
        if (lines.length > 0) {
          yield ["settlementLines", { sheet: sheet.id, first: place + 1, lines }];
        }
        place = page.next;
      }
    }
    after = sheets.length === sheetsPerPage ? (sheets.at(-1)?.seq ?? null) : null;
  }
}

/** @param entry of the audit log that tells of this export: not a part of it */
async function* lines(env: Env, entry: string): AsyncGenerator<[LineType, object]> {
  for (const kind of ["stream", "key"] as const) {
    for await (const row of rowsOf(env, kind)) yield [kind, row];
  }
  yield* ofStreams(env);
  for (const kind of ["link", "creator"] as const) {
    for await (const row of rowsOf(env, kind)) yield [kind, row];
  }
  yield* ordersIn(env);
  for (const row of await notifierOf(env).dump()) yield ["notifier", row];
  for (const row of await connectionsOf(env).dump()) yield ["connection", row];
  for await (const row of auditOf(env)) if (row.id !== entry) yield ["audit", row];
}

type Entry = Omit<AuditEntry, "seq" | "importId">;

/** The two logs as one, the oldest first: in the order in which they will be listed. */
async function* auditOf(env: Env): AsyncGenerator<Entry> {
  const orders = auditOfOrders(env);
  let next = await orders.next();
  for await (const row of rowsOf(env, "audit")) {
    for (; !next.done && next.value.at < (row as Entry).at; next = await orders.next()) {
      yield next.value;
    }
    yield row as Entry;
  }
  for (; !next.done; next = await orders.next()) yield next.value;
}

async function* ofStreams(env: Env): AsyncGenerator<[LineType, object]> {
  for await (const row of rowsOf(env, "stream")) {
    const stream = row as StreamRow;
    if (stream.purgedAt !== null) continue;
    for await (const part of countsOf(env, stream)) yield ["counts", part];
    const cover = await keptCover(env, stream);
    if (cover) {
      const data = toBase64(cover.bytes);
      yield ["cover", { streamId: stream.id, contentType: cover.type, data }];
    }
  }
}

async function* auditOfOrders(env: Env): AsyncGenerator<Entry> {
  for (let after = 0; ; ) {
    const entries = (await ordersOf(env).dumpAudit(after, linesPerPage)) as AuditEntry[];
    for (const { seq: _, importId: __, ...row } of entries) yield row;
    if (entries.length < linesPerPage) return;
    after = entries.at(-1)?.seq ?? 0;
  }
}

async function* ndjson(env: Env, entry: string): AsyncGenerator<string> {
  const exportedAt = new Date().toISOString();
  yield `${JSON.stringify({ type: "moongate", format, version, exportedAt })}\n`;
  let count = 0;
  for await (const [type, row] of lines(env, entry)) {
    count += 1;
    yield `${JSON.stringify({ type, row })}\n`;
  }
  const waiting = await waitingIn(env);
  yield `${JSON.stringify({ type: "end", lines: count, ...(waiting > 0 ? { waiting } : {}) })}\n`;
}

/** Of one list of KV. */
const waitingAtMost = 1_000;

/** Batches in KV that no Counter has taken yet, up to a thousand: what they count is not in the lines. */
async function waitingIn(env: Env): Promise<number> {
  const lists = [spillPrefix, lanePrefix].map((prefix) =>
    env.COUNTS.list({ prefix, limit: waitingAtMost }),
  );
  const [vitals, ...pages] = await Promise.all([catalogOf(env).vitals(0), ...lists]);
  const listed = pages.reduce((sum, { keys }) => sum + keys.length, 0);
  return Math.min(Math.max(listed, vitals.pendingSpills), waitingAtMost);
}

export const exports = router().openapi(
  createRoute({
    method: "get",
    path: "/api/export",
    summary: "Everything, as NDJSON, for `POST /api/import`",
    description:
      "The last line has the type `end`: without it the export was cut short; its `waiting`, where there is one, says how many batches of counts were still on their way, and are not in it. Each page of rows is of one moment, a shard's counts too unless it has thousands of rows; the whole is not, so export while no stream is live.",
    security: requires("admin"),
    responses: {
      200: {
        description: "One JSON object a line",
        content: { "application/x-ndjson": { schema: { type: "string" } } },
      },
      ...commonProblems,
    },
  }),
  async (c) => {
    // Before anything is read: an export that is broken off was read all the same.
    const entry = randomId();
    const read = { id: entry, action: "export.read", target: "everything" } as const;
    await catalogOf(c.env).noteChange(read, byOf(c));
    // A stream is no body that the types of routes know.
    return new Response(streamedText(ndjson(c.env, entry), "export_failed"), {
      headers: {
        "Content-Type": "application/x-ndjson",
        "Content-Disposition": 'attachment; filename="moongate.ndjson"',
        "Cache-Control": "no-store",
      },
    }) as never;
  },
);
