import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { launchBrowser } from "./browser.ts";
import { signedIn, visitConsole } from "./console.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";
import { findingsOf } from "./visit.ts";

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
async function make(fields: object = {}): Promise<Made> {
  return (await service.api("POST", "/api/links", { text: shareText, ...fields })).body as Made;
}
const open = (slug: string, userAgent: string = agents.taobaoIos) =>
  fetch(`${service.url}/${slug}`, { headers: { "User-Agent": userAgent }, redirect: "manual" });

describe("signing in", () => {
  it("says that a key is wrong, keeps none in the browser, and signs out", async ({ expect }) => {
    for (const origin of [service.url, service.url.replace("127.0.0.1", "localhost")]) {
      const { page, context, elsewhere, close } = await visitConsole(browser, service, { origin });
      await page.getByLabel("API 密钥").fill("mg_wrong");
      await page.getByRole("button", { name: "登录" }).click();
      await page.getByText("密钥不对，请检查是否完整。").waitFor();
      await page.getByLabel("API 密钥").fill(service.key);
      await page.getByLabel("API 密钥").press("Enter");
      await page.getByRole("heading", { name: "直播", exact: true }).waitFor();
      const kept = await page.evaluate(
        () => JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie,
      );
      expect(kept).not.toContain(service.key);
      expect(kept).not.toContain("moongate=");
      // Over plain http to this machine, where Safari takes no Secure cookie.
      const [cookie] = await context.cookies();
      expect(cookie).toMatchObject({
        name: "moongate",
        httpOnly: true,
        secure: false,
        sameSite: "Strict",
      });
      await page.reload();
      await page.getByRole("button", { name: "退出登录" }).click();
      await page.getByLabel("API 密钥").waitFor();
      expect(await context.cookies()).toEqual([]);
      expect(elsewhere).toEqual([]);
      await close();
    }
  });

  it("says so when the browser does not keep the cookie, in both languages", async ({ expect }) => {
    for (const [language, label, button, said] of [
      ["zh-CN", "API 密钥", "登录", "浏览器没有保存登录信息"],
      ["en", "API key", "Sign in", "the browser did not keep the sign-in"],
    ] as const) {
      // Plain http to a name that no browser takes for its own machine: no Secure cookie is kept.
      const origin = service.url.replace("127.0.0.1", "0.0.0.0");
      const { page, context, close } = await visitConsole(browser, service, { language, origin });
      await page.getByLabel(label).fill(service.key);
      await page.getByRole("button", { name: button }).click();
      await page.getByText(said).waitFor();
      await page.getByRole("button", { name: button, disabled: false }).waitFor();
      expect(await context.cookies()).toEqual([]);
      await close();
    }
  });

  it("comes back to signing in when the session has ended elsewhere", async ({ expect }) => {
    const { page, context, close } = await signedIn(browser, service);
    const cookies = await context.cookies();
    await fetch(`${service.url}/console/session`, {
      method: "DELETE",
      headers: {
        Origin: service.url,
        Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
      },
    });
    await page.waitForTimeout(1_100);
    await page.getByRole("button", { name: "直播中" }).click();
    await page.getByLabel("API 密钥").waitFor();
    expect(page.url()).toContain("/console/");
    await close();
  });
});

