/** @module Streams and links changed in the console: field by field, many at once, by a table; copied, deleted, brought back. */
import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, it } from "vitest";
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

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(folder.path), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  folder.remove();
});

const names = ["陈大厨", "李主播", "王小美"];

interface Told {
  id: string;
  slug: string;
  [field: string]: unknown;
}
const call = async (method: string, path: string, body?: unknown) =>
  (await service.api(method, path, body)).body as Told & { data: Told[] };
const streamNow = () => call("GET", `/api/streams/${stream}`);
const linksNow = async () => (await call("GET", `/api/links?streamId=${stream}`)).data.toReversed();
const linkOf = async (name: string) =>
  (await linksNow()).find(({ creator }) => (creator as { name: string }).name === name);
const becomes = <T>(read: () => Promise<T>, holds: (now: T) => boolean) =>
  eventually(read, holds, 10_000);
const at = (tab: string) => page.goto(`${service.url}/console/streams/${stream}/${tab}`);

beforeEach(async () => {
  const made = await call("POST", "/api/streams", {
    title: "周三场",
    host: "李主播",
    startsAt: "2046-11-20T12:00:00Z",
    endsAt: "2046-11-20T16:00:00Z",
    destinations: [{ url }],
  });
  stream = made.id;
  await call(
    "POST",
    `/api/streams/${stream}/links`,
    names.map((name) => ({ creator: { id: name, name }, channel: "wechat-group" })),
  );
  visit = await signedIn(browser, service);
  page = visit.page;
  return async () => {
    await visit.close();
  };
});

