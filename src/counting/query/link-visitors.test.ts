import { describe, it, vi } from "vitest";
import { addPair, emptySketch, encodeSketch, pairFrom } from "../hyperloglog.ts";
import type { LinkSketchText, SketchOwner, SketchPage } from "../link-sketches.ts";
import {
  type LinkVisitors,
  linksAtMost,
  mergedLinkVisitors,
  readStanding,
  remergedLinkVisitors,
} from "./link-visitors.ts";

const row = (slug: string, epoch: string, ...indices: number[]): LinkSketchText => {
  const sketch = emptySketch(12);
  for (const index of indices) addPair(sketch, pairFrom(index * 16, 1));
  return { slug, epoch, text: encodeSketch(sketch) };
};
const isOf = (owner: SketchOwner) => (other: SketchOwner) =>
  owner.slug === other.slug && owner.epoch === other.epoch;
const rowsOfPage = 100;
/** A shard that has these rows, in SQLite's order, and notes what it was asked for. */
function shardOf(rows: readonly LinkSketchText[]) {
  const asked: [after: string | null, characters: number][] = [];
  const read = async (after: SketchOwner | null, characters: number): Promise<SketchPage> => {
    asked.push([after?.slug ?? null, characters]);
    const from = after ? rows.findIndex(isOf(after)) + 1 : 0;
    const sketches = rows.slice(from, from + rowsOfPage);
    return { sketches, isLast: from + sketches.length === rows.length };
  };
  const these = async (owners: readonly SketchOwner[]) =>
    owners.map((owner) => rows.find(isOf(owner)) ?? row(owner.slug, owner.epoch));
  return { read, these, asked };
}
const merged = (...shards: LinkSketchText[][]) =>
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
    const { text } = row("", "", 1);
    const rowsOf = (count: number, step = 1) =>
      Array.from({ length: count }, (_, index): LinkSketchText => {
        return { slug: `l${String(index * step).padStart(5, "0")}`, epoch: "live", text };
      });
    const [full, more, few, none] = [
      shardOf(rowsOf(100)),
      shardOf(rowsOf(101, 2)),
      shardOf(rowsOf(2)),
      shardOf([]),
    ];
    const shards = [full, more, few, none];
    const visitors = await mergedLinkVisitors(shards.map(({ read }) => read));
    expect(Object.keys(visitors)).toHaveLength(100 + 51);
    expect(new Set(Object.values(visitors).map((epochs) => JSON.stringify(epochs)))).toEqual(
      new Set(['{"live":1}']),
    );
    // 16 MiB at once, of all shards.
    const each = 4 * 1_048_576;
    expect(shards.map(({ asked }) => asked)).toEqual([
      [[null, each]],
      [
        [null, each],
        ["l00198", each],
      ],
      [[null, each]],
      [[null, each]],
    ]);
  });

  it("are not told where there are too many links and epochs", async ({ expect }) => {
    const shard = () =>
      shardOf([row("a", "live", 1), row("b", "live", 2), row("c", "live", 3)]).read;
    expect(await mergedLinkVisitors([shard(), shard()], 2)).toBe("too many");
    expect(Object.keys(await mergedLinkVisitors([shard(), shard()], 3))).toHaveLength(3);
    expect([linksAtMost(2), linksAtMost(64)]).toEqual([32_000, 1_000]);
  });

  it("are merged anew in parts, whose texts have room for all shards", async ({ expect }) => {
    const asked: number[] = [];
    const these = async (owners: readonly SketchOwner[]) => {
      asked.push(owners.length);
      return owners.map((owner) => row(owner.slug, owner.epoch, 1));
    };
    const owners = Array.from({ length: 100 }, (_, index) => ({
      slug: `l${index}`,
      epoch: "live",
    }));
    const shards = Array.from({ length: 64 }, () => these);
    const visitors = await remergedLinkVisitors({}, owners, shards, 1_000);
    expect(Object.keys(visitors)).toHaveLength(100);
    expect([asked.length, asked[0], asked.at(-1)]).toEqual([3 * 64, 47, 6]);
  });

  it("of shards that stand still are read once for each link", async ({ expect }) => {
    const [one, two] = [shardOf([row("a", "live", 1)]), shardOf([row("a", "live", 2)])];
    const asked: string[][] = [];
    const noted =
      (these: typeof one.these): typeof one.these =>
      (owners) => {
        asked.push(owners.map(({ slug }) => slug));
        return these(owners);
      };
    const shards = [noted(one.these), noted(two.these)];
    const [a, b] = [
      { slug: "a", epoch: "live" },
      { slug: "b", epoch: "live" },
    ];
    const read = async (state: string, ...owners: SketchOwner[]) =>
      (await readStanding(state, shards)(owners)).map(({ slug, text }) => [slug, text]);
    const [both, none] = [row("a", "live", 1, 2).text, row("b", "live").text];
    expect(await read("st 3,4", a)).toEqual([["a", both]]);
    expect(await read("st 3,4", b, a)).toEqual([
      ["b", none],
      ["a", both],
    ]);
    expect(await read("st 3,4", a, b)).toEqual([
      ["a", both],
      ["b", none],
    ]);
    expect(asked).toEqual([["a"], ["a"], ["b"], ["b"]]);
    await read("st 3,5", a);
    expect(asked).toHaveLength(6);
  });

  it("of shards that stand still are remembered in 4 MiB, by key and text", async ({ expect }) => {
    // 5,468 characters; some 5,640 bytes with its key and place, so that 743 have room.
    const text = encodeSketch(new Uint8Array(4_096).fill(9));
    for (const [links, isKept] of [
      [735, true],
      [750, false],
    ] as const) {
      vi.resetModules();
      const alone = await import("./link-visitors.ts");
      const asked: SketchOwner[] = [];
      const these = async (owners: readonly SketchOwner[]) => {
        asked.push(...owners);
        return owners.map((owner) => ({ ...owner, text }));
      };
      const read = alone.readStanding("st 3,4", [these]);
      const owners = Array.from({ length: links }, (_, index) => ({
        slug: `l${index}`,
        epoch: "live",
      }));
      await read(owners);
      await read(owners.slice(0, 300));
      expect(asked.length === links).toBe(isKept);
    }
  });

  it("are merged anew where some rose, and stay where none did", async ({ expect }) => {
    const [one, two] = [
      shardOf([row("a", "live", 1, 2), row("b", "live", 3), row("c", "live", 4)]),
      shardOf([row("a", "2026-11-20", 5), row("a", "live", 2, 6)]),
    ];
    const again = async (before: Exclude<LinkVisitors, string>, ...owners: SketchOwner[]) => {
      const visitors = await remergedLinkVisitors(before, owners, [one.these, two.these], 4);
      return visitors as Exclude<LinkVisitors, string>;
    };
    const known = {};
    const some = await again(known, { slug: "a", epoch: "live" }, { slug: "b", epoch: "live" });
    expect(some).toEqual({ a: { live: 3 }, b: { live: 1 } });
    const more = await again(
      some,
      { slug: "a", epoch: "2026-11-20" },
      { slug: "c", epoch: "live" },
    );
    expect(more).toEqual({ a: { live: 3, "2026-11-20": 1 }, b: { live: 1 }, c: { live: 1 } });
    expect(await remergedLinkVisitors(more, [{ slug: "d", epoch: "live" }], [one.these], 4)).toBe(
      "too many",
    );
    // What was known stays as it is: others are being told it.
    expect([known, some]).toEqual([{}, { a: { live: 3 }, b: { live: 1 } }]);
  });
});
