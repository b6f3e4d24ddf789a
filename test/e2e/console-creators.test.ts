/** @module Promoters in the console: found, set field by field, added, erased; and what a link shows of them. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { signedIn } from "./console.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";
import { findingsOf } from "./visit.ts";

const folder = dataFolder();
let service: Service;
let browser: Browser;
let slug: string;
let streamId: string;

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(folder.path), launchBrowser()]);
  const made = await call<{ link: { slug: string }; stream: { id: string } }>(
    "POST",
    "/api/links",
    {
      url: "https://tbzb.taobao.com/live?liveId=532359023188",
      title: "周三场",
      startsAt: "2026-11-20T10:00:00Z",
      creator: { id: "kol-7", name: "陈大厨" },
    },
  );
  slug = made.link.slug;
  streamId = made.stream.id;
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  folder.remove();
});

const call = async <T>(method: string, path: string, body?: unknown) =>
  (await service.api(method, path, body)).body as T;
interface Creator {
  name: string | null;
  tier: string | null;
  ids: object;
}
const creatorNow = (id: string) => call<Creator>("GET", `/api/creators/${encodeURIComponent(id)}`);
const idsHave = (id: string, text: string) =>
  eventually(
    () => creatorNow(id),
    ({ ids }) => JSON.stringify(ids).includes(text),
    10_000,
  );

describe("promoters in the console", () => {
  it("are set field by field, from a link to its orders, and what is not saved waits", async ({
    expect,
  }) => {
    await call("POST", "/api/conversions", {
      ...{ platform: "douyin", orderId: "1", status: "paid", amount: 9_900 },
      ...{ paidAt: "2026-11-20T12:00:00Z", promotion: { douyin: { authorBuyinId: "77" } } },
    });
    const visit = await signedIn(browser, service);
    const { page } = visit;
    await page.goto(`${service.url}/console/streams/${streamId}/links`);
    await page.getByRole("button", { name: `编辑 ${slug}` }).click();
    await page.getByText(/^联盟标识/).click();
    await page.getByRole("link", { name: /统一设置/ }).click();
    await page.getByRole("heading", { level: 1, name: "推广者" }).waitFor();
    await page.getByRole("row", { name: /陈大厨.*未设置/ }).waitFor();
    await page.getByRole("button", { name: "编辑 陈大厨" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("姓名").fill("陈师傅");
    await dialog.getByLabel("层级").selectOption("KOL");
    await dialog.getByLabel("抖音 百应ID").fill("77");
    await dialog.getByLabel("微信 finder_id").fill("f-7");
    await page.keyboard.press("Tab");
    await idsHave("kol-7", "f-7");
    expect(await creatorNow("kol-7")).toMatchObject({
      ...{ name: "陈师傅", tier: "KOL" },
      ids: { douyin: { authorBuyinId: "77" }, wechat: { finderId: "f-7" } },
    });
    expect(visit.asked.filter((one) => one.startsWith("PATCH"))).not.toEqual([]);

    // What an alliance would not take says so by its field, and is taken back.
    await dialog.getByLabel("抖音 外部信息").fill("a-b");
    await page.keyboard.press("Tab");
    await dialog
      .getByText(/抖音只接受这些/)
      .first()
      .waitFor();
    await dialog.getByRole("button", { name: "撤销 抖音 外部信息" }).click();
    await visit.context.setOffline(true);
    await dialog.getByLabel("抖音 作者账号").fill("dy7");
    await page.keyboard.press("Tab");
    await dialog.getByText("未保存，连上后自动保存").first().waitFor();
    await visit.context.setOffline(false);
    await idsHave("kol-7", "dy7");
    await dialog.getByRole("button", { name: "关闭" }).click();
    await page.getByRole("row", { name: /陈师傅.*KOL.*抖音.*微信/ }).waitFor();

    const { data } = await call<{ data: { slug: string; attributedBy: string }[] }>(
      "GET",
      "/api/conversions",
    );
    expect(data).toMatchObject([{ slug, attributedBy: "promotion" }]);
    await page.goto(`${service.url}/console/streams/${streamId}/links`);
    await page.getByRole("button", { name: `编辑 ${slug}` }).click();
    await page.getByText(/^联盟标识/).click();
    await page.getByRole("listitem").filter({ hasText: "authorBuyinId 77" }).waitFor();
    expect(visit.errors.filter((error) => !/400|ERR_INTERNET/.test(error))).toEqual([]);
    await visit.close();
  });

  it("are added before any link names them, found, and erased when that is confirmed", async ({
    expect,
  }) => {
    const visit = await signedIn(browser, service);
    const { page } = visit;
    await page.goto(`${service.url}/console/promoters`);
    await page.getByLabel("推广者编号").fill("新人 / 1");
    await page.getByRole("button", { name: "添加推广者" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("小红书 博主ID").fill("xhs-secret");
    await page.keyboard.press("Tab");
    await idsHave("新人 / 1", "xhs-secret");
    // One who is there is opened, and keeps what is set.
    await dialog.getByRole("button", { name: "关闭" }).click();
    await page.getByLabel("推广者编号").fill("新人 / 1");
    await page.getByRole("button", { name: "添加推广者" }).click();
    expect(await dialog.getByLabel("小红书 博主ID").inputValue()).toBe("xhs-secret");
    await dialog.getByRole("button", { name: "关闭" }).click();
    await page.getByLabel("按编号或姓名查找").fill("新人");
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /新人/ }).waitFor();
    expect(await page.getByRole("row").count()).toBe(2);
    expect(new URL(page.url()).searchParams.get("q")).toBe("新人");
    const answers = ["dismiss", "accept"] as const;
    for (const answer of answers) {
      page.once("dialog", (asked) => void asked[answer]());
      await page.getByRole("button", { name: /编辑 新人/ }).click();
      await dialog.getByRole("button", { name: "删除并清除标识" }).click();
      if (answer === "dismiss") await dialog.getByRole("button", { name: "关闭" }).click();
    }
    await page.getByText("没有符合的推广者").waitFor();
    expect(
      (await service.api("GET", `/api/creators/${encodeURIComponent("新人 / 1")}`)).status,
    ).toBe(404);
    await page.goto(`${service.url}/console/audit`);
    await page.getByTitle("creator.deleted").waitFor();
    expect(await page.locator("table").innerText()).toContain("xiaohongshu.kolUserId");
    expect(await page.content()).not.toContain("xhs-secret");
    expect(visit.errors.filter((error) => !error.includes("404"))).toEqual([]);
    await visit.close();
  });

  it("are read by who may not write, and have no finding of axe on a phone, in both languages", async ({
    expect,
  }) => {
    await call("PUT", "/api/creators/kol-8", { name: "Long name ".repeat(9), ids: {} });
    for (const [language, theme] of [
      ["zh-CN", "dark"],
      ["en", "light"],
    ] as const) {
      const visit = await signedIn(browser, service, { language, theme, width: 360, height: 740 });
      const { page } = visit;
      await page.goto(`${service.url}/console/promoters`);
      await page.getByRole("row").nth(1).waitFor();
      expect(await findingsOf(page), language).toEqual([]);
      await page.getByRole("row").getByRole("button").last().click();
      await page.getByRole("dialog").waitFor();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: /全部联盟|all alliances/ })
        .click();
      expect(await findingsOf(page), language).toEqual([]);
      for (const width of [320, 360, 1_280]) {
        await page.setViewportSize({ width, height: 740 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, `${language} ${width}`).toBeLessThanOrEqual(width);
      }
      expect(visit.errors).toEqual([]);
      await visit.close();
    }
    const { secret } = await call<{ secret: string }>("POST", "/api/keys", {
      name: "reader",
      scopes: ["links:read"],
    });
    const reader = await signedIn(browser, { ...service, key: secret });
    await reader.page.goto(`${service.url}/console/promoters`);
    await reader.page.getByRole("row").getByRole("button").first().click();
    expect(await reader.page.getByRole("dialog").getByLabel("姓名").isDisabled()).toBe(true);
    expect(await reader.page.getByRole("button", { name: "删除并清除标识" }).count()).toBe(0);
    expect(await reader.page.getByRole("button", { name: "添加推广者" }).count()).toBe(0);
    await reader.close();
  }, 60_000);
});
