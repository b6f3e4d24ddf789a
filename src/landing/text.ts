/** @module What the pages say, in Chinese and English. */

export type Language = "zh-CN" | "en";

/** English only for who asks for it before Chinese; everyone else reads Chinese. */
export function languageOf(acceptLanguage: string | null): Language {
  const wanted = (acceptLanguage ?? "").toLowerCase();
  const zh = wanted.search(/\bzh\b/);
  const en = wanted.search(/\ben\b/);
  return en !== -1 && (zh === -1 || en < zh) ? "en" : "zh-CN";
}

export const texts = {
  "zh-CN": {
    live: "直播中",
    upcoming: "即将开播",
    ended: "直播已结束",
    startsAt: "开播时间",
    host: "主播",
    open: (app: string) => `打开${app}观看`,
    openWeb: "打开网页版",
    openApp: (app: string) => `直接打开${app} App`,
    miniProgram: "打开小程序",
    watchReplay: "观看回放",
    copy: "复制口令",
    copyLink: "复制链接",
    copied: "已复制，请打开 App 粘贴",
    copyFailed: "请长按下面的文字复制",
    guide: "点右上角 ··· ，选择“在浏览器打开”",
    qr: "用手机扫一扫",
    store: (app: string) => `没有安装${app}？在 App Store 下载`,
    endedHint: "感谢关注，直播已经结束，暂无回放。",
    gone: "链接已失效",
    goneHint: "这个链接已被停用、删除或过期。",
    missing: "链接不存在",
    missingHint: "请检查链接是否完整。",
  },
  en: {
    live: "Live now",
    upcoming: "Starting soon",
    ended: "Ended",
    startsAt: "Starts at",
    host: "Host",
    open: (app: string) => `Watch in ${app}`,
    openWeb: "Open the web page",
    openApp: (app: string) => `Open the ${app} app`,
    miniProgram: "Open the mini program",
    watchReplay: "Watch the replay",
    copy: "Copy the passphrase",
    copyLink: "Copy the link",
    copied: "Copied: now open the app and paste",
    copyFailed: "Press and hold the text below to copy it",
    guide: "Tap ··· at the top right and choose “Open in browser”",
    qr: "Scan with your phone",
    store: (app: string) => `No ${app} yet? Get it from the App Store`,
    endedHint: "Thank you for your interest. The livestream has ended, and there is no replay.",
    gone: "This link is no longer available",
    goneHint: "It was disabled or deleted, or has expired.",
    missing: "No such link",
    missingHint: "Please check that the link is complete.",
  },
} as const;

export type Texts = (typeof texts)[Language];

/** A moment in words, in the stream's own time zone. */
export function momentIn(language: Language, at: number, timeZone: string): string {
  return new Intl.DateTimeFormat(language, {
    timeZone,
    month: "long",
    day: "numeric",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(at);
}
