import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, it } from "vitest";
import { configuration } from "../../scripts/start/configuration.ts";
import { type Plan, readPlan, worker } from "../../scripts/start/plan.ts";
import { type Runtime, runWorkerd } from "../../scripts/start/workerd.ts";
import { freePort } from "./service.ts";

const root = resolve(import.meta.dirname, "../..");
const compatibilityDate = "2026-10-01";
const folder = mkdtempSync(join(tmpdir(), "moongate-kv-"));
let code = "";
const running: Runtime[] = [];

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
  for (const runtime of running) await runtime.stop();
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

/** The same Worker beside KV as the build has it for one's own server. */
async function start(): Promise<string> {
  const { services } = readPlan(root);
  const calls = {
    name: worker,
    worker: {
      compatibilityDate,
      modules: [{ name: "calls.js", esModule: code }],
      bindings: [
        { name: "KV", kvNamespace: { name: "kv", props: { json: '{"namespace":"TRIED"}' } } },
      ],
    },
  };
  const plan: Plan = {
    services: [calls, ...services.filter(({ name }) => name === "kv" || name === "objects")],
  };
  mkdirSync(join(folder, "do"), { recursive: true });
  const [port, other] = [await freePort(), await freePort()];
  const place = {
    root,
    dataFolder: folder,
    address: `127.0.0.1:${port}`,
    operatorAddress: `127.0.0.1:${other}`,
  };
  const runtime = await runWorkerd({
    file: join(folder, "service.capnp"),
    configuration: configuration(plan, place, new Map()),
    settings: new Map(),
    sockets: ["main"],
    socketFile: undefined,
  });
  if (!runtime) throw new Error("workerd did not start");
  running.push(runtime);
  return `http://127.0.0.1:${port}/`;
}

describe("KV of one's own server", () => {
  it("answers every call as Miniflare's does", async ({ expect }) => {
    const url = await start();
    const [expected, found] = [await theirs(), (await (await fetch(url)).json()) as Told];
    expect(expected.length).toBeGreaterThan(50);
    for (const [index, told] of found.entries()) expect(told).toEqual(expected[index]);
    expect(found).toHaveLength(expected.length);
  });
});
