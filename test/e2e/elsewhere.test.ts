/**
 * @module Edges elsewhere against a local origin: the bundle of each platform, with what the strictest of them lacks taken
 * away, while the origin is killed, answers are lost, and the edge itself is.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "vitest";
import { buildElsewhere, targets } from "../../scripts/elsewhere.ts";
import { agents } from "../agents.ts";
import { load, viewsOf } from "./edges.ts";
import { network, type RunningEdge, runElsewhere, strictKv, type TargetName } from "./elsewhere.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const secret = "esa-1=a-secret-of-the-edge-elsewhere";
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const names = [...targets.keys()] as TargetName[];

let built: string;
beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), "moongate-elsewhere-"));
  for (const name of names) await buildElsewhere(name, built);
}, 60_000);
afterAll(() => rmSync(built, { recursive: true, force: true }));

describe.skipIf(process.platform === "win32").each(names)("an edge elsewhere: %s", (target) => {
  let folder: ReturnType<typeof dataFolder>;
  let origin: Service;
  let between: Awaited<ReturnType<typeof network>>;
  let kv: Awaited<ReturnType<typeof strictKv>>;
  let edge: RunningEdge;

  const run = (more: Record<string, string> = {}) => {
    const settings = {
      ...{ EDGE_ORIGIN: between.url, EDGE_SECRET: secret, CLIENT_ADDRESS_HEADER: "X-Real-IP" },
      ...{ COUNT_WINDOW_MS: "200", WECHAT_APP_ID: "wx0123456789abcdef", ...more },
    };
    kv.kept.set("settings", JSON.stringify(settings));
    const file = join(built, target, targets.get(target)?.file ?? "");
    return runElsewhere({ target, file, folder: built, settings, kvUrl: kv.url });
  };
  const begin = (EDGE_SECRETS = `other=${"k".repeat(20)},${secret}`) =>
    startService(folder.path, { EDGE_SECRETS, EDGES: "0" });
  const open = (slug: string, headers: Record<string, string> = {}) =>
    fetch(`${edge.url}/${slug}`, {
      headers: { "User-Agent": agents.taobaoIos, ...headers },
      redirect: "manual",
    });
  const counted = (slug: string, views: number) =>
    eventually(
      async () => ({ seen: await viewsOf(origin, slug), views }),
      ({ seen }) => seen === views,
      20_000,
    );

  beforeEach(async () => {
    folder = dataFolder();
    origin = await begin();
    between = await network(() => origin.url);
    kv = await strictKv();
    edge = await run();
    await origin.api("POST", "/api/links", { url, slug: "the-door" });
  });
  afterEach(async () => {
    await edge.end("SIGKILL");
    await origin.stop();
    between.close();
    kv.close();
    folder.remove();
  });

  it("opens what its origin has, with all that hangs below a link, and counts it there", async ({
    expect,
  }) => {
    const redirect = await open("the-door");
    expect([redirect.status, redirect.headers.get("Location")]).toEqual([
      302,
      expect.stringContaining("532359023188"),
    ]);
    const page = await open("the-door", { "User-Agent": agents.wechatIos });
    const html = await page.text();
    expect([page.status, html.includes("jweixin")]).toEqual([200, true]);
    const token = /"token":"([^"]+)"/.exec(html)?.[1] ?? "";
    expect(token).not.toBe("");
    const state = await open("the-door/state", { "User-Agent": agents.wechatIos });
    expect([state.status, await state.json()]).toEqual([
      200,
      expect.objectContaining({ phase: "live" }),
    ]);
    const beacon = await fetch(`${edge.url}/the-door/events`, {
      method: "POST",
      headers: { "User-Agent": agents.wechatIos },
      body: JSON.stringify({ type: "rendered", token }),
    });
    expect(beacon.status).toBe(204);
    for (const [below, type] of [
      ["qr.svg", "image/svg+xml"],
      ["poster.svg", "image/svg+xml"],
      ["go", null],
    ] as const) {
      const answer = await open(`the-door/${below}`, { "User-Agent": "curl/8.0" });
      expect([below, answer.headers.get("Content-Type")?.split(";")[0] ?? null]).toEqual([
        below,
        type,
      ]);
      if (type) expect((await answer.text()).length).toBeGreaterThan(500);
    }
    expect((await fetch(`${edge.url}/assets/moongate.png`)).status).toBe(200);
    const stats = async () =>
      (await origin.api("GET", "/api/links/the-door/stats")).body as {
        totals: Record<string, number>;
        uniques: { estimate: number };
        dimensions: { region: Record<string, Record<string, number>> };
      };
    const seen = await eventually(
      stats,
      ({ totals }) => totals.rendered === 1 && totals.views === 2,
      20_000,
    );
    expect(seen.totals).toMatchObject({ views: 2, rendered: 1, clicks: 1 });
    if (target === "edgeone") expect(JSON.stringify(seen)).toContain("ZJ");
  });

  it("answers 404 and 410 as its origin would, and nothing of the control plane", async ({
    expect,
  }) => {
    expect((await open("no-such-link")).status).toBe(404);
    await origin.api("PATCH", "/api/links/the-door", { disabled: true });
    expect((await open("the-door")).status).toBe(410);
    for (const path of [
      "api/streams",
      "console",
      "docs",
      "metrics",
      "openapi.json",
      "api/edge/hello",
    ]) {
      const answer = await fetch(`${edge.url}/${path}`, { headers: { "Accept-Language": "zh" } });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.text()).toContain("源站");
    }
    const health = await fetch(`${edge.url}/healthz`);
    expect([health.status, ((await health.json()) as { status: string }).status]).toEqual([
      200,
      "ok",
    ]);
    const signature = await fetch(`${edge.url}/api/wechat/signature?url=http://origin/the-door`);
    expect([signature.status, await signature.text()]).toEqual([
      404,
      expect.stringContaining("WECHAT_APP_ID"),
    ]);
    // Were it its own origin, or another edge its, nothing would go round.
    const headers = { "Moongate-Passed-On": "1", "Accept-Language": "zh" };
    const passedOn = await fetch(`${edge.url}/api/wechat/signature?url=x`, { headers });
    expect([passedOn.status, await passedOn.text()]).toEqual([
      404,
      expect.stringContaining("源站"),
    ]);
    // What something else answers in the origin's place says nothing of a link.
    between.set(() => "is answered by another");
    expect((await open("another-door")).status).toBe(503);
    const other = await eventually(
      async () => (await fetch(`${edge.url}/healthz`)).status,
      (status) => status !== 200,
    );
    expect(other).toBe(503);
  });

  // They differ by their entries: what is behind those is tried with the strictest.
  if (target !== "esa") return;

  it("counts exactly while answers and requests are lost on the way", async ({ expect }) => {
    let turn = 0;
    between.set((path) => {
      turn += path.includes("batches") ? 1 : 0;
      if (!path.includes("batches")) return "arrives";
      if (turn % 3 === 0) return "loses its answer";
      return turn % 5 === 0 ? "is lost" : turn % 4 === 0 ? "is answered by another" : "arrives";
    });
    const { came, stop } = load(edge, "the-door");
    await pause(4_000);
    await stop();
    between.set(() => "arrives");
    expect([...came.keys()]).toEqual(["302"]);
    const opened = came.get("302") ?? 0;
    // Whoever opens next delivers what is left.
    await open("the-door");
    await counted("the-door", opened + 1);
    expect(turn).toBeGreaterThan(5);
  });

  it("goes on opening while its origin is killed between batches, and loses no open", async ({
    expect,
  }) => {
    const { came, stop } = load(edge, "the-door");
    await pause(1_000);
    for (let kill = 0; kill < 2; kill += 1) {
      origin.process.kill("SIGKILL");
      await pause(2_500);
      origin = await begin();
      await pause(1_500);
    }
    await stop();
    expect([...came.keys()]).toEqual(["302"]);
    const opened = came.get("302") ?? 0;
    await open("the-door");
    await counted("the-door", opened + 1);
    const health = await fetch(`${edge.url}/healthz`);
    expect(await health.json()).not.toHaveProperty("holding");
  });

  it("opens by what was just changed, within two batches where there is traffic", async ({
    expect,
  }) => {
    await open("the-door");
    await counted("the-door", 1);
    await origin.api("PATCH", "/api/links/the-door", { disabled: true });
    const begun = Date.now();
    await eventually(
      async () => (await open("the-door")).status,
      (status) => status === 410,
      5_000,
    );
    expect(Date.now() - begun).toBeLessThan(4_000);
  });

  it("has counted what a strict stream answered, though it is killed", async ({ expect }) => {
    await origin.api("POST", "/api/links", { url, slug: "strict-door", durability: "strict" });
    const { came, stop } = load(edge, "strict-door");
    await pause(2_000);
    await edge.end("SIGKILL");
    await stop();
    const answered = came.get("302") ?? 0;
    const sent = [...came]
      .filter(([what]) => what !== "ECONNREFUSED")
      .reduce((sum, [, n]) => sum + n, 0);
    expect(answered).toBeGreaterThan(20);
    await pause(1_000);
    const views = await viewsOf(origin, "strict-door");
    expect(views).toBeGreaterThanOrEqual(answered);
    expect(views).toBeLessThanOrEqual(sent);
  });

  it("is refused once its secret is taken out, says so, opens what it knows, and counts that later", async ({
    expect,
  }) => {
    expect((await open("the-door")).status).toBe(302);
    await counted("the-door", 1);
    await origin.stop();
    origin = await begin(`other=${"k".repeat(20)}`);
    const health = await eventually(
      async () => (await fetch(`${edge.url}/healthz`)).json() as Promise<{ failing?: string[] }>,
      ({ failing = [] }) => failing.length > 0,
    );
    expect(health.failing?.join()).toContain("EDGE_SECRETS");
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await open("the-door")).status).toBe(302);
      await pause(300);
    }
    expect(await viewsOf(origin, "the-door")).toBe(1);
    await origin.stop();
    origin = await begin();
    await open("the-door");
    await counted("the-door", 5);
  });

  it("makes no more than four requests of one, two of them to count", async ({ expect }) => {
    await open("the-door");
    await counted("the-door", 1);
    await pause(1_000);
    for (const fate of ["arrives", "is lost", "loses its answer"] as const) {
      between.set((path) => (path.includes("batches") ? fate : "arrives"));
      between.asked.length = 0;
      await open("the-door");
      await pause(3_000);
      const calls = between.asked.length;
      expect([fate, calls <= 2, calls > 0]).toEqual([fate, true, true]);
    }
    between.set(() => "arrives");
    await open("the-door");
    await counted("the-door", 5);
  });

  it("opens by its platform's copies where it is young and its origin away", async ({ expect }) => {
    await open("the-door");
    await eventually(
      async () => kv.kept.has("link_the_door"),
      (isKept) => isKept,
    );
    await counted("the-door", 1);
    await edge.end("SIGKILL");
    origin.process.kill("SIGKILL");
    edge = await run();
    const answers = await Promise.all(Array.from({ length: 8 }, () => open("the-door")));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 302));
    expect((await open("another-door")).status).toBe(503);
    origin = await begin();
    await open("the-door");
    await counted("the-door", 10);
  });
});
