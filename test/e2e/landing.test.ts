import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { launchBrowser } from "./browser.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";
import {
  findingsOf,
  hide,
  type Made,
  make,
  show,
  statsOf,
  type VisitOptions,
  visit,
} from "./visit.ts";

const shareText = "5 666:/布偶猫舍的直播间太火爆了，快来看！https://m.tb.cn/h.fJErCBC?sm=b4d048";
const room = "https://tbzb.taobao.com/live?liveId=532359023188";
const folder = dataFolder();
let service: Service;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(folder.path), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  folder.remove();
});

const link = (fields: object = {}): Promise<Made> => make(service, { url: room, ...fields });
const totalsOf = async (made: Made) => (await statsOf(service, made)).totals;
const open = ({ link: { slug } }: Made, userAgent: string, options: Partial<VisitOptions> = {}) =>
  visit(browser, service, slug, { userAgent, ...options });

/** A clock that the test moves; it starts at the real time. */
const withClock = { before: (page: Page) => page.clock.install({ time: Date.now() }) };

describe("after a tap", () => {
  it("a page that is hidden was left for the app, once", async ({ expect }) => {
    const made = await link();
    const { page, context } = await open(made, agents.huaweiAndroid);
    await hide(page);
    await show(page);
    await page.locator("a.go").click({ noWaitAfter: true });
    await hide(page);
    await show(page);
    await hide(page);
    await eventually(
      () => totalsOf(made),
      ({ leaves }) => leaves > 0,
    );
    expect(await totalsOf(made)).toMatchObject({ clicks: 1, leaves: 1 });
    await context.close();
  });

  it("one that stays offers the next way after 2.5 seconds, calmly", async ({ expect }) => {
    const made = await link();
    const { page, context } = await open(made, agents.huaweiAndroid, withClock);
    await page.locator("a.go").click({ noWaitAfter: true });
    await page.clock.runFor(2_000);
    expect(await page.locator(".stalled").count()).toBe(0);
    await page.clock.runFor(600);
    expect(await page.locator(".stalled").textContent()).toBe("没有打开？换一种方式试试");
    expect(await page.locator(".offered").textContent()).toBe("打开网页版");
    expect(await page.locator(".stalled + .offered").count()).toBe(1);
    await context.close();
  });

  it("a dialog that was answered late still counts as left, a later look elsewhere does not", async ({
    expect,
  }) => {
    const late = await link();
    const first = await open(late, agents.huaweiAndroid, withClock);
    await first.page.locator("a.go").click({ noWaitAfter: true });
    await first.page.clock.runFor(6_000);
    await hide(first.page);
    await eventually(
      () => totalsOf(late),
      ({ leaves }) => leaves === 1,
    );
    const stayed = await link();
    const second = await open(stayed, agents.huaweiAndroid, withClock);
    await second.page.locator("a.go").click({ noWaitAfter: true });
    await second.page.clock.runFor(4_000);
    await second.page.mouse.click(187, 700);
    await hide(second.page);
    await eventually(
      () => totalsOf(stayed),
      ({ clicks }) => clicks === 1,
    );
    expect(await totalsOf(stayed)).toMatchObject({ clicks: 1, leaves: 0 });
    await first.context.close();
    await second.context.close();
  });
});

describe("what is no leaving for the app", () => {
  /** Beacons as they are sent: those of a page that is being left lose the browser's user agent here. */
  async function beaconsOf(agent: keyof typeof agents, way: string) {
    const made = await link();
    const { page, context } = await open(made, agents[agent]);
    const types: string[] = [];
    context.on("request", (request) => {
      if (!request.url().endsWith("/events")) return;
      const { type } = JSON.parse(request.postData() ?? "{}") as { type: string };
      // The page's own first beacon may still be on its way.
      if (type !== "rendered") types.push(type);
    });
    await page.getByRole("link", { name: way }).click();
    await page.waitForURL((url) => url.origin !== service.url);
    await page.waitForTimeout(200);
    await context.close();
    return types;
  }

  it("is a web page in place of ours", async ({ expect }) => {
    expect(await beaconsOf("wechatIos", "打开淘宝观看")).toEqual(["click"]);
    expect(await beaconsOf("safariIos", "打开网页版")).toEqual(["click"]);
  });

  it("is a universal link that falls back to its page", async ({ expect }) => {
    expect(await beaconsOf("safariIos", "打开淘宝观看")).toEqual(["click"]);
  });
});

