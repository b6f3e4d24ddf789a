/** @module Orders: told one by one or as a file, and listed. */

import { createRoute } from "@hono/zod-openapi";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import { Problem, type ProblemCode } from "../../http/problem.ts";
import { readBody, tooLarge } from "../../http/read-body.ts";
import { headerOf } from "../../http/request-headers.ts";
import { validationProblem } from "../../http/validation-problem.ts";
import { cut } from "../../lib/cut.ts";
import { said } from "../../lib/said.ts";
import {
  type ConversionInput,
  ConversionInputs,
  ConversionInput as ConversionSchema,
  ConversionView,
  tellOrder,
} from "../../model/order.ts";
import { endOf } from "../../model/phase.ts";
import { flatIds } from "../../model/promoter.ts";
import { ordersOf } from "../../orders/calls.ts";
import { DryLines } from "../../orders/dry-lines.ts";
import { FileProblem, type FileProblemCode } from "../../orders/import/files/file-problem.ts";
import { importFile } from "../../orders/import/order-file.ts";
import type { OrderEvent } from "../../orders/order-line.ts";
import { pageOf } from "../answers.ts";
import { takesIdempotencyKey } from "../middleware/idempotency.ts";
import { ConversionQuery, ConversionsAnswer, ImportAnswer, ImportQuery } from "../order-schemas.ts";
import {
  commonProblems,
  fileProblems,
  jsonAnswer,
  jsonBody,
  notFoundProblem,
  router,
} from "../router.ts";

const read = requires("stats:read");
const write = requires("conversions:write");

function eventOf(input: ConversionInput): OrderEvent {
  const { platform, orderId, subOrderId = "", status, amount, paidAt, updatedAt } = input;
  const ids = flatIds(input.promotion);
  return {
    platform,
    orderId,
    subOrderId,
    at: updatedAt ?? paidAt,
    state: status,
    amount,
    currency: input.currency ?? "CNY",
    paidAt,
    commission: input.commission,
    refund: input.refundAmount,
    slug: input.slug,
    itemId: input.itemId,
    itemTitle: input.itemTitle,
    quantity: input.quantity,
    evidence: Object.keys(ids).length > 0 ? { ids } : undefined,
  };
}

/** A multipart form's file, which is in memory whole, up to a limit; else the body as it comes. */
async function fileOf(request: Request): Promise<ReadableStream<Uint8Array>> {
  const type = headerOf(request.headers, "Content-Type") ?? "";
  if (/^multipart\/form-data/i.test(type)) {
    const file = await fileOfForm(request);
    if (file) return file.stream();
    throw new Problem("invalid_request", said("The form has no file.", "表单里没有文件。"));
  }
  if (/^application\/json/i.test(type)) {
    throw new Problem(
      "unsupported_media_type",
      said(
        "Send the file itself, as text/csv, as a workbook (.xlsx) or as application/zip.",
        "请发送文件本身：text/csv、工作簿（.xlsx）或 application/zip。",
      ),
    );
  }
  if (!request.body)
    throw new Problem("invalid_request", said("The body is empty.", "文件是空的。"));
  return request.body;
}

/** @returns `undefined` for what is no form, or has no file */
async function fileOfForm(request: Request): Promise<File | undefined> {
  const bytes = await readBody(request, formAtMost);
  if (bytes === tooLarge) {
    throw new Problem(
      "payload_too_large",
      said("Send a file of this size as the body itself.", "这么大的文件请直接作为请求内容发送。"),
    );
  }
  const type = headerOf(request.headers, "Content-Type") ?? "";
  const form = new Response(bytes, { headers: { "Content-Type": type } }).formData();
  for (const value of (await form.catch(() => new FormData())).values()) {
    if (typeof value !== "string") return value;
  }
  return undefined;
}

/**
 * ms between batches. One machine runs everything on one thread, where making a link took half a second
 * beside an import that never paused.
 */
const pauseMs = 10;
const formAtMost = 16 * 1_048_576;
/** Characters of what is said of a refused row: it names fields, which may be anything. */
const detailAtMost = 300;

const problemOf: Record<FileProblemCode, ProblemCode> = {
  spreadsheet: "unsupported_media_type",
  archive: "unsupported_media_type",
  encrypted: "unsupported_media_type",
  not_text: "file_refused",
  no_header: "file_refused",
  malformed_csv: "file_refused",
  malformed_file: "file_refused",
  empty: "file_refused",
  too_large: "payload_too_large",
  busy: "rate_limited",
};
/** Seconds until another workbook is likely read. */
const retryAfterSeconds = 5;

