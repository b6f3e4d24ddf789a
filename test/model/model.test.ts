import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, it } from "vitest";

const run = promisify(execFile);

async function node<T>(...args: string[]): Promise<T> {
  const { stdout } = await run(process.execPath, ["--no-warnings", ...args], { maxBuffer: 1e8 });
  return JSON.parse(stdout) as T;
}

interface Schedules {
  run: number;
  failed: number;
  examples: { seed: number; wrong: string[] }[];
  digests: string[];
}

interface Found {
  name: string;
  /** How often the fault did otherwise than the real code. */
  reached: number;
  found: boolean;
}

const count = Number(process.env.MODEL_SCHEDULES ?? 30);
/** Its first seed, printed: `node test/model/run.ts src <seed> 1 tell` tells the story of one. */
const first = Number(process.env.MODEL_SEED ?? 1);
/** Until a planted fault must have been found. */
const faultSchedules = process.env.MODEL_FAULT_SCHEDULES ?? "30";

describe.concurrent("the fault model", () => {
  it(`counts right in each of ${count} schedules`, async ({ expect }) => {
    console.log(`fault model: MODEL_SEED=${first} MODEL_SCHEDULES=${count}`);
    const { failed, examples } = await node<Schedules>(
      "test/model/run.ts",
      "src",
      `${first}`,
      `${count}`,
    );
    expect({ failed, examples }).toEqual({ failed: 0, examples: [] });
  });

  it("tells the same story of a seed each time", async ({ expect }) => {
    const tell = () => node<Schedules>("test/model/run.ts", "src", "7", "3");
    expect((await tell()).digests).toEqual((await tell()).digests);
  });

  it("finds what is planted", async ({ expect }) => {
    const told = await node<Found[]>("test/model/plants.ts", "src", faultSchedules);
    expect(told.length).toBeGreaterThan(50);
    expect(told.filter(({ found }) => !found)).toEqual([]);
    // One that is never reached would be found by nothing but itself.
    expect(told.filter(({ reached }) => reached === 0)).toEqual([]);
  });
});