/** What users of two launch libraries complain of, by issue (docs/reference/openings.md#complaints). */
describe("what must not happen", () => {
  it("a store or a fallback that opens by itself, though the app or its dialog did (CAL 105, 83, 74)", async ({
    expect,
  }) => {
    const made = await link();
    for (const agent of ["safariIos", "huaweiAndroid", "chromeAndroid"] as const) {
      const { page, context, elsewhere } = await open(made, agents[agent], withClock);
      const before = page.url();
      // Stays on the page, as while a system's dialog asks.
      await page.evaluate(() =>
        document
          .querySelector("a.go")
          ?.addEventListener("click", (event) => event.preventDefault()),
      );
      await page.locator("a.go").click();
      await page.clock.runFor(120_000);
      expect(page.url()).toBe(before);
      expect(elsewhere).toEqual([]);
      await context.close();
    }
  });

  it("anything that opens without a tap (WLA 8)", async ({ expect }) => {
    const made = await link();
    for (const agent of ["wechatIos", "safariIos", "chromeAndroid", "huaweiAndroid"] as const) {
      const { page, context, elsewhere } = await open(made, agents[agent], withClock);
      const before = page.url();
      await page.clock.runFor(60_000);
      expect(page.url()).toBe(before);
      expect(elsewhere).toEqual([]);
      expect((await totalsOf(made)).clicks).toBe(0);
      await context.close();
    }
  });

  it("a viewer who comes back from a universal link's page finds nothing to do (CAL 25, 89)", async ({
    expect,
  }) => {
    const made = await link();
    const { page, context } = await open(made, agents.safariIos);
    await page.locator("a.go").click();
    await page.waitForURL("https://ace.tb.cn/**");
    await page.goBack();
    expect(await page.locator("a.go").isVisible()).toBe(true);
    expect(await page.getByRole("link", { name: "直接打开淘宝 App" }).isVisible()).toBe(true);
    expect(await page.getByRole("link", { name: /App Store/ }).getAttribute("href")).toBe(
      "https://apps.apple.com/cn/app/id387682726",
    );
    await context.close();
  });

  it("the same scheme again and again where the system blocks the second call (WLA 33)", async ({
    expect,
  }) => {
    const made = await link();
    const { page, context } = await open(made, agents.huaweiAndroid, withClock);
    const asked: string[] = [];
    await page.exposeFunction("asked", (url: string) => asked.push(url));
    await page.evaluate(() =>
      document.addEventListener("click", (event) => {
        const { href } = event.target as HTMLAnchorElement;
        if (href) (globalThis as unknown as { asked: (url: string) => void }).asked(href);
        event.preventDefault();
      }),
    );
    await page.locator("a.go").click();
    await page.clock.runFor(30_000);
    expect(asked).toHaveLength(1);
    expect(await page.locator(".offered").getAttribute("href")).toBe(room);
    await context.close();
  });

  it("a frame that loads the scheme, which Samsung's browser ignores (WLA 36)", async ({
    expect,
  }) => {
    const made = await link();
    const { page, context } = await open(made, agents.huaweiAndroid, withClock);
    await page.locator("a.go").click({ noWaitAfter: true });
    await page.clock.runFor(5_000);
    expect(await page.locator("iframe").count()).toBe(0);
    expect(page.frames()).toHaveLength(1);
    await context.close();
  });
});

