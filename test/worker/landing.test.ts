import { createHash } from "node:crypto";
import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, fetchRaw, open, origin, quickLink, taobaoUrl, until } from "./client.ts";

const shareText = "5 666:/布偶猫舍的直播间太火爆了，快来看！https://m.tb.cn/h.fJErCBC?sm=b4d048";
const upcomingAt = "2036-11-20T20:00:00+08:00";

async function textOf(slug: string, userAgent: string = agents.wechatIos, headers = {}) {
  return (await open(slug, userAgent, headers)).text();
}

async function gzipped(text: string): Promise<number> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

describe("the landing page", () => {
  it("is at most 14 KB compressed, with everything inline, even for every platform", async ({
    expect,
  }) => {
    const destinations = [
      "https://lives.jd.com/#/48378944?origin=0",
      "https://webcast.amemv.com/douyin/webcast/reflow/7318296342189919011",
      "https://live.kuaishou.com/u/yall1102",
      "https://www.xiaohongshu.com/livestream/570459564696889177",
      "https://live.bilibili.com/320",
      "https://detail.tmall.com/item.htm?id=612345678901",
      "https://mobile.yangkeduo.com/goods.html?goods_id=123456789",
    ].map((url) => ({ url }));
    const { slug } = await quickLink({
      destinations,
      startsAt: upcomingAt,
      title: "大".repeat(200),
    });
    const page = await textOf(slug, agents.safariIos);
    expect(await gzipped(page)).toBeLessThan(14 * 1_024);
    const one = await quickLink();
    expect(await gzipped(await textOf(one.slug, agents.safariIos))).toBeLessThan(9 * 1_024);
  });

  it("allows of what is inline only its own, by digests, the same for everybody", async ({
    expect,
  }) => {
    const { slug } = await quickLink();
    const policies = new Set<string>();
    for (const agent of [agents.wechatIos, agents.safariIos]) {
      const response = await open(slug, agent);
      const policy = response.headers.get("Content-Security-Policy") ?? "";
      policies.add(policy);
      expect(policy).not.toContain("unsafe");
      const page = await response.text();
      const inline = [...page.matchAll(/<(script|style)>(.*?)<\/\1>/gs)];
      expect(inline.map(([, tag]) => tag)).toEqual(["style", "style", "script"]);
      const sources = (tag = "") => new RegExp(`${tag}-src ([^;]+)`).exec(policy)?.[1]?.split(" ");
      for (const [, tag, text = ""] of inline) {
        const digest = createHash("sha256").update(text).digest("base64");
        expect(sources(tag)).toContain(`'sha256-${digest}'`);
      }
      expect([sources("style")?.length, sources("script")?.length]).toEqual([2, 1]);
      const others = [...page.matchAll(/<(?:script|style) [^>]*>/g)].map(([tag]) => tag);
      expect(others.every((tag) => tag.includes('type="application/json"'))).toBe(true);
    }
    expect(policies.size).toBe(1);
  });

  it("is each visitor's own, however many are made before one is read", async ({ expect }) => {
    const { slug } = await quickLink();
    await textOf(slug);
    for (let round = 0; round < 2; round += 1) {
      const answers: Response[] = [];
      while (answers.length < 40) answers.push(await open(slug, agents.wechatIos));
      const tokens = await Promise.all(
        answers.map(async (answer) => {
          const page = await answer.text();
          const told = /"token":"([^"]+)"/.exec(page)?.[1];
          const linked = [...page.matchAll(/[?;]token=([^"]+)"/g)].map(([, token]) => token);
          expect(new Set([told, ...linked]).size).toBe(1);
          return told;
        }),
      );
      expect(new Set(tokens).size).toBe(40);
    }
  });

  it("puts nothing of the visitor into the page, and escapes all that is stored", async ({
    expect,
  }) => {
    const nasty = `"><script>alert(1)</script>'</style><!--<@live@><@token@>`;
    const { slug } = await quickLink({
      title: nasty,
      host: nasty,
      text: `${nasty} https://m.tb.cn/h.fJErCBC?sm=b4d048`,
      url: undefined,
    });
    const response = await fetchRaw(`/${slug}?q=visitor-text#x`, {
      headers: {
        "User-Agent": `${agents.wechatIos} visitor-text`,
        "Accept-Language": "zh,visitor-text",
        Referer: "https://visitor-text.test/",
      },
    });
    const page = await response.text();
    expect(page).not.toContain("visitor-text");
    expect(page).not.toContain("<script>alert");
    expect(page).not.toContain("<!--");
    expect(page.match(/<\/style>/g)).toHaveLength(2);
    expect(page.match(/<\/script>/g)).toHaveLength(3);
    const live = /id="live">(.*?)<\/script>/.exec(page)?.[1] ?? "";
    expect(Object.keys(JSON.parse(live))).toEqual(["token", "now"]);
  });

  it("carries its card in every phase, for WeChat's and QQ's fetchers look like people", async ({
    expect,
  }) => {
    const cases = [
      [{}, "直播中"],
      [{ startsAt: upcomingAt }, "即将开播 · 2036年11月20日周四 20:00 北京时间"],
      [{ startsAt: new Date(Date.now() + 300_000).toISOString() }, "马上开播 · "],
      [{ endsAt: "2020-01-01T00:00:00Z" }, "直播已结束"],
    ] as const;
    for (const [fields, phase] of cases) {
      const { slug } = await quickLink({ title: "双十一", host: "李主播", ...fields });
      for (const agent of [agents.wechatIos, agents.dingtalkPreview]) {
        const page = await textOf(slug, agent);
        expect(page).toContain("<title>双十一</title>");
        for (const name of ['property="og:title"', 'itemprop="name"', 'name="twitter:title"']) {
          expect(page).toContain(`<meta ${name} content="双十一">`);
        }
        expect(page).toContain(`<meta property="og:url" content="${origin}/${slug}">`);
        expect(page).toMatch(
          new RegExp(`name="description" itemprop="description" content="${phase}[^"]*李主播`),
        );
      }
    }
  });

  it("has a picture for chats even without a cover", async ({ expect }) => {
    const { slug } = await quickLink();
    const image = `${origin}/assets/moongate.png`;
    for (const agent of [agents.wechatIos, agents.dingtalkPreview]) {
      expect(await textOf(slug, agent)).toContain(`<meta property="og:image" content="${image}">`);
    }
    const picture = await fetchRaw("/assets/moongate.png");
    expect(picture.headers.get("Content-Type")).toBe("image/png");
    const bytes = new Uint8Array(await picture.arrayBuffer());
    expect([...bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    expect((await fetchRaw("/assets/other.png")).status).toBe(404);
  });

  it("says what is counted", async ({ expect }) => {
    const { slug } = await quickLink();
    expect(await textOf(slug)).toMatch(/本页统计.*不用 Cookie，不保存 IP 地址/);
    const english = await textOf(slug, agents.wechatIos, { "Accept-Language": "en" });
    expect(english).toMatch(/This page counts.*No cookies; no IP address is kept/);
    const response = await open(slug, agents.wechatIos);
    expect(response.headers.get("Set-Cookie")).toBeNull();
  });
});

describe("the state that an open page asks for", () => {
  const ask = async (
    slug: string,
    view = "",
    userAgent: string = agents.wechatIos,
    token: string = "",
  ) => {
    const response = await fetchRaw(`/${slug}/state?view=${view}&token=${token}`, {
      headers: { "User-Agent": userAgent },
    });
    expect_no_store(response);
    return (await response.json()) as Record<string, string | number | null>;
  };
  function expect_no_store(response: Response) {
    if (response.headers.get("Cache-Control") !== "no-store") throw new Error("cached");
  }
  const tokenOf = (page: string): string => /"token":"([^"]+)"/.exec(page)?.[1] ?? "";
  const dataOf = (page: string) =>
    JSON.parse(/id="data">(.*?)<\/script>/.exec(page)?.[1] ?? "{}") as Record<string, unknown>;

  it("is the phase, the page's next token, and the view only when it is another", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({ startsAt: upcomingAt });
    const { view, until: due } = dataOf(await textOf(slug));
    expect(due).toBe(Date.parse(upcomingAt) - 600_000);
    const same = await ask(slug, String(view), agents.wechatIos, tokenOf(await textOf(slug)));
    expect(same).toMatchObject({ phase: "upcoming", view, until: due });
    expect(same.html).toBeUndefined();
    expect(String(same.token).split(".")).toHaveLength(4);
    expect(Math.abs(Number(same.now) - Date.now())).toBeLessThan(5_000);

    await api("PATCH", `/api/streams/${streamId}`, { phase: "live" });
    const changed = await ask(slug, String(view));
    expect(changed).toMatchObject({ phase: "live" });
    expect(changed.view).not.toBe(view);
    expect(changed.html).toContain("直播中");
    expect(changed.html).not.toContain("<script");
    // What nobody sees is no reason to change an open page.
    await api("PATCH", `/api/links/${slug}`, { note: "for the team" });
    expect((await ask(slug, String(changed.view))).html).toBeUndefined();
  });

  it("counts nothing, and its token signs the beacons of the page that shows one", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    expect((await ask(slug)).token).toBeUndefined();
    const page = await textOf(slug);
    const { token } = await ask(slug, "", agents.wechatIos, tokenOf(page));
    await fetchRaw(`/${slug}/events`, {
      method: "POST",
      headers: { "User-Agent": agents.wechatIos },
      body: JSON.stringify({ type: "click", token, way: 0 }),
    });
    const totals = async () => (await api("GET", `/api/streams/${streamId}/stats`)).body.totals;
    await until(async () => (await totals()).clicks === 1);
    expect(await totals()).toMatchObject({ views: 1, previews: 0, bots: 0, clicks: 1 });
  });

  it("shows the way where a new visitor would be redirected: nothing jumps by itself", async ({
    expect,
  }) => {
    const { slug } = await quickLink();
    expect((await open(slug, agents.desktop)).status).toBe(302);
    const { html } = await ask(slug, "", agents.desktop);
    expect(html).toContain(`data-url="${taobaoUrl}"`);
    expect(html).toContain("/qr.svg");
  });

  it("shows a television a page whose QR code comes first, and a PC with HarmonyOS the desktop's", async ({
    expect,
  }) => {
    const { slug } = await quickLink();
    const shown = await open(slug, agents.television);
    expect(shown.status).toBe(200);
    const page = await shown.text();
    expect(page).toContain(`src="/${slug}/qr.svg"`);
    expect(page.indexOf("/qr.svg")).toBeLessThan(page.indexOf('data-way="1"'));
    expect((await open(slug, agents.harmonyPc)).status).toBe(302);
    const explained = async (userAgent: string) =>
      (await api("POST", `/api/links/${slug}/explain`, { userAgent })).body;
    expect(await explained(agents.television)).toMatchObject({
      visitor: { kind: "human", os: "other" },
      rule: "other-system",
      ways: [{ method: "qr" }, { method: "web" }, { method: "copy" }],
    });
    expect(await explained(agents.harmonyPc)).toMatchObject({
      visitor: { app: "huawei", os: "harmony-next", isDesktop: true },
      rule: "harmony-desktop",
      ways: [{ method: "web" }, { method: "qr" }, { method: "copy" }],
    });
  });

  it("tells robots the phase only", async ({ expect }) => {
    const { slug } = await quickLink();
    const { token, html, phase } = await ask(slug, "", agents.dingtalkPreview);
    expect([token, html, phase]).toEqual([undefined, undefined, "live"]);
  });
});

