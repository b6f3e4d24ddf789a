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
let output: string;

/** As a person would run it; what goes wrong with a part is in the file, and for that part's test to say. */
beforeAll(async () => {
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: join(folder, "compiled"),
  };
  output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      ["test/load/bench.ts", "--smoke", "--out", file],
      { env },
      (_, printed, errors) => resolve(printed + errors),
    );
  });
  results = JSON.parse(readFileSync(file, "utf8")) as Results;
}, 240_000);

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
