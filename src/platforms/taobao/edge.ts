/** @module Taobao 淘宝 and Taobao Live 淘宝直播: what opening a link needs of it. Sources: docs/reference/web-views.md#taobao, docs/reference/openings.md#taobao. */
import type { DestinationOf, PlatformEdge } from "../types.ts";
import { overHttps } from "../url.ts";

/** `tbopen://` opens any page of the family in the Taobao app, which maps live pages to the native room. */
function tbopen({ url }: DestinationOf): string | undefined {
  if (url === undefined) return undefined;
  const h5Url = encodeURIComponent(overHttps(url));
  return `tbopen://m.taobao.com/tbopen/index.html?h5Url=${h5Url}&action=ali.open.nav&module=h5&bootImage=0`;
}

export const taobao = {
  name: "taobao",
  letter: "T",
  label: { zh: "淘宝", en: "Taobao" },
  webviews: [
    {
      app: "diantao",
      test: /AliApp\(TAOBAOLIVEAPP\//,
      confidence: "M",
      source: "token in an Alibaba environment library; no full user agent was found",
    },
    { app: "taote", test: /AliApp\(LT\//, confidence: "M", source: "same library" },
    { app: "taobao", test: /AliApp\(TB\//, confidence: "H", source: "device-detector fixtures" },
  ],
  relations: {
    taobao: "own",
    diantao: "native",
    taote: "native",
    tmall: "native",
    hema: "family",
    alipay: "family",
    dingtalk: "family",
  },
  openings: [
    {
      method: "universal-link",
      confidence: "M",
      source: "ace.tb.cn wrapper, in several public projects",
      url: (destination) => {
        const scheme = tbopen(destination);
        return scheme && `https://ace.tb.cn/t?smburl=${encodeURIComponent(scheme)}`;
      },
    },
    {
      method: "scheme",
      confidence: "M",
      source: "base URL constant of the Baichuan SDK",
      url: tbopen,
    },
  ],
  desktopUrl: ({ kind, id, idType }) =>
    kind === "live" && idType === "liveId"
      ? `https://tbzb.taobao.com/live?liveId=${id}`
      : undefined,
  androidPackage: "com.taobao.taobao",
  appStoreId: "387682726",
} as const satisfies PlatformEdge;
