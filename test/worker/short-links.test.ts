import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { pngBytes, targets } from "../outside/platforms.ts";
import { api, fetchRaw, open } from "./client.ts";

/** How often the outside was asked for an address. */
async function timesAsked(address: string): Promise<number> {
  const query = new URLSearchParams({ address });
  const body: { times: number } = await (await fetch(`https://outside.test/asked?${query}`)).json();
  return body.times;
}

describe("a stream made from a short link", () => {
  const leads: [string, Record<string, string>][] = [
    [
      "https://m.tb.cn/h.TWp0room",
      {
        platform: "taobao",
        kind: "live",
        id: "359158835379",
        idType: "liveId",
        url: targets.taobaoRoom,
      },
    ],
    [
      "https://e.tb.cn/h.RIfrroom?tk=sDuOg3Id11h",
      { platform: "taobao", kind: "live", id: "359158835379", url: targets.taobaoRoom },
    ],
    [
      "https://3.cn/28MLBy-room",
      { platform: "jd", kind: "live", id: "48378944", idType: "liveId", url: targets.jdRoom },
    ],
    [
      "https://v.douyin.com/iQFeRoom/",
      {
        platform: "douyin",
        kind: "live",
        id: "7318296342189919011",
        idType: "room_id",
        url: targets.douyinRoom,
      },
    ],
    [
      "https://v.douyin.com/viaShare/",
      {
        platform: "douyin",
        kind: "live",
        id: "7318296342189919011",
        idType: "room_id",
        url: targets.douyinRoom,
      },
    ],
    [
      "https://v.douyin.com/iWebRid/",
      {
        platform: "douyin",
        kind: "live",
        id: "745964462470",
        idType: "web_rid",
        url: targets.douyinWebRid,
      },
    ],
    [
      "http://xhslink.com/m/3Bt1room",
      {
        platform: "xiaohongshu",
        kind: "live",
        id: "570459564696889177",
        idType: "room_id",
        url: targets.xiaohongshuRoom,
      },
    ],
    [
      "https://b23.tv/room320",
      {
        platform: "bilibili",
        kind: "live",
        id: "320",
        idType: "room_id",
        url: targets.bilibiliRoom,
      },
    ],
    [
      "https://m.tb.cn/h.tmallitem",
      { platform: "tmall", kind: "item", id: "664298137481", url: targets.taobaoItem },
    ],
  ];
  for (const [short, expected] of leads) {
    it(`leads where ${short} leads, with every parameter, and keeps the short link`, async ({
      expect,
    }) => {
      const { status, body } = await api("POST", "/api/links", { url: short });
      expect(status).toBe(201);
      const [destination] = body.stream.destinations;
      expect(destination).toMatchObject({ ...expected, resolvedFrom: short, warnings: [] });
      expect(body.stream.primary).toBe(expected.platform);
    });
  }

  it("of Kuaishou stays at the short link, since the hosts behind it come and go", async ({
    expect,
  }) => {
    const url = "https://v.kuaishou.com/bQ30room";
    const { body } = await api("POST", "/api/links", { url });
    expect(body.stream.destinations[0]).toEqual({
      platform: "kuaishou",
      kind: "live",
      id: "cyl51666888",
      idType: "principalId",
      url,
      resolvedFrom: url,
      warnings: [],
    });
  });

  it("keeps the share text, whose copy opens the app", async ({ expect }) => {
    const text = "5 666:/布偶猫舍的直播间太火爆了，快来看！https://m.tb.cn/h.fJErroom?sm=b4d048";
    const { body } = await api("POST", "/api/links", { text });
    expect(body.stream).toMatchObject({ title: "布偶猫舍的直播间", host: "布偶猫舍" });
    expect(body.stream.destinations[0]).toMatchObject({
      kind: "live",
      url: targets.taobaoRoom,
      resolvedFrom: "https://m.tb.cn/h.fJErroom?sm=b4d048",
      shareText: text,
    });
    const explained = await api("POST", `/api/links/${body.link.slug}/explain`, {
      userAgent: agents.wechatIos,
    });
    const copy = explained.body.ways.find((way: { method: string }) => way.method === "copy");
    expect(copy.text).toBe(text);
  });

  it("without a share text copies the short link, which the app knows", async ({ expect }) => {
    const { body } = await api("POST", "/api/links", { url: "https://m.tb.cn/h.TWp0room" });
    const explained = await api("POST", `/api/links/${body.link.slug}/explain`, {
      userAgent: agents.wechatIos,
    });
    const copy = explained.body.ways.find((way: { method: string }) => way.method === "copy");
    expect(copy.text).toBe("https://m.tb.cn/h.TWp0room");
  });

  it("sends JD's fragment on to the viewer, and Douyin's room_id into the scheme", async ({
    expect,
  }) => {
    const jd = await api("POST", "/api/links", {
      url: "https://3.cn/28MLBy-room",
      landing: "never",
    });
    const opened = await open(jd.body.link.slug, agents.jdIos);
    expect(opened.headers.get("Location")).toBe(targets.jdRoom);
    const douyin = await api("POST", "/api/links", { url: "https://v.douyin.com/iQFeRoom/" });
    const explained = await api("POST", `/api/links/${douyin.body.link.slug}/explain`, {
      userAgent: agents.chromeAndroid,
    });
    expect(JSON.stringify(explained.body.ways)).toContain("room_id=7318296342189919011");
  });

  it("never asks for an affiliate link, which would be a click", async ({ expect }) => {
    const { body } = await api("POST", "/api/links", { url: "https://m.tb.cn/h.affiliate" });
    expect(body.stream.destinations[0]).toMatchObject({
      kind: "affiliate",
      url: targets.affiliate,
    });
    expect(await timesAsked("s.click.taobao.com/t_js")).toBe(0);
  });
});

