import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { describe, it } from "vitest";
import { retention } from "../../src/counting/counter/forgetting.ts";
import { agents } from "../agents.ts";
import { latelyNamed } from "../upgrade/differences.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const run = promisify(execFile);
const fixtures = resolve(import.meta.dirname, "../fixtures");

interface Line {
  type: string;
  row: Record<string, unknown>;
}

/** What an earlier release wrote when it was asked for everything. */
const exportOf = (commit: string) =>
  gunzipSync(readFileSync(join(fixtures, "exports", `${commit}.ndjson.gz`))).toString();
/** What 4301cba answered of the store that both exports are of. */
const figures = JSON.parse(readFileSync(join(fixtures, "exports/figures.json"), "utf8"));

const linesOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split("\n")
    .slice(1, -1)
    .map((line) => JSON.parse(line));

async function send(service: Service, method: string, path: string, body?: string) {
  const headers = {
    Authorization: `Bearer ${service.key}`,
    "Content-Type": "application/x-ndjson",
  };
  const init = { method, headers, redirect: "manual" as const };
  return fetch(`${service.url}${path}`, body === undefined ? init : { ...init, body });
}

/** An hour without its minutes, once they may be gone: they are kept for two days, and these releases are older by now. */
function withoutOld(cells: unknown[]): unknown[] {
  const [slug, hour, views, clicks] = cells;
  const isOld = Number(hour) * 3_600_000 < Date.now() - retention.minute + 3_600_000;
  return isOld ? [slug, hour, views, clicks] : cells;
}

const withNone = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, null]));

describe("an export of an earlier release", () => {
  it.for(["4301cba", "94fb11d"])(
    "%s has all it had in a service that never knew it",
    async (commit, { expect }) => {
      const folder = dataFolder();
      const service = await startService(folder.path, { PUBLISH_SECONDS: "1" });
      const text = exportOf(commit);
      const report = await (await send(service, "POST", "/api/import", text)).json();
      expect(report).toMatchObject({ refused: 0, rejected: [], complete: true });
      // biome-ignore lint/suspicious/noExplicitAny: answers of an API, compared whole
      const read = async (path: string) => (await service.api("GET", path)).body as any;
      for (const id of figures.streams) {
        const { totals, by } = await read(`/api/streams/${id}/stats`);
        // The export has one more order than the figures.
        const { orders: _, gmv: __, netGmv: ___, ...counted } = figures.pages[id].totals;
        expect(totals).toMatchObject({ ...counted, limited: 0 });
        expect(by).toEqual(figures.pages[id].by);
        const published = async () =>
          (await read(`/api/streams/${id}/stats?source=published`)).totals;
        await eventually(
          async () => (await published()).views,
          (views) => views === totals.views,
        );
      }
      expect((await read("/api/links/second/stats")).totals).toMatchObject({
        orders: 2,
        gmv: 22_800,
      });
      expect((await read("/api/conversions?unattributed=true")).data).toHaveLength(1);
      expect(await read("/api/links/second/costs")).toMatchObject({ slotFee: 5_000 });
      expect((await read("/api/keys")).data).toMatchObject([
        { name: "组", scopes: ["stats:read"] },
      ]);
      const open = async (slug: string) => {
        const headers = { "User-Agent": agents.taobaoIos };
        return (
          await fetch(`${service.url}/${slug}`, { method: "HEAD", headers, redirect: "manual" })
        ).status;
      };
      expect([await open("two-shards"), await open("by-weixin"), await open("gone-one")]).toEqual([
        302, 200, 410,
      ]);
      expect((await fetch(`${service.url}/by-weixin/cover`)).headers.get("Content-Type")).toBe(
        "image/png",
      );

      // And it is exported again as it came.
      const again = linesOf(await (await send(service, "GET", "/api/export")).text());
      const told = (lines: Line[]) =>
        lines
          .filter(({ row }) => row.action !== "imported" && row.action !== "export.read")
          .map(({ type, row }) => {
            // The word of a state that no list knows, and what was bought, which came since.
            if (type === "line") {
              return { type, row: { said: null, ...withNone(latelyNamed.line), ...row } };
            }
            // When it ended, and what else came since, of which they say nothing.
            if (type === "stream") {
              return { type, row: { ...withNone(latelyNamed.stream), endedAt: null, ...row } };
            }
            if (type === "link") return { type, row: { ...withNone(latelyNamed.link), ...row } };
            const rows = row.rows as unknown[][];
            if (row.table === "hour") return { type, row: { ...row, rows: rows.map(withoutOld) } };
            if (type !== "counts" || row.table !== "link") return { type, row };
            // The metrics that came since.
            return { type, row: { ...row, rows: rows.map((cells) => [...cells, 0].slice(0, 10)) } };
          });
      const before = told(linesOf(text));
      for (const line of before) expect(told(again)).toContainEqual(line);
      expect(told(again)).toHaveLength(before.length);
      expect(await service.stop()).toBe(0);
      folder.remove();
    },
  );
});

it("npm run backup copies a folder in use, leaves its key out and says so; the copy starts", async ({
  expect,
}) => {
  const folder = dataFolder();
  const service = await startService(folder.path);
  const made = (await service.api("POST", "/api/links", {
    ...{ url: "https://tbzb.taobao.com/live?liveId=532359023188", slug: "kept" },
  })) as { body: { stream: { id: string } } };
  await service.api("POST", "/api/notifiers", {
    ...{ kind: "wecom", name: "n", events: ["report.hourly"] },
    url: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789",
  });
  for (let index = 0; index < 5; index += 1) {
    const headers = { "User-Agent": agents.taobaoIos };
    await fetch(`${service.url}/kept`, { headers, redirect: "manual" });
  }
  const stats = `/api/streams/${made.body.stream.id}/stats`;
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API
  const views = async (from: Service) => ((await from.api("GET", stats)).body as any).totals?.views;
  await eventually(
    () => views(service),
    (seen) => seen === 5,
  );

  const copies = mkdtempSync(join(tmpdir(), "moongate-copy-"));
  const copy = join(copies, "today");
  const env = { ...process.env, DATA_DIR: folder.path };
  const { stdout } = await run(process.execPath, ["scripts/run.js", "scripts/backup.ts", copy], {
    env,
  });
  expect(stdout).toMatch(/Left out: admin-key(?:, [\w-]+)*, run/);
  expect(stdout).toContain("The admin key (admin-key) is not in it: keep it apart.");
  expect(readdirSync(copy).sort()).toEqual(["do", "manifest.json", "outbox"]);
  expect(statSync(copy).mode & 0o077).toBe(0);
  const every = readdirSync(copy, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const { parentPath, name } of every) {
    expect(readFileSync(join(parentPath, name)).includes(service.key), name).toBe(false);
  }
  const refused = run(process.execPath, ["scripts/run.js", "scripts/backup.ts", copy], { env });
  await expect(refused).rejects.toThrow("is there already");
  expect(await service.stop()).toBe(0);

  const restored = await startService(copy);
  expect(restored.key).not.toBe(service.key);
  expect(await views(restored)).toBe(5);
  expect((await fetch(`${restored.url}/kept`, { method: "HEAD", redirect: "manual" })).status).toBe(
    200,
  );
  const notifiers = (await restored.api("GET", "/api/notifiers")).body as { data: object[] };
  expect(notifiers.data).toMatchObject([{ kind: "wecom", needs: [], disabledAt: null }]);
  expect(await restored.stop()).toBe(0);
  rmSync(copies, { recursive: true });
  folder.remove();
});
