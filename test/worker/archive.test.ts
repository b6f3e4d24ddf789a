import { reset, runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { retain } from "../../src/catalog/retention.ts";
import { type Env, type Settings, settings } from "../../src/config/env.ts";
import { counterOf } from "../../src/counting/counter/stub.ts";
import { statsKey } from "../../src/counting/snapshot.ts";
import {
  type LinkRecord,
  linkKey,
  type StreamRecord,
  streamKey,
} from "../../src/model/edge-records.ts";
import { agents } from "../agents.ts";
import { api, env, fetchRaw, open, quickLink, taobaoUrl, until } from "./client.ts";
import { countingShards, countOn } from "./shards.ts";

const hour = 3_600_000;
const day = 24 * hour;
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
const admin = { Authorization: "Bearer test-key-of-the-administrator" };

async function exported(): Promise<string[]> {
  const response = await fetchRaw("/api/export", { headers: admin });
  return new TextDecoder()
    .decode(await response.arrayBuffer())
    .trimEnd()
    .split("\n");
}

const imported = async (text: string) => {
  const response = await fetchRaw("/api/import", {
    method: "POST",
    headers: { ...admin, "Content-Type": "application/x-ndjson" },
    body: text,
  });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
};

/** Lines that can be compared: without the first and last, and without what an import notes of itself. */
const comparable = (lines: string[]) =>
  lines
    .slice(1, -1)
    .filter((line) => !line.includes('"action":"imported"'))
    .sort();

async function putCover(streamId: string): Promise<void> {
  const headers = { ...admin, "Content-Type": "image/png" };
  await fetchRaw(`/api/streams/${streamId}/cover`, { method: "PUT", headers, body: png });
}

/** Something of everything: opened links on two shards, a cover, an order, costs, a key, a deleted link. */
async function everything() {
  const { slug, streamId } = await quickLink({
    title: "布偶猫舍",
    shards: 2,
    creator: { id: "li", name: "李主播", tier: "KOL" },
    tags: ["a", "b"],
    promotion: { taobao: { adzoneId: "123" } },
  });
  const other = await api("POST", `/api/streams/${streamId}/links`, { channel: "wechat-group" });
  const deleted = await api("POST", `/api/streams/${streamId}/links`, {});
  await api("DELETE", `/api/links/${deleted.body.data[0].slug}`);
  await putCover(streamId);
  for (let index = 0; index < 7; index += 1) await open(slug, agents.taobaoIos);
  await open(other.body.data[0].slug, agents.wechatIos);
  for (const shard of [0, 1]) {
    await countOn(streamId, [shard, 2], { slug, metric: "rendered", times: shard + 1 });
  }
  await api("PUT", `/api/links/${slug}/costs`, { slotFee: 5_000 });
  const order = { platform: "taobao", status: "paid", paidAt: "2026-11-20T20:00:00+08:00" };
  await api("POST", "/api/conversions", [
    { ...order, orderId: `${slug}1`, slug, amount: 9_900 },
    { ...order, orderId: `${slug}2`, amount: 100 },
    { ...order, orderId: `${slug}1`, subOrderId: "x", slug, amount: 1, status: "invalid" },
  ]);
  // A state that no list knows: kept with its word.
  await fetchRaw(`/api/conversions/import?platform=jd&slug=${slug}`, {
    method: "POST",
    headers: { ...admin, "Content-Type": "text/csv" },
    body: `orderId,status,amount,paidAt\n${slug}3,审计中,700,2026-11-20 20:00:00\n`,
  });
  const key = await api("POST", "/api/keys", { name: "组", scopes: ["stats:read"] });
  // Visitors come after the counts, once the lane has the salt: until then an export is not yet the last.
  await until(async () => {
    const { views, visitors } = (await api("GET", `/api/streams/${streamId}/stats`)).body.totals;
    return views === 8 && visitors === 2;
  });
  return { slug, streamId, deleted: deleted.body.data[0].slug, secret: key.body.secret };
}

const coversOf = async (streamId: string) =>
  (await env.LINKS.list({ prefix: `cover:${streamId}` })).keys;

describe("export and import", () => {
  it("bring everything into an empty service, where the same is exported again", async ({
    expect,
  }) => {
    const { slug, streamId, deleted, secret } = await everything();
    // Of one range, whenever it is asked for: without an end it has a bucket more as soon as a minute is over.
    const range = new URLSearchParams({
      start: new Date(Date.now() - hour).toISOString(),
      end: new Date(Date.now() + hour).toISOString(),
    });
    const stats = (await api("GET", `/api/streams/${streamId}/stats?${range}`)).body;
    expect(stats.series.views.reduce((sum: number, n: number) => sum + n, 0)).toBe(8);
    const lines = await exported();
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ type: "moongate", format: 1 });
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({ type: "end", lines: lines.length - 2 });
    expect(lines.join("\n")).not.toContain(secret);
    expect(lines.join("\n")).not.toContain('"secret"');

    await reset();
    expect((await api("GET", "/api/streams")).body.data).toEqual([]);
    const first = await imported(lines.join("\n"));
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ refused: 0, rejected: [], complete: true });
    expect(first.body.imported).toMatchObject({ stream: 1, link: 3, key: 1, cover: 1, line: 4 });
    expect(comparable(await exported())).toEqual(comparable(lines));

    await scheduler.wait(500);
    const after = (await api("GET", `/api/streams/${streamId}/stats?${range}`)).body;
    expect(after.totals).toEqual(stats.totals);
    expect(after.by).toEqual(stats.by);
    expect(after.series).toEqual(stats.series);
    expect((await api("GET", `/api/links/${slug}/costs`)).body.slotFee).toBe(5_000);
    const unattributed = await api("GET", "/api/conversions?unattributed=true");
    expect(unattributed.body.data).toHaveLength(1);
    const unknown = await api("GET", "/api/conversions?uncounted=true");
    expect(unknown.body.data).toMatchObject([{ slug, status: "unknown", statusSaid: "审计中" }]);
    const asKey = await api("GET", `/api/streams/${streamId}/stats`, undefined, {
      Authorization: `Bearer ${secret}`,
    });
    expect(asKey.status).toBe(200);
    expect((await fetchRaw(`/${slug}/cover`)).headers.get("Content-Type")).toBe("image/png");
    expect((await api("POST", "/api/links", { url: taobaoUrl, slug: deleted })).status).toBe(409);
    expect((await fetchRaw(`/${deleted}`)).status).toBe(410);
    // Links open, and are counted on from where they were.
    expect((await open(slug, agents.taobaoIos)).status).toBe(302);
    await until(
      async () => (await api("GET", `/api/streams/${streamId}/stats`)).body.totals.views === 9,
    );

    // Again: everything is known, nothing is counted twice.
    const again = await imported(lines.join("\n"));
    expect(Object.values(again.body.imported ?? {}).every((count) => count === 0)).toBe(true);
    expect((await api("GET", `/api/streams/${streamId}/stats`)).body.totals.views).toBe(9);
    expect((await api("GET", `/api/streams/${streamId}/stats`)).body.totals.gmv).toBe(9_900);
  });

  it("page a large shard, each row once", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    await open(slug, agents.taobaoIos);
    await until(
      async () => (await api("GET", `/api/streams/${streamId}/stats`)).body.totals.views === 1,
    );
    const { dumpCounter } = await import("../../src/counting/counter/archive.ts");
    await runInDurableObject(counterOf(env, streamId, 0), (_, { storage }) => {
      const rows = (limit: number) => {
        const found: string[] = [];
        for (let from: number | null = 0; from !== null; ) {
          const page: ReturnType<typeof dumpCounter> = dumpCounter(
            storage.sql as never,
            from,
            limit,
          );
          for (const part of page?.parts ?? []) {
            found.push(...part.rows.map((row) => JSON.stringify([part.table, row])));
          }
          from = page?.next ?? null;
        }
        return found;
      };
      const whole = rows(1_000);
      expect(whole.length).toBeGreaterThan(4);
      for (const limit of [1, 2, 3, whole.length]) expect(rows(limit)).toEqual(whole);
    });
  });

  it("names the lines that are refused, and takes the others", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const lines = await exported();
    const of = (type: string, text: string) =>
      JSON.parse(
        lines.find((line) => line.includes(`"type":"${type}"`) && line.includes(text)) ?? "",
      );
    const stream = of("stream", streamId);
    const link = of("link", slug);
    const rows = [
      JSON.parse(lines[0] ?? ""),
      "{",
      { type: "nothing", row: {} },
      {
        ...stream,
        row: {
          ...stream.row,
          id: "st_evil",
          after: { ...stream.row.destinations[0], url: "https://evil.test/" },
        },
      },
      { ...stream, row: { ...stream.row, id: "st_new" } },
      { ...stream, row: { ...stream.row, id: "st_odd", title: 7 } },
      { ...link, row: { ...link.row, slug: "orphan", streamId: "st_none" } },
      { ...link, row: { ...link.row, slug: "good-one", streamId: "st_new" } },
      {
        type: "cover",
        row: { streamId: "st_new", contentType: "image/png", data: btoa("<script>") },
      },
      {
        type: "counts",
        row: {
          streamId: "st_new",
          shard: 0,
          timezone: null,
          lost: 0,
          table: "link",
          rows: [["a", 1]],
        },
      },
    ];
    const { status, body } = await imported(
      rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n"),
    );
    expect(status).toBe(200);
    const {
      imported: taken,
      rejected,
      complete,
    } = body as unknown as {
      imported: Record<string, number>;
      rejected: { line: number; detail: string }[];
      complete: boolean;
    };
    expect(taken).toEqual({ stream: 1, link: 1 });
    expect(rejected.map(({ line }) => line).sort((a, b) => a - b)).toEqual([2, 3, 4, 6, 7, 9, 10]);
    expect(rejected.find(({ line }) => line === 6)?.detail).toContain("/title");
    expect(complete).toBe(false);
    expect((await open("good-one", agents.taobaoIos)).status).toBe(302);
    expect((await fetchRaw("/orphan")).status).toBe(404);
    for (const text of ["", "x", '{"type":"moongate","format":99}']) {
      expect((await imported(text)).status).toBe(400);
    }
  });
});

