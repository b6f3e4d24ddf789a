/** @module The viewer's page as the console makes it: its brand, the label of advertisements, and the page itself in a frame. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { launchBrowser } from "./browser.ts";
import { signedIn, type Visit } from "./console.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const folder = dataFolder();
let service: Service;
let browser: Browser;
let visit: Visit;
let page: Page;
let stream: string;
let slugs: string[];

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(folder.path), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  folder.remove();
});

interface Told {
  id: string;
  slug: string;
  adLabel: boolean | null;
  [field: string]: unknown;
}
const call = async (method: string, path: string, body?: unknown) =>
  (await service.api(method, path, body)).body as Told & { data: Told[] };
const labels = async () => {
  const { data } = await call("GET", `/api/links?streamId=${stream}`);
  return new Map(data.map(({ slug, adLabel }) => [slug, adLabel]));
};
const at = (tab: string) => page.goto(`${service.url}/console/streams/${stream}/${tab}`);
const seen = async (slug = "") =>
  (await fetch(`${service.url}/${slug}`, { headers: { "User-Agent": agents.wechatIos } })).text();

beforeEach(async () => {
  stream = (
    await call("POST", "/api/streams", {
      title: "花市",
      landing: "always",
      destinations: [{ url }],
    })
  ).id;
  const made = await call("POST", `/api/streams/${stream}/links`, [
    { creator: { id: "lin", name: "林" } },
    { creator: { id: "chen", name: "陈" } },
    { creator: { id: "wang", name: "王", tier: "staff" } },
  ]);
  slugs = made.data.map(({ slug }) => slug);
  // Their tier came later, as that of links from before: nobody decided on them.
  for (const slug of slugs.slice(0, 2)) {
    await call("PATCH", `/api/links/${slug}`, { creator: { id: slug, name: "达人", tier: "KOL" } });
  }
  visit = await signedIn(browser, service);
  page = visit.page;
  return async () => {
    await visit.close();
  };
});

describe("the label of an advertisement", () => {
  it("is asked about once, for those that need one, and stays each link's own", async ({
    expect,
  }) => {
    const [first = "", second = "", staff = ""] = slugs;
    await at("links");
    await page.getByText("这场有 2 个达人").waitFor();
    expect(await labels()).toEqual(
      new Map([
        [first, null],
        [second, null],
        [staff, null],
      ]),
    );
    await page.getByRole("button", { name: "全部标注" }).click();
    await page.getByText("已处理 2 个短链接").waitFor();
    await eventually(
      () => page.getByText("这场有 2 个达人").count(),
      (count) => count === 0,
    );
    await page.reload();
    await page.locator(".badge.ad").first().waitFor();
    expect(await page.locator(".badge.ad").count()).toBe(2);
    expect(await page.getByRole("button", { name: "全部标注" }).count()).toBe(0);
    expect(await seen(first)).toContain('<span class="ad">广告</span>');
    await page.getByRole("button", { name: `编辑 ${second}` }).click();
    await page.getByLabel("广告标识").selectOption("false");
    await eventually(labels, (now) => now.get(second) === false);
    expect(await labels()).toEqual(
      new Map([
        [first, true],
        [second, false],
        [staff, null],
      ]),
    );
    await page.keyboard.press("Escape");
    await page.getByLabel(`全选`).check();
    await page.getByLabel("要改的项").selectOption("adLabel");
    await page.getByLabel("改成").selectOption("true");
    await page.getByRole("button", { name: "应用到 3 个" }).click();
    await eventually(labels, (now) => [...now.values()].every((one) => one === true));
    expect(visit.errors).toEqual([]);
  });
});

describe("a stream's brand", () => {
  it("is typed field by field, its logo made small, and is on the viewer's page", async ({
    expect,
  }) => {
    await at("details");
    await page.getByLabel("品牌名称").fill("云上花店");
    await page.getByLabel("主按钮颜色", { exact: true }).fill("绿");
    await page.getByLabel("运营主体", { exact: true }).fill("杭州云上花店有限公司");
    await page.getByText("应为 #c93a26 这样的颜色。").waitFor();
    await page.getByLabel("主按钮颜色", { exact: true }).fill("#0a7d4f");
    await page.getByLabel("备案号").fill("浙ICP备12345678号-1");
    await page.keyboard.press("Tab");
    // A picture of some 600 KB, drawn here.
    const drawn = await page.evaluate(() => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [600, 300];
      const context = canvas.getContext("2d");
      const data = context?.createImageData(600, 300);
      if (!context || !data) return "";
      for (let index = 0; index < data.data.length; index += 1)
        data.data[index] = index % 4 === 3 ? 255 : (index * 2_654_435_761) % 251;
      context.putImageData(data, 0, 0);
      return canvas.toDataURL("image/png").split(",")[1] ?? "";
    });
    const input = page.locator('input[accept="image/png,image/jpeg,image/webp"]');
    await input.setInputFiles({
      name: "logo.png",
      mimeType: "image/png",
      buffer: Buffer.from(drawn, "base64"),
    });
    const now = await eventually(
      () => call("GET", `/api/streams/${stream}`),
      ({ brandLogo, filingNumber }) => brandLogo !== null && filingNumber !== null,
    );
    expect(now).toMatchObject({
      ...{ brandName: "云上花店", brandColor: "#0a7d4f" },
      ...{ operatorName: "杭州云上花店有限公司", filingNumber: "浙ICP备12345678号-1" },
    });
    expect(String(now.brandLogo).length).toBeLessThanOrEqual(8_192);
    const text = await seen(slugs[0]);
    expect(text).toContain(`${now.brandLogo}" alt="云上花店"`);
    expect(text).toContain(":root{--brand:#0a7d4f;--on:#fff}");
    await input.setInputFiles({
      name: "not.png",
      mimeType: "image/png",
      buffer: Buffer.from("no picture"),
    });
    await page.getByText("这个文件不是能用的图片").waitFor();
    await page.getByRole("button", { name: "去掉标志" }).click();
    await eventually(
      () => call("GET", `/api/streams/${stream}`),
      ({ brandLogo }) => brandLogo === null,
    );
    expect(visit.errors).toEqual([]);
  });
});

describe("previewing as a visitor", () => {
  it("shows the page itself, for every app and system, and counts nothing", async ({ expect }) => {
    await call("PATCH", `/api/streams/${stream}`, { brandName: "云上花店", brandColor: "#0a7d4f" });
    await call("PATCH", `/api/links/${slugs[0]}`, { adLabel: true });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await at("control");
    await page.getByLabel("短链接", { exact: true }).selectOption(slugs[0] ?? "");
    const shown = page.frameLocator(".phone-page");
    await shown.locator(".ad").getByText("广告").waitFor();
    await shown.locator(".brand").getByText("云上花店").waitFor();
    expect(await shown.locator(".go, .way").first().isVisible()).toBe(true);
    for (const way of await shown.locator("a.go, a.way").all()) {
      await way.click({ noWaitAfter: true });
    }
    await page.getByRole("button", { name: "任选 App 和系统" }).click();
    for (const app of ["xiaohongshu", "alipay", "kuaishou"]) {
      await page.getByLabel("App", { exact: true }).selectOption(app);
      await page.getByLabel("系统").selectOption("android");
      await page.locator(`.phone-page[src*="app=${app}&os=android"]`).waitFor();
      await shown.locator("h1").getByText("花市").waitFor();
    }
    await page.waitForTimeout(1_500);
    expect(asked.filter((path) => !/^\/(?:api\/|console\/|healthz$)/.test(path))).toEqual([]);
    const { totals } = (await call("GET", `/api/streams/${stream}/stats`)) as unknown as {
      totals: Record<string, number>;
    };
    expect([totals.views, totals.clicks, totals.rendered]).toEqual([0, 0, 0]);
    expect(visit.errors).toEqual([]);
  });
});