describe("a choice among destinations", () => {
  it("goes by the n-th way of the page, counted for its destination", async ({ expect }) => {
    const { slug, streamId } = await quickLink({
      destinations: [{ url: "https://lives.jd.com/#/48378944?origin=0" }],
    });
    const explained = (
      await api("POST", `/api/links/${slug}/explain`, { userAgent: agents.safariIos })
    ).body;
    const first = explained.ways.length as number;
    const go = await fetchRaw(`/${slug}/go?way=${first}`, {
      headers: { "User-Agent": agents.safariIos },
    });
    expect(go.headers.get("Location")).toMatch(/^https:\/\/linkst\.m\.jd\.com\/ul\//);
    await until(async () => {
      const { body } = await api("GET", `/api/streams/${streamId}/stats?groupBy=destination`);
      return body.totals.clicks === 1;
    });
    const { body } = await api("GET", `/api/streams/${streamId}/stats?groupBy=destination,method`);
    expect(body.by.destination).toEqual([{ key: "jd", views: 0, clicks: 1 }]);
    expect(body.by.method).toEqual([{ key: "universal-link", views: 0, clicks: 1 }]);
  });

  it("offers another replay once the stream has ended, and no room that is closed", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    await api("PATCH", `/api/streams/${streamId}`, {
      phase: "ended",
      landing: "always",
      destinations: [
        { url: taobaoUrl, replay: "https://h5.m.taobao.com/taolive/video.html?id=532359023188" },
        {
          url: "https://lives.jd.com/#/48378944",
          replay: "https://lives.jd.com/#/48378944/replay",
        },
        { url: "https://live.bilibili.com/320" },
      ],
    });
    const page = await textOf(slug, agents.safariIos);
    expect(
      [...page.matchAll(/name="on" id="on-\d" value="(\w+)"/g)].map(([, name]) => name),
    ).toEqual(["taobao", "jd"]);
    expect(page).toContain("在京东看回放");
    expect(page).not.toContain("live.bilibili.com");
  });
});