/** What an order file may be sent as; the file itself says what it is. */
const fileTypes = {
  "text/csv": { schema: { type: "string" as const } },
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
    schema: { type: "string" as const, format: "binary" },
  },
  "application/zip": { schema: { type: "string" as const, format: "binary" } },
};

export const conversions = router()
  .openapi(
    createRoute({
      method: "post",
      path: "/api/conversions",
      ...takesIdempotencyKey,
      summary: "Tells of orders, each once however often it is sent; a refused row stops no other",
      security: write,
      request: { body: jsonBody(ConversionInputs) },
      responses: { 200: jsonAnswer("What became of them", ConversionsAnswer), ...commonProblems },
    }),
    async (c) => {
      const body = c.req.valid("json");
      const rows: unknown[] = Array.isArray(body) ? body : [body];
      const events: OrderEvent[] = [];
      const rejected: { index: number; code: string; detail: string }[] = [];
      for (const [index, row] of rows.entries()) {
        const parsed = ConversionSchema.safeParse(row);
        if (parsed.success) events.push(eventOf(parsed.data));
        else {
          const { message } = validationProblem(parsed.error, "json");
          rejected.push({ index, code: "invalid_order", detail: cut(message, detailAtMost) });
        }
      }
      const { accepted, updated, duplicates } =
        events.length === 0
          ? { accepted: 0, updated: 0, duplicates: 0 }
          : await ordersOf(c.env).apply(events, { by: byOf(c) });
      return c.json({ accepted, updated, duplicates, rejected }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "post",
      path: "/api/conversions/import",
      summary:
        "Imports an order file as it was downloaded (CSV in UTF-8, GB18030 or UTF-16, .xlsx, or one of them in a .zip)",
      description:
        "The file is recognised by its headers; docs/attribution.md lists the kinds. Of a workbook the first sheet with a known header is read, or the one that `sheet` names. `lines` adds up: read = taken + refused + skipped. A row whose state is not known is in `uncounted`: it is kept, and counted in nothing until a file with a known state comes. `slug` books every row on one link, for files that name no promoter and for ad spend. `dryRun` gives the same answer and stores nothing. `Idempotency-Key` has no effect: a file that is sent again changes nothing.",
      security: write,
      request: {
        query: ImportQuery,
        body: { required: true, content: fileTypes },
      },
      responses: {
        200: jsonAnswer("What became of the rows", ImportAnswer),
        ...commonProblems,
        ...fileProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { platform, slug, sheet, dryRun = false } = c.req.valid("query");
      if (slug !== undefined) unwrap(await catalogOf(c.env).link(slug));
      const orders = ordersOf(c.env);
      const changed = new DryLines();
      try {
        const report = await importFile(
          await fileOf(c.req.raw),
          { platform, slug, sheet },
          {
            apply: async (events) => {
              const before = dryRun ? changed.of(events) : [];
              const { lines, ...outcome } = await orders.apply(events, {
                dry: dryRun,
                before,
                by: byOf(c),
              });
              changed.keep(lines);
              return outcome;
            },
            pause: () => scheduler.wait(pauseMs),
            spend: (rows) => orders.addSpend(rows, dryRun, byOf(c)),
          },
        );
        return c.json({ ...report, dryRun }, 200);
      } catch (error) {
        if (!(error instanceof FileProblem)) throw error;
        const after = error.code === "busy" ? retryAfterSeconds : undefined;
        throw new Problem(problemOf[error.code], error.detail, [], error.code, after);
      }
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/conversions",
      summary: "Lists orders, the newest first",
      description:
        "`unattributed` lists those that fit no link; with `streamId`, of them those paid while that stream ran. `uncounted` lists those whose state is not known, with the word that was said (`statusSaid`).",
      security: read,
      request: { query: ConversionQuery },
      responses: {
        200: jsonAnswer("A page of orders", pageOf(ConversionView)),
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { unattributed, uncounted, status, streamId, limit, cursor } = c.req.valid("query");
      const stream =
        streamId === undefined ? undefined : unwrap(await catalogOf(c.env).stream(streamId));
      const filter = unattributed
        ? {
            streamId: "",
            ...(stream
              ? { from: stream.startsAt ?? stream.createdAt, to: endOf(stream, Date.now()) }
              : {}),
          }
        : { streamId };
      const { lines, nextCursor } = await ordersOf(c.env).list(
        { ...filter, isUnknown: uncounted, state: status },
        limit,
        cursor ?? null,
      );
      return c.json({ data: lines.map(tellOrder), nextCursor }, 200);
    },
  );
