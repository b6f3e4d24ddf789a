/** @module Settlement sheets (结算单): what a promoter is paid for a period; tried, closed, listed, read, voided. */
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type ApiEnv, byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import type { OfPromoter } from "../../catalog/reporting.ts";
import { defaultTimezone, type Env, settings } from "../../config/env.ts";
import { atField, Problem } from "../../http/problem.ts";
import { streamedText } from "../../http/streamed-text.ts";
import { type Language, type Said, said } from "../../lib/said.ts";
import { IdParams, line } from "../../model/bounded.ts";
import { currency } from "../../model/order.ts";
import {
  type DraftSheet,
  type KeptSheet,
  linePaging,
  SettlementInput,
  SettlementPreviewQuery,
  SettlementVoid,
} from "../../model/settlement.ts";
import {
  SettlementPreview,
  SettlementView,
  SheetView,
  tellDraft,
  tellSettled,
  tellSheet,
} from "../../model/settlement-view.ts";
import { ordersOf } from "../../orders/calls.ts";
import type { SheetRefusal, SheetRequest } from "../../orders/settlement/drafts.ts";
import type { LinePage, VoidRefusal } from "../../orders/settlement/settlements.ts";
import { settlementCsv } from "../../reports/settlement-csv.ts";
import { pageOf } from "../answers.ts";
import { takesIdempotencyKey } from "../middleware/idempotency.ts";
import { wantsType } from "../negotiate.ts";
import { flag, LanguageParam } from "../order-schemas.ts";
import { paging } from "../queries.ts";
import {
  commonProblems,
  conflictProblem,
  jsonAnswer,
  jsonBody,
  notFoundProblem,
  router,
} from "../router.ts";

const read = requires("stats:read");
const write = requires("admin");

type Asked = Context<ApiEnv>;
type Input = Pick<SheetRequest, "creator" | "from" | "to" | "currency" | "payable">;

/** Lines that are read together for a spreadsheet: of a closed sheet, and of one that is made anew for each page. */
const csvLines = { closed: 1_000, preview: 5_000 };

const refusals: Record<SheetRefusal, Said> = {
  too_many_lines: said(
    "This period has more than 100,000 new lines: close shorter ones.",
    "这段时间有超过 100,000 行待结订单，请缩短时间分几次结算。",
  ),
  too_many_fees: said(
    "This period has more than 2,000 slot fees: close shorter ones.",
    "这段时间有超过 2,000 笔坑位费，请缩短时间分几次结算。",
  ),
  incomplete: said(
    "An import brought an earlier sheet of this promoter without all of its lines: import the whole file.",
    "导入的备份缺少这位推广者之前结算单的明细，请导入完整的文件。",
  ),
};

const kept: Record<Exclude<VoidRefusal, "not_found">, Said> = {
  already_voided: said("This sheet is voided already.", "这张结算单已经作废。"),
  not_newest: said(
    "A later sheet of this promoter builds on this one: void that first.",
    "这位推广者之后还有结算单，请先作废最新的一张。",
  ),
  taken_elsewhere: said(
    "What this sheet gave back is on another promoter's sheet: void that first.",
    "这张结算单退回的订单已在另一位推广者的结算单上，请先作废那一张。",
  ),
  orders_deleted: said(
    "Orders of this sheet were deleted with their stream, and could not be settled again.",
    "这张结算单里有订单已随直播一起删除，作废后无法再结算。",
  ),
};

const noSheet = () =>
  new Problem("not_found", said("There is no such settlement.", "没有这张结算单。"));

/** @throws {Problem} where nobody of this id promotes anything, or ever did */
async function requestOf(env: Env, input: Input): Promise<SheetRequest> {
  const { creator } = input;
  const { name, links }: OfPromoter = unwrap(await catalogOf(env).ofPromoter(creator));
  if (links.length === 0 && !(await ordersOf(env).hasSettled(creator))) {
    throw atField(
      "not_found",
      "/creator",
      said(`There is no promoter ${creator}.`, `没有推广者 ${creator}。`),
    );
  }
  const { brand } = settings(env);
  return {
    ...input,
    creatorName: name,
    links,
    brandName: brand.name ?? null,
    operatorName: brand.operator ?? null,
  };
}

