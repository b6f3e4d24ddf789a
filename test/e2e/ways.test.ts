import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { launchBrowser } from "./browser.ts";
import { dataFolder, eventually, type Service, startService } from "./service.ts";
import { findingsOf, make, statsOf, visit } from "./visit.ts";

const folder = dataFolder();
let service: Service;
let browser: Browser;

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(folder.path), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
  folder.remove();
});

type Agent = keyof typeof agents;

/**
 * Each written out in full, as docs/reference/openings.md#taobao and docs/reference/openings.md#mechanisms
 * have it.
 */
const live = {
  web: "https://tbzb.taobao.com/live?liveId=532359023188",
  scheme:
    "tbopen://m.taobao.com/tbopen/index.html?h5Url=https%3A%2F%2Ftbzb.taobao.com%2Flive%3FliveId%3D532359023188&action=ali.open.nav&module=h5&bootImage=0",
  "universal-link":
    "https://ace.tb.cn/t?smburl=tbopen%3A%2F%2Fm.taobao.com%2Ftbopen%2Findex.html%3Fh5Url%3Dhttps%253A%252F%252Ftbzb.taobao.com%252Flive%253FliveId%253D532359023188%26action%3Dali.open.nav%26module%3Dh5%26bootImage%3D0",
  intent:
    "intent://m.taobao.com/tbopen/index.html?h5Url=https%3A%2F%2Ftbzb.taobao.com%2Flive%3FliveId%3D532359023188&action=ali.open.nav&module=h5&bootImage=0#Intent;scheme=tbopen;package=com.taobao.taobao;S.browser_fallback_url=https%3A%2F%2Ftbzb.taobao.com%2Flive%3FliveId%3D532359023188;end",
} as const;
const replayPage = "https://h5.m.taobao.com/taolive/video.html?id=532359023188";
const replay = {
  web: replayPage,
  scheme:
    "tbopen://m.taobao.com/tbopen/index.html?h5Url=https%3A%2F%2Fh5.m.taobao.com%2Ftaolive%2Fvideo.html%3Fid%3D532359023188&action=ali.open.nav&module=h5&bootImage=0",
  "universal-link":
    "https://ace.tb.cn/t?smburl=tbopen%3A%2F%2Fm.taobao.com%2Ftbopen%2Findex.html%3Fh5Url%3Dhttps%253A%252F%252Fh5.m.taobao.com%252Ftaolive%252Fvideo.html%253Fid%253D532359023188%26action%3Dali.open.nav%26module%3Dh5%26bootImage%3D0",
  intent:
    "intent://m.taobao.com/tbopen/index.html?h5Url=https%3A%2F%2Fh5.m.taobao.com%2Ftaolive%2Fvideo.html%3Fid%3D532359023188&action=ali.open.nav&module=h5&bootImage=0#Intent;scheme=tbopen;package=com.taobao.taobao;S.browser_fallback_url=https%3A%2F%2Fh5.m.taobao.com%2Ftaolive%2Fvideo.html%3Fid%3D532359023188;end",
} as const;
type Opener = keyof typeof live;

/** Who opens the link, and the first way that opens something for them; `guide`: that stands before it. */
const viewers: [agent: Agent, first: Opener, leads?: "guide"][] = [
  ["wechatIos", "web"],
  ["wechatAndroid", "web"],
  ["weiboIos", "web", "guide"],
  ["qqIos", "web", "guide"],
  ["safariIos", "universal-link"],
  ["chromeAndroid", "intent"],
  ["huaweiAndroid", "scheme"],
  ["ucNext", "scheme"],
  ["desktop", "web"],
];

const stream = { url: live.web, title: "布偶猫舍的直播间", host: "布偶猫舍" };
const phases = {
  live: { fields: { ...stream, landing: "always" }, badge: "直播中", opens: live },
  upcoming: {
    fields: { ...stream, startsAt: "2036-11-20T20:00:00+08:00" },
    badge: "即将开播",
    opens: live,
  },
  ended: {
    fields: {
      title: stream.title,
      url: "https://tbzb.taobao.com/live?liveId=532359023188",
      phase: "ended",
      landing: "always",
    },
    badge: "直播已结束",
    opens: replay,
  },
};

async function linkIn(phase: keyof typeof phases) {
  const { phase: byHand, ...fields } = { phase: undefined, ...phases[phase].fields };
  const made = await make(service, fields);
  if (byHand) {
    await service.api("PATCH", `/api/streams/${made.stream.id}`, {
      phase: byHand,
      destinations: [{ url: live.web, replay: replayPage }],
    });
  }
  return made;
}