describe("from a pasted text to links in the clipboard", () => {
  it("shows what was understood, creates, refuses rows by name, and copies", async ({ expect }) => {
    const { page, errors, elsewhere, close } = await signedIn(browser, service);
    await page
      .getByRole("link", { name: /新建直播|创建第一个短链接/ })
      .first()
      .click();
    await page.getByLabel("粘贴直播间链接或分享口令").fill("https://evil.example/x");
    await page.getByText("不属于已支持的平台").waitFor();
    await page.getByLabel("粘贴直播间链接或分享口令").fill(shareText);
    await page.getByRole("heading", { name: "识别结果" }).waitFor();
    expect(await page.getByLabel("标题").inputValue()).toBe("布偶猫舍的直播间");
    expect(await page.getByLabel("主播").inputValue()).toBe("布偶猫舍");
    await page.getByLabel(/再粘贴一个平台/).fill("https://lives.jd.com/#/48378944");
    await page.getByText("京东", { exact: true }).waitFor();
    await page.getByLabel("标题").fill("控制台的直播");
    await page.getByRole("button", { name: /^创建直播/ }).click();

    await page.getByRole("heading", { name: "添加推广者" }).waitFor();
    const rows = page.getByRole("textbox");
    await rows.fill("李主播\t微信群\tli-console\n王小美\t小红书\tapi\n社群一组\t钉钉群");
    await page.getByText("这个后缀是保留词").waitFor();
    expect(await page.getByRole("button", { name: "创建 3 个短链接" }).isDisabled()).toBe(true);
    await rows.fill("李主播\t微信群\tli-console\n王小美\t小红书\n社群一组\t钉钉群");
    await page.getByRole("button", { name: "创建 3 个短链接" }).click();

    await page.getByRole("button", { name: "复制短链接 li-console" }).click();
    await page.getByText("已复制").waitFor();
    const one = await page.evaluate(() => navigator.clipboard.readText());
    expect(one).toBe(`${service.url}/li-console`);
    expect((await open("li-console")).headers.get("Location")).toContain("https://m.tb.cn/");
    await page.getByRole("button", { name: "复制全部为表格" }).click();
    await eventually(
      () => page.evaluate(() => navigator.clipboard.readText()),
      (text) => text.split("\n").length === 4 && text.includes("王小美\t小红书\thttp"),
    );
    await page.getByRole("button", { name: "li-console 的二维码与海报" }).click();
    await eventually(
      () =>
        page
          .locator('dialog img[src^="/li-console/qr.png"]')
          .evaluate((image) => (image as HTMLImageElement).naturalWidth),
      (width) => width > 0,
    );
    await page.keyboard.press("Escape");

    // A slug that somebody took is said at its row.
    await page.getByRole("button", { name: "添加推广者" }).click();
    await page.getByRole("textbox").first().fill("张三\t微博\tli-console");
    await page.getByRole("button", { name: "创建 1 个短链接" }).click();
    await page.getByText("这个后缀已被使用").waitFor();
    expect(elsewhere).toEqual([]);
    expect(errors.filter((text) => !/status of (?:422|409|404)/.test(text))).toEqual([]);
    await close();
  });
});

describe("the live board", () => {
  it("moves while the links are opened, by promoter and in the chart's table", async ({
    expect,
  }) => {
    const { link, stream } = await make({
      creator: { id: "li", name: "李主播" },
      channel: "wechat-group",
    });
    const { page, errors, elsewhere, close } = await signedIn(browser, service);
    await page.goto(`${service.url}/console/streams/${stream.id}`);
    await page.getByText("还没有数据").waitFor();
    for (let count = 0; count < 3; count += 1) await open(link.slug);
    const views = page.locator('[data-tile="views"] .tile-value');
    await eventually(
      () => views.textContent(),
      (text) => text === "3",
    );
    await Promise.all(Array.from({ length: 4 }, () => open(link.slug)));
    await eventually(
      () => views.textContent(),
      (text) => text === "7",
    );
    expect(await page.locator('[data-tile="clicks"] .tile-value').textContent()).toBe("7");
    expect(await page.locator('[data-tile="clickThrough"] .tile-value').textContent()).toBe(
      "100.0%",
    );
    await page.locator(".chart-canvas canvas").waitFor();
    const row = page.getByRole("row", { name: /李主播/ });
    expect(await row.textContent()).toContain("7");
    await page.getByText("数据表").click();
    // The opens may have fallen into two minutes.
    const cells = page.getByRole("table", { name: "每分钟走势" }).locator("tbody td:nth-child(2)");
    const counted = (await cells.allTextContents()).map(Number);
    expect(counted.reduce((sum, views) => sum + views, 0)).toBe(7);
    expect(errors).toEqual([]);
    expect(elsewhere).toEqual([]);
    await close();
  });

  it("asks by the tag, and not at all while the tab is hidden", async ({ expect }) => {
    const { link, stream } = await make();
    await open(link.slug);
    const { page, asked, close } = await signedIn(browser, service);
    const statuses: number[] = [];
    page.on("response", (response) => {
      if (response.url().includes(`${stream.id}/stats`)) statuses.push(response.status());
    });
    await page.goto(`${service.url}/console/streams/${stream.id}`);
    await eventually(
      async () => statuses,
      (all) => all.includes(200) && all.includes(304),
      9_000,
    );
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await page.waitForTimeout(500);
    asked.length = 0;
    await page.waitForTimeout(5_000);
    expect(asked).toEqual([]);
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: false, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await eventually(
      async () => asked.length,
      (count) => count > 0,
    );
    await close();
  });

  it("compares with an earlier stream, and says so when nothing answers any more", async ({
    expect,
  }) => {
    const [ours, theirs] = [await make(), await make({ title: "上一场" })];
    await Promise.all(Array.from({ length: 6 }, () => open(ours.link.slug)));
    await Promise.all(Array.from({ length: 4 }, () => open(theirs.link.slug)));
    const { page, close } = await signedIn(browser, service);
    await page.goto(`${service.url}/console/streams/${ours.stream.id}`);
    await page.getByLabel("对比场次").selectOption(theirs.stream.id);
    const tile = page.locator('[data-tile="views"]');
    await eventually(
      async () => (await tile.textContent()) ?? "",
      (text) => text.includes("▲") && text.includes("50.0%") && text.includes("较对比场同期"),
    );
    await page.route("**/api/**", (route) => route.abort());
    await page.getByText(/数据已停止更新/).waitFor({ timeout: 12_000 });
    expect(await tile.locator(".tile-value").textContent()).toBe("6");
    await close();
  });
});

