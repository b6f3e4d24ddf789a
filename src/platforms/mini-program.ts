/** @module WeChat's links that are no web pages: `#小程序://名称/CODE`, `#小程序://名称/页面/CODE`, `weixin://dl/business/?…`. */
import type { Destination } from "./registry/edge.ts";

const shortLink = /#小程序[:：]\/\/[^\s/#]{1,60}\/(?:[^\s/#]{1,60}\/)?([\w-]{4,64})/g;
const scheme = /weixin:\/\/dl\/business\/?\?([\x21-\x7e]{1,2048})/gi;

export interface MiniProgramLink {
  at: number;
  /** As it stands in the text. */
  link: string;
  /** `null` for a scheme that names no mini program. */
  destination: Destination | null;
}

export function miniProgramsIn(text: string): MiniProgramLink[] {
  const short = [...text.matchAll(shortLink)].map(({ 0: link, 1: code = "", index }) => ({
    at: index,
    link,
    destination: ofCode(code, text),
  }));
  const schemes = [...text.matchAll(scheme)].map(({ 0: link, 1: query = "", index }) => ({
    at: index,
    link,
    destination: ofScheme(query),
  }));
  return [...short, ...schemes];
}

function ofCode(id: string, text: string): Destination {
  return {
    platform: "wechat",
    kind: "miniprogram",
    id,
    shareText: text,
    warnings: [
      "A mini program's short link opens inside WeChat only; elsewhere it is offered to copy.",
    ],
  };
}

function ofScheme(query: string): Destination | null {
  const parameters = new URLSearchParams(query);
  const ticket = /^[\w*-]{4,128}/.exec(parameters.get("t") ?? "")?.[0];
  if (ticket) {
    return {
      platform: "wechat",
      kind: "miniprogram",
      id: ticket,
      url: `weixin://dl/business/?t=${ticket}`,
      warnings: ["A URL scheme with a ticket expires, at the latest 30 days after it was made."],
    };
  }
  const [appId, path] = [parameters.get("appid"), parameters.get("path")];
  if (!appId || !path || !/^wx[0-9a-f]{16}$/.test(appId)) return null;
  const extra = parameters.get("query");
  return {
    platform: "wechat",
    kind: "miniprogram",
    id: appId,
    miniProgram: { appId, path, ...(extra ? { query: extra } : {}) },
  };
}