describe("a short link that cannot be resolved stays the destination, with a warning", () => {
  const failures: [string, RegExp][] = [
    ["https://m.tb.cn/h.unknown1", /m\.tb\.cn answered 502/],
    ["https://m.tb.cn/h.nothing", /m\.tb\.cn does not say where it leads/],
    ["https://m.tb.cn/h.javascript", /refused: Expected a URL that begins with https/],
    ["https://m.tb.cn/h.huge", /more than 256 KiB/],
    ["https://3.cn/page-of-jd", /the host pro\.m\.jd\.com is not allowed/],
    ["https://t.cn/A6unknown", /t\.cn answered 502; .* Links of t\.cn may lead anywhere/],
    ["https://b23.tv/unknown", /b23\.tv answered 502; .* Links of b23\.tv may lead anywhere/],
    ["https://v.douyin.com/loopa/", /v\.douyin\.com leads back to itself/],
    ["https://v.douyin.com/busy/", /v\.douyin\.com answered 503/],
  ];
  for (const [url, why] of failures) {
    it(url, async ({ expect }) => {
      const { status, body } = await api("POST", "/api/links", { url });
      expect(status).toBe(201);
      const [destination] = body.stream.destinations;
      expect(destination).toMatchObject({ kind: "short", url });
      expect(destination.resolvedFrom).toBeUndefined();
      expect(destination.warnings).toEqual([expect.stringMatching(why)]);
    });
  }

  it("after three seconds at most, however slowly a body comes", async ({ expect }) => {
    const began = Date.now();
    const { status, body } = await api("POST", "/api/streams", {
      title: "slow",
      destinations: [{ url: "https://m.tb.cn/h.slow" }, { url: "https://3.cn/28MLBy-room" }],
    });
    expect(status).toBe(201);
    expect(Date.now() - began).toBeLessThan(4_500);
    expect(body.destinations[0].warnings).toEqual([expect.stringContaining("took too long")]);
    expect(body.destinations[1]).toMatchObject({ kind: "live", id: "48378944" });
  });
});

describe("a short link that proves to lead outside is refused, which names where", () => {
  const outside: [string, string][] = [
    ["https://m.tb.cn/h.elsewhere", "evil.test"],
    ["https://v.douyin.com/evil/", "evil.test"],
    ["https://v.douyin.com/login/", "evil.test/x"],
    ["https://v.douyin.com/late/", "evil.test/late"],
    ["https://v.douyin.com/private/", "169.254.169.254/latest/meta-data/"],
    ["https://t.cn/A6evil", "evil.test/weibo"],
    ["https://b23.tv/evil", "evil.test/b"],
  ];
  const told = (pointer: string, detail: string) => ({
    status: 422,
    code: "short_link_leads_outside",
    detail,
    errors: [{ pointer, message: detail }],
  });
  for (const [url, place] of outside) {
    it(url, async ({ expect }) => {
      const detail = `The short link ${url} leads to ${place}, which is outside the allowed hosts.`;
      const made = await api("POST", "/api/links", { url });
      expect(made.body).toMatchObject(told("/url", detail));
      expect((await api("POST", "/api/links", { text: `快来看 ${url}` })).body).toMatchObject(
        told("/text", detail),
      );
      expect((await api("POST", "/api/inspect", { text: url })).body).toMatchObject(
        told("/text", detail),
      );
      const stream = await api("POST", "/api/streams", {
        title: "outside",
        destinations: [{ url: targets.jdRoom }, { url }],
      });
      expect(stream.body).toMatchObject(told("/destinations/1/url", detail));
    });
  }

  it("also as a link's own, and by a change", async ({ expect }) => {
    const made = await api("POST", "/api/links", { url: targets.jdRoom });
    const destinations = [{ url: "https://t.cn/A6evil" }];
    const links = await api("POST", `/api/streams/${made.body.stream.id}/links`, [
      { destinations },
    ]);
    expect(links.body).toMatchObject({ status: 422, code: "short_link_leads_outside" });
    for (const path of [
      `/api/links/${made.body.link.slug}`,
      `/api/streams/${made.body.stream.id}`,
    ]) {
      expect((await api("PATCH", path, { destinations })).body).toMatchObject({
        status: 422,
        code: "short_link_leads_outside",
        errors: [{ pointer: "/destinations/0/url" }],
      });
    }
  });

  it("while t.cn to a page of a platform is that page", async ({ expect }) => {
    const { status, body } = await api("POST", "/api/links", { url: "https://t.cn/A6room" });
    expect(status).toBe(201);
    expect(body.stream.destinations[0]).toMatchObject({
      platform: "douyin",
      kind: "live",
      url: targets.douyinWebRid,
      resolvedFrom: "https://t.cn/A6room",
    });
  });
});

