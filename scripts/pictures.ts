/**
 * Takes the docs' pictures of the landing page: starts the bundle in a folder of its own, opens links as the
 * apps' user agents, and writes docs/images/. Wants a Chinese font installed (Debian: fonts-noto-cjk).
 */
import { readFileSync } from "node:fs";
import { agents } from "../test/agents.ts";
import { launchBrowser } from "../test/e2e/browser.ts";
import { dataFolder, startService } from "../test/e2e/service.ts";

const folder = dataFolder();
const service = await startService(folder.path);
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

await take({ name: "landing-wechat", path: live, userAgent: agents.wechatIos });
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

await browser.close();
await service.stop();
folder.remove();
process.exit(0);
