/** @module Every part of the benchmark in its form of seconds, so that none stops working unseen. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parts } from "../load/parts.ts";
import type { Results } from "../load/run.ts";

const folder = mkdtempSync(join(tmpdir(), "moongate-bench-"));
const file = join(folder, "results.json");
let results: Results;
let output = "";

/** As a person would run it. */
async function bench(...which: readonly string[]): Promise<void> {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
  const args = ["test/load/bench.ts", "--smoke", "--out", file, ...which];
  output += await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { env }, (_, printed, errors) => resolve(printed + errors));
  });
}
const resultsNow = () => JSON.parse(readFileSync(file, "utf8")) as Results;

/** What goes wrong with a part is in the file, and for that part's test to say. */
beforeAll(async () => {
  await bench();
  results = resultsNow();
  const hung = results.failed.filter(({ isHung }) => isHung).map(({ part }) => part);
  if (hung.length === 0) return;
  // workerd's inspector, which `hostile` attaches to collect garbage, once stopped a process for good: its main thread waited
  // for a lock. A part that hangs again has another reason.
  await bench("--only", hung.join(","));
  const again = resultsNow();
  const failed = results.failed.filter(({ part }) => !hung.includes(part));
  results = {
    ...results,
    rows: [...results.rows, ...again.rows],
    failed: [...failed, ...again.failed],
  };
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the benchmark, in seconds", () => {
  it.each(parts)("measures $name", ({ name }) => {
    expect(results.failed.filter(({ part }) => part === name)).toEqual([]);
    const rows = results.rows.filter(({ part }) => part === name);
    expect(rows).not.toEqual([]);
    for (const { name: title, value, measured } of rows) {
      expect(value, title).toBeTypeOf("number");
      expect(output).toContain(measured);
    }
  });

  it("ran nothing that is not in the table", () => {
    expect(Object.keys(results.took).sort()).toEqual(parts.map(({ name }) => name).sort());
  });
});