describe("copying", () => {
  it("takes the platform's share text, and counts it", async ({ expect }) => {
    const made = await make(service, { text: shareText });
    const { page, context } = await open(made, agents.weiboIos);
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: service.url });
    await page.getByRole("button", { name: "复制口令" }).click();
    await page.getByRole("button", { name: "已复制，打开淘宝查看" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shareText);
    await eventually(
      () => totalsOf(made),
      ({ copies }) => copies === 1,
    );
    await context.close();
  });

  it("shows the text to copy by hand when the clipboard is refused", async ({ expect }) => {
    const made = await make(service, { text: shareText });
    const { page, context } = await open(made, agents.weiboIos);
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.execCommand = () => false;
    });
    expect(await page.locator(".share").isVisible()).toBe(false);
    await page.getByRole("button", { name: "复制口令" }).click();
    await page.getByRole("button", { name: "复制没有成功，请长按文字复制" }).waitFor();
    expect(await page.locator(".share").textContent()).toBe(shareText);
    expect(await page.locator(".share").isVisible()).toBe(true);
    expect((await totalsOf(made)).copies).toBe(0);
    await context.close();
  });
});

describe("the guide", () => {
  it("is drawn over WeChat's page towards its menu, and closes anywhere, without script too", async ({
    expect,
  }) => {
    const made = await link();
    for (const javaScriptEnabled of [true, false]) {
      const { page, context } = await open(made, agents.wechatIos, { javaScriptEnabled });
      const overlay = page.locator(".overlay");
      expect(await overlay.isVisible()).toBe(false);
      await page.locator("summary").click();
      const box = await page.locator(".overlay .arrow").boundingBox();
      expect(await overlay.innerText()).toMatch(/点右上角[\s\S]*在浏览器打开/);
      expect(box?.x).toBeGreaterThan(250);
      expect(box?.y).toBeLessThan(60);
      await page.mouse.click(100, 600);
      expect(await overlay.isVisible()).toBe(false);
      await context.close();
    }
  });
});

describe("a room that has no page", () => {
  it("is named in WeChat, to be searched for there", async ({ expect }) => {
    const { body } = await service.api("POST", "/api/streams", {
      title: "双十一",
      host: "布偶猫舍",
      destinations: [{ platform: "wechat", finderUserName: "sphAbc123" }],
    });
    const { id } = body as { id: string };
    const links = await service.api("POST", `/api/streams/${id}/links`, {});
    const [made] = (links.body as { data: { slug: string }[] }).data;
    const { page, context } = await open(
      { link: { slug: made?.slug ?? "" }, stream: { id } },
      agents.wechatIos,
    );
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: service.url });
    expect(await page.locator(".panel").textContent()).toContain("搜索「布偶猫舍」");
    await page.getByRole("button", { name: "复制名称" }).click();
    await page.locator("button.done").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("布偶猫舍");
    await context.close();
  });
});

