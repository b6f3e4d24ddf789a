/** @module The pages in WebKit, where the machine has it: a viewer's page, and the console of a working day. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { freePort } from "../free-port.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";
import { launchWebKit, type WebKit, webkitIsMissing } from "./webkit.ts";

const url = "https://tbzb.taobao.com/live?liveId=532359023188";

describe.skipIf(webkitIsMissing !== null)("in WebKit", () => {
  const folder = dataFolder();
  let service: Service;
  let webkit: WebKit;
  beforeAll(async () => {
    [service, webkit] = await Promise.all([
      startService(folder.path),
      launchWebKit(await freePort()),
    ]);
  });
  afterAll(async () => {
    await webkit?.close();
    await service?.stop();
    folder.remove();
  });

  // biome-ignore lint/suspicious/noExplicitAny: read by the tests as they know it
  const call = async (method: string, path: string, body?: unknown): Promise<any> =>
    (await service.api(method, path, body)).body;
  const make = async (fields: object = {}) => {
    const stream = await call("POST", "/api/streams", {
      title: "双11大促",
      destinations: [{ url }],
      landing: "always",
      ...fields,
    });
    const links = await call("POST", `/api/streams/${stream.id}/links`, {
      creator: { id: "lin", name: "林", tier: "KOL" },
    });
    return { id: stream.id as string, slug: links.data[0].slug as string };
  };
  const until = (expression: string) =>
    eventually(() => webkit.run<boolean>(`return Boolean(${expression})`), Boolean, 20_000);
  const width = () =>
    webkit.run<[number, number]>("return [document.documentElement.scrollWidth, innerWidth]");

  it("a viewer's page is drawn in its brand, reports that it was seen, and counts down", async ({
    expect,
  }) => {
    const { id, slug } = await make({
      brandName: "云上花店",
      brandColor: "#0a7d4f",
      startsAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await webkit.visit(`${service.url}/${slug}`);
    await until(`document.querySelector(".countdown:not([hidden])")`);
    expect(await webkit.run("return document.querySelector('.ad').textContent")).toMatch(/广告/);
    expect(
      await webkit.run(
        "return getComputedStyle(document.documentElement).getPropertyValue('--brand')",
      ),
    ).toBe("#0a7d4f");
    expect(await webkit.run("return document.querySelector('.countdown').innerText")).toMatch(/\d/);
    for (const wide of [320, 1_280]) {
      await webkit.resize(wide, 900);
      const [content, room] = await width();
      expect([wide, content <= room]).toEqual([wide, true]);
    }
    await eventually(
      () => call("GET", `/api/streams/${id}/stats`),
      ({ totals }) => totals.views === 1 && totals.rendered === 1,
    );
  });

  it("the console signs in over http on this machine, and each page is there and fits", async ({
    expect,
  }) => {
    const { id } = await make();
    await webkit.resize(1_280, 900);
    await webkit.visit(`${service.url}/console/`);
    await until(`document.querySelector("input[type=password]")`);
    await webkit.type("input[type=password]", service.key);
    await webkit.click("form button[type=submit]");
    await until(`document.querySelector(".bar nav a")`);
    const pages = [
      "/console/",
      "/console/new",
      "/console/totals",
      `/console/streams/${id}`,
      `/console/streams/${id}/links`,
      `/console/streams/${id}/control`,
      `/console/streams/${id}/sales`,
      `/console/streams/${id}/report`,
      `/console/streams/${id}/details`,
      `/console/streams/${id}/wall`,
      "/console/orders",
      "/console/notifiers",
      "/console/keys",
      "/console/audit",
      "/console/settings",
    ];
    for (const path of pages) {
      await webkit.visit(service.url + path);
      await until(
        `document.querySelector("main h1, main h2") && !document.querySelector(".skeleton")`,
      );
      const text = await webkit.run<string>("return document.body.innerText");
      expect(text, path).not.toMatch(/undefined|NaN|\[object/);
      for (const wide of [360, 1_280, 2_560]) {
        await webkit.resize(wide, 900);
        // A chart is drawn anew a moment after its room has changed.
        const fits = ([content, room]: [number, number]) => content <= room;
        const [content, room] = await eventually(width, fits, 5_000).catch(width);
        expect([path, wide, content <= room]).toEqual([path, wide, true]);
      }
    }
  }, 120_000);

  it("a field is saved as it is left, and a poster becomes a PNG", async () => {
    const { id, slug } = await make();
    await webkit.resize(1_280, 1_000);
    await webkit.visit(`${service.url}/console/streams/${id}/details`);
    await until(`document.querySelector(".edit-field input")`);
    await webkit.type(".edit-field input", " 第二场");
    await webkit.run("document.activeElement.blur()");
    await eventually(
      () => call("GET", `/api/streams/${id}`),
      ({ title }) => title.includes("第二场"),
    );
    await webkit.visit(`${service.url}/console/streams/${id}/links`);
    await until(`document.querySelector("button[aria-label^='${slug}']")`);
    await webkit.click(`button[aria-label^='${slug}']`);
    await until(`document.querySelector("dialog[open] img[src^='data:image/png']")`);
  }, 60_000);

  it("the page of the API is there", async ({ expect }) => {
    await webkit.visit(`${service.url}/docs/#postInspect`);
    await until(`document.querySelector("form.try")`);
    await webkit.resize(360, 900);
    const [content, room] = await width();
    expect(content <= room).toBe(true);
  });
});