describe("a page that leads on is no destination", () => {
  const login = "https://login.tmall.com/?redirectURL=https%3A%2F%2Fdetail.tmall.com%2Fitem.htm";
  const away = "https://detail.tmall.com/item.htm?id=1&redirectURL=https%3A%2F%2Fevil.test%2F";
  const good = "https://live.douyin.com/745964462470";

  for (const [url, code] of [
    [login, "login_or_jump_page"],
    [away, "leads_outside"],
  ] as const) {
    it(`${code}, wherever a URL is set`, async ({ expect }) => {
      const refused = (answer: { body: unknown }, pointer: string) =>
        expect(answer.body).toMatchObject({ status: 422, code, errors: [{ pointer }] });
      refused(await api("POST", "/api/links", { url }), "/url");
      refused(await api("POST", "/api/inspect", { text: url }), "/text");
      refused(await api("POST", "/api/links", { url: good, after: url }), "/after");
      const destinations = [{ url: good, replay: url }];
      refused(
        await api("POST", "/api/streams", { title: "on", destinations }),
        "/destinations/0/replay",
      );
      const made = await api("POST", "/api/links", { url: good });
      const stream = `/api/streams/${made.body.stream.id}`;
      refused(await api("PATCH", stream, { after: url }), "/after");
      refused(await api("PATCH", stream, { destinations: [{ url }] }), "/destinations/0/url");
      refused(
        await api("PATCH", `/api/links/${made.body.link.slug}`, { destinations: [{ url }] }),
        "/destinations/0/url",
      );
      const links = await api("POST", `${stream}/links`, [{ destinations: [{ url }] }]);
      expect(links.body).toMatchObject({ status: 422, code });
    });

    it(`${code}, in an import too`, async ({ expect }) => {
      const made = await api("POST", "/api/links", { url: good });
      const exported = await fetchRaw("/api/export", {
        headers: { Authorization: "Bearer test-key-of-the-administrator" },
      });
      const lines = (await exported.text()).split("\n");
      const row =
        lines.find(
          (line) => line.includes(made.body.stream.id) && line.includes('"type":"stream"'),
        ) ?? "";
      const planted = row
        .replaceAll(made.body.stream.id, "st_planted0000000000")
        .replaceAll(good, url);
      const { body } = await api("POST", "/api/import", [lines[0], planted].join("\n"), {
        "Content-Type": "application/x-ndjson",
      });
      expect(body).toMatchObject({ refused: 1 });
      expect(body.rejected[0].detail).toMatch(/login or jump page|leads to evil\.test/);
    });
  }
});

