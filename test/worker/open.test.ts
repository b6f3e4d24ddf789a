import { describe, it, vi } from "vitest";
import { agents } from "../agents.ts";
import { api, fetchRaw, open, origin, quickLink, taobaoUrl, until } from "./client.ts";
import { countingShards, countOn } from "./shards.ts";

async function totals(streamId: string): Promise<Record<string, number>> {
  return (await api("GET", `/api/streams/${streamId}/stats`)).body.totals;
}

describe("opening a link", () => {
  it("redirects, never cached, without a referrer", async ({ expect }) => {
    const { slug } = await quickLink({ url: "https://lives.jd.com/#/48378944?origin=0" });
    const response = await open(slug, agents.jdIos);
    expect(response.status).toBe(302);
    expect(response.headers.get("Location")).toBe("https://lives.jd.com/#/48378944?origin=0");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(response.headers.get("Referrer-Policy")).toBe("no-referrer");
  });

  it("answers everybody of a kind alike, at once and one after the other", async ({ expect }) => {
    const { slug } = await quickLink();
    const opens = () => Promise.all(Array.from({ length: 30 }, () => open(slug, agents.taobaoIos)));
    const answers = [...(await opens()), ...(await opens())];
    const seen = answers.map(({ status, headers }) => [status, ...headers.entries()].join());
    expect(new Set(seen).size).toBe(1);
    expect(answers[0]?.headers.get("Strict-Transport-Security")).toMatch(/^max-age/);
    const headers = { "User-Agent": agents.taobaoIos };
    const head = await fetchRaw(`/${slug}`, { method: "HEAD", headers, redirect: "manual" });
    expect([head.status, ...head.headers.entries()].join()).toBe(seen[0]);
  });

  it("is the same in any case, and whatever the query says", async ({ expect }) => {
    const { slug } = await quickLink({ slug: "any-case" });
    const response = await fetchRaw(
      `/${slug.toUpperCase()}?url=https://evil.test&destination=jd&via=x`,
      {
        headers: { "User-Agent": agents.taobaoIos },
      },
    );
    expect(response.headers.get("Location")).toBe(taobaoUrl);
  });

  it("answers unknown and gone links with a page in both languages, or problem details", async ({
    expect,
  }) => {
    const { slug } = await quickLink();
    await api("PATCH", `/api/links/${slug}`, { disabled: true });
    for (const [path, status, words] of [
      ["/unknown-slug", 404, ["链接不存在", "No such link"]],
      [`/${slug}`, 410, ["链接已失效", "no longer available"]],
      ["/assets", 404, ["链接不存在"]],
      ["/.env", 404, ["链接不存在"]],
      ["/a/../../etc/passwd", 404, ["链接不存在"]],
      [`/${slug}/go`, 410, ["链接已失效"]],
    ] as const) {
      const page = await fetchRaw(path, { headers: { "User-Agent": agents.safariIos } });
      expect([path, page.status]).toEqual([path, status]);
      const text = await page.text();
      for (const word of words) expect(text).toContain(word);
      const problem = await fetchRaw(path, { headers: { Accept: "application/json" } });
      expect(problem.status).toBe(status);
      expect(problem.headers.get("Content-Type")).toBe("application/problem+json");
      expect(await problem.json()).toMatchObject({
        status,
        code: status === 404 ? "not_found" : "gone",
      });
    }
  });

  it("refuses other methods", async ({ expect }) => {
    const { slug } = await quickLink();
    expect((await fetchRaw(`/${slug}`, { method: "POST" })).status).toBe(405);
    expect((await fetchRaw(`/${slug}/events`)).status).toBe(405);
  });

  it("shows a page that asks no other host for anything, and works without script", async ({
    expect,
  }) => {
    const { slug } = await quickLink({
      title: '<script>alert("x")</script>',
      host: "主播&",
      slug: "the-page",
    });
    const response = await open(slug, agents.wechatIos);
    const page = await response.text();
    expect(response.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(page).not.toContain("<script>alert");
    expect(page).toContain("主播&amp;");
    expect(page).toContain(`class="go" href="/${slug}/go?token=`);
    expect(page).toContain("直播中");
    expect(page).toContain("Live now");
    const subresources = [...page.matchAll(/\s(?:src|srcset|action|formaction)="([^"]*)"/g)].map(
      ([, url]) => url,
    );
    expect(subresources.filter((url) => !url?.startsWith("/"))).toEqual([]);
    expect(page).not.toMatch(/<link[^>]+href="(?!data:)/);
  });

  it("speaks English to who prefers it", async ({ expect }) => {
    const { slug } = await quickLink();
    const page = await (
      await open(slug, agents.safariIos, { "Accept-Language": "en-US,en;q=0.9" })
    ).text();
    expect(page).toContain('<html lang="en"');
    expect(page).toContain("Watch in Taobao");
  });

  it("shows when an upcoming stream starts, and that one has ended", async ({ expect }) => {
    const upcoming = await quickLink({ startsAt: "2036-11-20T20:00:00+08:00" });
    const page = await (await open(upcoming.slug, agents.taobaoIos)).text();
    expect(page).toContain("即将开播");
    expect(page).toContain('datetime="2036-11-20T12:00:00.000Z"');
    expect(page).toMatch(/11月20日.*20:00/);
    const ended = await quickLink({ endsAt: "2020-01-01T00:00:00Z" });
    expect(await (await open(ended.slug, agents.taobaoIos)).text()).toContain("直播已结束");
  });

  it("gives a chat's preview an Open Graph page", async ({ expect }) => {
    const { slug } = await quickLink({ title: "双十一", host: "李主播" });
    const response = await open(slug, agents.dingtalkPreview);
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain('<meta property="og:title" content="双十一">');
    expect(page).toContain(`<meta property="og:url" content="${origin}/${slug}">`);
    expect(page).toContain('itemprop="name" content="双十一"');
    expect(page).not.toContain("taobao.com");
  });

  it("has a QR code of the short link", async ({ expect }) => {
    const { slug } = await quickLink();
    const response = await fetchRaw(`/${slug}/qr.svg`);
    expect(response.headers.get("Content-Type")).toContain("image/svg+xml");
    expect(await response.text()).toMatch(/^<svg/);
  });
});

describe("counting", () => {
  it("counts a redirect as a view and a click, a page as a view", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ creator: { id: "li" }, channel: "wechat-group" });
    const before = Date.now();
    await open(slug, agents.taobaoIos);
    await open(slug, agents.wechatIos);
    await open(slug, agents.dingtalkPreview);
    await open(slug, agents.bytespider);
    await open(slug, "");
    await open(slug, agents.safariIos, { "Sec-Purpose": "prefetch;prerender" });
    await fetchRaw(`/${slug}`, { method: "HEAD", headers: { "User-Agent": agents.taobaoIos } });
    await until(async () => (await totals(streamId)).prefetches === 1);
    expect(Date.now() - before).toBeLessThan(1_500 + 500);
    const stats = () => api("GET", `/api/streams/${streamId}/stats`);
    // A process that has just begun reads modules for longer than stats wait for orders.
    await until(async () => (await stats()).body.quality.orders === "current", 20_000);
    const { body } = await stats();
    expect(body.totals).toMatchObject({
      views: 2,
      clicks: 1,
      previews: 1,
      bots: 2,
      prefetches: 1,
      rendered: 0,
    });
    expect(body.rates).toEqual({ clickThrough: 0.5, conversion: 0 });
    expect(body.recent.views).toEqual({ last: 2, previous: 0 });
    expect(body.by.link).toEqual([
      { key: slug, views: 2, clicks: 1, visitors: 2, creator: "li", channel: "wechat-group" },
    ]);
    expect(body.by.app).toEqual([
      { key: "taobao", views: 1, clicks: 1 },
      { key: "wechat", views: 1, clicks: 0 },
    ]);
    expect(body.by.method).toEqual([
      { key: "page", views: 1, clicks: 0 },
      { key: "redirect", views: 1, clicks: 0 },
      { key: "web", views: 0, clicks: 1 },
    ]);
    for (const rows of Object.values(body.by) as { views: number; clicks: number }[][]) {
      expect(rows.reduce((sum, row) => sum + row.views, 0)).toBe(2);
      expect(rows.reduce((sum, row) => sum + row.clicks, 0)).toBe(1);
    }
    expect(body.series).toMatchObject({ interval: "minute", step: 60 });
    expect(body.series.views.reduce((sum: number, n: number) => sum + n, 0)).toBe(2);
    expect(body.totals.visitors).toBe(2);
    expect(body.quality).toEqual({
      rules: "2026-12",
      shards: 1,
      pendingSpills: 0,
      oldestSpillAt: null,
      lost: 0,
      missingShards: 0,
      orders: "current",
      clicksWithoutView: 0,
      clicksWithoutViewInterval: { low: 0, high: 0 },
      provinces: null,
      visitorEpochs: 1,
    });

    const link = (await api("GET", `/api/links/${slug}/stats`)).body;
    expect(link).toMatchObject({ slug, streamId, totals: { views: 2, clicks: 1 } });
    expect(link.by.link).toBeUndefined();
    expect(link.by.app).toHaveLength(2);
  });

  async function pageOf(slug: string) {
    const page = await (await open(slug, agents.wechatIos)).text();
    const { token } = JSON.parse(/id="live">(.*?)<\/script>/.exec(page)?.[1] ?? "") as {
      token: string;
    };
    return token;
  }
  const beacon = (slug: string, body: unknown, userAgent: string = agents.wechatIos) =>
    fetchRaw(`/${slug}/events`, {
      method: "POST",
      headers: { "User-Agent": userAgent },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  it("counts what the page reports, once", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const other = await quickLink();
    const token = await pageOf(slug);
    const sent = [
      await beacon(slug, { type: "rendered", token }),
      await beacon(slug, { type: "click", token, way: 0 }),
      await beacon(slug, { type: "click", token, way: 0 }),
      await beacon(slug, { type: "click", token, way: 1 }),
      await beacon(slug, { type: "copy", token, way: 1 }),
      await beacon(slug, { type: "leave", token, way: 0 }),
      await beacon(slug, { type: "click", token: `${token}x`, way: 0 }),
      await beacon(slug, { type: "click", token: "forged.x.y" }),
      await beacon(slug, { type: "click", token: await pageOf(slug) }, agents.bytespider),
      await beacon(slug, { type: "views", token }),
      await beacon(slug, "not json"),
      await beacon(slug, { type: "click", token, way: 99 }),
      await beacon(other.slug, { type: "click", token, way: 0 }),
    ];
    expect(sent.map(({ status }) => status)).toEqual(Array(13).fill(204));
    await until(async () => (await totals(streamId)).leaves === 1);
    expect(await totals(streamId)).toMatchObject({
      views: 2,
      rendered: 1,
      clicks: 1,
      copies: 1,
      leaves: 1,
    });
    expect((await totals(other.streamId)).clicks).toBe(0);
    const { body } = await api("GET", `/api/streams/${streamId}/stats?groupBy=method`);
    expect(body.by.method).toContainEqual({ key: "web", views: 0, clicks: 1 });
  });

  it("counts /go as a click, by the way that was taken", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const go = (query: string, userAgent: string) =>
      fetchRaw(`/${slug}/go${query}`, { headers: { "User-Agent": userAgent } });
    expect((await go("", agents.safariIos)).headers.get("Location")).toBe(taobaoUrl);
    expect((await go("?way=1", agents.safariIos)).headers.get("Location")).toMatch(/^tbopen:/);
    expect((await go("?way=77", agents.safariIos)).headers.get("Location")).toBe(taobaoUrl);
    expect((await go("", agents.bytespider)).status).toBe(302);
    await until(async () => (await totals(streamId)).clicks === 3);
    expect(await totals(streamId)).toMatchObject({ views: 0, clicks: 3, bots: 0 });
    const { body } = await api("GET", `/api/streams/${streamId}/stats?groupBy=method`);
    expect(body.by.method).toEqual([
      { key: "web", views: 0, clicks: 2 },
      { key: "scheme", views: 0, clicks: 1 },
    ]);
  });

  it("answers 304 while nothing has changed, and 200 once it has", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const path = `/api/streams/${streamId}/stats`;
    const first = await api("GET", path);
    const etag = first.headers.get("ETag") ?? "";
    expect(etag).toMatch(/^".+"$/);
    expect((await api("GET", path, undefined, { "If-None-Match": etag })).status).toBe(304);
    expect(
      (await api("GET", `${path}?interval=hour`, undefined, { "If-None-Match": etag })).status,
    ).toBe(200);
    const stranger = { "If-None-Match": etag, Authorization: "Bearer wrong" };
    expect((await api("GET", path, undefined, stranger)).status).toBe(401);
    await open(slug, agents.taobaoIos);
    await until(
      async () => (await api("GET", path, undefined, { "If-None-Match": etag })).status === 200,
    );
  });

  it("answers 200 whichever shard has counted, and when another minute has begun", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({ shards: 3 });
    const path = `/api/streams/${streamId}/stats`;
    const ask = (tag = "") => api("GET", path, undefined, { "If-None-Match": tag });
    const tagNow = async () => (await ask()).headers.get("ETag") ?? "";
    vi.useFakeTimers({ toFake: ["Date"], now: Math.floor(Date.now() / 60_000) * 60_000 + 1_000 });
    try {
      for (const shard of [0, 1, 2]) {
        const tag = await tagNow();
        await countOn(streamId, [shard, 3], { slug, metric: "views", times: 1 });
        // Past what a reading is remembered for.
        vi.setSystemTime(Date.now() + 1_000);
        expect((await ask(tag)).status).toBe(200);
      }
      const tag = await tagNow();
      vi.setSystemTime(Date.now() + 1_000);
      expect((await ask(tag)).status).toBe(304);
      vi.setSystemTime(Date.now() + 60_000);
      expect((await ask(tag)).status).toBe(200);
    } finally {
      vi.useRealTimers();
    }
  });

  it("publishes to KV, which can be read alone", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    await open(slug, agents.taobaoIos);
    const published = async () =>
      (await api("GET", `/api/streams/${streamId}/stats?source=published`)).body;
    await until(async () => (await published()).totals.views === 1);
    expect(await published()).toMatchObject({
      source: "published",
      totals: { views: 1, clicks: 1 },
    });
  });

  it("sums several shards exactly", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ shards: 8 });
    await Promise.all(Array.from({ length: 60 }, () => open(slug, agents.taobaoIos)));
    for (let shard = 0; shard < 8; shard += 1) {
      await countOn(streamId, [shard, 8], { slug, metric: "views", times: shard + 1 });
    }
    await until(async () => (await totals(streamId)).views === 96);
    expect(await countingShards(streamId, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await totals(streamId)).toMatchObject({ views: 96, clicks: 60 });
  });

  it("refuses a series that is too long, and an end before its start", async ({ expect }) => {
    const { streamId } = await quickLink();
    const path = `/api/streams/${streamId}/stats`;
    expect((await api("GET", `${path}?interval=minute&start=2020-01-01T00:00:00Z`)).status).toBe(
      400,
    );
    expect(
      (await api("GET", `${path}?start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z`)).status,
    ).toBe(400);
    expect((await api("GET", `${path}?groupBy=colour`)).status).toBe(400);
  });
});
