/** @module User agents that the tests open links with, by a short name. */
import visitors from "./fixtures/visitors.json" with { type: "json" };

function fixture(app: string, os: string): string {
  const found = visitors.find((visitor) => visitor.app === app && visitor.os === os);
  if (!found) throw new Error(`no fixture of ${app} on ${os}`);
  return found.userAgent;
}

const webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0";

export const agents = {
  wechatIos: fixture("wechat", "ios"),
  wechatAndroid: fixture("wechat", "android"),
  wechatNext: fixture("wechat", "harmony-next"),
  wechatMini: fixture("wechat-miniprogram", "android"),
  wechatWindows: `Mozilla/5.0 (Windows NT 10.0; WOW64) ${chrome} Safari/537.36 MicroMessenger/7.0.20.1781(0x6700143B) WindowsWechat(0x63090a13)`,
  wecomIos: fixture("wecom", "ios"),
  taobaoIos: fixture("taobao", "ios"),
  tmallIos: fixture("tmall", "ios"),
  hemaAndroid: fixture("hema", "android"),
  dingtalkIos: fixture("dingtalk", "ios"),
  dingtalkAndroid: fixture("dingtalk", "android"),
  alipayIos: fixture("alipay", "ios"),
  jdIos: fixture("jd", "ios"),
  douyinIos: fixture("douyin", "ios"),
  qqIos: fixture("qq", "ios"),
  qqAndroid: fixture("qq", "android"),
  weiboIos: fixture("weibo", "ios"),
  weiboAndroid: `Mozilla/5.0 (Linux; Android 10; BAH3-W59; wv) ${chrome} Safari/537.36 Weibo (HUAWEI-BAH3-W59__weibo__12.11.0__android__android10)`,
  feishuIos: fixture("feishu", "ios"),
  safariIos: fixture("safari", "ios"),
  huaweiAndroid: fixture("huawei", "android"),
  ucNext: fixture("uc", "harmony-next"),
  baiduAndroid: fixture("baidu", "android"),
  dingtalkPreview: fixture("bot:dingtalk-preview", "unknown"),
  bytespider: fixture("bot:bytespider", "android"),
  chromeAndroid: `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${chrome} Mobile Safari/537.36`,
  desktop: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`,
  androidWebview: `Mozilla/5.0 (Linux; Android 13; SM-S901B; wv) ${chrome} Mobile Safari/537.36`,
  television: `Mozilla/5.0 (Web0S; Linux/SmartTV) ${chrome} Safari/537.36`,
  harmonyPc: `Mozilla/5.0 (PC; OpenHarmony 6.1) ${chrome} Safari/537.36 ArkWeb/6.1.0.34`,
  harmonyWebview: `Mozilla/5.0 (Phone; OpenHarmony 5.1) ${chrome} Safari/537.36 ArkWeb/4.1.6.1 Mobile`,
  chromeIos: `Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) ${webkit} CriOS/120.0 Mobile/15E148 Safari/604.1`,
} as const;
