/** @module What the pages say: one table a language, and moments in words. */
import type { Language } from "../lib/said.ts";
import { wallClock } from "../lib/wall-clock.ts";
import type { App } from "../platforms/registry/edge.ts";

const chinese = {
  live: "直播中",
  early: "马上开播",
  upcoming: "即将开播",
  ended: "直播已结束",
  startsAt: "开播时间",
  countdown: "距离开播",
  days: "天",
  hours: "时",
  minutes: "分",
  seconds: "秒",
  calendar: "加入日历提醒",
  host: "主播",
  open: (app: string) => `打开${app}观看`,
  visit: (app: string) => `先去${app}看看`,
  watchReplay: (app: string) => `在${app}看回放`,
  goOn: "继续查看",
  search: (name: string) => `在微信的“搜一搜”里搜索「${name}」，进入直播间。`,
  copyName: "复制名称",
  openWeb: "打开网页版",
  openApp: (app: string) => `直接打开${app} App`,
  miniProgram: "打开小程序",
  copy: "复制口令",
  copyLink: "复制链接",
  copied: (app: string) => `已复制，打开${app}查看`,
  copyFailed: "复制没有成功，请长按文字复制",
  stalled: "没有打开？换一种方式试试",
  /** Of the menu's entry, by the app's own name for it: unverified on phones. */
  guide: "用浏览器打开",
  guideWhere: "点右上角",
  guideEntry: (app: App) =>
    app === "weibo" ? "浏览器打开" : app === "qq" ? "用浏览器打开" : "在浏览器打开",
  guideChoose: (entry: string) => `选择「${entry}」`,
  close: "点任意处关闭",
  choose: "在哪里看",
  qr: "用手机扫一扫，在手机上看",
  store: (app: string) => `没有安装${app}？去 App Store 下载`,
  endedHint: "感谢关注。这场直播已经结束，暂无回放。",
  poster: "分享海报",
  privacy:
    "本页统计打开和点击的次数、所用的 App、系统与省份，人数只作估算；不用 Cookie，不保存 IP 地址。",
  gone: "链接已失效",
  goneHint: "这个链接已被停用、删除或过期。",
  missing: "链接不存在",
  missingHint: "请检查链接是否完整。",
  ad: "广告",
  away: "暂时打不开",
  awayHint: "请过几秒再点一次。",
  platform: (name: string) => `${name}直播`,
  shareLive: "正在直播",
  shareOpen: (url: string) => `点开观看：${url}`,
  shareCode: (app: string) => `或复制下面整段，打开${app}：`,
  posterScan: "扫码看直播",
};

export type Texts = { [K in keyof typeof chinese]: (typeof chinese)[K] };

const english: Texts = {
  live: "Live now",
  early: "About to start",
  upcoming: "Starting soon",
  ended: "Ended",
  startsAt: "Starts",
  countdown: "Starts in",
  days: "d",
  hours: "h",
  minutes: "m",
  seconds: "s",
  calendar: "Add to calendar",
  host: "Host",
  open: (app) => `Watch in ${app}`,
  visit: (app) => `Look around in ${app}`,
  watchReplay: (app) => `Watch the replay in ${app}`,
  goOn: "Continue",
  search: (name) => `Search for “${name}” in WeChat to enter the room.`,
  copyName: "Copy the name",
  openWeb: "Open the web page",
  openApp: (app) => `Open the ${app} app`,
  miniProgram: "Open the mini program",
  copy: "Copy the passphrase",
  copyLink: "Copy the link",
  copied: (app) => `Copied: now open ${app}`,
  copyFailed: "Copying failed: press and hold the text",
  stalled: "Did it not open? Try another way",
  guide: "Open in a browser",
  guideWhere: "At the top right, tap",
  guideEntry: (app) => chinese.guideEntry(app),
  guideChoose: (entry) => `and choose “${entry}” (open in browser)`,
  close: "Tap anywhere to close",
  choose: "Where to watch",
  qr: "Scan with your phone to watch there",
  store: (app) => `No ${app} yet? Get it from the App Store`,
  endedHint: "Thank you for your interest. This livestream has ended, and there is no replay.",
  poster: "Poster to share",
  privacy:
    "This page counts opens and taps, the app, system and province they come from, and only estimates visitors. No cookies; no IP address is kept.",
  gone: "This link is no longer available",
  goneHint: "It was disabled or deleted, or has expired.",
  missing: "No such link",
  missingHint: "Please check that the link is complete.",
  ad: "Ad · 广告",
  away: "Not available just now",
  awayHint: "Please try again in a few seconds.",
  platform: (name) => `Live on ${name}`,
  shareLive: "Live now",
  shareOpen: (url) => `Watch: ${url}`,
  shareCode: (app) => `Or copy all of this and open ${app}:`,
  posterScan: "Scan to watch",
};

export const texts: Record<Language, Texts> = { "zh-CN": chinese, en: english };

/** A moment in words, in the stream's own time zone, which is named. */
export function momentIn(language: Language, at: number, timeZone: string): string {
  const moment = new Intl.DateTimeFormat(language, {
    timeZone,
    ...(yearIn(timeZone, at) === yearIn(timeZone, Date.now()) ? {} : { year: "numeric" }),
    month: "long",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
  return `${moment} ${zoneName(language, at, timeZone)}`;
}

const yearIn = (timeZone: string, at: number): string => wallClock(at, timeZone).slice(0, 4);

function zoneName(language: Language, at: number, timeZone: string): string {
  if (timeZone === "Asia/Shanghai") return language === "en" ? "Beijing time" : "北京时间";
  const parts = new Intl.DateTimeFormat(language, {
    timeZone,
    timeZoneName: "short",
  }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}
