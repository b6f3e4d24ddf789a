import { describe, it } from "vitest";
import { TimedOut, within } from "./deadline.ts";

describe("a bound on waiting", () => {
  it("gives what is done in time, and its error", async ({ expect }) => {
    expect(await within(Promise.resolve(7), 50, "it")).toBe(7);
    await expect(within(Promise.reject(new Error("no")), 50, "it")).rejects.toThrow("no");
  });

  it("gives up what hangs, in words", async ({ expect }) => {
    const hung = within(new Promise<never>(() => undefined), 20, "a put");
    await expect(hung).rejects.toThrow(TimedOut);
    await expect(hung).rejects.toThrow("a put did not answer within 20 ms");
  });
});