describe("a stream's own fields", () => {
  it("are each saved when they are left; a start that is moved takes the end along", async ({
    expect,
  }) => {
    await at("details");
    await page.getByLabel("标题", { exact: true }).first().fill("周四场");
    await page.getByLabel("主播").fill("");
    await page.getByLabel("开播时间").first().fill("2046-11-21T19:30");
    await page.getByLabel("落地页", { exact: true }).selectOption("always");
    await page.getByLabel("结束后去哪里").fill(`${url}5`);
    await page.keyboard.press("Tab");
    await becomes(streamNow, (now) => now.after !== null);
    expect(await streamNow()).toMatchObject({
      ...{ title: "周四场", host: null, landing: "always" },
      ...{ startsAt: "2046-11-21T11:30:00.000Z", endsAt: "2046-11-21T15:30:00.000Z" },
    });
    // The page follows what was saved, with nothing read again.
    await page.getByRole("heading", { level: 1, name: "周四场" }).waitFor();
    expect(await page.getByLabel("结束时间").first().inputValue()).toBe("2046-11-21T23:30");
    expect(visit.errors).toEqual([]);
  });

  it("that are refused stay with the reason, and are taken back; without a network they wait", async ({
    expect,
  }) => {
    await at("details");
    const title = page.getByLabel("标题", { exact: true }).first();
    const end = page.getByLabel("结束时间").first();
    await end.fill("2046-11-20T19:00");
    // In a field of parts the tabulator goes from one to the next.
    await end.blur();
    await page.getByText("endsAt 必须晚于 startsAt。").waitFor();
    await page.getByText("1 项修改没有被接受").waitFor();
    await page.getByRole("button", { name: "撤销 结束时间" }).click();
    await becomes(
      () => end.inputValue(),
      (shown) => shown === "2046-11-21T00:00",
    );
    await title.fill("");
    await page.keyboard.press("Tab");
    await page.getByText("标题不能为空。").waitFor();
    await page.getByLabel("时区").fill("Asia/Shang");
    await page.keyboard.press("Tab");
    await page.getByText("没有这个时区").waitFor();
    await page.getByRole("button", { name: "撤销 时区" }).click();
    // Keys that choose among a keyboard's candidates are none of the field's.
    await title.fill("拼音 pin");
    await title.dispatchEvent("keydown", { key: "Enter", isComposing: true });
    await title.dispatchEvent("keydown", { key: "Escape", isComposing: true });
    expect(await title.inputValue()).toBe("拼音 pin");
    await page.keyboard.press("Escape");
    expect(await streamNow()).toMatchObject({ title: "周三场" });

    await visit.context.setOffline(true);
    await title.fill("断网时改的");
    await page.keyboard.press("Tab");
    await page.getByText("未保存，连上后自动保存").waitFor();
    await page.getByRole("link", { name: "短链接", exact: true }).click();
    await page.getByText("1 项修改还没有保存").waitFor();
    await visit.context.setOffline(false);
    await becomes(streamNow, (now) => now.title === "断网时改的");
  });

  it("have destinations of every kind, whose list is kept while another page is looked at", async ({
    expect,
  }) => {
    await at("control");
    await page.getByText("添加微信小程序或视频号").click();
    await page.getByLabel("小程序 AppID").fill("wx0123456789abcdef");
    await page.getByLabel("页面路径").fill("pages/live/index");
    await page.getByLabel("参数").fill("room=7");
    await page.getByRole("button", { name: "添加小程序" }).click();
    await page.getByLabel("回放链接").fill(`${url}9`);
    await page.getByRole("link", { name: "直播信息" }).click();
    await page.getByRole("link", { name: "播中操作" }).click();
    await page.getByRole("button", { name: "保存去向" }).click();
    await page.getByText("已保存", { exact: true }).waitFor();
    expect((await streamNow()).destinations).toMatchObject([
      { platform: "taobao", url, replay: `${url}9` },
      {
        platform: "wechat",
        miniProgram: { appId: "wx0123456789abcdef", path: "pages/live/index", query: "room=7" },
      },
    ]);
    // What is no account is refused by its field, and stays to be mended.
    await page.getByText("添加微信小程序或视频号").click();
    await page.getByLabel("视频号 ID").fill("no-account");
    await page.getByRole("button", { name: "添加视频号" }).click();
    await page.getByRole("button", { name: "保存去向" }).click();
    await page
      .getByText(/视频号账号|sph/)
      .last()
      .waitFor();
    await page.getByRole("button", { name: "放弃修改" }).click();
    expect((await streamNow()).destinations).toHaveLength(2);
  });

  it("are copied with the promoters to another day", async ({ expect }) => {
    await at("details");
    expect(await page.getByLabel("开播时间").last().inputValue()).toBe("2046-11-27T20:00");
    await page.getByLabel("标题", { exact: true }).last().fill("下周三场");
    await page.getByRole("button", { name: "复制为新直播" }).click();
    await page.getByText("已复制，带来 3 个短链接").waitFor();
    await page.getByRole("heading", { level: 1, name: "下周三场" }).waitFor();
    const id = new URL(page.url()).pathname.split("/")[3];
    expect(id).not.toBe(stream);
    const { data } = await call("GET", `/api/links?streamId=${id}`);
    expect(data.map(({ creator }) => (creator as { name: string }).name).toReversed()).toEqual(
      names,
    );
    expect(await call("GET", `/api/streams/${id}`)).toMatchObject({
      ...{ startsAt: "2046-11-27T12:00:00.000Z", endsAt: "2046-11-27T16:00:00.000Z" },
    });
  });

  it("go with a deletion, which is undone at once or from the list", async ({ expect }) => {
    page.on("dialog", (dialog) => void dialog.accept());
    const [first] = await linksNow();
    const open = async () =>
      (await fetch(`${service.url}/${first?.slug}`, { redirect: "manual" })).status;
    await at("details");
    await page.getByRole("button", { name: "删除直播" }).click();
    await page.getByRole("button", { name: "恢复" }).click();
    await page.getByText("已恢复").waitFor();
    await becomes(open, (status) => status !== 410);

    await at("details");
    await page.getByRole("button", { name: "删除直播" }).click();
    await becomes(open, (status) => status === 410);
    await page.getByRole("button", { name: "已删除", exact: true }).click();
    await page
      .getByRole("row", { name: /周三场/ })
      .first()
      .waitFor();
    const row = page.getByRole("row").filter({ hasText: "周三场" }).first();
    await row.getByRole("button", { name: /恢复/ }).click();
    await becomes(open, (status) => status !== 410);
    expect(visit.errors.filter((error) => !error.includes("404"))).toEqual([]);
  });
});

