/**
 * Takes the docs' pictures: starts the bundle in a folder of its own, opens links as the apps' user agents, runs the demo
 * for some minutes for the console's, and writes docs/images/. Wants a Chinese font installed (Debian: fonts-noto-cjk).
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { agents } from "../test/agents.ts";
import { launchBrowser } from "../test/e2e/browser.ts";
import { signedIn } from "../test/e2e/console.ts";
import { dataFolder, startService } from "../test/e2e/service.ts";
import { asProxy } from "./demo/audience.ts";

const folder = dataFolder();
const service = await startService(folder.path, asProxy);
const browser = await launchBrowser();
const phone = { width: 375, height: 740 };

async function coverPicture(): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 720 } });
  await page.setContent(`<style>*{margin:0}</style>${readFileSync("scripts/cover.svg", "utf8")}`);
  return page.screenshot({ type: "jpeg", quality: 82 });
}
const cover = await coverPicture();

async function link(fields: object, hasCover = true): Promise<string> {
  const { status, body } = await service.api("POST", "/api/links", fields);
  if (status !== 201) throw new Error(JSON.stringify(body));
  const { link, stream } = body as { link: { slug: string }; stream: { id: string } };
  if (hasCover) {
    await fetch(`${service.url}/api/streams/${stream.id}/cover`, {
      method: "PUT",
      headers: { Authorization: `Bearer ${service.key}`, "Content-Type": "image/jpeg" },
      body: new Uint8Array(cover),
    });
  }
  return link.slug;
}

interface Shot {
  name: string;
  path: string;
  userAgent: string;
  viewport?: { width: number; height: number };
  colorScheme?: "light" | "dark";
  locale?: string;
  type?: "png" | "jpeg";
}

async function take({ name, path, userAgent, ...options }: Shot): Promise<void> {
  const { viewport = phone, colorScheme = "light", locale = "zh-CN", type = "png" } = options;
  const context = await browser.newContext({ userAgent, viewport, colorScheme, locale });
  const page = await context.newPage();
  await page.goto(`${service.url}/${path}`);
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: `docs/images/${name}.${type}`, type });
  await context.close();
}

const room = {
  url: "https://tbzb.taobao.com/live?liveId=532359023188",
  title: "双十一大场：布偶猫粮五折，前一百名送逗猫棒",
  host: "布偶猫舍",
};
const elsewhere = {
  destinations: [
    { url: "https://lives.jd.com/#/48378944?origin=0" },
    { url: "https://www.xiaohongshu.com/livestream/570459564696889177" },
  ],
};
const inTwoDays = new Date(Date.now() + (51 * 60 + 4) * 60_000).toISOString();
const live = await link({
  ...room,
  text: `5 666:/布偶猫舍的直播间太火爆了，快来看！${room.url}`,
  url: undefined,
});
const upcoming = await link({ ...room, startsAt: inTwoDays });
const everywhere = await link({ ...room, ...elsewhere });
const bare = await link(room, false);
const branded = await link({
  ...room,
  ...{ brandName: "布偶猫舍", brandColor: "#0a6f5b", filingNumber: "浙ICP备00000000号-1" },
  creator: { id: "lin", name: "林小鹿", tier: "KOL" },
  landing: "always",
});

await take({ name: "landing-wechat", path: live, userAgent: agents.wechatIos });
await take({ name: "landing-brand", path: branded, userAgent: agents.wechatIos });
await take({ name: "landing-upcoming", path: upcoming, userAgent: agents.safariIos });
await take({ name: "landing-weibo", path: bare, userAgent: agents.weiboIos });
await take({
  name: "landing-choice",
  path: everywhere,
  userAgent: agents.chromeAndroid,
  colorScheme: "dark",
  locale: "en-US",
});
await take({
  name: "landing-desktop",
  path: upcoming,
  userAgent: agents.desktop,
  viewport: { width: 1_280, height: 900 },
});
await take({
  name: "poster",
  path: `${upcoming}/poster.svg`,
  userAgent: agents.desktop,
  viewport: { width: 1_080, height: 1_440 },
  type: "jpeg",
});

/** The demo's broadcast, once its curve has something to show. */
async function broadcast(): Promise<{ id: string; end: () => void }> {
  const demo = spawn(process.execPath, ["scripts/demo.ts"], {
    env: { ...process.env, PORT: new URL(service.url).port, ADMIN_KEY: service.key },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  demo.stdout.on("data", (text) => {
    output += text;
  });
  await new Promise((done) => setTimeout(done, demoRuns));
  const id = /streams\/(st_\w+)/.exec(output)?.[1];
  if (!id) throw new Error(`the demo did not begin: ${output}`);
  return { id, end: () => demo.kill() };
}
/** ms; the demo changes a destination after 75 s. */
const demoRuns = 330_000;

const running = await broadcast();
const visit = await signedIn(browser, service, { width: 1_280, height: 1_000 });
for (const [name, tab] of [
  ["console-board", ""],
  ["console-links", "/links"],
  ["console-preview", "/control"],
] as const) {
  await visit.page.goto(`${service.url}/console/streams/${running.id}${tab}`);
  await visit.page.waitForTimeout(3_000);
  await visit.page.screenshot({ path: `docs/images/${name}.png` });
}
await visit.close();
running.end();

await browser.close();
await service.stop();
folder.remove();
process.exit(0);