describe("acting during the broadcast", () => {
  it("changes the destination: the preview shows it, and the redirect follows", async ({
    expect,
  }) => {
    const { link, stream } = await make();
    const { page, errors, close } = await signedIn(browser, service);
    await page.goto(`${service.url}/console/streams/${stream.id}/control`);
    const phone = page.locator(".phone");
    const shown = page.frameLocator(".phone-page");
    await shown.getByText("打开淘宝观看").waitFor();
    await page.getByRole("button", { name: "淘宝 App" }).click();
    await page.locator('.phone[data-action="redirect"]').waitFor();
    const url = "https://tbzb.taobao.com/live?liveId=532359023188";
    await page.getByLabel(/^粘贴新的链接/).fill(url);
    await page.getByRole("button", { name: "保存去向" }).click();
    await page.getByText("已保存").waitFor();
    await phone.getByText(url).waitFor();
    await eventually(
      async () => (await open(link.slug)).headers.get("Location"),
      (location) => location === url,
    );
    expect(errors).toEqual([]);
    await close();
  });

  it("ends by hand, starts again, and disables a link", async ({ expect }) => {
    const { link, stream } = await make();
    const { page, errors, close } = await signedIn(browser, service);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.goto(`${service.url}/console/streams/${stream.id}/control`);
    await page.getByRole("button", { name: "立即结束" }).click();
    await page.frameLocator(".phone-page").getByText("直播已结束").waitFor();
    await eventually(
      async () => (await open(link.slug)).status,
      (status) => status === 200,
    );
    await page.getByRole("button", { name: "立即开播" }).click();
    await page.getByText("手动设定").waitFor();
    await eventually(
      async () => (await open(link.slug)).status,
      (status) => status === 302,
    );
    await page.getByRole("link", { name: "短链接", exact: true }).click();
    await page.getByRole("button", { name: /^停用/ }).click();
    await page.getByText("已停用").waitFor();
    await eventually(
      async () => (await open(link.slug)).status,
      (status) => status === 410,
    );
    expect(errors).toEqual([]);
    await close();
  });
});

