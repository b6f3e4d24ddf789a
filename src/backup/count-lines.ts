/** @module A Counter's rows and a stream's cover as lines of an export. */
import { z } from "@hono/zod-openapi";
import { type ArchivedTable, archivedTables } from "../counting/counter/archive.ts";
import { dimensions, keysPerDimension, metrics } from "../counting/event.ts";
import { linkPrecision, streamPrecision } from "../counting/hyperloglog.ts";
import { recordBy } from "../lib/records.ts";
import { shaped, text } from "../model/bounded.ts";
import { slugShape } from "../model/slug.ts";
import { streamFields, streamId, timezone } from "../model/stream.ts";

const count = z.int("Expected a whole number.").min(0, "Expected 0 or more.");
const pair = z.tuple([count, count]);

/** A cell that is JSON itself. */
const json = (most: number, schema: z.ZodType, expected: string) =>
  text(most).refine((given) => {
    try {
      return schema.safeParse(JSON.parse(given)).success;
    } catch {
      return false;
    }
  }, expected);

const hashBits = 64;
/** Registers of a sketch, a byte each: no rank is higher than the bits that are left of a hash. */
function isSketch(base64: string): boolean {
  const bytes = Buffer.from(base64, "base64");
  const precision = [streamPrecision, linkPrecision].find((bits) => bytes.length === 1 << bits);
  return (
    precision !== undefined &&
    bytes.toString("base64") === base64 &&
    bytes.every((rank: number) => rank <= hashBits - precision + 1)
  );
}

const keys = z
  .record(text(64), pair)
  .refine((given) => Object.keys(given).length <= keysPerDimension);

type Column = (typeof archivedTables)[ArchivedTable][number];

/** Characters; what a link was opened by is the longest. */
const cellAtMost = 500_000;

/** What a cell may be, by its column. */
const cells: Record<Column, z.ZodType> = {
  ...recordBy(metrics, () => count),
  // The empty one is the whole stream.
  slug: z.union([z.literal(""), shaped(slugShape, "Expected a slug.")]),
  app: text(64).min(1),
  count,
  hour: z.int().min(0).max(100_000_000),
  day: z.int().min(0).max(10_000_000),
  epoch: shaped(/^(?:live|\d{4}-\d\d(?:-\d\d)?)$/, "Expected live or a day."),
  // An export of an older release lacks the dimensions that came since.
  keys: json(
    cellAtMost,
    z.strictObject(recordBy(dimensions, () => keys.optional())),
    "Expected the JSON of views and clicks by dimension and key.",
  ),
  minutes: json(
    10_000,
    z.record(shaped(/^[1-5]?\d$/), pair),
    "Expected the JSON of views and clicks by minute.",
  ).nullable(),
  registers: text(30_000).refine(isSketch, "Expected the registers of a sketch, in base64."),
};

const tables = Object.keys(archivedTables) as [ArchivedTable, ...ArchivedTable[]];
/** The metrics of an export by the first release; those that came since stand behind them. */
const firstLinkColumns = 9;
const fits = (table: ArchivedTable, columns: number): boolean => {
  const most = archivedTables[table].length;
  return columns === most || (table === "link" && columns >= firstLinkColumns && columns < most);
};

export const counts = z
  .strictObject({
    streamId,
    shard: z
      .int()
      .min(0)
      .max((streamFields.shards.kept.maxValue ?? 1) - 1),
    timezone: timezone.nullable(),
    lost: count,
    table: z.enum(tables),
    rows: z.array(z.array(z.union([text(cellAtMost), z.number(), z.null()]))).max(1_000),
  })
  .superRefine(({ table, rows }, context) => {
    const columns: readonly Column[] = archivedTables[table];
    for (const [index, row] of rows.entries()) {
      const say = (message: string, column?: Column) => {
        const path = ["rows", index, ...(column === undefined ? [] : [column])];
        context.addIssue({ code: "custom", path, message });
      };
      if (!fits(table, row.length)) say("Expected a value for each column.");
      for (const [place, value] of row.entries()) {
        const column = columns[place];
        if (column === undefined) continue;
        const read = cells[column].safeParse(value);
        if (!read.success) say(read.error.issues[0]?.message ?? "Expected another value.", column);
        else if (table === "link" && value === "") say("Expected a slug.", column);
      }
    }
  });

export const cover = z.strictObject({
  streamId,
  contentType: shaped(/^image\/[a-z]+$/, "Expected the type of a picture."),
  data: text(700_000).check(z.base64()),
});