function expectSheet<T extends object>(made: T | SheetRefusal): T {
  if (typeof made !== "string") return made;
  if (made === "incomplete") throw new Problem("settlement_kept", refusals[made], [], made);
  throw atField("invalid_request", "/from", refusals[made], made);
}

const tellPage = ({ lines, next }: LinePage) => ({
  lines: lines.map(tellSettled),
  nextCursor: next === null ? null : String(next),
});

interface Preview {
  sheet: DraftSheet;
  page: LinePage;
}

async function previewOf(env: Env, request: SheetRequest, after: number, limit: number) {
  const made = await ordersOf(env).previewSettlement(request, after, limit);
  return expectSheet(made as Preview | SheetRefusal);
}

async function sheetOf(env: Env, id: string): Promise<KeptSheet> {
  const sheet = (await ordersOf(env).settlement(id)) as KeptSheet | null;
  if (!sheet) throw noSheet();
  return sheet;
}

const linesOf = async (env: Env, id: string, after: number, limit: number): Promise<LinePage> =>
  (await ordersOf(env).settlementLines(id, after, limit)) as LinePage;

async function* pagesBy(ask: (after: number) => Promise<LinePage>) {
  for (let after: number | null = 0; after !== null; ) {
    const page: LinePage = await ask(after);
    yield page.lines;
    after = page.next;
  }
}

function csv(
  c: Asked,
  sheet: DraftSheet,
  ask: (after: number) => Promise<LinePage>,
  { name, language }: { name: string; language: Language | undefined },
) {
  const timezone = defaultTimezone(c.env);
  const text = settlementCsv(sheet, pagesBy(ask), { language, timezone });
  return new Response(streamedText(text, "settlement_csv_failed"), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${name}.csv"`,
      "Cache-Control": "no-store",
    },
    // A stream is no body that the types of routes know.
  }) as never;
}

const isCsv = (c: Asked, format: "json" | "csv" | undefined) =>
  format === "csv" || (!format && wantsType(c, "text/csv"));
const csvContent = { "text/csv": { schema: { type: "string" as const } } };

const rules =
  "On it are the lines booked on the promoter's links that were paid from `from` to before `to` and are on no sheet yet (`order`), those paid before `from`, since the first sheet, that no sheet has (`late`), and what earlier sheets had and is worth something else since (`change`, `moved`). total = commission + slotFee − refundsOfEarlier. docs/settlements.md has the rules.";

