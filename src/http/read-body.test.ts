import { describe, it } from "vitest";
import { readBody, readText, tooLarge } from "./read-body.ts";

/** A body without an end, that counts what was asked of it. */
function endless(chunk: number, headers: Record<string, string> = {}) {
  const seen = { pulled: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.pulled += chunk;
        controller.enqueue(new Uint8Array(chunk).fill(97));
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, request: { body, headers: new Headers(headers) } };
}

function inChunks(...chunks: string[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  return { body, headers: new Headers() };
}

describe("a body", () => {
  it("without an end is read to its limit and a chunk, then cancelled", async ({ expect }) => {
    for (const [atMost, chunk] of [
      [1_024, 100],
      [1_024, 65_536],
      [1_048_576, 65_536],
      [0, 1],
    ] as const) {
      const { seen, request } = endless(chunk);
      expect(await readBody(request, atMost)).toBe(tooLarge);
      expect(seen.cancelled).toBe(true);
      expect(seen.pulled).toBeLessThanOrEqual(atMost + chunk);
    }
  });

  it("that says it is too large is not read at all", async ({ expect }) => {
    const { seen, request } = endless(100, { "Content-Length": "1025" });
    expect(await readBody(request, 1_024)).toBe(tooLarge);
    expect(seen).toEqual({ pulled: 0, cancelled: true });
  });

  it("is not believed when it says it is small, or says nonsense", async ({ expect }) => {
    for (const length of ["1", "-1", "0x1", "NaN", "1, 2"]) {
      const { seen, request } = endless(100, { "Content-Length": length });
      expect(await readBody(request, 1_024)).toBe(tooLarge);
      expect(seen.pulled).toBeLessThanOrEqual(1_124);
    }
  });

  it("of exactly the limit is whole, one byte more is too much", async ({ expect }) => {
    for (const size of [0, 1, 4_095, 4_096, 4_097, 20_000]) {
      const chunks = (length: number) => inChunks(...("x".repeat(length).match(/.{1,977}/g) ?? []));
      const whole = await readBody(chunks(size), size);
      expect(whole === tooLarge ? -1 : whole.length).toBe(size);
      expect(await readBody(chunks(size + 1), size)).toBe(tooLarge);
    }
  });

  it("as text keeps characters that a chunk cuts, and is empty where there is none", async ({
    expect,
  }) => {
    const bytes = new TextEncoder().encode("月门");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    expect(await readText({ body, headers: new Headers() }, 6)).toBe("月门");
    expect(await readText({ body: null, headers: new Headers() }, 6)).toBe("");
  });

  it("that breaks off throws what its stream throws", async ({ expect }) => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("gone"));
      },
    });
    await expect(readBody({ body, headers: new Headers() }, 10)).rejects.toThrow("gone");
  });
});
