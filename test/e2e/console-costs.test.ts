/** @module Costs typed in the console at a person's speed, over a network and a session that fail: none is lost. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { signedIn } from "./console.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const folder = dataFolder();
let service: Service;
let browser: Browser;
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
beforeEach(async () => {
  const made = await service.api("POST", "/api/streams", {
    title: "成本",
    destinations: [{ url }],
  });
  stream = (made.body as { id: string }).id;
  const names = ["陈大厨", "李主播", "王小美"];
  const links = await service.api(
    "POST",
    `/api/streams/${stream}/links`,
    names.map((name) => ({ creator: { id: name, name } })),
  );
  slugs = (links.body as { data: { slug: string }[] }).data.map(({ slug }) => slug);
});

const costsOf = async (slug = slugs[0]) =>
  (await service.api("GET", `/api/links/${slug}/costs`)).body as Record<string, number>;
const holds = (wanted: Record<string, number>, slug = slugs[0]) =>
  eventually(
    () => costsOf(slug),
    (costs) => JSON.stringify(costs) === JSON.stringify({ ...wanted, importedAdSpend: 0 }),
    10_000,
  );
const shows = (cell: Locator, wanted: string) =>
  eventually(
    () => cell.inputValue(),
    (value) => value === wanted,
  );
const sheet = async (page: Page): Promise<void> => {
  await page.goto(`${service.url}/console/streams/${stream}/sales`);
  await page.getByLabel("陈大厨 坑位费").waitFor();
};
const names = ["坑位费", "佣金率 %", "投放", "优惠券", "样品"];

describe("costs typed in the console", () => {
  it("are all stored, however fast one cell follows the other and however late the answers are", async ({
    expect,
  }) => {
    const visit = await signedIn(browser, service);
    const { page, asked } = visit;
    let pending = 0;
    await page.route("**/api/links/*/costs", async (route) => {
      pending += 1;
      const late = pending % 2 === 0 ? 50 : 400;
      await new Promise((done) => setTimeout(done, late));
      await route.continue();
    });
    await sheet(page);
    expect(asked.filter((one) => one.endsWith("/costs"))).toEqual([
      `GET /api/streams/${stream}/costs`,
    ]);
    for (const [index, name] of names.entries()) {
      await page.getByLabel(`陈大厨 ${name}`).fill(String(index + 1));
      await page.keyboard.press("Tab");
      await page.getByLabel(`李主播 ${name}`).fill(`${index + 11}`);
      await page.keyboard.press("Enter");
    }
    // The same cell again, before its answer is there.
    await page.getByLabel("陈大厨 坑位费").fill("5000元");
    await page.keyboard.press("Tab");
    await page.getByLabel("陈大厨 坑位费").fill("1.5万");
    await page.keyboard.press("Tab");
    await holds({
      slotFee: 1_500_000,
      commissionRate: 200,
      adSpend: 300,
      coupons: 400,
      samples: 500,
    });
    await holds(
      { slotFee: 1_100, commissionRate: 1_200, adSpend: 1_300, coupons: 1_400, samples: 1_500 },
      slugs[1],
    );
    expect(await page.getByLabel("陈大厨 坑位费").inputValue()).toBe("15000");
    expect(await page.getByLabel("李主播 样品").inputValue()).toBe("15");
    // The same in other words is no edit.
    const before = pending;
    await page.getByLabel("陈大厨 坑位费").fill("1.5万元");
    await page.keyboard.press("Tab");
    await shows(page.getByLabel("陈大厨 坑位费"), "15000");
    expect(pending).toBe(before);
    expect(visit.errors).toEqual([]);
    await visit.close();
  });

  it("are not undone by what somebody else stores of the same link meanwhile", async ({
    expect,
  }) => {
    const { page, close } = await signedIn(browser, service);
    await sheet(page);
    await service.api("PATCH", `/api/links/${slugs[0]}/costs`, { samples: 900 });
    await page.getByLabel("陈大厨 坑位费").fill("20");
    await page.keyboard.press("Enter");
    await holds({ samples: 900, slotFee: 2_000 });
    await shows(page.getByLabel("陈大厨 样品"), "9");
    await page.getByLabel("陈大厨 样品").fill("");
    await page.keyboard.press("Enter");
    await holds({ slotFee: 2_000 });
    expect(await page.getByLabel("陈大厨 坑位费").inputValue()).toBe("20");
    await close();
  });

  it("are no edit where a cell is only visited, whatever was stored there meanwhile", async ({
    expect,
  }) => {
    const { page, asked, close } = await signedIn(browser, service);
    await page.route("**/api/links/*/costs", async (route) => {
      await new Promise((done) => setTimeout(done, 600));
      await route.continue();
    });
    await sheet(page);
    await page.getByLabel("陈大厨 坑位费").fill("20");
    await page.keyboard.press("Enter");
    await page.getByLabel("陈大厨 样品").focus();
    await service.api("PATCH", `/api/links/${slugs[0]}/costs`, { samples: 900 });
    await holds({ samples: 900, slotFee: 2_000 });
    await page.waitForTimeout(300);
    await page.keyboard.press("Tab");
    await shows(page.getByLabel("陈大厨 样品"), "9");
    await page.waitForTimeout(800);
    expect(await costsOf()).toEqual({ samples: 900, slotFee: 2_000, importedAdSpend: 0 });
    expect(asked.filter((one) => one.startsWith("PATCH"))).toHaveLength(1);
    await close();
  });

  it("stay in their cell with the reason when they are wrong, until they are mended or undone", async ({
    expect,
  }) => {
    const { page, close } = await signedIn(browser, service);
    await sheet(page);
    const cell = page.getByLabel("陈大厨 佣金率 %", { exact: true });
    await cell.fill("120");
    await page.keyboard.press("Enter");
    await page.getByText("不是佣金率").waitFor();
    expect(await cell.inputValue()).toBe("120");
    expect(await cell.getAttribute("aria-invalid")).toBe("true");
    await page.getByRole("button", { name: "撤销 陈大厨 佣金率 %" }).click();
    await shows(cell, "");
    expect(await page.getByText("不是佣金率").count()).toBe(0);
    await cell.fill("20个点");
    await page.keyboard.press("Enter");
    await holds({ commissionRate: 2_000 });
    // The service itself refuses it: somebody has deleted the link.
    const fee = page.getByLabel("王小美 坑位费", { exact: true });
    await service.api("DELETE", `/api/links/${slugs[2]}`);
    await fee.fill("5000");
    await page.keyboard.press("Enter");
    await page.getByText("1 项修改没有被接受").waitFor();
    expect(await fee.inputValue()).toBe("5000");
    expect(await fee.getAttribute("aria-invalid")).toBe("true");
    await page.getByRole("button", { name: "撤销 王小美 坑位费" }).click();
    await shows(fee, "");
    expect(await page.getByText("没有被接受").count()).toBe(0);
    expect(await costsOf()).toEqual({ commissionRate: 2_000, importedAdSpend: 0 });
    await close();
  });

  it("that nothing answers to are told of, kept over other pages, and stored once something does", async ({
    expect,
  }) => {
    const { page, context, close } = await signedIn(browser, service);
    await sheet(page);
    await context.setOffline(true);
    await page.getByLabel("陈大厨 坑位费").fill("80");
    await page.keyboard.press("Tab");
    await page.getByLabel("李主播 投放").fill("1,200.5");
    await page.keyboard.press("Tab");
    await page.getByText("2 项修改还没有保存").waitFor();
    expect(await page.getByText("未保存", { exact: true }).count()).toBe(2);
    await page.getByRole("link", { name: "短链接", exact: true }).click();
    await page.getByText("2 项修改还没有保存").waitFor();
    const leaves = page.waitForEvent("dialog");
    void page.reload().catch(() => undefined);
    const dialog = await leaves;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    await context.setOffline(false);
    await holds({ slotFee: 8_000 });
    await holds({ adSpend: 120_050 }, slugs[1]);
    await eventually(
      () => page.getByText("还没有保存").count(),
      (count) => count === 0,
    );
    await close();
  });

  it("and what is done otherwise: a link is closed once something answers, an end is offered again", async ({
    expect,
  }) => {
    const { page, context, close } = await signedIn(browser, service);
    await page.goto(`${service.url}/console/streams/${stream}/links`);
    const row = page.getByRole("row", { name: /陈大厨/ });
    await row.waitFor();
    await context.setOffline(true);
    await row.getByRole("button", { name: /停用/ }).click();
    await row.getByText("未保存").waitFor();
    await page.getByText("1 项修改还没有保存").waitFor();
    await page.getByRole("link", { name: "播中操作" }).click();
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "立即结束" }).click();
    await page.getByText("没有完成：连接不上服务。").waitFor();
    await context.setOffline(false);
    await eventually(
      async () => (await service.api("GET", `/api/links/${slugs[0]}`)).body as object,
      (link) => "disabled" in link && link.disabled === true,
    );
    const ended = async () =>
      ((await service.api("GET", `/api/streams/${stream}`)).body as { endedAt: string }).endedAt;
    expect(await ended()).toBe(null);
    await page.getByRole("button", { name: "重试" }).click();
    await eventually(ended, (at) => at !== null);
    await close();
  });

  it("are kept while the session has ended, whose key is asked for over the page", async ({
    expect,
  }) => {
    const { page, context, close } = await signedIn(browser, service);
    await sheet(page);
    await page.getByLabel("王小美 样品").fill("33");
    await context.clearCookies();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "登录已过期，请再次输入密钥" });
    await dialog.waitFor();
    expect(await page.getByLabel("王小美 样品").inputValue()).toBe("33");
    await page.keyboard.press("Escape");
    await dialog.getByLabel("API 密钥").fill("wrong");
    await page.keyboard.press("Enter");
    await dialog.getByText("密钥不对").waitFor();
    await dialog.getByLabel("API 密钥").fill(service.key);
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await holds({ samples: 3_300 }, slugs[2]);
    expect(await page.getByLabel("王小美 样品").inputValue()).toBe("33");
    await close();
  });

  it("are given up by who signs out, who is asked first", async ({ expect }) => {
    const { page, context, close } = await signedIn(browser, service);
    await sheet(page);
    await context.setOffline(true);
    await page.getByLabel("陈大厨 坑位费").fill("70");
    await page.keyboard.press("Tab");
    await page.getByText("1 项修改还没有保存").waitFor();
    await page.route("**/api/links/*/costs", (route) => route.abort());
    await context.setOffline(false);
    page.once("dialog", (dialog) => void dialog.dismiss());
    await page.getByRole("button", { name: "退出登录" }).click();
    expect(await page.getByLabel("陈大厨 坑位费").inputValue()).toBe("70");
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "退出登录" }).click();
    await page.getByLabel("API 密钥").waitFor();
    await page.unroute("**/api/links/*/costs");
    await page.getByLabel("API 密钥").fill(service.key);
    await page.keyboard.press("Enter");
    await page.getByLabel("陈大厨 坑位费").waitFor();
    await page.waitForTimeout(2_500);
    expect(await costsOf()).toEqual({ importedAdSpend: 0 });
    await close();
  });

  it("are pasted as a block from a spreadsheet", async ({ expect }) => {
    const { page, close } = await signedIn(browser, service);
    await sheet(page);
    const links = await service.api("GET", `/api/links?streamId=${stream}`);
    const shown = (links.body as { data: { slug: string; creator: { name: string } }[] }).data;
    await page.evaluate(() =>
      navigator.clipboard.writeText("2,000\t15%\t\n3千\t\t100\r\n5\tx\t7\n1\t1\t1\n"),
    );
    await page.getByLabel(`${shown[0]?.creator.name} 坑位费`).focus();
    await page.keyboard.press("ControlOrMeta+V");
    await page.getByText("多 1 行").waitFor();
    await holds({ slotFee: 200_000, commissionRate: 1_500 }, shown[0]?.slug);
    await holds({ slotFee: 300_000, adSpend: 10_000 }, shown[1]?.slug);
    await holds({ slotFee: 500, adSpend: 700 }, shown[2]?.slug);
    const wrong = page.getByLabel(`${shown[2]?.creator.name} 佣金率 %`, { exact: true });
    expect(await wrong.inputValue()).toBe("x");
    expect(await wrong.getAttribute("aria-invalid")).toBe("true");
    await close();
  });
});
