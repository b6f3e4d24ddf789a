/** Who opens, by the kinds of mistakes that corpora of real user agents showed; the texts are of their shapes. */
import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import type { App } from "../platforms/registry/edge.ts";
import type { System } from "../platforms/types.ts";
import { bots } from "./bots.ts";
import { classify } from "./visitor.ts";

const gecko = "(KHTML, like Gecko)";
const chrome = `AppleWebKit/537.36 ${gecko} Chrome/121.0.0.0`;
const webview = `AppleWebKit/537.36 ${gecko} Version/4.0 Chrome/96.0.4664.45 Mobile Safari/537.36`;
const iphone = `Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 ${gecko}`;
const desktop = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`;
const linux = `Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36`;
const android = (model: string) => `Mozilla/5.0 (Linux; Android 13; ${model})`;

describe("robots by their form", () => {
  const robots: Record<string, readonly string[]> = {
    "a name and nothing of a browser": [
      "acme-ai",
      "Watchman",
      "MyCheck.example",
      "linkgrab/2.1",
      "newsroll/0.9.1",
      "http-tool/3.0",
      "shop.example_bot",
      "CMSpress/6.4; php",
      "M",
      "Mozilla/5.0",
      "Mozilla/4.0 (compatible;)",
    ],
    "an address, with a plus or without": [
      "Mozilla/5.0 (compatible; Tidings; http://tidings.example)",
      "Mozilla/5.0 (compatible; 4Privacy/0.3; https://4privacy.example)",
      "Mozilla/5.0 (Openlink - https://openlink.example/about)",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Pages/1.0 (+http://pages.example/why)",
      "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; www.watcher.example)",
      `${desktop} Carbon/1.0 (carbon-ads.com)`,
    ],
    "a mail address": [
      "Mozilla/5.0 larch@unset.example",
      "Mozilla/5.0 (compatible; Zooms/1.1; zooms.team@mail.example)",
      `${linux} +ops@shop.example`,
    ],
    "compatible with a name that is no browser's": [
      "Mozilla/5.0 (compatible; Observer)",
      "Mozilla/4.0 (compatible; Steady Survey)",
      `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko; compatible; Roamer) Chrome/121.0.0.0 Safari/537.36`,
    ],
    "the word, whatever stands behind it": [
      "Acme-Cloud-Bot(cloud.acme.cn)",
      "Acme-Cloud-SpeedBot(cloud.acme.cn)",
      "AdBot 1.0",
      "Great Bot 2.0",
      "PINGO_BOT_(PINGO)",
      `${android("Pixel 5 Build/MMB29P")} ${chrome} Mobile Safari/537.36 (compatible; Gleanbot/2.1)`,
      `${desktop} thing-crawler`,
      `${desktop} LinkChecker`,
    ],
    "a monitor or a machine in a browser's clothes": [
      "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; PTST 2.301)",
      "Mozilla/5.0 (Windows NT 6.3; WOW64; Trident/7.0; rv:11.0; Catchpoint) like Gecko",
      "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:95.0) Gecko/20100101 Firefox/95.0 PTST/Speed/201230.1",
      `${linux} DatadogSynthetics`,
      `${linux} Ghost Inspector`,
      `${linux.replace(" Chrome", " HeadlessChrome")}`,
    ],
    "Google's tools": [
      "Mozilla/5.0 (compatible; Google-Some-Links)",
      `Mozilla/5.0 ${chrome} Safari/537.36 Google-Ads-Something`,
      `${linux} Google Favicon`,
      `${linux} Thing-Google`,
    ],
    "an app's own fetch on Apple's systems": [
      "MobileSafari/604.1 CFNetwork/978.0.7 Darwin/18.7.0",
      "Gizmo/31 CFNetwork/1410.0.3 Darwin/22.6.0",
    ],
  };
  for (const [form, agents] of Object.entries(robots)) {
    it.for(agents)(`${form}: %s`, (userAgent, { expect }) => {
      expect(classify(userAgent)).toMatchObject({ kind: "bot", app: "unknown" });
    });
  }

  it.for([
    ["Notion/1.2 (hello)", "notion"],
    ["Mozilla/5.0 (compatible; Embedly/0.3; +http://example.org)", "embedly"],
    ["Iframely/1.3.1 (+https://example.org)", "iframely"],
    ["Valve/Steam HTTP Client 1.0 (SteamChatURLLookup)", "steam"],
    ["Viber/20.1.0.1 CFNetwork/1410.0.3 Darwin/22.6.0", "viber"],
    ["Mozilla/5.0 (compatible; Yahoo Link Preview; https://example.org)", "yahoo-preview"],
    ["Snap URL Preview Service; bot; https://example.org/robots", "snapchat"],
    ["Mozilla/5.0 (compatible; redditbot/1.1; +http://example.org)", "reddit"],
    ["Mozilla/5.0 (compatible; MicrosoftPreview/2.1; +https://example.org)", "microsoft"],
    ["Pinterest/0.2 (+https://www.pinterest.example/bot.html)", "pinterest"],
    ["facebookexternalhit/1.1;line-poker/1.0", "facebook"],
    ["line-poker/1.0", "line"],
    ["Mozilla/5.0 (compatible; kakaotalk-scrap/1.0)", "kakao"],
    ["Mozilla/5.0 (compatible; vkShare; +http://example.org)", "vk"],
    ["Bluesky Cardyb/1.1; +mailto:x@example.org", "bluesky"],
    ["http.rb/5.1 (Mastodon/4.2.0; +https://example.org/)", "mastodon"],
    [`${linux} Google Web Preview`, "google-preview"],
    ["Chatwork LinkPreview v2", "chat"],
    ["meta-externalfetcher/1.1", "facebook"],
    ["Slack-ImgProxy (+https://example.org)", "slack"],
    ["Mozilla/5.0 (compatible; LarkUrl2Meta/1.0)", "feishu"],
  ])("a chat's preview: %s is of %s", ([userAgent = "", bot], { expect }) => {
    expect(classify(userAgent)).toMatchObject({ kind: "preview", bot });
  });

  it("has a name for each, and finds the named ones where they stand alone", ({ expect }) => {
    for (const { name, kind } of bots) expect([name, kind]).not.toContain("");
    for (const userAgent of ["360JK yunjiankong 975382", "Baidu-YunGuanCe-Bot(x.example)"]) {
      expect(classify(userAgent)).toMatchObject({ kind: "bot" });
    }
    expect(classify("360JK yunjiankong 975382").bot).toBe("360");
    expect(classify("Baidu-YunGuanCe-Bot(x.example)").bot).toBe("baidu");
  });
});

describe("people who look like robots", () => {
  const people: [App, System, string][] = [
    ["chrome", "android", `${android("VR BOT 552")} ${chrome} Mobile Safari/537.36`],
    ["chrome", "android", `${android("FOSSiBOT F101")} ${chrome} Mobile Safari/537.36`],
    ["chrome", "android", `${android("Spider 8")} ${chrome} Mobile Safari/537.36`],
    ["chrome", "android", `${android("CUBOT_P80")} ${chrome} Mobile Safari/537.36`],
    [
      "uc",
      "android",
      "UCWEB/2.0 (Linux; U; Adr 4.3; zh-CN; M1) U2/1.0.0 UCBrowser/9.4.1.300 Mobile",
    ],
    ["jd", "ios", "jdapp;iPhone;12.6.0;;;M/5.0;appBuild/169999;"],
    ["xiaohongshu", "ios", "discover/8.9 (iPhone; iOS 18.1; Scale/3.00) Version/8.9"],
    ["zhihu", "android", `ZhihuHybrid com.zhihu.android/Futureve/9.1 ${android("V1")} ${webview}`],
    ["unknown", "ios", "Gizmo/3.1 (iPhone; iOS 17.4; Scale/3.00)"],
    ["unknown", "android", "CMCC M900/1.0 Android/4.4 Release/1.1.2015 Profile/MIDP-2.0"],
    [
      "taobao",
      "android",
      `${android("V1")} ${webview} AliApp(TB/10.9.1) TTID/600000@taobao_android_10.9.1 WindVane/8.5.0`,
    ],
    [
      "ios-webview",
      "ios",
      `${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/440.0.0;FBCR/Telekom.de;FBDV/iPhone14,2]`,
    ],
    [
      "unknown",
      "windows",
      "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1; EmbeddedWB 14.5 from: http://bsalsa.com/)",
    ],
    ["unknown", "other", "Nokia2700c/2.0 (09.80) Profile/MIDP-2.1 Configuration/CLDC-1.1"],
  ];
  it.for(people)("%s on %s: %s", ([app, os, userAgent], { expect }) => {
    const visitor = classify(userAgent);
    expect([visitor.kind, visitor.os]).toEqual(["human", os]);
    // A profile of MIDP with Android in it names no browser; the system is what counts.
    if (app !== "unknown") expect(visitor.app).toBe(app);
  });

  it("are never lost for what their phone is called", ({ expect }) => {
    const model = fc.stringMatching(/^[A-Za-z0-9 _-]{1,24}$/);
    fc.assert(
      fc.property(model, fc.constantFrom("bot", "Spider", "crawler", "Monitor"), (name, word) => {
        const userAgent = `${android(`${name} ${word}`)} ${chrome} Mobile Safari/537.36`;
        expect(classify(userAgent)).toMatchObject({ kind: "human", os: "android" });
      }),
    );
  });
});

describe("systems", () => {
  const systems: [System, string][] = [
    ["android", `${android("HiPad Air")} ${chrome} Safari/537.36`],
    ["android", `${android("NaviPad 7")} ${chrome} Safari/537.36`],
    ["android", `${android("TechniPhone 3")} ${chrome} Mobile Safari/537.36`],
    ["android", `${android("Mi Note 11;iPhone:")} ${webview}`],
    ["android", `Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36 HeyTapBrowser/41.1.0`],
    ["android", `Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36 XiaoMi/Mint Browser/3.9`],
    ["android", `Mozilla/5.0 (X11; Linux x86_64) ${chrome} Safari/537.36 XiaoMi/MiuiBrowser/12`],
    ["android", `${desktop} T7/13.40 bdhonorbrowser/9.7.0.1 (P1 16)`],
    ["android", "Mozilla/5.0 (Linux; U; en-us; KFXX Build/IML74K) AppleWebKit/535.19 Silk/3.1"],
    ["ios", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_5) AppleWebKit/605 CriOS/110 Safari/605`],
    [
      "ios",
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 EdgiOS/110 Safari/605`,
    ],
    ["ios", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) FxiOS/120 Version/16 Safari/605`],
    [
      "ios",
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/16.1 Mobile/15E148 Safari/604`,
    ],
    ["macos", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.1 Safari/605.1.15`],
    ["other", `Mozilla/5.0 (Web0S; Linux/SmartTV) ${chrome} Safari/537.36`],
    [
      "other",
      "Mozilla/5.0 (SMART-TV; Linux; Tizen 5.5) AppleWebKit/537.36 Version/5.5 TV Safari/1",
    ],
    ["other", `Mozilla/5.0 (Linux armv7l) ${chrome} Safari/537.36 VIDAA/7.0 (Hisense)`],
    [
      "other",
      `Mozilla/5.0 (X11; Linux x86_64; Quest 2) ${chrome} OculusBrowser/30 VR Safari/537.36`,
    ],
    ["other", `Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; X) ${chrome} Mobile Edge/15`],
    [
      "other",
      "Mozilla/5.0 (Mobile; Windows Phone 8.1; Android 4.0; ARM; Trident/7.0; IEMobile/11.0) like iPhone OS 7_0_3",
    ],
    [
      "other",
      "Mozilla/5.0 (Mobile; X/F1_X-000; Android; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
    ],
    ["harmony-next", `Mozilla/5.0 (Phone; HarmonyOS 5.1) ${chrome} Mobile`],
    ["android", `Mozilla/5.0 (Linux; Android 12; HarmonyOS; X-AL10; HMSCore 6.1) ${chrome} Mobile`],
    ["other", `Mozilla/5.0 (Linux armv7l) ${chrome} Safari/537.36 WhaleTV/3.0 Zeasn/1.0`],
    ["other", "NokiaN81-2/6.0830"],
    ["other", `Mozilla/5.0 (PlayStation; PlayStation 5/6.0) AppleWebKit/605.1.15 ${gecko}`],
    ["harmony-next", `Mozilla/5.0 (PC; OpenHarmony 6.0) ${chrome} Safari/537.36 ArkWeb/6.0.0.30`],
  ];
  it.for(systems)("%s: %s", ([os, userAgent], { expect }) => {
    expect(classify(userAgent)).toMatchObject({ kind: "human", os });
  });

  it("a PC with HarmonyOS is a desktop, a phone or tablet none", ({ expect }) => {
    const of = (what: string) => `Mozilla/5.0 (${what}) ${chrome} Safari/537.36 ArkWeb/6.0.0.30`;
    for (const what of ["PC; OpenHarmony 6.0", "OpenHarmony 6.0; Windows NT 10.0"]) {
      expect(classify(of(what)).isDesktop).toBe(true);
    }
    for (const what of ["Phone; OpenHarmony 6.0", "Tablet; OpenHarmony 6.0"]) {
      expect(classify(`${of(what)} Mobile`)).not.toHaveProperty("isDesktop");
    }
  });
});