describe("retention", () => {
  const catalog = () => env.CATALOG.getByName("catalog");
  const runRetention = (now: number, settings: Partial<Env> = {}) =>
    runInDurableObject(catalog(), async (instance) => {
      const { Store } = await import("../../src/catalog/store.ts");
      const { ctx } = instance as unknown as { ctx: DurableObjectState };
      const store = new Store(ctx.storage);
      for (let rounds = 0; rounds < 50; rounds += 1) {
        if (await retain({ ...env, ...settings } as Env, store, now)) return;
      }
      throw new Error("retention does not come to an end");
    });

  it("deletes all that a deleted stream had, once its days are over, and keeps its slugs used", async ({
    expect,
  }) => {
    const kept = await everything();
    const gone = await everything();
    const spill = `spill:${gone.streamId}:p:1`;
    await env.COUNTS.put(spill, "{}");
    expect(await countingShards(gone.streamId, 2)).toEqual([0, 1]);
    await until(
      async () =>
        (await env.COUNTS.get(statsKey(gone.streamId, 0))) !== null &&
        (await env.COUNTS.get(statsKey(gone.streamId, 1))) !== null,
    );
    await api("DELETE", `/api/streams/${gone.streamId}`);
    await runRetention(Date.now());
    expect(await coversOf(gone.streamId)).toHaveLength(1);

    await runInDurableObject(catalog(), (_, { storage }) => {
      storage.sql.exec("UPDATE stream SET deleted_at = deleted_at - ?", 31 * day);
    });
    await runRetention(Date.now());
    expect(await coversOf(gone.streamId)).toEqual([]);
    expect(await env.COUNTS.get(spill)).toBeNull();
    for (const shard of [0, 1]) {
      expect(await env.COUNTS.get(statsKey(gone.streamId, shard))).toBeNull();
      expect(await counterOf(env, gone.streamId, shard).dump()).toBeNull();
    }
    const rows = await exported();
    const own = rows.filter(
      (line) => line.includes(gone.streamId) && !line.includes('"type":"audit"'),
    );
    expect(own.map((line) => JSON.parse(line).type).sort()).toEqual([
      "link",
      "link",
      "link",
      "stream",
    ]);
    expect(own.join("\n")).not.toMatch(/布偶|李主播|taobao\.com|9900/);
    await until(async () => {
      const record = await env.LINKS.get<LinkRecord>(linkKey(gone.slug), "json");
      const stream = await env.LINKS.get<StreamRecord>(streamKey(gone.streamId), "json");
      return record?.deleted === true && stream?.title === "";
    }, 10_000);
    expect((await fetchRaw(`/${gone.slug}`)).status).toBe(410);
    expect((await api("POST", "/api/links", { url: taobaoUrl, slug: gone.slug })).status).toBe(409);
    // The other stream has all it had.
    const { body } = await api("GET", `/api/streams/${kept.streamId}/stats`);
    expect(body.totals).toMatchObject({ views: 8, gmv: 9_900 });
    expect((await fetchRaw(`/${kept.slug}/cover`)).status).toBe(200);
  });

  it("forgets first answers after a day, and the audit log after its days", async ({ expect }) => {
    await api("POST", "/api/links", { url: taobaoUrl }, { "Idempotency-Key": "old" });
    const until = Date.now();
    const count = (query: string) =>
      runInDurableObject(catalog(), (_, { storage }) =>
        Number(storage.sql.exec(`SELECT count(*) AS n FROM ${query}`).one().n),
      );
    expect(await count("idempotency")).toBeGreaterThan(0);
    await runRetention(Date.now() + 2 * day, { RETAIN_AUDIT_DAYS: "5" });
    expect(await count("idempotency")).toBe(0);
    expect(await count(`audit WHERE at <= ${until}`)).toBeGreaterThan(0);
    await runRetention(Date.now() + 6 * day, { RETAIN_AUDIT_DAYS: "5" });
    expect(await count(`audit WHERE at <= ${until}`)).toBe(0);
  });

  it("forgets sketches of visitors when a setting says so, at rest and in KV, and no total with them", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    await open(slug, agents.taobaoIos, { "CF-Connecting-IP": "203.0.113.9" });
    const visitors = async (source: string) =>
      (await api("GET", `/api/streams/${streamId}/stats?source=${source}`)).body.totals.visitors;
    for (const source of ["live", "published"])
      await until(async () => (await visitors(source)) === 1);
    // As if it had been twelve days ago: its date, and when it was added to.
    let kept: Settings["retention"] | undefined;
    await runInDurableObject(counterOf(env, streamId, 0), (instance, { storage }) => {
      const date = new Date(Date.now() - 14 * day).toISOString().slice(0, 10);
      storage.sql.exec("UPDATE sketch SET epoch = ?, at = at - ?", date, 14 * day);
      kept = settings((instance as unknown as { env: Env }).env).retention;
      kept.visitorsForMs = 10 * day;
    });
    try {
      await runRetention(Date.now(), { RETAIN_VISITORS_DAYS: "10" });
      for (const source of ["live", "published"]) {
        await until(async () => (await visitors(source)) === 0);
      }
      const { body } = await api("GET", `/api/streams/${streamId}/stats`);
      expect(body.totals.views).toBe(1);
    } finally {
      if (kept) kept.visitorsForMs = undefined;
    }
  });
});
