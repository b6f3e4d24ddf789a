/** @module Connections in the console: an account is entered, tested, pulled, seen on the board, fails, is paused and deleted. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { FakeJd } from "../alliances/jd.ts";
import { launchBrowser } from "./browser.ts";
import { signedIn } from "./console.ts";
import { type ServedGateway, serveGateway } from "./gateway.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";
import { findingsOf } from "./visit.ts";

const jd = new FakeJd();
const folder = dataFolder();
const another = "another-secret-of-tests";
const { appKey = "", appSecret = "" } = jd.credentials;
let service: Service;
let browser: Browser;
let gateway: ServedGateway;
let origin: string;

beforeAll(async () => {
  gateway = await serveGateway(jd);
  origin = gateway.origin;
  [service, browser] = await Promise.all([
    startService(folder.path, {
      OUTBOUND_ORIGINS: origin,
      CONNECTIONS_KEY: "a key of tests, which encrypts what connections keep",
    }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  gateway?.close();
  folder.remove();
});

const call = async <T>(method: string, path: string, body?: unknown) =>
  (await service.api(method, path, body)).body as T;

const url = "https://lives.jd.com/#/100?origin=3";

/** A live stream of JD's, with an order of a quarter of an hour ago that names its link. */
async function sell(amount: number) {
  const { link, stream } = await call<{ link: { slug: string }; stream: { id: string } }>(
    "POST",
    "/api/links",
    { text: url, title: "京东专场" },
  );
  const at = Date.now() - 15 * 60_000;
  jd.put({
    ...{ id: "290000000001", part: "100012345", state: "16", amount },
    ...{ paidAt: at, updatedAt: at, ids: { subUnionId: link.slug } },
  });
  return stream.id;
}

/** Texts of all that the API answers the page. */
function listen(page: Page): () => Promise<string> {
  const texts: Promise<string>[] = [];
  // A response that a page was left for never ends.
  page.on("requestfinished", (request) => {
    if (!request.url().includes("/api/")) return;
    texts.push(
      request
        .response()
        .then((response) => response?.text() ?? "")
        .catch(() => ""),
    );
  });
  return async () => (await Promise.all(texts)).join("\n");
}

const chooseJd = (page: Page) => page.getByLabel("联盟", { exact: true }).selectOption("jd-union");
const yesterday = () => new Date(Date.now() - 16 * 3_600_000).toISOString().slice(0, 10);