describe("orders and costs", () => {
  const head =
    "订单编号,子订单编号,付款时间,创建时间,订单状态,付款金额,佣金金额,推广位ID,渠道关系ID";

  it("tries a file first, lists its refused rows, imports, and tells the return on spend", async ({
    expect,
  }) => {
    const relationId = "2400000123";
    const { stream } = await make({
      creator: { id: "chen", name: "陈大厨" },
      promotion: { taobao: { relationId } },
    });
    const file = `${head}\n410000000000000001,1,2026-11-20 20:00:00,,订单付款,200.00,10.00,5,${relationId}\n9.9E+17,2,2026-11-20 20:01:00,,已收货,1,-,5,1\n410000000000000002,1,2026-11-20 20:02:00,,订单付款,300.00,15.00,5,${relationId}\n`;
    const { page, errors, close } = await signedIn(browser, service);
    await page.goto(`${service.url}/console/streams/${stream.id}/sales`);
    await page.getByText("还没有订单").waitFor();
    await page
      .locator('input[type="file"]')
      .setInputFiles({ name: "orders.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
    await page.getByText("试算结果（未写入）").waitFor();
    await page.getByRole("heading", { name: "被拒绝的 1 行" }).waitFor();
    const refused = page.getByRole("group", { name: "被拒绝的 1 行" }).getByRole("row").last();
    expect(await refused.textContent()).toMatch(/^3.+科学计数/);
    const sold = async () =>
      ((await service.api("GET", `/api/streams/${stream.id}/stats`)).body as Orders).totals.orders;
    expect(await sold()).toBe(0);
    await page.getByRole("button", { name: "导入 2 行" }).click();
    await page.getByRole("heading", { name: "导入完成" }).waitFor();
    await eventually(sold, (orders) => orders === 2);

    const cell = page.getByLabel("陈大厨 坑位费");
    await cell.fill("100");
    await cell.press("Enter");
    const row = page
      .getByRole("region", { name: "ROAS" })
      .last()
      .getByRole("row", { name: /陈大厨/ });
    await eventually(
      async () => (await row.textContent()) ?? "",
      (text) => text.includes("¥500") && text.includes("¥125") && text.includes("4.00"),
    );
    await page.goto(`${service.url}/console/streams/${stream.id}`);
    await eventually(
      () => page.locator('[data-tile="netGmv"] .tile-value').textContent(),
      (text) => text === "¥500",
    );
    await eventually(
      () => page.locator('[data-tile="roas"] .tile-value').textContent(),
      (text) => text === "4.00",
    );
    expect(errors).toEqual([]);
    await close();
  });
});
interface Orders {
  totals: { orders: number };
}

describe("the report on paper", () => {
  it("leaves out the frame, and keeps title, figures and promoters", async ({ expect }) => {
    const { link, stream } = await make({ title: "打印的战报", creator: { id: "周周" } });
    await open(link.slug);
    const { page, errors, close } = await signedIn(browser, service, { theme: "dark" });
    const others = Array.from({ length: 13 }, (_, index) => ({
      creator: { id: `另${index}` },
      channel: index % 2 ? "wechat-group" : "jd-shop",
    }));
    await service.api("POST", `/api/streams/${stream.id}/links`, others);
    await page.goto(`${service.url}/console/streams/${stream.id}/report`);
    await page.getByRole("row", { name: /周周/ }).waitFor();
    await page.getByRole("table").getByText("电商", { exact: true }).waitFor();
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    // On paper all of them stand, not the first ten.
    const promoters = page.getByRole("region", { name: "推广者" }).locator("tbody tr");
    await eventually(
      () => promoters.count(),
      (count) => count === 14,
    );
    expect(await page.locator("header.bar").isVisible()).toBe(false);
    expect(await page.locator(".tabs").isVisible()).toBe(false);
    expect(await page.getByRole("button", { name: /打印/ }).isVisible()).toBe(false);
    expect(await page.locator(".report-title").textContent()).toBe("打印的战报");
    expect(await page.getByRole("row", { name: /周周/ }).isVisible()).toBe(true);
    const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(colour).toBe("rgb(255, 255, 255)");
    expect((await page.pdf({ format: "A4" })).length).toBeGreaterThan(10_000);
    expect(errors).toEqual([]);
    await close();
  });
});

describe("for everybody", () => {
  it("every page, in both languages, light and dark, has no finding and no error, and fits from 320 px to 4K", async ({
    expect,
  }) => {
    const { link, stream } = await make({ title: "无障碍", creator: { id: "a", name: "小满" } });
    for (const agent of [agents.taobaoIos, agents.wechatIos, agents.huaweiAndroid]) {
      await open(link.slug, agent);
    }
    const pages = [
      "/console/",
      "/console/new",
      "/console/totals",
      "/console/promoters",
      `/console/streams/${stream.id}`,
      `/console/streams/${stream.id}/links`,
      `/console/streams/${stream.id}/control`,
      `/console/streams/${stream.id}/sales`,
      `/console/streams/${stream.id}/report`,
      `/console/streams/${stream.id}/details`,
      `/console/streams/${stream.id}/wall`,
      "/console/orders",
      "/console/connections",
      "/console/notifiers",
      "/console/keys",
      "/console/audit",
      "/console/settings",
      "/console/none",
    ];
    for (const [language, theme] of [
      ["zh-CN", "light"],
      ["en", "dark"],
    ] as const) {
      const visit = await signedIn(browser, service, { language, theme, width: 360, height: 740 });
      const { page } = visit;
      for (const path of pages) {
        await page.goto(service.url + path);
        await page.locator("h1, h2").first().waitFor();
        await page.waitForTimeout(700);
        const at = `${path} ${language}`;
        expect(await findingsOf(page), at).toEqual([]);
        for (const width of [3_840, 1_280, 320, 360]) {
          await page.setViewportSize({ width, height: width > 1_000 ? 1_000 : 740 });
          // A chart is drawn anew a moment after its room has changed.
          const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
          const is = await eventually(wide, (now) => now <= width, 5_000).catch(wide);
          expect(is, `${at} ${width}`).toBeLessThanOrEqual(width);
        }
        expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
        const text = await page.evaluate(() => document.body.innerText);
        expect(text, at).not.toMatch(/undefined|NaN|\[object/);
        // Names of streams and people stay as they were given.
        if (language === "en") {
          const foreign = text.replace(
            /无障碍|小满|布偶猫舍的直播间|布偶猫舍|月门|中文|控制台的直播|上一场|打印的战报|陈大厨|李主播|王小美|社群一组|周周|打开[^\n]*/g,
            "",
          );
          expect(foreign.match(/[\u4e00-\u9fff]{2,}/g) ?? [], at).toEqual([]);
        }
      }
      expect(visit.errors).toEqual([]);
      expect(visit.elsewhere).toEqual([]);
      await visit.close();
    }
    const nobody = await visitConsole(browser, service, { theme: "dark", width: 360 });
    expect(await findingsOf(nobody.page)).toEqual([]);
    await nobody.close();
  }, 180_000);

  it("makes a key, shows it once, signs in with it, and shows who changed what", async ({
    expect,
  }) => {
    const visit = await signedIn(browser, service);
    const { page } = visit;
    await page.goto(`${service.url}/console/keys`);
    await page.getByLabel("名称").fill("数据看板");
    await page.getByRole("button", { name: "创建密钥" }).click();
    const shown = page.getByText(/^mg_[\w-]{43}$/).first();
    const secret = (await shown.textContent())?.trim() ?? "";
    expect(secret).toMatch(/^mg_/);
    await page.getByRole("cell", { name: "数据看板" }).waitFor();
    expect(await findingsOf(page)).toEqual([]);
    await page.goto(`${service.url}/console/audit`);
    await page.getByTitle("key.created").first().waitFor();
    for (const words of ["创建密钥", "登录控制台"]) {
      expect(await page.locator("table").innerText()).toContain(words);
    }
    expect(await page.locator("table").innerText()).toContain("数据看板");
    expect(await page.content()).not.toContain(secret);
    expect(await findingsOf(page)).toEqual([]);
    expect(visit.errors).toEqual([]);
    await visit.close();

    const reader = await signedIn(browser, { ...service, key: secret });
    await reader.page.goto(`${service.url}/console/`);
    await reader.page.getByRole("heading", { name: "直播" }).waitFor();
    expect(await reader.page.getByRole("link", { name: "审计" }).count()).toBe(0);
    expect(await reader.page.getByRole("link", { name: /新建直播/ }).count()).toBe(0);
    await reader.close();
  });

  it("changes language, theme and the colour of a rise, and remembers them", async ({ expect }) => {
    const { page, close } = await signedIn(browser, service);
    await page.goto(`${service.url}/console/settings`);
    await page
      .getByRole("group", { name: "语言" })
      .getByRole("button", { name: "English" })
      .click();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.getByRole("button", { name: "Dark", exact: true }).click();
    await page.getByRole("button", { name: "Blue up" }).click();
    await page.reload();
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    expect(await page.evaluate(() => ({ ...document.documentElement.dataset }))).toEqual({
      theme: "dark",
      rise: "blue",
    });
    await close();
  });

  it("is worked by keyboard: to the content, through tabs, into a sorted table", async ({
    expect,
  }) => {
    const { stream, link } = await make({ creator: { id: "k", name: "键盘" } });
    await open(link.slug);
    const { page, close } = await signedIn(browser, service);
    await page.goto(`${service.url}/console/streams/${stream.id}`);
    await page.getByRole("row", { name: /键盘/ }).waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("跳到正文");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "短链接", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "复制全部为表格" }).waitFor();
    await page.getByRole("button", { name: "推广者", exact: true }).focus();
    await page.keyboard.press("Enter");
    expect(await page.getByRole("columnheader", { name: "推广者" }).getAttribute("aria-sort")).toBe(
      "ascending",
    );
    await close();
  });
});