describe("what is shared", () => {
  it("a calendar entry of an upcoming stream, in UTC, that a change replaces", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({
      title: "双十一大场：布偶猫粮, 五折; 前一百名",
      host: "李主播",
      startsAt: upcomingAt,
      endsAt: "2036-11-20T23:00:00+08:00",
    });
    const response = await fetchRaw(`/${slug}/calendar.ics`);
    expect(response.headers.get("Content-Type")).toBe("text/calendar; charset=utf-8");
    const file = (await response.text()).replaceAll("\r\n ", "");
    expect(file).toContain("DTSTART:20361120T120000Z\r\n");
    expect(file).toContain("DTEND:20361120T150000Z\r\n");
    expect(file).toContain("SUMMARY:双十一大场：布偶猫粮\\, 五折\\; 前一百名\r\n");
    expect(file).toContain(`URL;VALUE=URI:${origin}/${slug}\r\n`);
    expect(file).toContain(`UID:${streamId}@go.example.cn\r\n`);
    expect(file).toContain("TRIGGER:-PT10M");
    const sequence = (text: string) => Number(/SEQUENCE:(\d+)/.exec(text)?.[1]);
    await api("PATCH", `/api/streams/${streamId}`, { startsAt: "2036-11-20T21:00:00+08:00" });
    const changed = await (await fetchRaw(`/${slug}/calendar.ics`)).text();
    expect(changed).toContain("DTSTART:20361120T130000Z");
    expect(sequence(changed)).toBeGreaterThan(sequence(file));
    const without = await quickLink();
    expect((await fetchRaw(`/${without.slug}/calendar.ics`)).status).toBe(404);
  });

  it("text with title, time, short link and the platform's passphrase", async ({ expect }) => {
    const { slug } = await quickLink({ text: shareText, url: undefined, title: "布偶猫粮五折" });
    const { body } = await api("GET", `/api/links/${slug}/share-text`);
    expect(body).toEqual({
      text: `【布偶猫粮五折】\n布偶猫舍 · 正在直播\n点开观看：${origin}/${slug}\n或复制下面整段，打开淘宝：\n${shareText}`,
    });
    const bare = await fetchRaw(`/api/links/${slug.toUpperCase()}/share-text`, {
      headers: { Authorization: "Bearer test-key-of-the-administrator", Accept: "text/plain" },
    });
    expect(bare.headers.get("Content-Type")).toMatch(/^text\/plain/);
    expect(await bare.text()).toBe(body.text);
    const plain = await quickLink({ title: "晚八点", startsAt: upcomingAt });
    expect((await api("GET", `/api/links/${plain.slug}/share-text`)).body.text).toBe(
      `【晚八点】\n2036年11月20日周四 20:00 北京时间 开播\n点开观看：${origin}/${plain.slug}`,
    );
    expect((await api("GET", "/api/links/no-such/share-text")).status).toBe(404);
    expect((await fetchRaw(`/api/links/${slug}/share-text`)).status).toBe(401);
  });

  it("a QR code, in a size, with a logo", async ({ expect }) => {
    const { slug } = await quickLink();
    const qr = async (query: string) => (await fetchRaw(`/${slug}/qr.svg${query}`)).text();
    expect(await qr("")).toMatch(/^<svg xmlns="[^"]+" viewBox/);
    expect(await qr("?size=512")).toMatch(/^<svg width="512" height="512" /);
    expect(await qr("?size=999999")).toMatch(/^<svg width="2048" /);
    expect(await qr("?size=%3Cscript")).toMatch(/^<svg xmlns/);
    expect(await qr("?logo=1")).toContain("<circle");
    expect(await qr("?logo=0")).not.toContain("<circle");
  });

  it("a QR code as PNG, which its tag names", async ({ expect }) => {
    const { slug } = await quickLink();
    const picture = await fetchRaw(`/${slug}/qr.png?size=300&logo=1`);
    expect([picture.status, picture.headers.get("Content-Type")]).toEqual([200, "image/png"]);
    expect(picture.headers.get("Content-Disposition")).toBe(`inline; filename="${slug}-qr.png"`);
    const bytes = new DataView(await picture.arrayBuffer());
    expect([bytes.getUint32(0), bytes.getUint32(16), bytes.getUint32(20)]).toEqual([
      ...[0x89504e47, 300, 300],
    ]);
    const tag = picture.headers.get("ETag") ?? "";
    const known = await fetchRaw(`/${slug}/qr.png?size=300&logo=1`, {
      headers: { "If-None-Match": tag },
    });
    expect(known.status).toBe(304);
    const plain = await fetchRaw(`/${slug}/qr.png?size=999999`);
    expect(plain.headers.get("ETag")).not.toBe(tag);
    expect(new DataView(await plain.arrayBuffer()).getUint32(16)).toBe(2_048);
    expect((await fetchRaw("/nobodys/qr.png")).status).toBe(404);
    // No picture counts.
    expect((await api("GET", `/api/links/${slug}/stats`)).body.totals.views).toBe(0);
  });

  it("a poster that is well-formed whatever its title, of the link's own platform", async ({
    expect,
  }) => {
    const titles = [
      `双十一年度盛典：布偶猫舍与十二位主播联合直播，全场五折起，前一千名下单${"🎉".repeat(7)}`,
      "👨‍👩‍👧‍👦".repeat(18),
      "W".repeat(200),
      "Ж".repeat(200),
    ];
    for (const title of titles) {
      const { slug } = await quickLink({
        title,
        host: "h".repeat(100),
        startsAt: upcomingAt,
        destinations: [{ url: "https://lives.jd.com/#/48378944" }],
        primary: "jd",
      });
      const bytes = await (await fetchRaw(`/${slug}/poster.svg`)).arrayBuffer();
      const poster = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
      expect(poster).toContain("京东直播");
      expect(poster).toContain("2036年11月20日周四 20:00");
      const placeOf = (found: RegExpExecArray | null) => Number(found?.[1]);
      const time = placeOf(/y="(\d+)"[^>]*>2036年/.exec(poster));
      const divider = placeOf(/<path d="M72 (\d+)H/.exec(poster));
      expect(time).toBeLessThan(divider);
    }
    const bell = await api("POST", "/api/links", { url: taobaoUrl, title: "Bell\u0007" });
    expect(bell.status).toBe(400);
    expect(bell.body.errors).toEqual([
      { pointer: "/title", message: "Expected text without control characters." },
    ]);
    const { slug } = await quickLink({ title: "两行\r\n  标题" });
    expect(await textOf(slug)).toContain("<title>两行 标题</title>");
  });

  it("a poster that holds its cover, title, host, time and QR code", async ({ expect }) => {
    const { slug, streamId } = await quickLink({
      title: "<b>大场</b> & more",
      host: "李主播",
      startsAt: upcomingAt,
    });
    const poster = async () => {
      const response = await fetchRaw(`/${slug}/poster.svg`);
      expect(response.headers.get("Content-Type")).toMatch(/^image\/svg\+xml/);
      return response.text();
    };
    const without = await poster();
    expect(without).toContain("&lt;b&gt;大场&lt;/b&gt; &amp; more");
    expect(without).toContain("李主播");
    expect(without).toContain("2036年11月20日周四 20:00");
    expect(without).toContain(`${origin.slice("https://".length)}/${slug}`);
    expect(without).not.toContain("<image");
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
    const put = await fetchRaw(`/api/streams/${streamId}/cover`, {
      method: "PUT",
      headers: {
        Authorization: "Bearer test-key-of-the-administrator",
        "Content-Type": "image/png",
      },
      body: png,
    });
    expect(put.status).toBe(200);
    const drawn = await poster();
    expect(drawn).toContain('href="data:image/png;base64,iVBORw0KGgoBAgM="');
    // Whole, whatever its shape.
    expect(drawn).toContain('preserveAspectRatio="xMidYMid meet" href="data:');
    await api("PATCH", `/api/streams/${streamId}`, {
      destinations: [{ url: taobaoUrl }, { url: "https://live.douyin.com/261378947940" }],
    });
    expect(await poster()).toContain("淘宝直播，也在抖音");
    const covered = await textOf(slug);
    const at = /src="(\/[^"]+\/cover\?v=\w+)"/.exec(covered)?.[1] ?? "";
    const cover = await fetchRaw(at);
    expect(cover.headers.get("Cache-Control")).toContain("immutable");
    expect(new Uint8Array(await cover.arrayBuffer())).toEqual(png);
  });
});
