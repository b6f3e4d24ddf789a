import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, it } from "vitest";
import { runBesideKv } from "../own/run-beside-kv.ts";

const root = resolve(import.meta.dirname, "../..");
const compatibilityDate = "2026-10-01";
const folder = mkdtempSync(join(tmpdir(), "moongate-kv-"));
let code = "";
const running: { stop: () => Promise<void> }[] = [];

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(root, "test/own/kv-calls.ts")],
    bundle: true,
    format: "esm",
    write: false,
  });
  code = outputFiles[0]?.text ?? "";
});
afterAll(async () => {
  for (const { stop } of running) await stop();
  rmSync(folder, { recursive: true });
});

type Told = [call: string, what: unknown][];

/** What Miniflare's KV says. */
async function theirs(): Promise<Told> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "calls.js", contents: code }],
      compatibilityDate,
      kvNamespaces: ["KV"],
    } as never),
  );
  try {
    return (await (await miniflare.dispatchFetch("http://x/")).json()) as Told;
  } finally {
    await miniflare.dispose();
  }
}

describe("KV of one's own server", () => {
  it("answers every call as Miniflare's does", async ({ expect }) => {
    const ours = await runBesideKv(folder, [{ name: "calls.js", esModule: code }]);
    running.push(ours);
    const [expected, found] = [await theirs(), (await (await fetch(ours.url)).json()) as Told];
    expect(expected.length).toBeGreaterThan(50);
    for (const [index, told] of found.entries()) expect(told).toEqual(expected[index]);
    expect(found).toHaveLength(expected.length);
  });
});
