import { describe, it } from "vitest";
import { workThrough } from "./pool.ts";

const pause = () => new Promise<void>((done) => setTimeout(done, 1));

describe("a pool of work", () => {
  it("does each piece once, in their order, so many at a time", async ({ expect }) => {
    const begun: number[] = [];
    let [underWay, most] = [0, 0];
    await workThrough([...Array(10).keys()], 3, async (item) => {
      begun.push(item);
      underWay += 1;
      most = Math.max(most, underWay);
      await pause();
      underWay -= 1;
    });
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(most).toBe(3);
  });

  it("takes what is undefined for a piece as any other, and nothing for none", async ({
    expect,
  }) => {
    const seen: unknown[] = [];
    const see = async (item: unknown) => void seen.push(item);
    await workThrough([undefined, null, 1], 2, see);
    await workThrough([], 2, see);
    expect(seen).toEqual([undefined, null, 1]);
  });

  it("begins none once it is over, and waits for those under way", async ({ expect }) => {
    let [begun, ended] = [0, 0];
    const work = async () => {
      begun += 1;
      await pause();
      ended += 1;
    };
    await workThrough([...Array(10).keys()], 2, work, () => begun === 4);
    expect([begun, ended]).toEqual([4, 4]);
  });

  it("fails by the first that fails, and the others go on", async ({ expect }) => {
    const done: number[] = [];
    const work = async (item: number) => {
      if (item === 0) throw new Error("no");
      await pause();
      done.push(item);
    };
    await expect(workThrough([0, 1, 2], 2, work)).rejects.toThrow("no");
    await pause();
    await pause();
    await expect.poll(() => done).toEqual([1, 2]);
  });
});
