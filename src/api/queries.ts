/** @module What the query of a list and of the stats may say, and bodies that only ask. */
import { z } from "@hono/zod-openapi";
import { dimensions } from "../counting/event.ts";
import { intervals } from "../counting/query/series.ts";
import { line, moment, shaped, text, words } from "../model/bounded.ts";
import { PlatformSchema, pasted } from "../model/destination.ts";
import { timezone } from "../model/stream.ts";
import { apps } from "../platforms/registry/edge.ts";
import { systems } from "../platforms/types.ts";

export const InspectInput = z.strictObject({ text: pasted }).openapi("InspectInput");

/** Who opens a link, by a user agent or by the name of an app on a system, and when. */
const asVisitor = {
  userAgent: text(2_048).optional(),
  app: z.enum(apps).optional(),
  os: z.enum(systems).optional(),
  at: moment.optional(),
};

const agentOrApp = <T extends { userAgent?: unknown; app?: unknown; os?: unknown }>(
  { userAgent, app, os }: T,
  context: z.core.$RefinementCtx<T>,
): void => {
  const isWhole = userAgent === undefined ? app !== undefined && os !== undefined : !app && !os;
  if (isWhole) return;
  context.addIssue({
    code: "custom",
    path: [],
    message: "Expected either userAgent, or app and os.",
    input: undefined,
  });
};

export const ExplainInput = z
  .strictObject(asVisitor)
  .superRefine(agentOrApp)
  .openapi("ExplainInput");

export const ShownPageQuery = z
  .strictObject({ ...asVisitor, language: z.enum(["zh-CN", "en"]).default("zh-CN") })
  .superRefine(agentOrApp);

export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: shaped(/^\d{1,15}$/, "Expected the nextCursor of an earlier answer.")
    .transform(Number)
    .optional(),
};

const deleted = z
  .enum(["true", "false"])
  .transform((given) => given === "true")
  .optional();

export const StreamQuery = z
  .strictObject({
    deleted,
    phase: z.enum(["upcoming", "live", "ended"]).optional(),
    q: words(100).optional(),
    platform: PlatformSchema.optional(),
    tag: line(50).optional(),
    creator: line(64).optional(),
    campaign: line(100).optional(),
    from: moment.optional(),
    to: moment.optional(),
    sort: z.enum(["created", "start"]).optional(),
    limit: paging.limit,
    cursor: shaped(
      /^\d{1,15}$|^[01]:-?\d{1,15}:\d{1,15}$/,
      "Expected the nextCursor of an earlier answer.",
    ).optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ["to"],
    message: "to must be after from.",
  })
  .refine(
    ({ sort, cursor }) => cursor === undefined || (sort === "start") === cursor.includes(":"),
    {
      path: ["cursor"],
      message: "Expected the nextCursor of an answer in the same order.",
    },
  );

export const LinkQuery = z.strictObject({
  deleted,
  streamId: line(40).optional(),
  creator: line(64).optional(),
  channel: line(64).optional(),
  campaign: line(100).optional(),
  tag: line(50).optional(),
  q: line(100).optional(),
  ...paging,
});

export const groupings = ["link", ...dimensions, "creator", "channel"] as const;

export const StatsQuery = z.strictObject({
  interval: z.enum(intervals).optional(),
  start: moment.optional(),
  end: moment.optional(),
  timezone: timezone.optional(),
  groupBy: text(200)
    .transform((names) => names.split(",").map((name) => name.trim()))
    .pipe(z.array(z.enum(groupings)))
    .optional(),
  source: z.enum(["live", "published"]).optional(),
  compare: text(64).optional(),
});
export type StatsQuery = z.infer<typeof StatsQuery>;
