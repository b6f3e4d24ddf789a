import { describe, it } from "vitest";
import type { LinkSketch } from "../counter/sketches.ts";
import { addPair, emptySketch, pairFrom } from "../hyperloglog.ts";
import { mergedLinkVisitors, sketchesPerPage } from "./link-visitors.ts";

const row = (slug: string, epoch: string, ...indices: number[]): LinkSketch => {
  const sketch = emptySketch(12);
  for (const index of indices) addPair(sketch, pairFrom(index * 16, 1));
  return { slug, epoch, registers: sketch.slice().buffer };
};
/** A shard that has these rows, in SQLite's order, and notes after which it was asked for more. */
function shardOf(rows: readonly LinkSketch[]) {
  const asked: (string | null)[] = [];
  const read = async (after: LinkSketch | null): Promise<LinkSketch[]> => {
    asked.push(after?.slug ?? null);
    const from = after ? rows.indexOf(after) + 1 : 0;
    return rows.slice(from, from + sketchesPerPage);
  };
  return { read, asked };
}
const merged = (...shards: LinkSketch[][]) =>
  mergedLinkVisitors(shards.map((rows) => shardOf(rows).read));

describe("the visitors of links that several shards saw", () => {
  it("are the union by link and epoch, whichever shards saw them", async ({ expect }) => {
    const one = [row("a", "2026-11-20", 1), row("a", "live", 1, 2), row("c", "live", 7)];
    const two = [row("a", "live", 2, 3), row("b", "2026-11-20", 4, 5)];
    const three = [row("b", "live", 9), row("c", "live", 7, 8)];
    const all = {
      a: { "2026-11-20": 1, live: 3 },
      b: { "2026-11-20": 2, live: 1 },
      c: { live: 2 },
    };
    for (const shards of [
      [one, two, three],
      [three, two, one],
      [two, [], one, three],
    ]) {
      expect(await merged(...shards)).toEqual(all);
    }
  });

  it("are none where no shard has any", async ({ expect }) => {
    expect(await merged()).toEqual({});
    expect(await merged([], [])).toEqual({});
  });

  it("are asked for in pages, each after the last row of the one before, until one is not full", async ({
    expect,
  }) => {
    expect(sketchesPerPage).toBe(1_000);
    const { registers } = row("", "", 1);
    const rowsOf = (count: number, step = 1) =>
      Array.from({ length: count }, (_, index): LinkSketch => {
        return { slug: `l${String(index * step).padStart(5, "0")}`, epoch: "live", registers };
      });
    const [full, more, few] = [
      shardOf(rowsOf(1_000)),
      shardOf(rowsOf(1_001, 2)),
      shardOf(rowsOf(2)),
    ];
    const visitors = (await mergedLinkVisitors([full.read, more.read, few.read])) ?? {};
    expect(Object.keys(visitors)).toHaveLength(1_000 + 501);
    expect(new Set(Object.values(visitors).map((epochs) => JSON.stringify(epochs)))).toEqual(
      new Set(['{"live":1}']),
    );
    expect([full.asked, more.asked, few.asked]).toEqual([
      [null, "l00999"],
      [null, "l01998"],
      [null],
    ]);
  });

  it("are not told where there are too many", async ({ expect }) => {
    const shard = () =>
      shardOf([row("a", "live", 1), row("b", "live", 2), row("c", "live", 3)]).read;
    expect(await mergedLinkVisitors([shard(), shard()], 2)).toBeNull();
    expect(Object.keys((await mergedLinkVisitors([shard(), shard()], 3)) ?? {})).toHaveLength(3);
  });
});
