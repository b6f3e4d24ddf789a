import { createExecutionContext } from "cloudflare:test";
import { describe, it } from "vitest";
import type { Env } from "../../src/config/env.ts";
import { pageLife } from "../../src/edge/page-token.ts";
import worker from "../../src/worker.ts";
import { agents } from "../agents.ts";
import { api, env, fetchRaw, open, origin, quickLink, until } from "./client.ts";

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/** The service with other settings. */
const serviceWith = (settings: Partial<Env>): Fetch => {
  const own = { ...env, ...settings } as Env;
  return async (path, init = {}) =>
    worker.fetch(
      new Request(`${origin}${path}`, { redirect: "manual", ...init }) as Request<
        unknown,
        IncomingRequestCfProperties
      >,
      own,
      createExecutionContext(),
    );
};

let addresses = 0;
const newAddress = (): string => {
  addresses += 1;
  return `198.51.100.${addresses}`;
};
const tokenIn = (page: string): string => /"token":"([^"]+)"/.exec(page)?.[1] ?? "";

const totalsOf = async (streamId: string) =>
  (await api("GET", `/api/streams/${streamId}/stats`)).body.totals as Record<string, number>;
const qualityOf = async (streamId: string) =>
  (await api("GET", `/api/streams/${streamId}/stats`)).body.quality;
const untilTotals = (streamId: string, holds: (totals: Record<string, number>) => boolean) =>
  until(async () => holds(await totalsOf(streamId)));

const report = (
  slug: string,
  token: string,
  type: string,
  headers: Record<string, string> = {},
  ask: Fetch = fetchRaw,
) =>
  ask(`/${slug}/events`, {
    method: "POST",
    headers: { "User-Agent": agents.wechatIos, ...headers },
    body: JSON.stringify({ type, token, ...(type === "click" ? { way: 0 } : {}) }),
  });

describe("a request that is no navigation", () => {
  it("is a prefetch on the link and on /go, whatever its mode, and is sent on all the same", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const apart = [
      { "Sec-Fetch-Dest": "image" },
      { "Sec-Fetch-Dest": "script", "Sec-Fetch-Mode": "navigate" },
      { "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate" },
      { "Sec-Fetch-Dest": "EMPTY" },
      { "Sec-Purpose": "prefetch;prerender" },
      { Purpose: "Prefetch" },
    ];
    for (const path of [`/${slug}`, `/${slug}/go`]) {
      for (const headers of apart) {
        const { status } = await fetchRaw(path, {
          headers: { "User-Agent": agents.taobaoIos, ...headers } as Record<string, string>,
        });
        expect(status).toBe(302);
      }
    }
    for (const headers of [
      { "Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "no-cors" },
      { "Sec-Fetch-Mode": "cors" },
      {},
    ]) {
      await open(slug, agents.taobaoIos, headers as Record<string, string>);
    }
    await untilTotals(streamId, ({ views }) => views === 3);
    expect(await totalsOf(streamId)).toMatchObject({
      views: 3,
      clicks: 3,
      visitors: 1,
      prefetches: 2 * apart.length,
    });
    const metrics = await (
      await fetchRaw("/metrics", {
        headers: { Authorization: "Bearer test-key-of-the-administrator" },
      })
    ).text();
    expect(metrics).toContain(
      `moongate_prefetches_total{stream="${streamId}",shard="0",app="taobao"} ${2 * apart.length}`,
    );
  });
});

describe("opens past the limit of an address", () => {
  const limited = serviceWith({ OPEN_LIMIT: "5" });
  const from = (address: string, agent: string = agents.wechatIos) => ({
    headers: { "User-Agent": agent, "CF-Connecting-IP": address },
  });

  it("are sent on and booked apart, with what their pages report; offered is the sum", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const address = newAddress();
    const pages: string[] = [];
    for (let index = 0; index < 8; index += 1) {
      const answer = await limited(`/${slug}`, from(address));
      expect(answer.status).toBe(200);
      pages.push(tokenIn(await answer.text()));
    }
    for (let index = 0; index < 4; index += 1) {
      expect((await limited(`/${slug}`, from(address, agents.taobaoIos))).status).toBe(302);
      expect((await limited(`/${slug}/go`, from(address))).status).toBe(302);
    }
    // HEAD, robots and other addresses are not held against it.
    await limited(`/${slug}`, from(newAddress()));
    await limited(`/${slug}`, from(address, "curl/8.0"));
    await untilTotals(streamId, ({ bots }) => bots === 1);
    expect(await totalsOf(streamId)).toMatchObject({ views: 6, clicks: 0, limited: 11, bots: 1 });

    const [first = ""] = pages;
    const past = pages.at(-1) ?? "";
    // By another address, too: what counts is what became of the page's own open.
    for (const headers of [{ "CF-Connecting-IP": newAddress() }, {}]) {
      await report(slug, past, "rendered", headers, limited);
      await report(slug, past, "click", headers, limited);
    }
    await report(slug, first, "click", { "CF-Connecting-IP": address }, limited);
    await untilTotals(streamId, ({ clicks }) => clicks === 1);
    expect(await totalsOf(streamId)).toMatchObject({
      views: 6,
      clicks: 1,
      rendered: 0,
      limited: 13,
    });
    const link = (await api("GET", `/api/links/${slug}/stats`)).body;
    expect(link.totals).toMatchObject({ views: 6, limited: 13 });
  });

  it("are none where the address is not known, or the limit is 0", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const agent = { "User-Agent": agents.taobaoIos };
    for (let index = 0; index < 10; index += 1) await limited(`/${slug}`, { headers: agent });
    const address = newAddress();
    const unlimited = serviceWith({ OPEN_LIMIT: "0" });
    for (let index = 0; index < 10; index += 1) {
      await unlimited(`/${slug}`, from(address, agents.taobaoIos));
    }
    const own = serviceWith({ OPEN_LIMIT: "5", HOSTING: "own" });
    for (let index = 0; index < 10; index += 1) {
      await own(`/${slug}`, from(address, agents.taobaoIos));
    }
    await untilTotals(streamId, ({ views }) => views === 30);
    expect(await totalsOf(streamId)).toMatchObject({ views: 30, limited: 0 });
  });
});

