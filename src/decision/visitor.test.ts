import { describe, it } from "vitest";
import visitors from "../../test/fixtures/visitors.json" with { type: "json" };
import { classify } from "./visitor.ts";

describe("every user agent of the fixtures", () => {
  for (const { userAgent, app, os, source } of visitors) {
    it(`${app} on ${os} (${source.slice(0, 50)})`, ({ expect }) => {
      const visitor = classify(userAgent);
      expect(visitor.os).toBe(os);
      if (app.startsWith("bot:")) {
        expect(visitor.bot).toBe(app.slice("bot:".length));
        expect(visitor.kind).not.toBe("human");
      } else {
        expect(visitor).toEqual({ kind: "human", app, os });
      }
    });
  }
});

describe("people whom lists of the field call robots", () => {
  const people: [string, string][] = [
    [
      "chrome",
      "Mozilla/5.0 (Linux; Android 10; CUBOT_X30 Build/QP1A.190711.020) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
    ],
    [
      "chrome",
      "Mozilla/5.0 (Linux; Android 9; CUBOT NOVA) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
    ],
    [
      "chrome",
      "Mozilla/5.0 (Linux; Android 11; Cubot) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
    ],
    [
      "alipay",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Ariver/1.1.0 AliApp(AP/10.6.80.6000) Nebula WK RVKType(0) AlipayDefined(nt:WIFI,ws:390|780|3.0) AlipayClient/10.6.80.6000",
    ],
    [
      "baidu",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 12_1_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/16C101 main%2F1.0 baiduboxapp/11.12.0.18 (Baidu; P2 12.1.2)",
    ],
    [
      "toutiao",
      "Mozilla/5.0 (Linux; Android 12; M2102K1C; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/92.0.4515.131 Mobile Safari/537.36 JsSdk/2 NewsArticle/8.9.2 NetType/wifi",
    ],
    [
      "sogou",
      "Mozilla/5.0 (Linux; U; Android 11; zh-cn; M2007J3SC) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.116 Mobile Safari/537.36 SogouMobileBrowser/13.0",
    ],
  ];
  for (const [app, userAgent] of people) {
    it(`${app}: ${userAgent.slice(13, 60)}`, ({ expect }) => {
      expect(classify(userAgent)).toMatchObject({ kind: "human", app });
    });
  }
});

describe("robots", () => {
  const robots: [string | null, string, string][] = [
    [null, "bot", "empty"],
    ["", "bot", "empty"],
    ["curl/8.4.0", "bot", "tool"],
    ["python-requests/2.31.0", "bot", "tool"],
    ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot", "google"],
    [
      "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
      "bot",
      "baidu",
    ],
    ["Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)", "bot", "sogou"],
    ["Mozilla/5.0 (compatible; NewThing-Bot/1.0)", "bot", "other"],
    [
      "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/63.0 Safari/537.36 DingTalkBot-LinkService/1.0",
      "preview",
      "dingtalk-preview",
    ],
    [
      "WeChatShareExtensionNew/8.0.37 CFNetwork/1410.0.3 Darwin/22.6.0",
      "preview",
      "wechat-share-extension",
    ],
    ["Mozilla/5.0 (compatible; Weibo spider)", "preview", "weibo"],
    [
      "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
      "preview",
      "facebook",
    ],
    ["Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "preview", "slack"],
    ["Twitterbot/1.0", "preview", "x"],
    ["Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "preview", "discord"],
    [
      "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
      "preview",
      "linkedin",
    ],
    ["WhatsApp/2.23.20.0", "preview", "whatsapp"],
    ["Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", "preview", "skype"],
  ];
  for (const [userAgent, kind, bot] of robots) {
    it(`${userAgent?.slice(0, 60) || "no user agent"}: ${kind} ${bot}`, ({ expect }) => {
      expect(classify(userAgent)).toMatchObject({ kind, bot });
    });
  }
});

describe("browsers and the other apps", () => {
  const seen: [string, string, string][] = [
    [
      "chrome",
      "android",
      "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
    ],
    [
      "chrome",
      "windows",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    ],
    [
      "edge",
      "windows",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
    ],
    [
      "safari",
      "macos",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15",
    ],
    ["firefox", "linux", "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"],
    [
      "ios-3p-browser",
      "ios",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0.6099.50 Mobile/15E148 Safari/604.1",
    ],
    [
      "android-webview",
      "android",
      "Mozilla/5.0 (Linux; Android 13; SM-S901B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36",
    ],
    [
      "diantao",
      "ios",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 15_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/19H332 AliApp(TAOBAOLIVEAPP/3.1.0) WindVane/8.7.2",
    ],
    [
      "taote",
      "ios",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 15_7 like Mac OS X) AppleWebKit/605.1.15 Mobile/19H332 AliApp(LT/6.0.0) WindVane/8.7.2",
    ],
    [
      "wechat",
      "macos",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0.0.0 Safari/537.36 NetType/WIFI MicroMessenger/6.8.0(0x16080000) MacWechat/3.8.7(0x13080710) XWEB/1191 Flue",
    ],
    [
      "wecom",
      "windows",
      "Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.6668.101 Safari/537.36 Language/zh ColorScheme/Light wxwork/4.1.39 (MicroMessenger/6.2) WindowsWechat MailPlugin_Electron WeMail embeddisk wwmver/3.26.39.639 noMediaCs/false",
    ],
    [
      "huawei",
      "harmony-next",
      "Mozilla/5.0 (OpenHarmony 6.1; Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 HuaweiBrowser/6.0",
    ],
    [
      "xiaohongshu",
      "ios",
      "discover/8.84 (iPhone; iOS 18.5; Scale/3.00) Resolution/1290*2796 Version/8.84 Build/8840703 Device/(Apple Inc.;iPhone16,2) NetType/WiFi",
    ],
    [
      "quark",
      "android",
      "Mozilla/5.0 (Linux; U; Android 13; zh-CN) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 Quark/6.4.0.381 Mobile Safari/537.36",
    ],
  ];
  for (const [app, os, userAgent] of seen) {
    it(`${app} on ${os}`, ({ expect }) => {
      expect(classify(userAgent)).toMatchObject({ kind: "human", app, os });
    });
  }
  it("does not take Kuaishou's overseas app for Kuaishou", ({ expect }) => {
    expect(
      classify(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Kwai_Pro/1.0",
      ).app,
    ).not.toBe("kuaishou");
  });
});
