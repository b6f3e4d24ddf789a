import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, fetchRaw, open, quickLink, taobaoUrl } from "./client.ts";

const logo =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
const brand = {
  brandName: "云上花店",
  brandLogo: logo,
  brandColor: "#ffd400",
  operatorName: "杭州云上花店有限公司",
  filingNumber: "浙ICP备12345678号-1",
};

describe("a stream's brand", () => {
  it("is on its page, in its card and on its poster, and the policy allows its colour and nothing else", async ({
    expect,
  }) => {
    const { slug } = await quickLink({ ...brand, title: "花市", landing: "always" });
    const page = await open(slug, agents.wechatIos);
    const text = await page.text();
    expect(text).toContain(
      `<p class="brand"><img src="${logo}" alt="云上花店" height="24">云上花店</p>`,
    );
    expect(text).toContain('property="og:site_name" content="云上花店"');
    expect(text).toContain('<a href="https://beian.miit.gov.cn/"');
    expect(text).toContain("浙ICP备12345678号-1</a>");
    expect(text).toContain("杭州云上花店有限公司 · ");
    // Yellow bears black, as WCAG reckons it.
    const style = "<style>:root{--brand:#ffd400;--on:#000}</style>";
    expect(text).toContain(style);
    const digest = await crypto.subtle.digest(
      "SHA-256",
      new TextEncoder().encode(style.slice("<style>".length, -"</style>".length)),
    );
    const source = `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
    const policy = page.headers.get("Content-Security-Policy") ?? "";
    expect(policy).toMatch(/style-src (?:'sha256-[\w+/=]+' ?){3};/);
    expect(policy).toContain(source);
    const preview = await (await open(slug, agents.dingtalkPreview)).text();
    expect(preview).toContain('property="og:site_name" content="云上花店"');
    expect(await (await fetchRaw(`/${slug}/poster.svg`)).text()).toContain(">云上花店</text>");
  });

  it("is not there where nobody gave one", async ({ expect }) => {
    const { slug } = await quickLink({ landing: "always" });
    const page = await open(slug, agents.wechatIos);
    const text = await page.text();
    for (const none of ['class="brand"', "beian.miit.gov.cn", 'class="ad"', "--brand:#ffd400"]) {
      expect(text).not.toContain(none);
    }
    expect(text).toContain('property="og:site_name" content="Moongate 月门"');
  });

  const refused: [field: string, value: unknown][] = [
    ["brandLogo", "https://cdn.example.cn/logo.png"],
    ["brandLogo", "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmciLz4="],
    ["brandLogo", `data:image/png;base64,${"A".repeat(8_192)}`],
    ["brandColor", "red;}body{display:none"],
    ["brandColor", "#fff"],
    ["brandName", "牌".repeat(41)],
    ["filingNumber", ""],
  ];
  for (const [field, value] of refused) {
    it(`refuses ${field} of ${String(value).slice(0, 40)}`, async ({ expect }) => {
      const { status, body } = await api("POST", "/api/links", { url: taobaoUrl, [field]: value });
      expect([status, body.errors[0].pointer]).toEqual([400, `/${field}`]);
    });
  }

  it("is changed by its parts and taken away, and what it says is escaped", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ ...brand, landing: "always" });
    const changed = await api("PATCH", `/api/streams/${streamId}`, {
      brandName: "<b>店</b>",
      brandLogo: null,
    });
    expect(changed.body).toMatchObject({ ...brand, brandName: "<b>店</b>", brandLogo: null });
    const text = await (await open(slug, agents.wechatIos)).text();
    expect(text).toContain('<p class="brand">&lt;b&gt;店&lt;/b&gt;</p>');
  });
});

describe("the label of an advertisement", () => {
  const made = async (link: Record<string, unknown>) => {
    const { streamId } = await quickLink({ landing: "always" });
    const { body } = await api("POST", `/api/streams/${streamId}/links`, link);
    return body.data[0] as { slug: string; adLabel: boolean | null };
  };
  const of = (tier: string) => ({ creator: { id: "lin", name: "林", tier } });

  it("is on by itself for KOL, KOC and paid placements, and for nobody else", async ({
    expect,
  }) => {
    expect((await made(of("KOL"))).adLabel).toBe(true);
    expect((await made(of("KOC"))).adLabel).toBe(true);
    expect((await made({ channel: "ad", channelClass: "paid" })).adLabel).toBe(true);
    expect((await made(of("staff"))).adLabel).toBeNull();
    expect((await made(of("brand"))).adLabel).toBeNull();
    expect((await made({ channel: "wechat-group" })).adLabel).toBeNull();
    expect((await made({ ...of("KOL"), adLabel: false })).adLabel).toBe(false);
  });

  it("is on the page, the poster, the card and the share text; off by choice, which is audited", async ({
    expect,
  }) => {
    const { slug } = await made(of("KOL"));
    const says = async () => [
      (await (await open(slug, agents.wechatIos)).text()).includes('<span class="ad">广告</span>'),
      (await (await fetchRaw(`/${slug}/poster.svg`)).text()).includes(">广告</text>"),
      (await (await open(slug, agents.dingtalkPreview)).text()).includes('content="广告 · '),
      (await api("GET", `/api/links/${slug}/share-text`)).body.text.startsWith("【广告】【"),
    ];
    expect(await says()).toEqual([true, true, true, true]);
    await api("PATCH", `/api/links/${slug}`, { adLabel: false });
    expect(await says()).toEqual([false, false, false, false]);
    const { body } = await api("GET", `/api/audit?target=${slug}`);
    expect(body.data[0]).toMatchObject({
      action: "link.changed",
      before: { adLabel: true },
      after: { adLabel: false },
    });
  });

  it("is decided by nobody for a link whose promoter's tier comes later", async ({ expect }) => {
    const { slug } = await made({ channel: "wechat-group" });
    const { body } = await api("PATCH", `/api/links/${slug}`, of("KOL"));
    expect(body.adLabel).toBeNull();
  });

  it("stays with a copy of the stream, and new links of undecided promoters get it", async ({
    expect,
  }) => {
    const { streamId } = await quickLink();
    const { body } = await api("POST", `/api/streams/${streamId}/links`, [
      { ...of("KOL"), note: "kol" },
      { ...of("KOL"), adLabel: false, note: "off" },
      { channel: "wechat-group", note: "later" },
    ]);
    await api("PATCH", `/api/links/${body.data[2].slug}`, of("KOC"));
    const copy = await api("POST", `/api/streams/${streamId}/copy`, { title: "下周" });
    const labels = copy.body.links.flatMap(
      ({ note, adLabel }: { note: string | null; adLabel: boolean | null }) =>
        note === null ? [] : [[note, adLabel]],
    );
    expect(labels.sort()).toEqual([
      ["kol", true],
      ["later", true],
      ["off", false],
    ]);
  });
});

describe("a page that is looked at", () => {
  const page = (slug: string, query: string) =>
    fetchRaw(`/api/links/${slug}/page?${query}`, {
      headers: { Authorization: "Bearer test-key-of-the-administrator" },
    });

  it("is the one that visitors get, framed by this host alone, and counts nothing", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({ ...brand, title: "花市", landing: "always" });
    const shown = await page(slug, "app=wechat&os=ios");
    expect(shown.status).toBe(200);
    expect(shown.headers.get("X-Frame-Options")).toBe("SAMEORIGIN");
    expect(shown.headers.get("Cache-Control")).toBe("no-store");
    expect(shown.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(shown.headers.get("Referrer-Policy")).toBe("no-referrer");
    const policy = shown.headers.get("Content-Security-Policy") ?? "";
    expect(policy).toContain("frame-ancestors 'self'; sandbox allow-scripts");
    expect(policy).not.toContain("connect-src");
    const visited = await open(slug, agents.wechatIos);
    const view = (text: string) => text.slice(text.indexOf("<main>"), text.indexOf("</main>"));
    const withoutToken = (text: string) => view(text).replaceAll(/token=[^"&]*/g, "token=");
    expect(withoutToken(await shown.text())).toBe(withoutToken(await visited.text()));
    await scheduler.wait(600);
    const { body } = await api("GET", `/api/streams/${streamId}/stats`);
    expect(body.totals.views).toBe(1);
  });

  it("is there for a user agent, a later moment and in English, and not where a visitor is redirected", async ({
    expect,
  }) => {
    const { slug } = await quickLink({ startsAt: "2100-01-01T12:00:00Z" });
    const agent = encodeURIComponent(agents.wechatIos);
    expect(await (await page(slug, `userAgent=${agent}`)).text()).toContain("即将开播");
    const during = `at=${encodeURIComponent("2100-01-01T12:30:00Z")}&language=en`;
    expect(await (await page(slug, `app=wechat&os=ios&${during}`)).text()).toContain("Live now");
    expect((await page(slug, `app=taobao&os=ios&${during}`)).status).toBe(404);
    expect((await page(slug, "app=taobao")).status).toBe(400);
    expect((await page(slug, `app=taobao&os=ios&userAgent=${agent}`)).status).toBe(400);
    const asked = await api("POST", `/api/links/${slug}/explain`, { app: "jd", os: "android" });
    expect(asked.body.visitor).toMatchObject({ kind: "human", app: "jd", os: "android" });
  });
});
