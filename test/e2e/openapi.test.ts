import { gzipSync } from "node:zlib";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { dataFolder, type Service, startService } from "./service.ts";
import { findingsOf } from "./visit.ts";

const folder = dataFolder();
let service: Service;
beforeAll(async () => {
  service = await startService(folder.path);
});
afterAll(async () => {
  await service.stop();
  folder.remove();
});

describe("/openapi.json", () => {
  it("is OpenAPI 3.1 without a fault, by Redocly's recommended rules", async ({ expect }) => {
    const source = await (await fetch(`${service.url}/openapi.json`)).text();
    expect(JSON.parse(source).openapi).toBe("3.1.0");
    const config = await createConfig({
      extends: ["recommended"],
      rules: {
        // `GET /healthz` can't be asked wrongly.
        "operation-4xx-response": "off",
      },
    });
    const problems = await lintFromString({ source, absoluteRef: "openapi.json", config });
    const told = problems.map(
      ({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? ""})`,
    );
    expect(told).toEqual([]);
  });
});

describe("/docs", () => {
  it("shows every route, asks no other host, and lets one try a route with a key", async ({
    expect,
  }) => {
    const browser = await launchBrowser();
    const page = await browser.newPage();
    const asked: string[] = [];
    const wrong: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
    page.on("pageerror", (error) => wrong.push(String(error)));
    const answer = await page.goto(`${service.url}/docs`);
    expect(answer?.headers()["content-security-policy"]).toContain("default-src 'none'");
    const operations = page.locator("main section > details");
    await operations.first().waitFor();
    const { paths } = (await (await fetch(`${service.url}/openapi.json`)).json()) as {
      paths: Record<string, object>;
    };
    const count = Object.values(paths).reduce(
      (sum, methods) => sum + Object.keys(methods).length,
      0,
    );
    expect(await operations.count()).toBe(count);

    await page.getByLabel("API key").fill(service.key);
    await page.getByLabel("Find by path, method or summary").fill("inspect");
    expect(await operations.count()).toBe(1);
    await operations.first().locator("summary").first().click();
    const form = page.getByRole("form", { name: /postInspect/ });
    await form.getByLabel("Body").fill("{");
    await form.getByRole("button", { name: "Send" }).click();
    await form.getByText("The body is no JSON:").waitFor();
    await form.getByLabel("Body").fill('{"text":"https://tbzb.taobao.com/live?liveId=1"}');
    await form.getByRole("button", { name: "Send" }).click();
    const shown = form.locator(".answer");
    await shown.waitFor();
    expect(await shown.textContent()).toContain("taobao");
    expect(await form.locator("h3").last().textContent()).toContain("200");
    // An address names an operation, whatever is in its path and query.
    await page.goto(`${service.url}/docs/#getStreamsById`);
    await page.reload();
    await page.getByLabel("API key").fill(service.key);
    const read = page.getByRole("form", { name: /getStreamsById$/ });
    await read.getByLabel("id").fill("st none/?");
    await read.getByRole("button", { name: "Send" }).click();
    await read.getByText("404").first().waitFor();
    expect(await read.locator("pre").first().textContent()).toContain("st%20none%2F%3F");
    wrong.splice(0, wrong.length, ...wrong.filter((text) => !text.includes("404")));
    expect(asked.filter((url) => !url.startsWith(service.url) && !url.startsWith("data:"))).toEqual(
      [],
    );
    expect(wrong).toEqual([]);
    await browser.close();
  });

  it("has no finding of axe, in both languages, light and dark, closed and open, and fits from 320 px to 4K", async ({
    expect,
  }) => {
    const browser = await launchBrowser();
    for (const colorScheme of ["light", "dark"] as const) {
      for (const locale of ["zh-CN", "en-US"]) {
        const page = await browser.newPage({ colorScheme, locale });
        await page.goto(`${service.url}/docs/#postLinks`);
        await page.getByRole("form").first().waitFor();
        expect([colorScheme, locale, await findingsOf(page)]).toEqual([colorScheme, locale, []]);
        expect(await page.evaluate("document.documentElement.lang")).toBe(
          locale === "zh-CN" ? "zh-CN" : "en",
        );
        for (const width of [320, 375, 1280, 3840]) {
          await page.setViewportSize({ width, height: 900 });
          const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
          expect([width, wide <= width]).toEqual([width, true]);
        }
        await page.close();
      }
    }
    await browser.close();
  });

  it("is small", async ({ expect }) => {
    const script = await (await fetch(`${service.url}/docs/page.js`)).arrayBuffer();
    expect(gzipSync(script).length).toBeLessThan(20_000);
  });

  it("is not a way to other files", async ({ expect }) => {
    for (const path of [
      "/docs/../wrangler.toml",
      "/docs/%2e%2e/%2e%2e/wrangler.toml",
      "/docs/none.js",
    ]) {
      expect((await fetch(`${service.url}${path}`)).status).toBe(404);
    }
    expect((await fetch(`${service.url}/docs`, { method: "POST" })).status).toBe(405);
  });
});