describe("an address on a server of one's own", () => {
  const estimateOf = async (settings: Partial<Env>, sent: Record<string, string>[]) => {
    const ask = serviceWith({ HOSTING: "own", ...settings });
    const { slug, streamId } = await quickLink();
    for (const headers of sent) {
      await ask(`/${slug}`, { headers: { "User-Agent": agents.taobaoIos, ...headers } });
    }
    await untilTotals(streamId, ({ views }) => views === sent.length);
    return (await totalsOf(streamId)).visitors;
  };
  /** Two of six share a register of a sketch one time in a thousand; in another stream, by another salt, they do not. */
  const visitorsOf = async (...given: Parameters<typeof estimateOf>) => {
    const estimate = await estimateOf(...given);
    return estimate === given[1].length - 1 ? estimateOf(...given) : estimate;
  };
  const each = (name: string, value: (index: number) => string) =>
    Array.from({ length: 6 }, (_, index) => ({ [name]: value(index) }));

  it("is what no header says unless a setting names it", async ({ expect }) => {
    expect(
      await visitorsOf(
        {},
        each("CF-Connecting-IP", (n) => `10.0.0.${n}`),
      ),
    ).toBe(1);
    expect(
      await visitorsOf(
        {},
        each("X-Forwarded-For", (n) => `10.0.0.${n}`),
      ),
    ).toBe(1);
    const named = { CLIENT_ADDRESS_HEADER: "X-Real-IP" };
    expect(
      await visitorsOf(
        named,
        each("X-Real-IP", (n) => `10.0.0.${n}`),
      ),
    ).toBe(6);
    expect(
      await visitorsOf(
        named,
        each("X-Real-IP", (n) => `no address ${n}`),
      ),
    ).toBe(1);
  });

  it("is read from the trusted end of a list, however long the rest", async ({ expect }) => {
    const named = { CLIENT_ADDRESS_HEADER: "X-Forwarded-For" };
    expect(
      await visitorsOf(
        named,
        each("X-Forwarded-For", (n) => `${n}.9.9.9, 203.0.113.7`),
      ),
    ).toBe(1);
    expect(
      await visitorsOf(
        named,
        each("X-Forwarded-For", (n) => `${"9.9.9.9, ".repeat(2_000)}203.0.113.${n}`),
      ),
    ).toBe(6);
    const two = { ...named, CLIENT_ADDRESS_FROM_END: "2" };
    expect(
      await visitorsOf(
        two,
        each("X-Forwarded-For", (n) => `9.9.9.${n}, 203.0.113.7, 10.0.0.1`),
      ),
    ).toBe(1);
  });

  it("has its place from headers that settings name, and never from the caller's own word", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const ask = serviceWith({
      HOSTING: "own",
      CLIENT_COUNTRY_HEADER: "X-Country",
      CLIENT_REGION_HEADER: "X-Region",
    });
    for (const [country, region] of [
      ["CN", "ZJ"],
      ["cn", "CN-ZJ"],
      ["x".repeat(5_000), "\u00e9"],
    ] as const) {
      await ask(`/${slug}`, {
        headers: { "User-Agent": agents.taobaoIos, "X-Country": country, "X-Region": region },
      });
    }
    await untilTotals(streamId, ({ views }) => views === 3);
    const { by } = (await api("GET", `/api/streams/${streamId}/stats`)).body;
    expect(by.country).toEqual([
      { key: "CN", views: 2, clicks: 2 },
      { key: "unknown", views: 1, clicks: 1 },
    ]);
    expect(by.region[0]).toEqual({ key: "ZJ", views: 2, clicks: 2 });
  });
});