for (const phase of ["live", "upcoming", "ended"] as const) {
  describe(`the page of a stream that is ${phase}`, () => {
    for (const [agent, first, leads] of viewers) {
      it(`leads ${agent} by ${leads ?? first}, and counts the tap`, async ({ expect }) => {
        const made = await linkIn(phase);
        const { badge, opens } = phases[phase];
        const userAgent = agents[agent];
        const { page, context, elsewhere, errors } = await visit(browser, service, made.link.slug, {
          userAgent,
        });
        expect(await page.locator(".badge").textContent()).toContain(badge);
        expect(await page.locator(".countdown").count()).toBe(phase === "upcoming" ? 1 : 0);
        const ways = page.locator("[data-way]");
        expect(await ways.first().evaluate((way) => way.classList.contains("guide"))).toBe(
          leads === "guide",
        );
        const opener = page.locator("a[data-way]").first();
        expect(await opener.getAttribute("href")).toBe(opens[first]);
        expect(await opener.evaluate((way) => way.classList.contains("go"))).toBe(!leads);
        expect(await findingsOf(page)).toEqual([]);
        expect(elsewhere).toEqual([]);

        await opener.click({ noWaitAfter: true });
        if (first === "web" || first === "universal-link") {
          await page.waitForURL(opens[first]);
          expect(elsewhere).toEqual([opens[first]]);
        }
        const { totals, by } = await eventually(
          () => statsOf(service, made),
          (stats) => stats.totals.clicks === 1 && stats.totals.rendered === 1,
        );
        expect(totals).toMatchObject({ views: 1, clicks: 1, rendered: 1, copies: 0 });
        expect(by.method).toContainEqual({ key: first, views: 0, clicks: 1 });
        // A scheme that no app takes is refused by the browser, as it would be on a phone without the app.
        expect(
          errors.filter((error) => !/scheme does not have a registered handler/.test(error)),
        ).toEqual([]);
        await context.close();
      });

      it(`leads ${agent} without script by /go`, async ({ expect }) => {
        const made = await linkIn(phase);
        const { page, context } = await visit(browser, service, made.link.slug, {
          userAgent: agents[agent],
          javaScriptEnabled: false,
        });
        const href = await page.locator("a[data-way]").first().getAttribute("href");
        expect(href).toMatch(new RegExp(`^/${made.link.slug}/go\\?(way=\\d+&)?token=[\\w.-]+$`));
        const answer = await fetch(`${service.url}${href}`, {
          redirect: "manual",
          headers: { "User-Agent": agents[agent] },
        });
        const { opens } = phases[phase];
        expect(answer.status).toBe(302);
        // The plain /go is the web page, which every app can show.
        expect(answer.headers.get("Location")).toBe(opens.web);
        await eventually(
          () => statsOf(service, made),
          ({ totals }) => totals.views === 1 && totals.clicks === 1,
        );
        await context.close();
      });
    }
  });
}

describe("other platforms' first ways, byte by byte", () => {
  const rooms = {
    jd: "https://lives.jd.com/#/48378944?origin=0",
    douyin: "https://webcast.amemv.com/douyin/webcast/reflow/7318296342189919011",
    xiaohongshu: "https://www.xiaohongshu.com/livestream/570459564696889177",
    bilibili: "https://live.bilibili.com/320",
  };
  const openapp =
    "openapp.jdmobile://virtual?params=%7B%22category%22%3A%22jump%22%2C%22des%22%3A%22m%22%2C%22url%22%3A%22https%3A%2F%2Flives.jd.com%2F%23%2F48378944%3Forigin%3D0%22%7D";
  const cases: [keyof typeof rooms, Agent, string][] = [
    ["jd", "safariIos", `https://linkst.m.jd.com/ul/ul.action?${openapp}`],
    ["jd", "huaweiAndroid", openapp],
    ["jd", "wechatIos", "https://lives.jd.com/#/48378944?origin=0"],
    [
      "jd",
      "chromeAndroid",
      `intent://${openapp.slice("openapp.jdmobile://".length)}#Intent;scheme=openapp.jdmobile;package=com.jingdong.app.mall;S.browser_fallback_url=https%3A%2F%2Flives.jd.com%2F%23%2F48378944%3Forigin%3D0;end`,
    ],
    [
      "douyin",
      "huaweiAndroid",
      "snssdk1128://live?room_id=7318296342189919011&user_id=&u_code=&from=webview&refer=web",
    ],
    [
      "xiaohongshu",
      "wechatIos",
      "https://oia.xiaohongshu.com/oia?deeplink=xhsdiscover%3A%2F%2Flive_audience%3Froom_id%3D570459564696889177%26source%3Dshare_out_of_app",
    ],
    [
      "xiaohongshu",
      "ucNext",
      "xhsdiscover://live_audience?room_id=570459564696889177&source=share_out_of_app",
    ],
    ["bilibili", "huaweiAndroid", "bilibili://live/320"],
    [
      "bilibili",
      "safariIos",
      "https://d.bilibili.com/download_app.html?preUrl=https%3A%2F%2Flive.bilibili.com%2F320&schema=bilibili%3A%2F%2Flive%2F320",
    ],
  ];
  for (const [room, agent, url] of cases) {
    it(`${room} for ${agent}`, async ({ expect }) => {
      const made = await make(service, { url: rooms[room] });
      const { page, context } = await visit(browser, service, made.link.slug, {
        userAgent: agents[agent],
      });
      expect(await page.locator("a.go").getAttribute("href")).toBe(url);
      await context.close();
    });
  }
});
