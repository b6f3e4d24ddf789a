import { createConfig, lintFromString } from "@redocly/openapi-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { dataFolder, type Service, startService } from "./service.ts";

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
    await page.waitForSelector(".opblock");
    const { paths } = (await (await fetch(`${service.url}/openapi.json`)).json()) as {
      paths: Record<string, object>;
    };
    const count = Object.values(paths).reduce(
      (sum, methods) => sum + Object.keys(methods).length,
      0,
    );
    expect(await page.locator(".opblock").count()).toBe(count);

    await page.locator("button.authorize").first().click();
    await page.locator(".auth-container input").fill(service.key);
    await page.locator(".auth-btn-wrapper button.authorize").click();
    await page.locator(".auth-btn-wrapper .btn-done").click();
    const route = page.locator(".opblock", { has: page.locator('[data-path="/api/inspect"]') });
    await route.locator(".opblock-summary").click();
    await route.locator("textarea").fill('{"text":"https://tbzb.taobao.com/live?liveId=1"}');
    await route.locator("button.execute").click();
    const shown = route.locator(".live-responses-table");
    await shown.waitFor();
    expect(await shown.textContent()).toContain("taobao");
    expect(asked.filter((url) => !url.startsWith(service.url) && !url.startsWith("data:"))).toEqual(
      [],
    );
    expect(wrong).toEqual([]);
    await browser.close();
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
