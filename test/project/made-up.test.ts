import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, it } from "vitest";
import { counterMigrations } from "../../src/counting/counter/migrations.ts";
import { dimensions, metrics, noTotals } from "../../src/counting/event.ts";
import { emptySnapshot, type Pair } from "../../src/counting/snapshot.ts";
import { recordBy } from "../../src/lib/records.ts";
import { counterFile, type OldStore, oldStore } from "../stores.ts";

const next = counterMigrations.length + 1;
/** One row each, in the one place of each. */
const rows = [
  ["\n});\n\nexport type Metric ", `\n  shares: { since: ${next} },`],
  [
    "\n});\n\nexport type Dimension ",
    `\n  daytime: { since: ${next}, of: ({ at }) => (at % 86_400_000 < 43_200_000 ? "am" : "pm"), keys: /^(?:am|pm)$/ },`,
  ],
] as const;

type Pairs = { [key in string]?: Pair };
const sum = (pairs: object): Pair =>
  Object.values(pairs as Pairs).reduce<Pair>(
    (total, pair) => [total[0] + (pair?.[0] ?? 0), total[1] + (pair?.[1] ?? 0)],
    [0, 0],
  );

describe("one more metric and one more dimension, each added in its one place", () => {
  let store: OldStore;
  let folder: string;
  // biome-ignore lint/suspicious/noExplicitAny: what made-up.ts prints
  let found: any;
  /** What a release before put to KV. */
  const published = {
    ...emptySnapshot("st", 1, 1),
    rev: 1,
    totals: { ...noTotals(), views: 5, clicks: 2 },
    links: { second: { ...noTotals(), views: 5, clicks: 2 } },
    dimensions: recordBy(dimensions, () => ({ other: [5, 2] })),
  };

  beforeAll(async () => {
    store = oldStore("4301cba");
    folder = mkdtempSync(join(tmpdir(), "moongate-made-up-"));
    cpSync("src", join(folder, "src"), {
      recursive: true,
      filter: (path) => !path.endsWith(".test.ts"),
    });
    cpSync("package.json", join(folder, "package.json"));
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    const path = join(folder, "src/counting/event.ts");
    let text = readFileSync(path, "utf8");
    for (const [before, row] of rows) {
      if (!text.includes(before)) throw new Error(`the table has no end: ${before}`);
      text = text.replace(before, `${row}${before}`);
    }
    writeFileSync(path, text);
    const file = counterFile(store, store.streams[0] ?? "", 0);
    const args = ["test/project/made-up.ts", join(folder, "src"), file, JSON.stringify(published)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e7 });
    found = JSON.parse(stdout);
  });
  afterAll(() => {
    store.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("are read of an old store: nothing of the one, and all that was counted as other in the other", ({
    expect,
  }) => {
    const { totals, daytime } = found.first;
    expect(totals.shares).toBe(0);
    for (const metric of metrics) {
      expect(totals[metric]).toBe(store.pages[store.streams[0] ?? ""].totals[metric] ?? 0);
    }
    expect(daytime).toEqual({ other: [totals.views, totals.clicks] });
  });

  it("are counted, and what an isolate of today sends is conserved", ({ expect }) => {
    const { totals, dimensions: broken } = found.counted;
    expect([totals.shares, totals.views - found.first.totals.views]).toEqual([1, 2]);
    expect(Object.keys(broken)).toEqual([...dimensions, "daytime"]);
    for (const pairs of Object.values(broken)) {
      expect(sum(pairs as object)).toEqual([totals.views, totals.clicks]);
    }
    expect(broken.daytime.am).toEqual([1, 0]);
    expect(broken.daytime.other).toEqual([found.first.totals.views + 1, totals.clicks]);
  });

  it("are in an export and an import, in the API's shapes, and beside what KV has of a release before", ({
    expect,
  }) => {
    expect(found.imported).toEqual(found.counted.totals);
    expect(found.groupings).toContain("daytime");
    expect(found.shape).toContain("shares");
    const { totals, dimensions: broken, links } = found.merged;
    expect(totals).toEqual({
      ...found.counted.totals,
      views: found.counted.totals.views + 5,
      clicks: found.counted.totals.clicks + 2,
    });
    for (const pairs of Object.values(broken)) {
      expect(sum(pairs as object)).toEqual([totals.views, totals.clicks]);
    }
    expect(links.second.shares).toBe(1);
  });

  it("are refused by today's release, which would lose them: the store, and batches on their way", ({
    expect,
  }) => {
    expect(found.today).toContain(`is at migration ${next}`);
    expect(found.strange).toHaveLength(2);
  });
});