describe("apps", () => {
  const apps: [App, string][] = [
    ["android-webview", `${android("Primo X5")} ${webview}`],
    ["android-webview", `${android("K")} ${webview} TALKTALK/10.3 (INAPP)`],
    ["android-webview", `${android("V1")} ${webview} tieba/12.1.0`],
    [
      "android-webview",
      `Rider/1 Android/9 Mozilla/5.0 (Linux; U; Android 9; zh-CN; L38) AppleWebKit/537.36 ${gecko} Version/4.0 Chrome/69.0.3497.100 UWS/3.21.0.24 Mobile Safari/537.36 AliApp(XYZ/8.1.0) UCBS/2.11.1.1`,
    ],
    [
      "android-webview",
      `${android("V1")} AppleWebKit/537.36 Version/4.0 Focus/2.0 Chrome/70.1 Mobile`,
    ],
    ["honor", `${android("NIC-AN01")} ${webview} bdapp/1.0 bdhonorbrowser/9.3.0.1 (P1 15)`],
    ["uc", `${desktop} UCPC/1.2.0.10`],
    [
      "uc",
      `${android("N918")} AppleWebKit/533.1 Version/4.0 UCBrowser-XYZ/9.9.3 Mobile Safari/533.1`,
    ],
    ["uc", `${iphone} Mobile/15E148 UCMobile/15.4`],
    ["quark", `${desktop} QuarkPC/2.3.1.100`],
    ["huawei", `${desktop} HBPC/12.1.0.300`],
    ["huawei", `Mozilla/5.0 (PC; OpenHarmony 6.0) ${chrome} Safari/537.36 ArkWeb/6.0.0.30`],
    ["bilibili", `${desktop.replace("Chrome", "bilibili_pc/1.20.1 Chrome")} build/1001020001`],
    ["chrome", "Mozilla/5.0 (Windows NT 6.1) Chrome/30.0.1 BIDUBrowser/7.x Safari/537.31"],
    ["baidu", `${android("M2")} Version/4.0 Mobile Safari/534.30 BaiduBoxApp/3.7_7300051a`],
    ["baidu-lite", `${android("V2; wv")} ${webview} lite baiduboxapp/6.31.0.11 (Baidu; P1 13)`],
    ["baidu-browser", `${android("V2")} ${webview} baidubrowser/7.1.0.1 (Baidu; P1 9)`],
    ["weibo", `${iphone} Mobile/15E148 WeiboIntliOS_6730`],
    [
      "weibo",
      `${android("V2; wv")} ${webview} Weibo (X-V2__weibolite__12.1.0__android__android13)`,
    ],
    ["qqbrowser", `${android("V2")} ${webview} QQBrowserLite/1.2.0`],
    ["qqbrowser", `${iphone} MQBHD/5.6 Mobile/15E148 Safari/8536.25`],
    ["wechat", `${android("MX5")} MQQBrowser/5.5 MicroMessenger/6.3.1 NetType/WIFI QQ/6.7.0.2940`],
    ["meituan", `${iphone} Mobile/15E148 TitansX/20.0.1.old KNB/1.0 iOS/17.2 meituangroup/12.40.1`],
    ["qihoo360", `${android("V2")} ${chrome} Mobile Safari/537.36; 360 Aphone Browser (7.0.1)`],
    [
      "sogou",
      `${android("V2")} Version/4.0 Mobile Safari/534.30 SogouSearch Android1.0 version5.0`,
    ],
    ["browser2345", `${android("V2")} Version/5.0 Mb2345Browser/5.0 Mobile Safari/534.30`],
    ["wukong", `${android("V2")} Version/4.0 Mobile Safari/534.30 wkbrowser 4.2.1 3050`],
    [
      "samsung",
      `${android("SM-G1")} AppleWebKit/537.36 SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile`,
    ],
    ["opera", `${android("V2")} ${chrome} Mobile Safari/537.36 OPR/75.1.3978.1`],
    ["opera", "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1/35.1; U; en) Presto/2.8.119 Version/11.10"],
    ["yandex", `${android("V2")} ${chrome} YaBrowser/24.1.0.1 Mobile Safari/537.36`],
    [
      "oem-browser",
      "Mozilla/5.0 (Linux; U; Android 4.2; zh-cn) Version/4.0 Mobile Safari/534.30 WebKit",
    ],
    ["harmony-browser", `Mozilla/5.0 (Phone; OpenHarmony 5.1) ${chrome} ArkWeb/4.1.6.2 Mobile`],
    ["ios-webview", `${iphone} Version/17.2 Mobile/15E148 Chatter/12.1.0 (like Safari/604.1)`],
    ["ios-webview", `${iphone} Version/17.2 Mobile/15E148 Safari/605.1 SOMEAPP(inapp; 900)`],
    ["safari", `${iphone} Version/17.2 Mobile/15E148 Safari/604.1`],
  ];
  it.for(apps)("%s: %s", ([app, userAgent], { expect }) => {
    expect(classify(userAgent)).toMatchObject({ kind: "human", app });
  });
});
