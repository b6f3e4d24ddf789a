import { describe, it } from "vitest";
import { ringBy } from "./ring-by.ts";

/** @returns when the alarm is set for, of one that was set or not, each time it is set */
async function rung(armed: number | null, ...moments: number[]) {
  const set: number[] = [];
  const storage = {
    getAlarm: async () => set.at(-1) ?? armed,
    setAlarm: async (at: number | Date) => void set.push(Number(at)),
  };
  for (const at of moments) await ringBy(storage, at);
  return set;
}

describe("an alarm", () => {
  it("is set where there is none, and for an earlier moment; a later one costs nothing", async ({
    expect,
  }) => {
    expect(await rung(null, 200, 300, 200, 100)).toEqual([200, 100]);
    expect(await rung(150, 200, 150)).toEqual([]);
    expect(await rung(150, 149)).toEqual([149]);
  });
});
