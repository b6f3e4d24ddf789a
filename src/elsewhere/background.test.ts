import { afterEach, beforeEach, describe, it, vi } from "vitest";
import type { Background } from "../lib/background.ts";
import { withBackground } from "./background.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
/** How long an answer with work of so many ms behind it takes, in ms. */
async function took(given: Partial<Background> | undefined, work: () => Promise<unknown>) {
  const began = Date.now();
  let at: number | undefined;
  const answered = withBackground(given, (background) => {
    background.waitUntil(work());
    return new Response("here");
  }).then(async (response) => {
    at = Date.now() - began;
    return response.text();
  });
  await vi.advanceTimersByTimeAsync(20_000);
  return [await answered, at];
}

describe("work behind an answer", () => {
  it("goes on by the platform's waitUntil, where it has one", async ({ expect }) => {
    const works: Promise<unknown>[] = [];
    const given = { waitUntil: (work: Promise<unknown>) => void works.push(work) };
    expect(await took(given, () => later(3_000))).toEqual(["here", 0]);
    expect(works.length).toBe(1);
  });

  it("holds the answer where it has none, for so long at most, whatever becomes of it", async ({
    expect,
  }) => {
    for (const given of [undefined, {}, { waitUntil: undefined }]) {
      expect(await took(given as never, () => later(3_000))).toEqual(["here", 3_000]);
    }
    expect(await took(undefined, () => later(60_000))).toEqual(["here", 8_000]);
    expect(await took(undefined, () => Promise.reject(new Error("no")))).toEqual(["here", 0]);
  });
});
