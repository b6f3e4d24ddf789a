/** @module What a share text names: its title, its host, and the app that alone can read a 口令. */
import type { ShareCode, ShareText } from "./types.ts";

/**
 * `【京东】…「title」`: the first 「 behind the mark that is not closed at once, up to the next 」. As an
 * expression it would try every mark with every quotation mark: the cube of the text's length.
 */
export function titleBehind(mark: string): ShareText {
  return {
    exec: (text) => {
      const start = text.indexOf(mark);
      if (start === -1) return null;
      let open = text.indexOf("「", start + mark.length);
      while (open !== -1 && text.charAt(open + 1) === "」") open = text.indexOf("「", open + 1);
      const close = open === -1 ? -1 : text.indexOf("」", open + 1);
      return close === -1 ? null : { groups: { title: text.slice(open + 1, close) } };
    },
  };
}

/** `…「title」…` wherever it stands. */
export const quotedTitle: ShareText = titleBehind("");

/** `【title】`, the first that is not the app's own name and that no `打开` stands before. */
export function titleInBrackets(app: RegExp): ShareText {
  return {
    exec: (text) => {
      for (const { 1: title = "", index } of text.matchAll(/【([^【】]{1,100})】/g)) {
        if (!app.test(title) && !text.slice(0, index).endsWith("打开"))
          return { groups: { title } };
      }
      return null;
    },
  };
}

/** What somebody wrote before the link of a text whose end tells to open an app; not what the app says itself. */
export function beforeLink(end: string): ShareText {
  return {
    exec: (text) => {
      const at = text.search(/https?:/i);
      if (at === -1 || !text.includes(end, at)) return null;
      const title = text.slice(0, at).trim();
      const isOwn = /快来看|来和我一起|正在直播|直播很精彩|发现了一篇|【|😆/u.test(title);
      return title === "" || title.length > 200 || isOwn ? null : { groups: { title } };
    },
  };
}

/** `复制打开抖音`, `打开【小红书】`, `抖音搜索`: a text that tells which app to open. */
export function namedApp(names: string): ShareCode {
  const apps = names.split("|");
  const calls = apps.flatMap((app) => [
    `打开${app}`,
    `打开【${app}】`,
    `打开「${app}」`,
    `打开“${app}”`,
    `打开 ${app}`,
    `【${app}】`,
    `${app}搜索`,
    `去${app}`,
    `到${app}`,
  ]);
  return {
    test: { test: (text) => calls.some((call) => text.includes(call)) },
    confidence: "M",
    source: "share texts in public projects name the app that is to be opened",
  };
}