describe("wherever destinations are set", () => {
  it("inspect follows short links and creates nothing", async ({ expect }) => {
    const { body } = await api("POST", "/api/inspect", {
      text: "https://m.tb.cn/h.TWp0room https://m.tb.cn/h.tmallitem https://3.cn/28MLBy-room",
    });
    expect(
      body.destinations.map(({ platform, kind }: Record<string, string>) => `${platform}/${kind}`),
    ).toEqual(["taobao/live", "jd/live"]);
  });

  it("a change of a stream, a link's own, and a change of those", async ({ expect }) => {
    const made = await api("POST", "/api/links", { url: "https://live.douyin.com/745964462470" });
    const stream = `/api/streams/${made.body.stream.id}`;
    const changed = await api("PATCH", stream, {
      destinations: [{ url: "https://3.cn/28MLBy-room" }],
      primary: "jd",
    });
    expect(changed.body.destinations[0]).toMatchObject({ kind: "live", id: "48378944" });
    const links = await api("POST", `${stream}/links`, [
      { destinations: [{ url: "https://v.kuaishou.com/bQ30room" }] },
      { destinations: [{ url: "https://v.kuaishou.com/bQ30room" }] },
    ]);
    expect(links.status).toBe(201);
    for (const link of links.body.data)
      expect(link.destinations[0]).toMatchObject({ id: "cyl51666888" });
    const patched = await api("PATCH", `/api/links/${links.body.data[0].slug}`, {
      destinations: [{ url: "https://b23.tv/room320" }],
    });
    expect(patched.body.destinations[0]).toMatchObject({ platform: "bilibili", id: "320" });
  });

  it("one short link is asked for once a request, and at most twenty are", async ({ expect }) => {
    const { streamId } = (await api("POST", "/api/links", { url: targets.jdRoom })).body.link;
    const before = await timesAsked("b23.tv/room320");
    const { status, body } = await api(
      "POST",
      `/api/streams/${streamId}/links`,
      Array.from({ length: 50 }, (_, index) => ({
        destinations: [
          { url: "https://b23.tv/room320" },
          { url: `https://v.douyin.com/many${index}/` },
        ],
      })),
    );
    expect(status).toBe(201);
    expect((await timesAsked("b23.tv/room320")) - before).toBe(1);
    const warnings = body.data.map(
      ({ destinations }: { destinations: { warnings: string[] }[] }) =>
        destinations[1]?.warnings[0],
    );
    expect(warnings.filter((text: string) => text.includes("answered 502"))).toHaveLength(19);
    expect(warnings.filter((text: string) => text.includes("at most 20"))).toHaveLength(31);
  });

  it("two that turn out to be one platform's are refused, by the pointer of the second", async ({
    expect,
  }) => {
    const { status, body } = await api("POST", "/api/streams", {
      title: "twice",
      destinations: [
        { url: "https://detail.tmall.com/item.htm?id=1" },
        { url: "https://m.tb.cn/h.tmallitem" },
      ],
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: "platform_twice",
      errors: [{ pointer: "/destinations/1" }],
    });
    expect(body.detail).toContain("https://m.tb.cn/h.tmallitem leads there");
  });

  it("a platform that the request names stays, if it is the short link's or its target's", async ({
    expect,
  }) => {
    const ask = (platform: string) =>
      api("POST", "/api/streams", {
        title: "named",
        destinations: [{ url: "https://m.tb.cn/h.tmallitem", platform }],
      });
    expect((await ask("tmall")).body.destinations[0]).toMatchObject({
      platform: "tmall",
      kind: "item",
    });
    expect((await ask("taobao")).body.destinations[0]).toMatchObject({
      platform: "taobao",
      kind: "short",
      warnings: [expect.stringContaining("leads to tmall")],
    });
    for (const [primary, kind] of [
      ["taobao", "short"],
      ["tmall", "item"],
    ]) {
      const { status, body } = await api("POST", "/api/links", {
        url: "https://m.tb.cn/h.tmallitem",
        primary,
      });
      expect(status).toBe(201);
      expect(body.stream).toMatchObject({ primary, destinations: [{ platform: primary, kind }] });
    }
    expect((await ask("jd")).body).toMatchObject({
      status: 422,
      code: "platform_mismatch",
      errors: [{ pointer: "/destinations/0/platform" }],
    });
  });
});

describe("covers fetched at creation", () => {
  const create = (cover: string) =>
    api("POST", "/api/links", { url: "https://live.douyin.com/745964462470", cover });

  for (const path of ["cover.png", "moved.png", "largest.png"]) {
    it(`${path} of an allowed host is kept and served by us`, async ({ expect }) => {
      const { status, body } = await create(`https://img.alicdn.com/${path}`);
      expect(status).toBe(201);
      expect(body.stream.warnings).toBeUndefined();
      expect(body.stream.cover).toMatch(/^[0-9a-f]{12}$/);
      const served = await fetchRaw(`/${body.link.slug}/cover`);
      expect(served.status).toBe(200);
      expect(served.headers.get("Content-Type")).toBe("image/png");
      const bytes = new Uint8Array(await served.arrayBuffer());
      expect(bytes.subarray(0, pngBytes.length)).toEqual(pngBytes);
    });
  }

  const refusals: [string, RegExp][] = [
    ["away.png", /leads to a URL that is refused: the host evil\.test is not allowed/],
    ["large.png", /more than 512 KiB/],
    ["page.png", /did not answer with a picture/],
    ["unknown.png", /img\.alicdn\.com answered 502/],
    ["slow.png", /img\.alicdn\.com took too long/],
  ];
  for (const [path, why] of refusals) {
    it(`${path} leaves the stream made, with a warning`, async ({ expect }) => {
      const { status, body } = await create(`https://img.alicdn.com/${path}`);
      expect(status).toBe(201);
      expect(body.stream.cover).toBeNull();
      expect(body.stream.warnings).toEqual([expect.stringMatching(why)]);
      expect((await fetchRaw(`/${body.link.slug}/cover`)).status).toBe(404);
    });
  }
});
