import { describe, it } from "vitest";
import { freePort } from "../free-port.ts";
import { dataFolder, eventually, startService } from "./service.ts";
import { launchWebKit, webkitIsMissing } from "./webkit.ts";

if (webkitIsMissing) console.warn(webkitIsMissing);

describe("the console in WebKit, over plain http on this machine", () => {
  it("signs in, stays signed in, and signs out", async ({ expect, skip }) => {
    skip(webkitIsMissing !== null, webkitIsMissing ?? "");
    const folder = dataFolder();
    const service = await startService(folder.path);
    const webkit = await launchWebKit(await freePort());
    try {
      for (const host of ["localhost", "127.0.0.1"]) {
        await webkit.visit(`${service.url.replace("127.0.0.1", host)}/console/`);
        await webkit.type("input[name=key]", service.key);
        await webkit.click("button[type=submit]");
        const isIn = () => webkit.run<boolean>("return document.querySelector('nav') !== null");
        const text = () => webkit.run<string>("return document.body.innerText");
        expect(await eventually(isIn, Boolean, 15_000), await text()).toBe(true);
        const [cookie] = await webkit.cookies();
        expect(cookie).toMatchObject({ name: "moongate", secure: false, httpOnly: true });
        await webkit.visit(`${service.url.replace("127.0.0.1", host)}/console/audit`);
        expect(await eventually(isIn, Boolean, 15_000)).toBe(true);
        await eventually(text, (shown) => shown.includes("登录控制台"), 15_000);
        const out = "return fetch('/console/session', {method: 'DELETE'}).then(() => true)";
        await webkit.run(out);
        await eventually(webkit.cookies, (cookies) => cookies.length === 0);
        await webkit.visit(`${service.url.replace("127.0.0.1", host)}/console/`);
        await eventually(text, (shown) => shown.includes("API"), 15_000);
        expect(await isIn()).toBe(false);
      }
    } finally {
      await webkit.close();
      await service.stop();
      folder.remove();
    }
  });
});
