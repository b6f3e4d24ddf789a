/** @module KV of earlier releases moved, or not; written as they read it, by Miniflare itself, and moved again. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { expect, it } from "vitest";
import { agents } from "../agents.ts";
import { oldStore } from "../stores.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const run = promisify(execFile);
const kvBack = (path: string) =>
  run(process.execPath, ["scripts/run.js", "scripts/kv-back.ts"], {
    env: { ...process.env, DATA_DIR: path },
  });
const open = (service: Service, slug: string) =>
  fetch(`${service.url}/${slug}`, {
    headers: { "User-Agent": agents.taobaoIos },
    redirect: "manual",
  });

/** What Miniflare's KV has in a data folder: what an earlier release reads. */
async function readByMiniflare(path: string, key: string) {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      script: "addEventListener('fetch', () => undefined)",
      kvNamespaces: ["LINKS", "COUNTS"],
      resourcePersistencePath: path,
    } as never),
  );
  try {
    const kv = await miniflare.getKVNamespace("LINKS");
    return await kv.getWithMetadata(key, "json");
  } finally {
    await miniflare.dispose();
  }
}

it("an earlier release finds KV after kv-back, and a later start moves what it left", async () => {
  const folder = dataFolder();
  const first = await startService(folder.path, { PUBLISH_SECONDS: "1" });
  const url = "https://tbzb.taobao.com/live?liveId=532359023188";
  expect((await first.api("POST", "/api/links", { url, slug: "there" })).status).toBe(201);
  expect((await open(first, "there")).status).toBe(302);
  await expect(kvBack(folder.path)).rejects.toThrow(
    `DATA_DIR ${folder.path} is in use by process ${first.process.pid}`,
  );
  expect(await first.stop()).toBe(0);

  const { stdout } = await kvBack(folder.path);
  expect(stdout).toMatch(/2 keys of LINKS, [1-9]\d* keys of COUNTS/);
  const kept = await readByMiniflare(folder.path, "link:there");
  expect(kept).toMatchObject({ value: { slug: "there" }, metadata: { version: 1 } });
  await expect(kvBack(folder.path)).rejects.toThrow("as an earlier release left it");

  // The earlier release has run: what was ours is behind.
  rmSync(join(folder.path, "do/moongate-KvNamespace"), { recursive: true });
  const again = await startService(folder.path);
  expect(again.output()).toContain("KV was moved into do/moongate-KvNamespace");
  expect(existsSync(join(folder.path, "kv"))).toBe(false);
  expect((await open(again, "there")).status).toBe(302);
  await eventually(
    async () => (await again.api("GET", "/api/links/there/stats")).body as { totals: object },
    ({ totals }) => (totals as { views: number }).views === 2,
  );
  // Killed at once, what was put is there.
  expect((await again.api("POST", "/api/links", { url, slug: "late" })).status).toBe(201);
  again.process.kill("SIGKILL");
  const last = await startService(folder.path);
  expect((await open(last, "late")).status).toBe(302);
  expect(await last.stop()).toBe(0);
  folder.remove();
});

it("a store whose KV can't be moved stays as it was, in words, and is moved by the next start that can", async () => {
  const { path, slugs, remove } = oldStore("01e3281");
  const [inTheWay, kv] = [join(path, "do/moongate-KvNamespace"), join(path, "kv")];
  mkdirSync(join(path, "do"), { recursive: true });
  writeFileSync(inTheWay, "");
  const refused = await startService(path).catch((error) => String(error));
  expect(refused).toMatch(/moongate: KV of an earlier release could not be moved: .*EEXIST/);
  expect(refused).not.toContain("    at ");
  expect(existsSync(kv)).toBe(true);
  rmSync(inTheWay);
  const service = await startService(path);
  expect(existsSync(kv)).toBe(false);
  expect((await open(service, slugs[0] ?? "")).status).toBe(302);
  expect(await service.stop()).toBe(0);
  remove();
});