describe("clicks without a view before them", () => {
  it("are told with their interval: /go in a loop by people who never opened the link", async ({
    expect,
  }) => {
    for (const shards of [1, 2]) {
      const { slug, streamId } = await quickLink({ shards });
      for (let index = 0; index < 40; index += 1) {
        await fetchRaw(`/${slug}/go`, {
          headers: { "User-Agent": agents.safariIos, "CF-Connecting-IP": `192.0.2.${index}` },
        });
      }
      await untilTotals(streamId, ({ clicks }) => clicks === 40);
      const quality = await qualityOf(streamId);
      // An estimate: clickers that share a register of the sketch are missed, and more of a link's smaller one.
      expect(Math.abs(quality.clicksWithoutView - 40)).toBeLessThanOrEqual(2);
      expect(quality.clicksWithoutViewInterval.low).toBeGreaterThan(35);
      expect(quality.clicksWithoutViewInterval.high).toBeLessThan(46);
      const link = (await api("GET", `/api/links/${slug}/stats`)).body.quality;
      expect(Math.abs(link.clicksWithoutView - 40)).toBeLessThanOrEqual(4);
    }
  });

  it("are 0 for who viewed first: by /go, by a tap, over another network", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    for (let index = 0; index < 20; index += 1) {
      const address = { "CF-Connecting-IP": `192.0.2.${index}` };
      const page = await (await open(slug, agents.wechatIos, address)).text();
      if (index % 2 === 0) {
        await fetchRaw(`/${slug}/go`, { headers: { "User-Agent": agents.wechatIos, ...address } });
      } else {
        await report(slug, tokenIn(page), "click", { "CF-Connecting-IP": `198.18.0.${index}` });
      }
      await open(slug, agents.taobaoIos, address);
    }
    await untilTotals(streamId, ({ views, clicks }) => views === 40 && clicks === 40);
    expect(await qualityOf(streamId)).toMatchObject({
      clicksWithoutView: 0,
      clicksWithoutViewInterval: { low: 0, high: 0 },
    });
  });

  it("are those of a page that was never looked at", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const page = await open(slug, agents.wechatIos, { "Sec-Fetch-Dest": "empty" });
    await report(slug, tokenIn(await page.text()), "click");
    await untilTotals(streamId, ({ clicks }) => clicks === 1);
    expect(await totalsOf(streamId)).toMatchObject({ views: 0, prefetches: 1, clicks: 1 });
    expect((await qualityOf(streamId)).clicksWithoutView).toBe(1);
  });
});

describe("the state of an open page", () => {
  const stateOf = async (slug: string, query = "") =>
    (await (
      await fetchRaw(`/${slug}/state${query}`, { headers: { "User-Agent": agents.wechatIos } })
    ).json()) as { token?: string; now: number; phase: string };

  it("has a token only for a page that shows one of this link", async ({ expect }) => {
    const [mine, other] = [await quickLink(), await quickLink()];
    const token = tokenIn(await (await open(mine.slug, agents.wechatIos)).text());
    expect((await stateOf(mine.slug)).token).toBeUndefined();
    expect((await stateOf(other.slug, `?token=${token}`)).token).toBeUndefined();
    expect((await stateOf(mine.slug, `?token=${token}x`)).token).toBeUndefined();
    expect((await stateOf(mine.slug, `?token=${"y".repeat(4_000)}`)).token).toBeUndefined();
    const renewed = (await stateOf(mine.slug, `?token=${token}`)).token ?? "";
    expect(renewed).not.toBe("");
    expect(pageLife).toBe(86_400_000);
  });

  it("renews the same page: what it reported once it can't report again", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    let token = tokenIn(await (await open(slug, agents.wechatIos)).text());
    for (let round = 0; round < 5; round += 1) {
      await report(slug, token, "rendered");
      await report(slug, token, "click");
      token = (await stateOf(slug, `?token=${token}`)).token ?? "";
    }
    await report(slug, token, "copy");
    await untilTotals(streamId, ({ copies }) => copies === 1);
    expect(await totalsOf(streamId)).toMatchObject({ views: 1, rendered: 1, clicks: 1 });
  });
});

describe("pictures of a link", () => {
  it("are drawn once for each version of it, and 304 for who has them", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ title: "第一版" });
    for (const path of [`/${slug}/poster.svg`, `/${slug}/qr.svg?size=300&logo=1`]) {
      const first = await fetchRaw(path);
      const etag = first.headers.get("ETag") ?? "";
      const drawing = await first.text();
      expect(first.headers.get("Cache-Control")).toMatch(/^public, max-age=/);
      const again = await fetchRaw(path, { headers: { "If-None-Match": etag } });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      expect(await (await fetchRaw(path)).text()).toBe(drawing);
    }
    const before = await (await fetchRaw(`/${slug}/poster.svg`)).text();
    await api("PATCH", `/api/streams/${streamId}`, { title: "第二版" });
    await until(async () => (await (await fetchRaw(`/${slug}/poster.svg`)).text()) !== before);
    expect(await (await fetchRaw(`/${slug}/poster.svg`)).text()).toContain("第二版");
  });
});
