/** @module The shapes of answers, for the OpenAPI document and the types of clients. */
import { z } from "@hono/zod-openapi";
import { metricRow, metrics } from "../counting/event.ts";
import { intervals } from "../counting/query/series.ts";
import { recordBy } from "../lib/records.ts";
import { MiniProgramView } from "../model/destination.ts";
import { nullable, toldMoment } from "../model/fields.ts";
import { apps, platformNames } from "../platforms/registry/edge.ts";
import { methods, systems } from "../platforms/types.ts";

export const ExplanationView = z
  .object({
    visitor: z.object({
      kind: z.enum(["human", "preview", "bot"]),
      app: z.enum(apps),
      os: z.enum(systems).openapi({
        description:
          "`other`: known to be none of these, such as a television, a headset, Windows Phone, KaiOS or a phone before Android; it gets a page with a QR code. `unknown`: nothing is known.",
      }),
      isDesktop: z
        .literal(true)
        .optional()
        .openapi({ description: "A computer with a phone's system: HarmonyOS on a PC" }),
      bot: z.string().optional(),
    }),
    phase: z.enum(["upcoming", "live", "ended"]),
    destination: nullable(z.enum(platformNames)),
    action: z.enum(["redirect", "page", "preview", "gone"]),
    location: z.string().optional(),
    ways: z.array(
      z.object({
        method: z.enum(methods),
        url: z.string().optional(),
        text: z.string().optional(),
        miniProgram: MiniProgramView.optional(),
      }),
    ),
    rule: z.string(),
  })
  .openapi("Explanation");

/** A list's page. */
export const pageOf = <T extends z.ZodType>(schema: T) =>
  z.object({ data: z.array(schema), nextCursor: nullable(z.string()) });

const count = z.int().min(0);
const rate = nullable(z.number());
const step = z.object({ last: count, previous: count });

const SeriesView = z.object({
  interval: z.enum(intervals),
  start: toldMoment,
  step: count,
  dates: z.array(z.string()).optional().openapi({
    description: "Of days: each one's date in the time zone; a day may have 23 or 25 hours",
  }),
  views: z.array(count),
  clicks: z.array(count),
});

export const StatsView = z
  .object({
    streamId: z.string(),
    slug: z.string().optional(),
    asOf: toldMoment,
    source: z.enum(["live", "published"]),
    totals: z.object({
      ...recordBy(metrics, (metric) => {
        const { description } = metricRow(metric);
        return description === undefined ? count : count.openapi({ description });
      }),
      visitors: nullable(count),
      /** `null` when orders can't be read just now. */
      orders: nullable(count),
      gmv: nullable(count),
      refunds: nullable(count),
      netGmv: nullable(z.int()),
    }),
    rates: z.object({ clickThrough: rate, conversion: rate }),
    recent: z
      .object({
        seconds: count,
        views: step,
        clicks: step,
        change: nullable(z.object({ views: rate, clicks: rate, clickThrough: rate })).openapi({
          description:
            "(the last ten minutes that are over − the ten before) ÷ the ten before; null unless the stream is live, and both lie after its start",
        }),
      })
      .optional(),
    series: SeriesView.optional(),
    by: z.record(
      z.string(),
      z.array(
        z.object({
          key: z.string(),
          views: count,
          clicks: count,
          visitors: nullable(count).optional().openapi({
            description:
              "Of a link; `null` where the source is not live, or the stream has so many links and days that each is asked for by itself",
          }),
          creator: nullable(z.string()).optional(),
          channel: nullable(z.string()).optional(),
        }),
      ),
    ),
    compare: z
      .object({
        streamId: z.string(),
        seconds: count,
        by: z.enum(intervals).openapi({
          description:
            "The coarsest step that views and clicks were taken from: of an hour or a day the share that lies between, by time",
        }),
        totals: z.object({
          views: count,
          clicks: count,
          orders: nullable(count),
          gmv: nullable(count),
          refunds: nullable(count),
        }),
        series: SeriesView.optional(),
      })
      .optional(),
    quality: z.object({
      rules: z.string(),
      shards: count,
      pendingSpills: count.openapi({
        description: "Spilled batches to deliver; those that no Counter takes too",
      }),
      oldestSpillAt: nullable(z.iso.datetime()).openapi({
        description: "When the oldest of them was spilled; KV keeps a spill for seven days",
      }),
      lost: count,
      missingShards: count.openapi({
        description:
          "Shards whose state KV lacks, so that nothing of them is in these figures; 0 with a live source",
      }),
      orders: z.enum(["current", "earlier", "missing"]).openapi({
        description:
          "What the figures of orders are: those of now; those known before, or none (`null`), since what keeps orders did not answer within 300 ms",
      }),
      provinces: nullable(
        z.object({ from: z.string(), url: z.url(), asOf: nullable(z.iso.date()) }),
      ).openapi({
        description:
          "Whose estimate by address provinces are since this service makes one, with a link that is to be shown with them, and of which day; `null` where they are said by a proxy, by Cloudflare, or by nobody",
      }),
      visitorEpochs: count,
      clicksWithoutView: nullable(count).openapi({
        description: "Clickers who never viewed, an estimate; 0 while its interval holds 0",
      }),
      clicksWithoutViewInterval: nullable(z.object({ low: count, high: count })).openapi({
        description: "The 95 % interval of that estimate",
      }),
    }),
  })
  .openapi("Stats");

export const SignatureView = z
  .object({
    appId: z.string(),
    timestamp: z.int(),
    nonceStr: z.string(),
    signature: z.string(),
    jsApiList: z.array(z.string()),
    openTagList: z.array(z.string()),
    url: z.string().openapi({ description: "What was signed" }),
    expiresAt: toldMoment.openapi({ description: "When the ticket behind it ends" }),
  })
  .openapi("WechatSignature");
