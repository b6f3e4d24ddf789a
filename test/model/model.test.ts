import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, it } from "vitest";
import { mutants, mutate } from "./mutants.ts";

const run = promisify(execFile);

interface Result {
  run: number;
  failed: number;
  examples: { seed: number; wrong: string[] }[];
}

async function schedules(
  root: string,
  first: number,
  count: number,
  stop = false,
): Promise<Result> {
  const args = ["test/model/run.ts", root, String(first), String(count), ...(stop ? ["stop"] : [])];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1e8 });
  return JSON.parse(stdout) as Result;
}

const count = Number(process.env.MODEL_SCHEDULES ?? 1_500);

describe.concurrent("the fault model", () => {
  it(`counts right in each of ${count} schedules`, async ({ expect }) => {
    const result = await schedules(resolve("src"), 1, count);
    console.log(`fault model: ${result.run} schedules run, ${result.failed} wrong`);
    expect(result).toEqual({ run: count, failed: 0, examples: [] });
  });

  it("finds every mutant wrong", async ({ expect }) => {
    const survivors: string[] = [];
    const found: string[] = [];
    for (const mutant of mutants) {
      const root = mutate(mutant);
      const result = await schedules(root, 1, 1_500, true);
      rmSync(dirname(root), { recursive: true });
      if (result.failed === 0) survivors.push(mutant.name);
      found.push(`  ${mutant.name}: wrong after ${result.run} schedules`);
    }
    console.log(`mutants of the counting code:\n${found.join("\n")}`);
    expect(survivors).toEqual([]);
  });
});