describe("several destinations", () => {
  const everywhere = {
    destinations: [
      { url: "https://lives.jd.com/#/48378944?origin=0" },
      { url: "https://www.xiaohongshu.com/livestream/570459564696889177" },
    ],
  };

  it("let the viewer choose another, counted for what was chosen", async ({ expect }) => {
    const made = await link(everywhere);
    const { page, context } = await open(made, agents.safariIos);
    const panels = page.locator(".panel");
    expect(await panels.count()).toBe(3);
    expect(await panels.nth(0).isVisible()).toBe(true);
    expect(await panels.nth(1).isVisible()).toBe(false);
    await page.getByText("京东", { exact: true }).click();
    expect(await panels.nth(0).isVisible()).toBe(false);
    const go = page.getByRole("link", { name: "打开京东观看" });
    expect(await go.getAttribute("href")).toMatch(/^https:\/\/linkst\.m\.jd\.com/);
    expect(await findingsOf(page)).toEqual([]);
    await go.click();
    await page.waitForURL("https://linkst.m.jd.com/**");
    const { by } = await eventually(
      () => statsOf(service, made),
      ({ totals }) => totals.clicks === 1,
    );
    expect(by.destination).toEqual([
      { key: "taobao", views: 1, clicks: 0 },
      { key: "jd", views: 0, clicks: 1 },
    ]);
    await context.close();
  });

  it("do so without script, and by the keyboard", async ({ expect }) => {
    const made = await link(everywhere);
    const { page, context } = await open(made, agents.wechatAndroid, { javaScriptEnabled: false });
    await page.locator("#on-0").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const go = page.getByRole("link", { name: "打开小红书观看" });
    const answer = await fetch(`${service.url}${await go.getAttribute("href")}`, {
      redirect: "manual",
      headers: { "User-Agent": agents.wechatAndroid },
    });
    expect(answer.headers.get("Location")).toBe(
      "https://www.xiaohongshu.com/livestream/570459564696889177",
    );
    const { by } = await eventually(
      () => statsOf(service, made),
      ({ totals }) => totals.clicks === 1,
    );
    expect(by.destination).toContainEqual({ key: "xiaohongshu", views: 0, clicks: 1 });
    await context.close();
  });

  it("begin with the viewer's own app's", async ({ expect }) => {
    const made = await link({ ...everywhere, landing: "always" });
    const { page, context } = await open(made, agents.jdIos);
    expect(await page.locator(".choices label").first().textContent()).toBe("京东");
    await context.close();
  });
});

const minutes = (count: number) => new Date(Date.now() + count * 60_000).toISOString();

describe("an upcoming stream", () => {
  it("counts down by the server's clock, however wrong the phone's is", async ({ expect }) => {
    const made = await link({ startsAt: minutes(26 * 60) });
    const { page, context } = await open(made, agents.safariIos, {
      before: (page) => page.clock.install({ time: "2020-01-01T00:00:00Z" }),
    });
    const read = () =>
      page
        .locator("[data-unit]")
        .evaluateAll((units) => units.map(({ textContent }) => Number(textContent)));
    const [days = 0, hours = 0, minute = 0, second = 0] = await read();
    const left = ((days * 24 + hours) * 60 + minute) * 60 + second;
    expect(left).toBeGreaterThan(26 * 3_600 - 30);
    expect(left).toBeLessThanOrEqual(26 * 3_600);
    await page.clock.runFor(61_000);
    const [, , later = 0, seconds = 0] = await read();
    expect(((minute - later + 60) % 60) * 60 + second - seconds).toBeGreaterThanOrEqual(60);
    await context.close();
  });

  it("goes on after the phone has slept, when the page's own clock stood still", async () => {
    const made = await link({ startsAt: minutes(30) });
    const { page, context } = await open(made, agents.safariIos);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await hide(page);
    await page.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() + 20 * 60_000;
    });
    await show(page);
    await eventually(
      async () => asked.filter((url) => url.includes("/state?")),
      (urls) => urls.length === 1,
    );
    await context.close();
  });

  it("becomes live without a reload, counting no second view", async ({ expect }) => {
    const made = await link({ startsAt: minutes(30), title: "晚八点" });
    const { page, context, errors } = await open(made, agents.safariIos, withClock);
    expect(await page.locator(".badge").textContent()).toContain("即将开播");
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
    // The team starts it by hand; the page asks by itself, at the latest after eight minutes.
    await service.api("PATCH", `/api/streams/${made.stream.id}`, {
      startsAt: minutes(15),
      phase: "live",
    });
    await page.clock.runFor(8 * 60_000 + 100);
    await eventually(
      async () => (await page.locator(".badge").textContent()) ?? "",
      (badge) => badge.includes("直播中"),
    );
    expect(await page.locator(".countdown").count()).toBe(0);
    expect(await page.evaluate(() => "isSamePage" in globalThis)).toBe(true);
    await page.getByRole("link", { name: "打开淘宝观看" }).click();
    await page.waitForURL("https://ace.tb.cn/**");
    await eventually(
      () => totalsOf(made),
      ({ clicks }) => clicks === 1,
    );
    expect(await totalsOf(made)).toMatchObject({ views: 1, rendered: 1, clicks: 1 });
    expect(errors).toEqual([]);
    await context.close();
  });

  it("says about to start in the ten minutes before, with the room open", async ({ expect }) => {
    const made = await link({ startsAt: minutes(5) });
    const { page, context } = await open(made, agents.wechatIos);
    expect(await page.locator(".badge").textContent()).toContain("马上开播");
    expect(await page.locator(".countdown").isVisible()).toBe(true);
    expect(await page.locator("a.go").textContent()).toContain("打开淘宝观看");
    await context.close();
  });

  it("that ended while nobody looked says so when the page is seen again", async ({ expect }) => {
    const made = await link();
    const { page, context } = await open(made, agents.wechatIos, withClock);
    await hide(page);
    await service.api("PATCH", `/api/streams/${made.stream.id}`, { phase: "ended" });
    await page.clock.runFor(31_000);
    await show(page);
    await eventually(
      async () => (await page.locator(".badge").textContent()) ?? "",
      (badge) => badge.includes("直播已结束"),
    );
    expect(await page.locator("a.go").count()).toBe(0);
    await context.close();
  });
});