export const settlements = router()
  .openapi(
    createRoute({
      method: "get",
      path: "/api/settlements",
      summary: "Lists settlement sheets without their lines, the newest first",
      security: read,
      request: {
        query: z.strictObject({
          creator: line(64).optional(),
          currency: currency.optional(),
          ...paging,
        }),
      },
      responses: { 200: jsonAnswer("A page of sheets", pageOf(SheetView)), ...commonProblems },
    }),
    async (c) => {
      const { creator, currency: wanted, limit, cursor } = c.req.valid("query");
      const of = {
        ...(creator === undefined ? {} : { creator }),
        ...(wanted === undefined ? {} : { currency: wanted }),
      };
      const { sheets, nextCursor } = await ordersOf(c.env).listSettlements(
        of,
        limit,
        cursor ?? null,
      );
      return c.json({ data: (sheets as KeptSheet[]).map(tellSheet), nextCursor }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/settlements/preview",
      summary: "What a sheet would be if it were closed now; closes nothing",
      description: `${rules} JSON, or CSV by \`Accept: text/csv\` or \`format=csv\`.`,
      security: read,
      request: { query: SettlementPreviewQuery },
      responses: {
        200: {
          description: "The sheet, with a page of its lines",
          content: { ...jsonAnswer("", SettlementPreview).content, ...csvContent },
        },
        ...commonProblems,
        ...notFoundProblem,
        ...conflictProblem,
      },
    }),
    async (c) => {
      const { limit, cursor = 0, language, format, ...input } = c.req.valid("query");
      const request = await requestOf(c.env, input);
      c.header("Cache-Control", "no-store");
      if (isCsv(c, format)) {
        const { sheet } = await previewOf(c.env, request, 0, 1);
        const ask = async (after: number) =>
          (await previewOf(c.env, request, after, csvLines.preview)).page;
        return csv(c, sheet, ask, { name: "settlement-preview", language });
      }
      const { sheet, page } = await previewOf(c.env, request, cursor, limit);
      return c.json({ ...tellDraft(sheet), ...tellPage(page) }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "post",
      path: "/api/settlements",
      ...takesIdempotencyKey,
      summary: "Closes a promoter's settlement sheet; it changes no more",
      description: `${rules} \`lines\` are the first 1,000: \`nextCursor\` leads to the others, by \`GET /api/settlements/{id}\`. With \`dryRun\` the answer is the preview (200), and nothing is closed.`,
      security: write,
      request: { query: z.strictObject({ dryRun: flag }), body: jsonBody(SettlementInput) },
      responses: {
        200: jsonAnswer("With `dryRun`: what would be closed", SettlementPreview),
        201: jsonAnswer("Closed", SettlementView),
        ...commonProblems,
        ...notFoundProblem,
        ...conflictProblem,
      },
    }),
    async (c) => {
      const request = await requestOf(c.env, c.req.valid("json"));
      const { limit } = z.object(linePaging).parse({});
      if (c.req.valid("query").dryRun) {
        const { sheet, page } = await previewOf(c.env, request, 0, limit);
        return c.json({ ...tellDraft(sheet), ...tellPage(page) }, 200);
      }
      const made = await ordersOf(c.env).settle(request, byOf(c));
      const sheet = expectSheet(made as KeptSheet | SheetRefusal);
      const page = await linesOf(c.env, sheet.id, 0, limit);
      return c.json({ ...tellSheet(sheet), ...tellPage(page) }, 201);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/settlements/{id}",
      summary: "A closed sheet, with a page of its lines; or all of it as a spreadsheet",
      description:
        "JSON, or CSV (UTF-8 with BOM) by `Accept: text/csv` or `format=csv`; with `language` its heads are words, money is yuan and times are local.",
      security: read,
      request: {
        params: IdParams,
        query: z.strictObject({
          ...linePaging,
          language: LanguageParam,
          format: z.enum(["json", "csv"]).optional(),
        }),
      },
      responses: {
        200: {
          description: "The sheet",
          content: { ...jsonAnswer("", SettlementView).content, ...csvContent },
        },
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const { limit, cursor = 0, language, format } = c.req.valid("query");
      const sheet = await sheetOf(c.env, id);
      c.header("Cache-Control", "no-store");
      c.header("Vary", "Accept");
      if (isCsv(c, format)) {
        const ask = (after: number) => linesOf(c.env, id, after, csvLines.closed);
        return csv(c, sheet, ask, { name: `settlement-${id}`, language });
      }
      const page = await linesOf(c.env, id, cursor, limit);
      return c.json({ ...tellSheet(sheet), ...tellPage(page) }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "post",
      path: "/api/settlements/{id}/void",
      ...takesIdempotencyKey,
      summary: "Voids a promoter's newest sheet: what it has is free for the next one",
      description:
        "For a sheet that was closed by mistake. It stays to be read, says that it is voided, by whom and why, and counts for nothing.",
      security: write,
      request: { params: IdParams, body: jsonBody(SettlementVoid) },
      responses: {
        200: jsonAnswer("The voided sheet, without its lines", SheetView),
        ...commonProblems,
        ...notFoundProblem,
        ...conflictProblem,
      },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      const { reason = null } = c.req.valid("json");
      const made = await ordersOf(c.env).voidSettlement(id, { by: byOf(c), reason });
      const voided = made as KeptSheet | VoidRefusal;
      if (voided === "not_found") throw noSheet();
      if (typeof voided === "string") {
        throw new Problem("settlement_kept", kept[voided], [], voided);
      }
      return c.json(tellSheet(voided), 200);
    },
  );
