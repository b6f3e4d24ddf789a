import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { FakeWechat } from "../outside/wechat.ts";
import { launchBrowser } from "./browser.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";
import { hide, type Made, make, show, statsOf, visit } from "./visit.ts";
import { wechatServer } from "./wechat-server.ts";

const appId = "wx0123456789abcdef";
const secret = "s3cr3t-of-the-account";
const fake = new FakeWechat();
const folder = dataFolder();
let service: Service;
let browser: Browser;
let wechat: Awaited<ReturnType<typeof wechatServer>>;

beforeAll(async () => {
  fake.set(appId, { secret });
  wechat = await wechatServer(fake);
  const settings = {
    WECHAT_APP_ID: appId,
    WECHAT_APP_SECRET: secret,
    WECHAT_API_BASE: wechat.base,
  };
  [service, browser] = await Promise.all([startService(folder.path, settings), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  wechat?.close();
  folder.remove();
});

interface Told {
  config?: Record<string, unknown>;
  message?: Record<string, string>;
  timeline?: Record<string, string>;
}

/** Stands for WeChat's own script, which only WeChat serves: writes down what the page tells it. */
const jweixin = `
  const told = (globalThis.told = {});
  let then;
  globalThis.wx = {
    config(options) { told.config = options; setTimeout(() => then && then(), 10); },
    ready(callback) { then = callback; },
    error() {},
    updateAppMessageShareData(card) { told.message = card; },
    updateTimelineShareData(card) { told.timeline = card; },
  };`;

async function openInWechat(
  slug: string,
  script: string | null,
  userAgent: string = agents.wechatIos,
) {
  const opened = await visit(browser, service, slug, {
    userAgent,
    before: async (page) => {
      await page.context().route("https://res.wx.qq.com/**", async (route) => {
        scripts.push(route.request().url());
        await (script === null
          ? route.abort()
          : route.fulfill({ contentType: "text/javascript", body: script }));
      });
    },
  });
  return opened;
}
const scripts: string[] = [];
const told = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { told?: Told }).told ?? {});

describe("inside WeChat, where the service is set up for it", () => {
  it("signs the page and gives a share its card", async ({ expect }) => {
    const made = await make(service, {
      url: "https://lives.jd.com/#/48378944",
      title: "京东数码专场",
      host: "李主播",
    });
    scripts.length = 0;
    const { page, context, elsewhere, errors } = await openInWechat(made.link.slug, jweixin);
    const said = await eventually(
      () => told(page),
      ({ timeline }) => timeline !== undefined,
    );
    const shortUrl = `${service.url}/${made.link.slug}`;
    const imgUrl = `${service.url}/assets/moongate.png`;
    expect(said.message).toEqual({
      title: "京东数码专场",
      desc: "直播中 · 李主播 · 京东",
      link: shortUrl,
      imgUrl,
    });
    expect(said.timeline).toEqual({ title: "京东数码专场", link: shortUrl, imgUrl });
    expect(said.config).toMatchObject({
      debug: false,
      appId,
      jsApiList: ["updateAppMessageShareData", "updateTimelineShareData"],
      openTagList: ["wx-open-launch-weapp"],
    });
    expect(String(said.config?.signature)).toMatch(/^[0-9a-f]{40}$/);
    expect(scripts).toEqual(["https://res.wx.qq.com/open/js/jweixin-1.6.0.js"]);
    expect(elsewhere).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });

  async function miniProgram(): Promise<Made> {
    const { body } = await service.api("POST", "/api/streams", {
      title: "视频号直播",
      destinations: [
        {
          platform: "wechat",
          miniProgram: { appId: "wxfedcba9876543210", path: "pages/live", query: 'id=7&x="<1>' },
        },
      ],
    });
    const { id } = body as { id: string };
    const links = await service.api("POST", `/api/streams/${id}/links`, {});
    const [link] = (links.body as { data: { slug: string }[] }).data;
    if (!link) throw new Error("no link");
    return { link, stream: { id } };
  }

  it("launches a mini program by the opening tag, and counts the launch", async ({ expect }) => {
    const made = await miniProgram();
    const { page, context } = await openInWechat(made.link.slug, jweixin);
    const tag = page.locator("wx-open-launch-weapp");
    await tag.waitFor({ state: "attached" });
    expect(await tag.getAttribute("appid")).toBe("wxfedcba9876543210");
    expect(await tag.getAttribute("path")).toBe('pages/live.html?id=7&x="<1>');
    expect(await page.locator(".tag").isVisible()).toBe(true);
    await tag.dispatchEvent("launch");
    const { totals, by } = await eventually(
      () => statsOf(service, made),
      (stats) => stats.totals.leaves === 1,
    );
    expect(totals).toMatchObject({ views: 1, clicks: 1, leaves: 1 });
    expect(by.method).toContainEqual({ key: "mini-program", views: 0, clicks: 1 });
    await tag.dispatchEvent("error");
    expect(await page.locator(".tag").isVisible()).toBe(false);
    await context.close();
  });

  it("shares the card of the view that is shown, after a switch without a reload", async ({
    expect,
  }) => {
    const made = await make(service, {
      url: "https://lives.jd.com/#/48378944",
      title: "京东数码专场",
      startsAt: "2036-11-20T20:00:00+08:00",
    });
    const { page, context } = await openInWechat(made.link.slug, jweixin);
    const cardThat = (begins: string) =>
      eventually(
        async () => (await told(page)).message?.desc ?? "",
        (description) => description.startsWith(begins),
      );
    await cardThat("即将开播");
    await hide(page);
    await service.api("PATCH", `/api/streams/${made.stream.id}`, { phase: "live" });
    await page.evaluate(() => {
      const { now } = Date;
      Date.now = () => now() + 60_000;
    });
    await show(page);
    expect(await cardThat("直播中")).toBe("直播中 · 京东");
    await context.close();
  });

  it("is the same page as ever when WeChat's script does not come", async () => {
    const made = await make(service, { url: "https://lives.jd.com/#/48378944" });
    const { page, context } = await openInWechat(made.link.slug, null);
    await page.getByRole("link", { name: "打开京东观看" }).click();
    await page.waitForURL("https://lives.jd.com/**");
    await context.close();
  });

  it("loads it nowhere else, under the strict policy", async ({ expect }) => {
    const made = await make(service, { url: "https://lives.jd.com/#/48378944" });
    scripts.length = 0;
    for (const agent of ["weiboIos", "safariIos", "wechatMini"] as const) {
      const { page, context } = await openInWechat(made.link.slug, jweixin, agents[agent]);
      expect(await page.locator("script").count()).toBe(3);
      await context.close();
      const answer = await fetch(`${service.url}/${made.link.slug}`, {
        headers: { "User-Agent": agents[agent] },
      });
      expect(answer.headers.get("Content-Security-Policy")).not.toContain("qq.com");
    }
    expect(scripts).toEqual([]);
  });
});
