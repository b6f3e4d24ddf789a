/** @module User agents to preview a link as: what people in these apps really send (test/fixtures/visitors.json). */
import type { App } from "../../platforms/registry/edge.ts";
import type { System } from "../../platforms/types.ts";

/** As the API is asked: by a user agent, or by the name of an app on a system. */
export type AsVisitor = { userAgent: string } | { app: App; os: System };

export interface PreviewVisitor {
  id: string;
  name: readonly [zh: string, en: string];
  userAgent: string;
}

export const previewVisitors: readonly PreviewVisitor[] = [
  {
    id: "wechat-ios",
    name: ["微信 · iPhone", "WeChat · iPhone"],
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.37(0x1800252f) NetType/WIFI Language/en",
  },
  {
    id: "wechat-android",
    name: ["微信 · 安卓", "WeChat · Android"],
    userAgent:
      "Mozilla/5.0 (Linux; Android 13; PHF110 Build/RKQ1.211119.001; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160117 MMWEBSDK/20231202 MMWEBID/4213 MicroMessenger/8.0.46.2540(0x28002E3C) WeChat/arm64 Weixin NetType/5G Language/zh_CN ABI/arm64",
  },
  {
    id: "weibo-ios",
    name: ["微博 · iPhone", "Weibo · iPhone"],
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 15_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Weibo (iPhone8,2__weibo__12.11.0__iphone__os15.6)",
  },
  {
    id: "huawei",
    name: ["华为浏览器", "Huawei Browser"],
    userAgent:
      "Mozilla/5.0 (Linux; Android 12; HarmonyOS; GRL-AL10; HMSCore 6.14.0.309) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/15.0.9.300 Safari/537.36",
  },
  {
    id: "safari-ios",
    name: ["Safari · iPhone", "Safari · iPhone"],
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
  },
  {
    id: "chrome-android",
    name: ["Chrome · 安卓", "Chrome · Android"],
    userAgent:
      "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
  },
  {
    id: "taobao",
    name: ["淘宝 App", "Taobao app"],
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 15_7_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/19H332 AliApp(TB/10.23.20) WindVane/8.7.2 UT4Aplus/0.0.4 1242x2208 Winding(WV_1) WK",
  },
  {
    id: "douyin",
    name: ["抖音 App", "Douyin app"],
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 15_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 aweme_22.9.0 Region/CN AppTheme/light NetType/WIFI JsSdk/2.0 Channel/App ByteLocale/zh ByteFullLocale/zh-Hans-CN BulletTag/BA025AF2-780B-4489-8B0E-94C3460B68C7 WKWebView/1 Bullet/1 aweme/22.9.0 BytedanceWebview/d8a21c6 FalconTag/D27677C2-5464-44FF-8577-289778874A3D",
  },
  {
    id: "dingtalk",
    name: ["钉钉 · iPhone", "DingTalk · iPhone"],
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21F90 AliApp(DingTalk/7.1.15) com.laiwang.DingTalk/33435556 Channel/201200 language/en-CN UT4Aplus/0.0.6 WK",
  },
  {
    id: "dingtalk-preview",
    name: ["钉钉链接预览", "DingTalk’s link preview"],
    userAgent: "DingTalkBot-LinkService/1.0",
  },
  {
    id: "television",
    name: ["电视", "Television"],
    userAgent:
      "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
  },
  {
    id: "desktop",
    name: ["电脑浏览器", "Desktop browser"],
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
  },
];
