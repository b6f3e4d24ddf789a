/** @module The console beside the streams: orders booked by hand, notifiers, the audit log, keys that may only read. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { launchBrowser } from "./browser.ts";
import { signedIn } from "./console.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";
import { findingsOf } from "./visit.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";
const folder = dataFolder();
const received: { type: string }[] = [];
const state = { secret: "", isDown: false };
const receiver = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  if (state.isDown) return response.writeHead(500).end();
  try {
    const event = new Webhook(state.secret).verify(body, request.headers as Record<string, string>);
    received.push(event as { type: string });
    response.writeHead(204).end();
  } catch {
    response.writeHead(401).end();
  }
});
let service: Service;
let browser: Browser;
let hook: string;

beforeAll(async () => {
  await new Promise<void>((done) => receiver.listen(0, "127.0.0.1", done));
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  [service, browser] = await Promise.all([
    startService(folder.path, { NOTIFY_HOSTS: hook }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  receiver.close();
  folder.remove();
});

const call = async <T = Record<string, string>>(method: string, path: string, body?: unknown) =>
  (await service.api(method, path, body)).body as T;

async function makeStream(names: readonly string[]) {
  const { id } = await call<{ id: string }>("POST", "/api/streams", {
    title: "订单场",
    destinations: [{ url }],
    startsAt: "2026-11-20T10:00:00Z",
    endsAt: "2026-11-20T16:00:00Z",
  });
  const { data } = await call<{ data: { slug: string }[] }>(
    "POST",
    `/api/streams/${id}/links`,
    names.map((name) => ({ creator: { id: name, name } })),
  );
  return { id, slugs: data.map(({ slug }) => slug) };
}

const order = (orderId: string, relationId: string, status = "paid") => ({
  ...{ platform: "taobao", orderId, status, amount: 12_300, paidAt: "2026-11-20T20:00:00+08:00" },
  promotion: { taobao: { relationId } },
});

describe("orders that fit no link", () => {
  it("show the ids that came, are booked by hand, with a rule for later ones, and taken back", async ({
    expect,
  }) => {
    const { id, slugs } = await makeStream(["陈大厨", "李主播"]);
    await call("POST", "/api/conversions", [
      order("9001", "771"),
      order("9002", "771"),
      order("9003", "772", "refunded"),
    ]);
    const { page, errors, close } = await signedIn(browser, service);
    await page.goto(`${service.url}/console/streams/${id}/sales`);
    const row = (orderId: string) => page.getByRole("row").filter({ hasText: orderId });
    await row("9001").getByText("渠道关系ID 771").waitFor();
    await row("9003").getByText("已退款").waitFor();
    await row("9001").getByRole("checkbox").check();
    await page.getByLabel("归到哪个短链接").fill("陈大");
    await page.getByRole("button", { name: /^陈大厨/ }).click();
    await page.getByLabel("以后带同样标识的订单也归到这里").check();
    await page.getByRole("button", { name: `归到 /${slugs[0]}` }).click();
    await page.getByText("已归因 1 行").waitFor();
    // The other one with the same id came along; what has another id stays.
    await row("9003").waitFor();
    await eventually(
      () => row("9002").count(),
      (count) => count === 0,
    );
    await page.getByLabel("显示").selectOption("all");
    await row("9001").getByText("按标识").waitFor();
    await row("9002").getByText("按标识").waitFor();
    const link = await call<{ promotion: object }>("GET", `/api/links/${slugs[0]}`);
    expect(link.promotion).toEqual({ taobao: { relationId: "771" } });

    await page.getByLabel("显示").selectOption("unattributed");
    await row("9003").getByRole("checkbox").check();
    await page.getByRole("button", { name: /^李主播/ }).click();
    await page.getByRole("button", { name: `归到 /${slugs[1]}` }).click();
    await eventually(
      () => row("9003").count(),
      (count) => count === 0,
    );
    await page.getByRole("status").getByRole("button", { name: "撤销" }).last().click();
    await row("9003").waitFor();
    await page.getByLabel("显示").selectOption("refunded");
    await page.getByText("没有符合的订单").waitFor();
    expect(errors).toEqual([]);
    await close();
  });
});

describe("notifiers", () => {
  it("are added, tested, changed, switched off and deleted; a failure says why", async ({
    expect,
  }) => {
    const { page, errors, close } = await signedIn(browser, service);
    page.on("dialog", (dialog) => void dialog.accept());
    await page.getByRole("link", { name: "通知", exact: true }).click();
    await page.getByText("还没有通知").waitFor();
    await page.getByLabel("类型").selectOption("webhook");
    await page.getByLabel("名称").fill("数据组");
    await page.getByLabel("Webhook 地址").fill("http://10.0.0.1/x");
    await page.getByRole("button", { name: "添加", exact: true }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByLabel("名称").inputValue()).toBe("数据组");
    await page.getByLabel("Webhook 地址").fill(`${hook}/very-secret`);
    await page.getByRole("button", { name: "添加", exact: true }).click();
    const secret = page.getByText(/^whsec_/);
    await secret.waitFor();
    state.secret = (await secret.textContent())?.trim() ?? "";
    const card = page.getByRole("region", { name: "数据组" });
    await card.getByText("还没有发送过").waitFor();
    expect(await page.content()).not.toContain("very-secret");

    await card.getByRole("button", { name: /^发送测试消息/ }).click();
    await card.getByText("测试消息已送达").waitFor();
    expect(received.map(({ type }) => type)).toContain("test");
    state.isDown = true;
    await card.getByRole("button", { name: /^发送测试消息/ }).click();
    await card.getByText("没有送达：127.0.0.1 返回了 500。").waitFor();
    state.isDown = false;

    await card.getByRole("button", { name: /^修改/ }).click();
    await card.getByLabel("名称").fill("数据二组");
    await page.keyboard.press("Tab");
    const renamed = page.getByRole("region", { name: "数据二组" });
    await renamed.getByRole("button", { name: "只要警报" }).click();
    await renamed.getByText("去向打不开、点击腰斩").waitFor();
    await renamed.getByRole("button", { name: /^停用/ }).click();
    await renamed.getByText("已停用").waitFor();
    const { data } = await call<{ data: object[] }>("GET", "/api/notifiers");
    expect(data).toMatchObject([
      {
        name: "数据二组",
        events: [
          ...["destination.error", "clicks.fell", "promoted.expiring"],
          ...["connection.failed", "connection.expiring"],
        ],
        streams: "all",
      },
    ]);
    await renamed.getByRole("button", { name: /^删除/ }).click();
    await page.getByText("还没有通知").waitFor();
    expect(errors.filter((error) => !/40[0-9]|422/.test(error))).toEqual([]);
    await close();
  });
});

describe("the audit log", () => {
  it("says in words who changed what, is filtered, and is read to its end", async ({ expect }) => {
    const { id, slugs } = await makeStream(["周周"]);
    for (let count = 0; count < 110; count += 1) {
      await call("PATCH", `/api/links/${slugs[0]}`, { note: `第 ${count} 次` });
    }
    await call("PATCH", `/api/streams/${id}`, { host: "换了主播", startsAt: null });
    const { page, errors, close } = await signedIn(browser, service);
    await page.getByRole("link", { name: "审计", exact: true }).click();
    const rows = page.locator("tbody tr");
    await page.getByText(/主播: — → 换了主播/).waitFor();
    await page.getByLabel("操作").selectOption("link.changed");
    await page.getByText("备注: 第 108 次 → 第 109 次").waitFor();
    await page.getByText("管理员密钥").last().waitFor();
    const words = new Set(await rows.locator("th").allTextContents());
    expect([...words].map((text) => text.trim())).toEqual(["修改短链接"]);
    await page.getByLabel("对象").fill(slugs[0] ?? "");
    await page.keyboard.press("Enter");
    await eventually(
      () => rows.count(),
      (count) => count === 100,
    );
    await page.getByRole("button", { name: "加载更多" }).click();
    await eventually(
      () => rows.count(),
      (count) => count === 110,
    );
    expect(await page.getByRole("button", { name: "加载更多" }).count()).toBe(0);
    await page.getByText("备注: — → 第 0 次").waitFor();
    expect(errors).toEqual([]);
    await close();
  });
});

describe("a key that may only read", () => {
  it("sees streams, boards and orders, and no button that would fail", async ({ expect }) => {
    const { id } = await makeStream(["只读"]);
    const { secret } = await call("POST", "/api/keys", {
      name: "看板",
      scopes: ["links:read", "stats:read"],
    });
    const asReader = { ...service, key: secret ?? "" };
    const visit = await signedIn(browser, asReader);
    const { page } = visit;
    for (const tab of ["", "/links", "/sales", "/report"]) {
      await page.goto(`${service.url}/console/streams/${id}${tab}`);
      await page.getByRole("heading", { level: 1, name: "订单场" }).waitFor();
      await page.waitForTimeout(500);
    }
    for (const name of ["播中操作", "直播信息", "通知", "密钥", "审计"]) {
      expect(await page.getByRole("link", { name, exact: true }).count(), name).toBe(0);
    }
    await page.goto(`${service.url}/console/streams/${id}/links`);
    await page.getByRole("button", { name: "复制全部为表格" }).waitFor();
    for (const name of [/^编辑/, /^停用/, "添加推广者", "用表格修改"]) {
      expect(await page.getByRole("button", { name }).count(), String(name)).toBe(0);
    }
    await page.goto(`${service.url}/console/orders`);
    await page.getByRole("heading", { name: "订单", level: 2 }).waitFor();
    expect(await page.getByRole("checkbox").count()).toBe(0);
    expect(visit.errors).toEqual([]);
    await visit.close();
  });

  it("without a scope for links is told what it lacks", async ({ expect }) => {
    const { secret } = await call("POST", "/api/keys", { name: "数据", scopes: ["stats:read"] });
    const visit = await signedIn(browser, { ...service, key: secret ?? "" });
    await visit.page.getByText("这个密钥看不到直播列表").waitFor();
    expect(visit.errors).toEqual([]);
    await visit.close();
  });
});

describe("finding", () => {
  it("streams by words in any order and by promoter, in an address that keeps it, with the sum; totals lead to a trend", async ({
    expect,
  }) => {
    const titles = ["猫粮 第 1 场", "第 2 场 猫粮", "猫粮 别的"];
    for (const [index, title] of titles.entries()) {
      const { id } = await call<{ id: string }>("POST", "/api/streams", {
        title,
        destinations: [{ url }],
        startsAt: new Date(Date.now() - (index + 1) * 86_400_000).toISOString(),
        endsAt: new Date(Date.now() - (index + 1) * 86_400_000 + 3_600_000).toISOString(),
      });
      const { data } = await call<{ data: { slug: string }[] }>(
        "POST",
        `/api/streams/${id}/links`,
        { creator: { id: index === 1 ? "zhao" : "qian", name: index === 1 ? "赵一" : "钱二" } },
      );
      await call("POST", "/api/conversions", {
        ...{ platform: "taobao", orderId: `find${index}`, status: "paid", amount: 10_000 },
        ...{ slug: data[0]?.slug, paidAt: "2026-11-20T20:00:00+08:00" },
      });
    }
    const visit = await signedIn(browser, service);
    const { page } = visit;
    const named = async () =>
      (await page.locator("tbody th b").allTextContents()).filter((text) => text.includes("猫粮"));
    await page.getByLabel(/^按标题或主播搜索/).fill("场 猫粮");
    await eventually(named, (now) => now.join() === "猫粮 第 1 场,第 2 场 猫粮");
    await page
      .getByRole("row", { name: /^合计 2 场/ })
      .getByText("¥200")
      .waitFor();
    await page.getByText("更多筛选").click();
    await page.getByLabel("推广者编号").fill("zhao");
    await page.keyboard.press("Enter");
    await eventually(named, (now) => now.join() === "第 2 场 猫粮");
    expect(new URL(page.url()).searchParams.get("creator")).toBe("zhao");
    await page.reload();
    await eventually(named, (now) => now.join() === "第 2 场 猫粮");
    expect(await page.getByLabel(/^按标题或主播搜索/).inputValue()).toBe("场 猫粮");
    await page.getByRole("button", { name: "清除筛选" }).click();
    await eventually(named, (now) => now.length === 2);
    // One request for the figures of the whole table, and none for each row.
    expect(visit.asked.some((one) => one.endsWith("/stats"))).toBe(false);

    await page.getByRole("link", { name: "按周、活动、推广者汇总" }).click();
    await page.getByRole("button", { name: "推广者", exact: true }).click();
    await page.getByRole("link", { name: "钱二" }).click();
    await page.getByRole("heading", { name: /^qian 的走势/ }).waitFor();
    await page
      .getByRole("row", { name: /^\d{4} 年第 \d+ 周/ })
      .first()
      .waitFor();
    expect(new URL(page.url()).search).toContain("creator=qian");
    await page.getByRole("button", { name: "直播", exact: true }).click();
    await page.getByRole("link", { name: "猫粮 别的" }).waitFor();
    expect(await page.getByRole("link", { name: "第 2 场 猫粮" }).count()).toBe(0);
    expect(visit.errors).toEqual([]);
    await visit.close();
  });
});

describe("a read-only link", () => {
  it("is made in the console, shows its view without a key at any width, and nothing once it is revoked", async ({
    expect,
  }) => {
    const { id, slugs } = await makeStream(["安", "鲍"]);
    await call("POST", "/api/conversions", {
      ...{ platform: "taobao", orderId: "share1", slug: slugs[0], status: "paid", amount: 12_300 },
      paidAt: "2026-11-20T20:00:00+08:00",
    });
    const desk = await signedIn(browser, service);
    desk.page.on("dialog", (dialog) => void dialog.accept());
    await desk.page.goto(`${service.url}/console/streams/${id}/details`);
    const made = async (view: string, promoter?: string) => {
      await desk.page.getByLabel("内容").selectOption(view);
      if (promoter) await desk.page.getByLabel("推广者", { exact: true }).selectOption(promoter);
      await desk.page.getByRole("button", { name: "创建链接" }).click();
      const shown = desk.page.getByText(/\/s\/[\w-]{43}$/);
      await shown.waitFor();
      return (await shown.textContent())?.trim() ?? "";
    };
    const urls: [string, string][] = [
      ["board", await made("board")],
      ["wall", await made("wall")],
      ["promoter", await made("promoter", "安")],
    ];
    expect(new Set(urls.map(([, url]) => url)).size).toBe(3);
    for (const width of [360, 1280]) {
      for (const [view, url] of urls) {
        const context = await browser.newContext({
          locale: "zh-CN",
          viewport: { width, height: 740 },
        });
        const page = await context.newPage();
        const errors: string[] = [];
        const asked: string[] = [];
        page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
        page.on("request", (request) => asked.push(new URL(request.url()).pathname));
        await page.goto(url);
        const head = view === "promoter" ? "安 的数据" : "订单场";
        await page.getByRole("heading", { level: 1, name: head }).waitFor();
        await page.waitForTimeout(600);
        expect(await findingsOf(page), `${view} ${width}`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
          width,
        );
        expect(asked.filter((path) => path.startsWith("/api/"))).toEqual([]);
        const text = await page.evaluate(() => document.body.innerText);
        expect(text).toContain("¥123");
        // Who brought no view stands on the board alone.
        expect(text.includes("鲍")).toBe(view === "board");
        expect(errors).toEqual([]);
        await context.close();
      }
    }
    const [first] = urls;
    const visitor = await (await browser.newContext({ locale: "en" })).newPage();
    await visitor.goto(first?.[1] ?? "");
    await visitor.getByRole("heading", { level: 1, name: "订单场" }).waitFor();
    const rows = desk.page.getByRole("button", { name: /^撤销 数据看板/ });
    await rows.click();
    await visitor.getByText("This link shows nothing any more").waitFor({ timeout: 15_000 });
    await desk.close();
  });
});

describe("the board of a part", () => {
  it("is a click away by promoter and by app, in the address, and says what is not held", async ({
    expect,
  }) => {
    const { id } = await call<{ id: string }>("POST", "/api/streams", {
      title: "筛选场",
      destinations: [{ url }],
    });
    const { data } = await call<{ data: { slug: string }[] }>(
      "POST",
      `/api/streams/${id}/links`,
      ["安", "鲍"].map((name) => ({ creator: { id: name, name } })),
    );
    const [first = "", second = ""] = data.map(({ slug }) => slug);
    const open = (slug: string, agent: string) =>
      fetch(`${service.url}/${slug}`, { redirect: "manual", headers: { "User-Agent": agent } });
    for (const agent of [agents.taobaoIos, agents.taobaoIos, agents.wechatIos]) {
      await open(first, agent);
    }
    await open(second, agents.wechatIos);
    const visit = await signedIn(browser, service);
    const { page } = visit;
    await page.goto(`${service.url}/console/streams/${id}`);
    const views = page.locator('[data-tile="views"] .tile-value');
    const shows = (count: string) =>
      eventually(
        () => views.textContent(),
        (text) => text === count,
        10_000,
      );
    await shows("4");
    await page.getByRole("button", { name: "安", exact: true }).click();
    await shows("3");
    expect(new URL(page.url()).searchParams.get("only")).toBe("creator:安");
    const apps = page.getByRole("table", { name: "打开来源" });
    await apps.getByRole("button", { name: "微信", exact: true }).click();
    await shows("1");
    await page.getByText("不做推算").waitFor();
    await page.reload();
    await shows("1");
    await page.getByRole("button", { name: "去掉筛选 安" }).click();
    await shows("2");
    const rows = page.getByRole("region", { name: "推广者" }).getByRole("row");
    await eventually(
      () => rows.count(),
      (count) => count === 3,
    );
    expect(await findingsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "去掉筛选 微信" }).click();
    await shows("4");
    expect(visit.errors).toEqual([]);
    await visit.close();
  });
});
