/** @module Promoted links in the console: tried out, made by an account of an alliance's, told where they fail; and what a viewer then opens. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { FakeTaobao } from "../alliances/taobao.ts";
import { launchBrowser } from "./browser.ts";
import { signedIn } from "./console.ts";
import { type ServedGateway, serveGateway } from "./gateway.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";
import { findingsOf } from "./visit.ts";

const taobao = new FakeTaobao();
const folder = dataFolder();
const { appKey = "", appSecret = "" } = taobao.credentials;
let service: Service;
let browser: Browser;
let gateway: ServedGateway;
let origin: string;

beforeAll(async () => {
  gateway = await serveGateway(taobao);
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

describe("promoted links in the console", () => {
  it("are tried out, made with their own 口令, and open; what can't be made is said link by link", async ({
    expect,
  }) => {
    const destinations = [{ url: "https://tbzb.taobao.com/live?liveId=5001" }];
    const stream = await call<{ id: string }>("POST", "/api/streams", {
      title: "猫粮专场",
      destinations,
    });
    await call("POST", `/api/streams/${stream.id}/links`, [
      {
        slug: "cats-li",
        creator: { id: "li", name: "李" },
        promotion: { taobao: { adzoneId: "71" } },
      },
      { slug: "cats-wang", creator: { id: "wang", name: "王" } },
    ]);
    const { page, errors, close } = await signedIn(browser, service);
    page.setDefaultTimeout(12_000);
    await page.goto(`${service.url}/console/streams/${stream.id}/links`);
    await page.getByRole("button", { name: "添加推广者" }).waitFor();
    // Without an account there is nothing to press.
    expect(await page.getByRole("button", { name: "生成推广链接" }).count()).toBe(0);
    const connected = await service.api("POST", "/api/connections", {
      ...{ alliance: "taobao-union", name: "旗舰店", apiBase: origin },
      credentials: { appKey, appSecret },
    });
    expect(connected.status, JSON.stringify(connected.body)).toBe(201);
    // Boards share what was asked a moment ago.
    await eventually(
      () => call<{ data: object[] }>("GET", `/api/streams/${stream.id}/order-sources`),
      ({ data }) => data.length === 1,
    );
    await page.reload();
    await page.getByRole("button", { name: "生成推广链接" }).click();
    const card = page.getByRole("region", { name: "推广链接" });
    await card.getByRole("button", { name: "试算" }).click();
    await card.getByText("将生成 1 个，保持不变 0 个，无法生成 1 个").waitFor();
    const failed = card.getByRole("row", { name: /cats-wang/ });
    await failed.getByText(/推广位/).waitFor();
    expect(taobao.calls.filter(({ method }) => method.includes("convert"))).toEqual([]);

    await card.getByRole("button", { name: "生成", exact: true }).click();
    await card.getByText("已生成 1 个，保持不变 0 个，失败 1 个").waitFor();
    const headers = { "User-Agent": agents.taobaoIos };
    await eventually(
      async () =>
        (await fetch(`${service.url}/cats-li`, { headers, redirect: "manual" })).headers.get(
          "Location",
        ),
      (location) => location?.includes("mm_1_2_71") ?? false,
    );
    expect(await findingsOf(page)).toEqual([]);
    for (const width of [320, 390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const overflows = await page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      expect([width, overflows]).toEqual([width, false]);
    }
    // What is there stays, unless somebody asks for it anew.
    await card.getByRole("button", { name: "试算" }).click();
    await card.getByText("将生成 0 个，保持不变 1 个，无法生成 1 个").waitFor();
    await card.getByText("重新生成已有的去向").click();
    await card.getByRole("button", { name: "试算" }).click();
    await card.getByText("将生成 1 个，保持不变 0 个，无法生成 1 个").waitFor();
    expect(errors).toEqual([]);
    await close();
  });
});