describe("a connection in the console", () => {
  it("is entered, tested, pulled, seen on the board, fails there, is mended, paused and deleted, and shows no secret", async ({
    expect,
  }) => {
    const streamId = await sell(19_900);
    const { page, errors, asked, close } = await signedIn(browser, service);
    page.setDefaultTimeout(12_000);
    const answers = listen(page);
    const pages: string[] = [];
    page.on("dialog", (dialog) => void dialog.accept());
    // A board without connections says nothing of them, and asks once.
    await page.goto(`${service.url}/console/streams/${streamId}`);
    await page.locator("[data-tile=netGmv]").waitFor();
    await page.waitForTimeout(500);
    expect(await page.locator(".orders-as-of").count()).toBe(0);
    expect(asked.filter((one) => one.endsWith("/order-sources"))).toHaveLength(1);

    await page.getByRole("link", { name: "连接", exact: true }).click();
    await page.getByText("还没有连接").waitFor();
    const form = page.getByRole("form", { name: "添加连接" });
    await chooseJd(page);
    await form.getByLabel("名称").fill("旗舰店");
    await form.getByLabel("App Key").fill(appKey);
    await form.getByLabel("Secret Key").fill(another);
    expect(await form.getByLabel("Secret Key").getAttribute("type")).toBe("password");
    await form.getByLabel("从哪天开始拉取").fill(yesterday());
    await form.getByText("高级").click();
    await form.getByLabel("网关地址").fill("http://10.0.0.1");
    await form.getByRole("button", { name: "添加", exact: true }).click();
    // Refused by its field; what was typed is all there.
    await form
      .getByText(/OUTBOUND_ORIGINS 里列出的来源/)
      .first()
      .waitFor();
    expect(await form.getByLabel("Secret Key").inputValue()).toBe(another);
    // Nor does another alliance lose it.
    await page.getByLabel("联盟", { exact: true }).selectOption("pinduoduo");
    await form.getByText(/固定 IP 的服务器/).waitFor();
    await chooseJd(page);
    expect(await form.getByLabel("App Key").inputValue()).toBe(appKey);
    await form.getByLabel("网关地址").fill(origin);
    await form.getByRole("button", { name: "添加", exact: true }).click();
    const card = page.getByRole("region", { name: "旗舰店" });
    await card.getByText("还没有拉取过").waitFor();
    expect(await form.getByLabel("Secret Key").inputValue()).toBe("");

    const press = (name: RegExp) => card.getByRole("button", { name }).click();
    await press(/^测试/);
    await card.getByText(/没有通过：无效签名 .*请从平台重新复制/).waitFor();
    pages.push(await page.content());
    await press(/^修改/);
    const credentials = card.getByRole("form", { name: "更换凭证" });
    await credentials.getByLabel("Secret Key").fill("with a space");
    await credentials.getByRole("button", { name: "更换" }).click();
    await credentials.getByRole("alert").waitFor();
    expect(await credentials.getByLabel("Secret Key").inputValue()).toBe("with a space");
    await credentials.getByLabel("Secret Key").fill(appSecret);
    await credentials.getByRole("button", { name: "更换" }).click();
    await page.getByText("凭证已更换").waitFor();
    await press(/^测试/);
    await card.getByText("平台网关应答正常").waitFor();

    await press(/^立即拉取/);
    await card.getByText(/收到 1 行 · 新增 1/).waitFor({ timeout: 30_000 });
    await card.getByText(/订单截至/).waitFor();
    const days = card.getByRole("form", { name: "按日期重新拉取" });
    await days.getByLabel("从").fill(yesterday());
    await days.getByLabel("到").fill(yesterday());
    const range = page.waitForRequest((request) => request.url().endsWith("/pull"));
    await days.getByRole("button", { name: "拉取这段时间" }).click();
    const { from, to } = (await range).postDataJSON() as { from: string; to: string };
    expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
    pages.push(await page.content());

    await page.goto(`${service.url}/console/streams/${streamId}`);
    const asOf = page.locator(".orders-as-of");
    await asOf.getByText(/订单截至 \d\d:\d\d · 京东联盟/).waitFor();
    await page.locator("[data-tile=netGmv]").getByText("¥199").waitFor();
    expect(await page.locator("[data-alert=connection]").count()).toBe(0);

    // More than one: what is being pulled already may meet the first.
    jd.faults.push("denied", "denied", "denied");
    const { data } = await call<{ data: { id: string }[] }>("GET", "/api/connections");
    const id = data[0]?.id ?? "";
    await call("POST", `/api/connections/${id}/pull`, {});
    // Without a reload: the board asks again.
    const alert = page.locator("[data-alert=connection]");
    await alert.waitFor({ timeout: 25_000 });
    expect(await alert.textContent()).toBe(
      "京东联盟“旗舰店”的订单已停止拉取，等待处理：无访问权限",
    );
    await page.goto(`${service.url}/console/streams/${streamId}/wall`);
    await alert.waitFor();
    await asOf.getByText(/京东联盟/).waitFor();

    await page.goto(`${service.url}/console/connections`);
    await card.getByText("已停止", { exact: true }).waitFor();
    await card.getByText(/请到平台申请开通/).waitFor();
    jd.faults.length = 0;
    await press(/^立即拉取/);
    await card.getByText("已启用").waitFor({ timeout: 15_000 });
    await press(/^暂停/);
    await card.getByText("已暂停").waitFor();
    expect(await card.getByRole("button", { name: /^立即拉取/ }).isDisabled()).toBe(true);
    pages.push(await page.content());
    await press(/^删除/);
    await page.getByText("还没有连接").waitFor();

    await page.getByRole("link", { name: "审计", exact: true }).click();
    await page.getByText("启用: 是 → 否").waitFor();
    await page.getByText("凭证: — → 已更换").waitFor();
    pages.push(await page.content());
    const everything = `${pages.join("\n")}\n${await answers()}`;
    expect(everything).toContain("旗舰店");
    for (const secret of [appSecret, another, appKey]) expect(everything).not.toContain(secret);
    expect(errors.filter((error) => !/40[0-9]|422/.test(error))).toEqual([]);
    await close();
  });

  it("that an import brought says that its credentials are to be entered, all of them, and then is asked", async ({
    expect,
  }) => {
    const at = Date.now() - 3_600_000;
    const row = {
      ...{ id: "cn_imported", alliance: "jd-union", name: "导入店", enabled: true },
      ...{ apiBase: origin, since: at, createdAt: at, updatedAt: at, feeds: [] },
    };
    const lines = [{ type: "moongate", format: 1 }, { type: "connection", row }, { type: "end" }];
    const imported = await fetch(`${service.url}/api/import`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${service.key}`,
        "Content-Type": "application/x-ndjson",
      },
      body: lines.map((line) => JSON.stringify(line)).join("\n"),
    });
    expect(await imported.json()).toMatchObject({ imported: { connection: 1 }, refused: 0 });
    const { page, close } = await signedIn(browser, service);
    await page.goto(`${service.url}/console/connections`);
    const card = page.getByRole("region", { name: "导入店" });
    await card.getByText(/导入文件里没有凭证/).waitFor();
    await card.getByText("已停止", { exact: true }).waitFor();
    await card.getByRole("button", { name: /^修改/ }).click();
    const credentials = card.getByRole("form", { name: "更换凭证" });
    await credentials.getByText("请全部填写").waitFor();
    await credentials.getByLabel("App Key").fill(appKey);
    await credentials.getByLabel("Secret Key").fill(appSecret);
    await credentials.getByRole("button", { name: "更换" }).click();
    await card.getByText("已启用").waitFor({ timeout: 15_000 });
    await card.getByText(/订单截至/).waitFor({ timeout: 30_000 });
    await call("DELETE", "/api/connections/cn_imported");
    await close();
  });

  it("says in the reader's language that the key is missing which encrypts it, and keeps what was typed", async ({
    expect,
  }) => {
    const { page, close } = await signedIn(browser, service);
    const words = "没有设置 CONNECTIONS_KEY，无法保存凭证。请设置至少 32 个字符的文本。";
    await page.route("**/api/connections", (route) =>
      route.request().method() === "POST"
        ? route.fulfill({
            status: 422,
            contentType: "application/problem+json",
            body: JSON.stringify({
              ...{ type: "about:blank", title: "不被接受", status: 422, errors: [] },
              ...{ code: "connections_key_missing", detail: words },
            }),
          })
        : route.continue(),
    );
    await page.goto(`${service.url}/console/connections`);
    await page.getByRole("form", { name: "添加连接" }).waitFor();
    await chooseJd(page);
    await page.getByLabel("名称").fill("旗舰店");
    await page.getByLabel("App Key").fill(appKey);
    await page.getByLabel("Secret Key").fill(another);
    await page.getByRole("button", { name: "添加", exact: true }).click();
    await page.getByRole("alert").getByText(words).waitFor();
    expect(await page.getByLabel("Secret Key").inputValue()).toBe(another);
    await close();
  });

  it("is for everybody to read: in both languages and on any width, for every alliance", async ({
    expect,
  }) => {
    const { id } = await call<{ id: string }>("POST", "/api/connections", {
      ...{ alliance: "jd-union", name: "一个名字很长很长的联盟账号 with a long name" },
      ...{ credentials: { appKey, appSecret: another }, apiBase: origin },
    });
    await call("POST", `/api/connections/${id}/pull`, {});
    await eventually(
      () => call<{ isStopped: boolean }>("GET", `/api/connections/${id}`),
      ({ isStopped }) => isStopped,
      15_000,
    );
    for (const language of ["zh-CN", "en"] as const) {
      const { page, errors, close } = await signedIn(browser, service, { language });
      await page.goto(`${service.url}/console/connections`);
      const card = page.getByRole("region", { name: /long name/ });
      await card.getByRole("button", { name: language === "en" ? /^Change/ : /^修改/ }).click();
      const choice = page.getByLabel(language === "en" ? "Alliance" : "联盟", { exact: true });
      for (const alliance of await choice.locator("option").all()) {
        const name = (await alliance.getAttribute("value")) ?? "";
        await choice.selectOption(name);
        for (const width of [1_280, 320]) {
          await page.setViewportSize({ width, height: 800 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(wide, `${name} ${language}`).toBeLessThanOrEqual(width);
        }
      }
      await page.waitForTimeout(300);
      expect(await findingsOf(page), language).toEqual([]);
      const text = await page.evaluate(() => document.body.innerText);
      expect(text).not.toMatch(/undefined|NaN|\[object/);
      expect(errors).toEqual([]);
      await close();
    }
    await call("DELETE", `/api/connections/${id}`);
  });

  it("shows where WeChat is to push its events", async ({ expect }) => {
    const { id } = await call<{ id: string }>("POST", "/api/connections", {
      ...{ alliance: "wechat-shop", name: "微信店" },
      credentials: { appKey: "wx-of-tests", appSecret: another },
    });
    await call("PATCH", `/api/connections/${id}`, { enabled: false });
    const { page, close } = await signedIn(browser, service);
    await page.goto(`${service.url}/console/connections`);
    const card = page.getByRole("region", { name: "微信店" });
    await card.getByText(`${service.url}/connections/${id}/push`).waitFor();
    await card.getByRole("button", { name: "复制地址" }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/push$/);
    await call("DELETE", `/api/connections/${id}`);
    await close();
  });

  it("is not there for who is no administrator, and their boards have its orders' time all the same", async ({
    expect,
  }) => {
    const streamId = await sell(4_200);
    const { id } = await call<{ id: string }>("POST", "/api/connections", {
      ...{ alliance: "jd-union", name: "旗舰店", credentials: { appKey, appSecret } },
      apiBase: origin,
    });
    await call("PATCH", `/api/connections/${id}`, { enabled: false });
    const { secret } = await call<{ secret: string }>("POST", "/api/keys", {
      name: "看数据",
      scopes: ["links:read", "stats:read"],
    });
    const { page, asked, errors, close } = await signedIn(browser, { ...service, key: secret });
    expect(await page.getByRole("link", { name: "连接", exact: true }).count()).toBe(0);
    await page.goto(`${service.url}/console/streams/${streamId}`);
    await page.getByText("还没有拉取到订单 · 京东联盟 · 已暂停").waitFor();
    expect(await page.locator("[data-alert=connection]").count()).toBe(0);
    expect(asked.filter((one) => one.endsWith("/api/connections"))).toEqual([]);
    expect(errors).toEqual([]);
    await call("DELETE", `/api/connections/${id}`);
    await close();
  });
});