describe("a page whose link is disabled", () => {
  it("says so when it is seen again", async ({ expect }) => {
    const made = await link({ startsAt: minutes(60) });
    const { page, context } = await open(made, agents.safariIos, withClock);
    await hide(page);
    await service.api("PATCH", `/api/links/${made.link.slug}`, { disabled: true });
    await page.clock.runFor(31_000);
    await show(page);
    await page.getByRole("heading", { name: "链接已失效" }).waitFor();
    expect(await page.locator("a.go").count()).toBe(0);
    await context.close();
  });
});

describe("the page itself", () => {
  it("fits from a small phone to a desktop without scrolling sideways", async ({ expect }) => {
    const made = await link({ title: "超长标题".repeat(40), host: "h".repeat(90) });
    for (const width of [320, 375, 768, 1280]) {
      const { page, context } = await open(made, agents.safariIos, { width });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
      await context.close();
    }
  });

  it("gives fingers 44 pixels", async ({ expect }) => {
    const made = await link({ destinations: [{ url: "https://lives.jd.com/#/48378944" }] });
    const { page, context } = await open(made, agents.safariIos);
    const targets = await page
      .locator("a, button, summary, label")
      .evaluateAll((elements) =>
        elements
          .filter((element) => (element as HTMLElement).offsetParent !== null)
          .map((element) => [element.textContent, element.getBoundingClientRect().height]),
      );
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter(([, height]) => Number(height) < 44)).toEqual([]);
    await context.close();
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no finding of axe in the ${colorScheme}, in English, in each state`, async ({
      expect,
    }) => {
      const made = await make(service, { text: shareText, startsAt: "2036-11-20T20:00:00Z" });
      const options = { colorScheme, locale: "en-US" };
      const upcoming = await open(made, agents.safariIos, options);
      expect(await upcoming.page.locator("html").getAttribute("lang")).toBe("en");
      expect(await findingsOf(upcoming.page)).toEqual([]);
      await upcoming.context.close();
      const live = await open(await link(), agents.huaweiAndroid, { ...options, ...withClock });
      await live.page.locator("a.go").click({ noWaitAfter: true });
      await live.page.clock.runFor(3_000);
      expect(await findingsOf(live.page)).toEqual([]);
      await live.context.close();
      const missing = await visit(browser, service, "no-such-link", {
        userAgent: agents.safariIos,
        ...options,
      });
      expect(await findingsOf(missing.page)).toEqual([]);
      await missing.context.close();
    });
  }

  it("moves nothing for who asked for less motion", async ({ expect }) => {
    const made = await link();
    const context = await browser.newContext({
      userAgent: agents.wechatIos,
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await page.goto(`${service.url}/${made.link.slug}`);
    const running = await page.evaluate(() => document.getAnimations().length);
    expect(running).toBe(0);
    await context.close();
  });
});