describe("links", () => {
  it("are changed one by one: promoter, channel, tags, ids; and a channel that nobody knows is asked about", async ({
    expect,
  }) => {
    await at("links");
    await page.getByRole("button", { name: /^编辑/ }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("姓名").fill("陈师傅");
    await dialog.getByLabel("层级").selectOption("KOL");
    await dialog.getByLabel("标签").fill("老友，九月, 九月");
    await dialog.getByLabel("渠道", { exact: true }).fill("微信裙");
    await page.keyboard.press("Tab");
    await dialog.getByText("不认识渠道“微信裙”").waitFor();
    await dialog
      .getByRole("combobox", { name: "渠道", exact: true })
      .last()
      .selectOption("=moments");
    await dialog.getByText("联盟标识").click();
    await dialog.getByLabel("淘宝 渠道关系ID").fill("77");
    await dialog.getByLabel("淘宝 推广位ID").fill("88");
    await dialog.getByLabel("备注").fill("常来");
    await page.keyboard.press("Tab");
    const wanted = {
      creator: { id: "陈大厨", name: "陈师傅", tier: "KOL" },
      ...{ channel: "moments", channelClass: "social", note: "常来" },
      promotion: { taobao: { relationId: "77", adzoneId: "88" } },
    };
    await becomes(
      async () => (await linksNow())[0],
      (now) => now?.note === "常来" && now.channel === "moments",
    );
    expect((await linksNow())[0]).toMatchObject(wanted);
    await dialog.getByRole("button", { name: "关闭" }).click();
    await page.getByRole("row").filter({ hasText: "陈师傅" }).getByText("朋友圈").waitFor();
    expect(visit.errors).toEqual([]);
  });

  it("are changed together, and that is taken back together", async ({ expect }) => {
    await at("links");
    await page.getByLabel("全选").check();
    await page.getByLabel("要改的项").selectOption("campaign");
    await page.getByLabel("改成").fill("双十一");
    await page.getByRole("button", { name: "应用到 3 个" }).click();
    await page.getByText("已修改 3 个短链接").waitFor();
    const campaigns = async () => (await linksNow()).map(({ campaign }) => campaign);
    expect(await campaigns()).toEqual(["双十一", "双十一", "双十一"]);
    expect(visit.asked.filter((one) => one.startsWith("PATCH"))).toEqual(["PATCH /api/links"]);
    await page.getByRole("status").getByRole("button", { name: "撤销" }).click();
    await becomes(campaigns, (now) => now.every((one) => one === null));
    // What was said of one channel is said of that one alone.
    await page.getByLabel("要改的项").selectOption("channel");
    const apply = page.getByRole("button", { name: "应用到 3 个" });
    await page.getByLabel("改成").fill("微信裙");
    await page.getByRole("combobox", { name: "渠道", exact: true }).selectOption("=wechat-group");
    expect(await apply.isEnabled()).toBe(true);
    await page.getByLabel("改成").fill("某新渠道");
    expect(await apply.isDisabled()).toBe(true);
    await page.getByLabel("改成").fill("");
    expect(await apply.isDisabled()).toBe(true);
  });

  it("are changed by a pasted table, of which only what differs is written", async ({ expect }) => {
    await at("links");
    const before = await linksNow();
    await page.getByRole("button", { name: "用表格修改" }).click();
    await page
      .locator("textarea")
      .fill(
        `姓名\t短链接\t渠道\t标签\t颜色\n陈大厨\t\tB站\t\t红\n\thttps://x.example.cn/${before[1]?.slug}\t\t老友，九月\t\n王小美\t\t微信群\t\t\n谁\t\t微信群\t\t`,
      );
    await page.getByText("这些列不认识，不会导入：颜色").waitFor();
    await page.getByText("微信群 → B站").waitFor();
    await page.getByText("没有变化").waitFor();
    await page.getByText("这场直播没有这个短链接，不会修改").waitFor();
    await page.getByRole("button", { name: "修改 2 个短链接" }).click();
    await page.getByText("已修改 2 个短链接").waitFor();
    const now = await linksNow();
    expect(now.map(({ channel }) => channel)).toEqual([
      ...["bilibili", "wechat-group", "wechat-group"],
    ]);
    expect(now[1]).toMatchObject({ tags: ["老友", "九月"], creator: before[1]?.creator });
    expect(now[2]?.updatedAt).toBe(before[2]?.updatedAt);
  });

  it("are copied as a table that can be pasted again, in the order in which they were made", async ({
    expect,
  }) => {
    await at("links");
    await page.getByRole("button", { name: "复制全部为表格" }).click();
    await page.getByText("已复制").waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    const rows = text.split("\n").map((line) => line.split("\t"));
    const [first] = await linksNow();
    expect(rows.map(([name]) => name)).toEqual(["推广者", ...names]);
    expect(rows[1]?.slice(0, 6)).toEqual([
      "陈大厨",
      "微信群",
      `${service.url}/${first?.slug}`,
      ...["", "", ""],
    ]);
    expect(rows[1]?.[6]).toContain(`${service.url}/${first?.slug}`);
    await page.getByRole("button", { name: "用表格修改" }).click();
    await page.locator("textarea").fill(text);
    await page.getByText("没有变化").first().waitFor();
    expect(await page.getByText("没有变化").count()).toBe(3);
  });

  it("are deleted, and brought back", async () => {
    page.on("dialog", (dialog) => void dialog.accept());
    await at("links");
    await page.getByRole("button", { name: /^编辑/ }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "删除短链接" }).click();
    await becomes(linksNow, (now) => now.length === 2);
    await page.getByText("已删除的短链接 1").click();
    await page.getByRole("button", { name: /^恢复/ }).click();
    await becomes(linksNow, (now) => now.length === 3);
    await page.getByRole("row").filter({ hasText: "陈大厨" }).waitFor();
  });

  it("that are pasted with channels nobody knows wait until those are explained", async ({
    expect,
  }) => {
    await at("links");
    await page.getByRole("button", { name: "添加推广者" }).click();
    await page.locator("textarea").fill("赵一\t微信裙\n钱二\t楼宇屏\n孙三\tＢ站\n李四\t楼宇屏");
    const make = page.getByRole("button", { name: "创建 4 个短链接" });
    expect(await make.isDisabled()).toBe(true);
    await page.getByLabel("“微信裙”是").selectOption("=wechat-group");
    expect(await make.isDisabled()).toBe(true);
    await page.getByLabel("“楼宇屏”是").selectOption("+paid");
    await make.click();
    await page.getByText("已创建 4 个短链接").waitFor();
    expect((await linksNow()).slice(3).map((one) => [one.channel, one.channelClass])).toEqual([
      ["wechat-group", "social"],
      ["楼宇屏", "paid"],
      ["bilibili", "social"],
      ["楼宇屏", "paid"],
    ]);
    // Next week's table has the same channels.
    await page.getByRole("button", { name: "添加推广者" }).click();
    await page.locator("textarea").fill("周五\t楼宇屏");
    expect(await page.getByLabel("“楼宇屏”是").inputValue()).toBe("+paid");
    expect(await linkOf("周五")).toBeUndefined();
  });

  it("go into one file with all posters, QR codes and a table; a poster can be saved by a long press", async ({
    expect,
  }) => {
    await at("links");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "全部海报和二维码（ZIP）" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("周三场.zip");
    const files = unzipSync(readFileSync(await download.path()));
    const links = await linksNow();
    const pictures = links.flatMap(({ slug }, index) =>
      ["posters", "qr"].map((folder) => `${folder}/${names[index]} ${slug}.png`),
    );
    expect(Object.keys(files)).toEqual(["links.csv", ...pictures]);
    for (const name of pictures) {
      const bytes = Buffer.from(files[name] ?? []);
      expect(bytes.toString("latin1", 1, 4)).toBe("PNG");
      const [wide, high] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
      expect([wide, high]).toEqual(name.startsWith("qr") ? [1_024, 1_024] : [1_080, 1_440]);
    }
    const table = Buffer.from(files["links.csv"] ?? []).toString();
    expect(table).toContain(`陈大厨,微信群,${service.url}/${links[0]?.slug}`);

    await page
      .getByRole("button", { name: /的二维码与海报$/ })
      .first()
      .click();
    const poster = page.getByRole("dialog").getByAltText("海报", { exact: true });
    await page.getByRole("link", { name: "下载海报" }).waitFor();
    expect(await poster.getAttribute("src")).toMatch(/^data:image\/png;base64,/);
    const seen = await poster.evaluate((image) => (image as HTMLImageElement).naturalWidth);
    expect(seen).toBe(1_080);
    expect(visit.errors).toEqual([]);
  });
});
