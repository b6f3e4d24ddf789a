import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { launchBrowser } from "./browser.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const shareText = "5 666:/布偶猫舍的直播间太火爆了，快来看！https://m.tb.cn/h.fJErCBC?sm=b4d048";
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

interface Made {
  link: { slug: string };
  stream: { id: string };
}
type Totals = Record<"views" | "clicks" | "rendered" | "copies" | "leaves", number>;

async function make(fields: object): Promise<Made> {
  return (await service.api("POST", "/api/links", fields)).body as Made;
}

async function totalsOf({ stream }: Made): Promise<Totals> {
  const { body } = await service.api("GET", `/api/streams/${stream.id}/stats`);
  return (body as { totals: Totals }).totals;
}

/** A page that plays an app: every other host answers with an empty page, and is written down. */
async function visit(made: Made, userAgent: string, javaScriptEnabled = true) {
  const context = await browser.newContext({
    userAgent,
    javaScriptEnabled,
    viewport: { width: 375, height: 812 },
    locale: "zh-CN",
  });
  const elsewhere: string[] = [];
  const errors: string[] = [];
  await context.route(
    (url) => url.origin !== service.url,
    (route) => {
      elsewhere.push(route.request().url());
      return route.fulfill({ contentType: "text/html", body: "<title>the platform</title>" });
    },
  );
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`${service.url}/${made.link.slug}`);
  return { page, context, elsewhere, errors };
}

describe("the landing page in a real browser", () => {
  it("opened as WeChat on an iPhone and tapped: one view and one click", async ({ expect }) => {
    const made = await make({ text: shareText });
    const { page, context, elsewhere, errors } = await visit(made, agents.wechatIos);
    expect(await page.title()).toBe("布偶猫舍的直播间");
    expect(elsewhere).toEqual([]);
    await page.getByRole("link", { name: "打开淘宝观看" }).click();
    await page.waitForURL("https://m.tb.cn/**");
    expect(elsewhere).toEqual(["https://m.tb.cn/h.fJErCBC?sm=b4d048"]);
    const totals = await eventually(
      () => totalsOf(made),
      ({ clicks, rendered }) => clicks === 1 && rendered === 1,
    );
    expect(totals).toMatchObject({ views: 1, clicks: 1, rendered: 1 });
    expect(errors).toEqual([]);
    await context.close();
  });

  it("that is hidden right after a tap on a scheme was left for the app", async ({ expect }) => {
    const made = await make({ text: shareText });
    const { page, context } = await visit(made, agents.huaweiAndroid);
    const hide = () =>
      page.evaluate(() => {
        Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      });
    await hide();
    expect(await page.locator("a.go").getAttribute("href")).toMatch(/^tbopen:/);
    await page.locator("a.go").click({ noWaitAfter: true });
    await hide();
    await hide();
    const totals = await eventually(
      () => totalsOf(made),
      ({ leaves }) => leaves > 0,
    );
    expect(totals).toMatchObject({ clicks: 1, leaves: 1 });
    await context.close();
  });

  it("without script goes through /go, and counts the same", async ({ expect }) => {
    const made = await make({ text: shareText });
    const { page, context } = await visit(made, agents.wechatIos, false);
    // The target of a redirect is not routed, so only the request for it can be seen.
    const [request] = await Promise.all([
      page.waitForRequest("https://m.tb.cn/**"),
      page.getByRole("link", { name: "打开淘宝观看" }).click({ noWaitAfter: true }),
    ]);
    expect(request.url()).toBe("https://m.tb.cn/h.fJErCBC?sm=b4d048");
    const totals = await eventually(
      () => totalsOf(made),
      ({ clicks }) => clicks === 1,
    );
    expect(totals).toMatchObject({ views: 1, clicks: 1, rendered: 0 });
    await context.close();
  });

  it("copies the platform's share text, and counts it", async ({ expect }) => {
    const made = await make({ text: shareText });
    const { page, context } = await visit(made, agents.weiboIos);
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: service.url });
    await page.getByRole("button", { name: "复制口令" }).click();
    await page.getByRole("button", { name: "已复制，请打开 App 粘贴" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shareText);
    await eventually(
      () => totalsOf(made),
      ({ copies }) => copies === 1,
    );
    await context.close();
  });

  it("shows the text to copy by hand when the clipboard is refused", async ({ expect }) => {
    const made = await make({ text: shareText });
    const { page, context } = await visit(made, agents.weiboIos);
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.execCommand = () => false;
    });
    expect(await page.locator("#share-text").isVisible()).toBe(false);
    await page.getByRole("button", { name: "复制口令" }).click();
    await page.getByRole("button", { name: "请长按下面的文字复制" }).waitFor();
    expect(await page.locator("#share-text").isVisible()).toBe(true);
    expect((await totalsOf(made)).copies).toBe(0);
    await context.close();
  });

  it("fits a small phone without scrolling sideways", async ({ expect }) => {
    const made = await make({ text: shareText, title: "超长标题".repeat(40) });
    const { page, context } = await visit(made, agents.safariIos);
    await page.setViewportSize({ width: 320, height: 568 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      320,
    );
    await context.close();
  });
});
