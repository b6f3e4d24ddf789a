/** @module Settlement sheets in the console: looked at, closed, printed, voided; the next one has what came after. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { signedIn } from "./console.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";
import { findingsOf } from "./visit.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const folder = dataFolder();
let service: Service;
let browser: Browser;
let creator: string;
let slug: string;
let promoters = 0;

beforeAll(async () => {
  const env = { BRAND_NAME: "月门家居", OPERATOR_NAME: "月门（杭州）科技有限公司" };
  [service, browser] = await Promise.all([startService(folder.path, env), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  folder.remove();
});

const order = (orderId: string, more: object = {}) => ({
  platform: "taobao",
  orderId,
  slug,
  status: "paid",
  amount: 100_000,
  paidAt: "2026-11-11T20:30:00+08:00",
  ...more,
});
const idOf = (number: number) => `6${creator.slice(-13)}${String(number).padStart(4, "0")}`;

beforeEach(async () => {
  creator = `li-${Date.now() + ++promoters}`;
  const made = await service.api("POST", "/api/links", {
    url,
    title: "双11专场",
    startsAt: "2026-11-11T20:00:00+08:00",
    creator: { id: creator, name: "李主播" },
  });
  slug = (made.body as { link: { slug: string } }).link.slug;
  await service.api("PUT", `/api/links/${slug}/costs`, { slotFee: 500_000, commissionRate: 1_000 });
  await service.api("POST", "/api/conversions", [
    order(idOf(1), { commission: 15_000, itemTitle: "猫粮 2kg", quantity: 3 }),
    order(idOf(2), { refundAmount: 40_000 }),
  ]);
});

async function preview(page: Page, [from, to]: [string, string]): Promise<void> {
  await page.goto(`${service.url}/console/settlements`);
  await page.getByLabel("推广者编号").fill(creator);
  await page.getByLabel("开始", { exact: true }).fill(from);
  await page.getByLabel("结束（含当天）").fill(to);
  await page.getByRole("button", { name: "预览" }).click();
  await page.getByRole("heading", { name: "李主播" }).waitFor();
}

const figure = (page: Page, name: string) =>
  page.locator(".report-figures > div", { hasText: name }).locator("dd").textContent();

async function close(page: Page): Promise<void> {
  page.once("dialog", (dialog) => void dialog.accept());
  await page.getByRole("button", { name: "结算", exact: true }).click();
  await page.getByRole("heading", { name: "推广结算单" }).waitFor();
}

describe("settlement sheets in the console", () => {
  it("are looked at, closed and printed; a refund after that is on the next one", async ({
    expect,
  }) => {
    const { page, errors, elsewhere, close: leave } = await signedIn(browser, service);
    await page.getByRole("link", { name: "结算", exact: true }).click();
    await page.getByRole("heading", { name: "结算", exact: true }).waitFor();
    await preview(page, ["2026-11-01", "2026-11-30"]);
    expect(await figure(page, "本期应结")).toBe("¥5,160.00");
    await page.getByText("2026-11-01 – 2026-11-30").first().waitFor();
    const csv = page.waitForEvent("download");
    await page.getByRole("link", { name: "下载 CSV" }).click();
    expect((await csv).suggestedFilename()).toBe("settlement-preview.csv");
    const before = await service.api("GET", `/api/settlements?creator=${creator}`);
    expect((before.body as { data: unknown[] }).data).toEqual([]);

    await close(page);
    expect(await figure(page, "退款扣回")).toBe("¥0.00");
    for (const said of [
      "月门家居",
      "月门（杭州）科技有限公司",
      `李主播（${creator}）`,
      "第 1 期",
      "人民币伍仟壹佰陆拾元整",
      "结算方（盖章）",
      "推广者（签字）",
      "双11专场",
      "猫粮 2kg × 3",
    ]) {
      expect(await page.locator("article").getByText(said).first().isVisible(), said).toBe(true);
    }
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("header.bar").isVisible()).toBe(false);
    expect(await page.getByRole("link", { name: "下载 CSV" }).isVisible()).toBe(false);
    expect(await page.getByText("作废这张结算单").isVisible()).toBe(false);
    expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(10_000);
    await page.emulateMedia({ media: "screen" });

    await service.api("POST", "/api/conversions", [
      order(idOf(1), { refundAmount: 100_000, updatedAt: "2026-12-03T10:00:00+08:00" }),
    ]);
    await preview(page, ["2026-12-01", "2026-12-31"]);
    expect(await figure(page, "退款扣回")).toBe("-¥100.00");
    await page.getByText("应结为负").waitFor();
    await close(page);
    await page.getByText("人民币（负）壹佰元整").waitFor();
    await page.getByRole("cell", { name: "前期变动" }).waitFor();
    expect([errors, elsewhere]).toEqual([[], []]);
    await leave();
  });

  it("are voided with a reason, which the sheet and the list then say", async ({ expect }) => {
    const { page, errors, close: leave } = await signedIn(browser, service);
    await preview(page, ["2026-11-01", "2026-11-30"]);
    await close(page);
    await page.getByText("作废这张结算单").click();
    await page.getByLabel("原因").fill("佣金率填错");
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "作废", exact: true }).click();
    await page.getByText("佣金率填错").waitFor();
    expect(await page.getByText("作废这张结算单").count()).toBe(0);
    await page.getByRole("link", { name: "结算", exact: true }).first().click();
    const row = page.getByRole("row", { name: /李主播 第 1 期/ }).first();
    await eventually(
      async () => (await row.textContent()) ?? "",
      (text) => text.includes("已作废"),
    );
    await page.goto(`${service.url}/console/audit?action=settlement.voided`);
    await page
      .getByRole("cell", { name: /佣金率填错/ })
      .first()
      .waitFor();
    expect(errors).toEqual([]);
    await leave();
  });

  it("warn of lines without a commission, and of those that are not payable yet", async ({
    expect,
  }) => {
    const { page, close: leave } = await signedIn(browser, service);
    await service.api("PUT", `/api/links/${slug}/costs`, {});
    await preview(page, ["2026-11-01", "2026-11-30"]);
    await page.getByText("1 行既没有约定佣金率").waitFor();
    expect(await figure(page, "本期应结")).toBe("¥150.00");
    await page.getByLabel("哪些订单可结").selectOption("settled");
    await page.getByRole("button", { name: "预览" }).click();
    await page.getByText("2 行还不可结").waitFor();
    expect(await figure(page, "本期应结")).toBe("¥0.00");
    await leave();
  });

  it("have no finding of axe, in both languages, light and dark, and fit from 320 px to 4K", async ({
    expect,
  }) => {
    const period = { from: "2026-11-01T00:00:00+08:00", to: "2026-12-01T00:00:00+08:00" };
    const made = await service.api("POST", "/api/settlements", { creator, ...period });
    const { id } = made.body as { id: string };
    for (const [language, theme] of [
      ["zh-CN", "light"],
      ["en", "dark"],
    ] as const) {
      const { page, errors, close: leave } = await signedIn(browser, service, { language, theme });
      for (const path of [
        "/console/settlements",
        `/console/settlements?creator=${creator}&from=2026-11-01&to=2026-11-30`,
        `/console/settlements/${id}`,
      ]) {
        await page.goto(service.url + path);
        await page.locator("h1, h2").first().waitFor();
        await page.waitForTimeout(500);
        const at = `${path} ${language}`;
        expect(await findingsOf(page), at).toEqual([]);
        for (const width of [3_840, 1_280, 320, 360]) {
          await page.setViewportSize({ width, height: width > 1_000 ? 1_000 : 740 });
          const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
          expect(await wide(), `${at} ${width}`).toBeLessThanOrEqual(width);
        }
        expect(await findingsOf(page), `${at} 360`).toEqual([]);
      }
      expect(errors).toEqual([]);
      await leave();
    }
  });

  it("say so where there is no such sheet, and show no way to close one without the scope", async ({
    expect,
  }) => {
    const key = await service.api("POST", "/api/keys", {
      name: "读",
      scopes: ["stats:read", "links:read"],
    });
    const reader = { url: service.url, key: (key.body as { secret: string }).secret };
    const { page, close: leave } = await signedIn(browser, reader);
    await page.goto(`${service.url}/console/settlements/set_none`);
    await page.getByText("没有这张结算单").waitFor();
    await preview(page, ["2026-11-01", "2026-11-30"]);
    expect(await page.getByRole("button", { name: "结算", exact: true }).count()).toBe(0);
    await leave();
  });
});
