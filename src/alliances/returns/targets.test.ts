import { it } from "vitest";
import { own, recordOf } from "../../lib/records.ts";
import type { Link } from "../../model/link.ts";
import type { Stream } from "../../model/stream.ts";
import { targetsOf } from "./targets.ts";

const now = Date.parse("2026-11-25T20:00:00+08:00");
const hour = 3_600_000;

const stream = (id: string, endsAt: number | null) =>
  ({ id, phase: null, startsAt: now - 9 * hour, endsAt, endedAt: null }) as Stream;
const link = (slug: string, streamId: string, more: Partial<Link> = {}) =>
  ({ slug, streamId, destinations: null, promotion: null, creator: null, ...more }) as Link;

/** The Catalog, as far as it is asked. */
function catalogOf(live: Stream[], ended: Stream[], links: Link[]) {
  const asked: string[] = [];
  const page = <T>(data: T[], nextCursor: string | null = null) => ({ data, nextCursor });
  const catalog: Parameters<typeof targetsOf>[0] = {
    listStreams: async ({ phase }) => page(phase === "live" ? live : ended),
    listLinks: async ({ streamId }, limit, cursor) => {
      asked.push(String(streamId));
      const own = links.filter((one) => one.streamId === streamId);
      const from = cursor ?? 0;
      const isMore = own.length > from + limit;
      return page(own.slice(from, from + limit), isMore ? String(from + limit) : null);
    },
    idsOfCreators: async (ids) =>
      ids.map((id) => ({
        id,
        ids: recordOf([
          [
            "taobao",
            recordOf([
              ["adzoneId", `of-${id}`],
              ["specialId", "9"],
            ]),
          ],
        ]),
      })),
  };
  return { catalog, asked };
}

it("links of streams that are on or were lately have their own ids, else their creators'", async ({
  expect,
}) => {
  const { catalog, asked } = catalogOf(
    [stream("st_live", null)],
    [stream("st_lately", now - hour), stream("st_before", now - 7 * hour)],
    [
      link("own", "st_live", {
        creator: { id: "mao" },
        promotion: recordOf([["taobao", recordOf([["adzoneId", "77"]])]]),
      }),
      link("his", "st_lately", { creator: { id: "mao" } }),
      link("off", "st_live", { disabled: true }),
      link("late", "st_before"),
    ],
  );
  const targets = await targetsOf(catalog, now);
  expect(targets.map(({ slug, ids }) => [slug, own(ids, "taobao")])).toEqual([
    ["own", { adzoneId: "77", specialId: "9" }],
    ["his", { adzoneId: "of-mao", specialId: "9" }],
  ]);
  expect(asked).toEqual(["st_live", "st_lately"]);
});

it("at most 2,000 links are read, page by page", async ({ expect }) => {
  const many = Array.from({ length: 2_600 }, (_, index) => link(`s${index}`, "st_live"));
  const { catalog, asked } = catalogOf([stream("st_live", null), stream("st_2", null)], [], many);
  expect(await targetsOf(catalog, now)).toHaveLength(2_000);
  expect(asked).toHaveLength(10);
});
