/**
 * @module The landing page's script inside WeChat, where the service is set up for it: {@link main.ts} and,
 * of the same state (token, card), WeChat's own script, the card that a share
 * shows, and the tag that launches a mini program (docs/reference/previews.md#share-cards-of-the-js-sdk,
 * docs/reference/host-apps.md#wechats-open-tags). Unverified on a phone. When any of it fails the page stays
 * as it is.
 */
import "./main.ts";
import { data } from "./page.ts";
import { report } from "./report.ts";

interface Wechat {
  config(options: object): void;
  ready(then: () => void): void;
  error(then: (problem: unknown) => void): void;
  updateAppMessageShareData(card: object): void;
  updateTimelineShareData(card: object): void;
}

/** Of the answer of `GET /api/wechat/signature`, what WeChat's script takes. */
interface Signed {
  appId: string;
  timestamp: number;
  nonceStr: string;
  signature: string;
  jsApiList: string[];
  openTagList: string[];
}

declare global {
  interface Window {
    wx?: Wechat;
  }
}

/** WeChat's two hosts of the same script. */
const sources = ["https://res.wx.qq.com", "https://res2.wx.qq.com"].map(
  (host) => `${host}/open/js/jweixin-1.6.0.js`,
);

function load(source: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(source));
    document.head.append(script);
  });
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** WeChat wants `.html` at the end of a tag's page, which its URL schemes do without. Unverified on a phone. */
function tagPath(path: string): string {
  const [page = "", query] = path.split("?", 2);
  const ending = page.endsWith(".html") ? page : `${page}.html`;
  return query === undefined ? ending : `${ending}?${query}`;
}

/** Where WeChat refuses the tags it says so after all, and what stands beside them has to do. */
function hideTags(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-tag]")) place.hidden = true;
}

/** Once the page is signed the tag can stand where the way is. */
function showTags(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-tag]:empty")) {
    const { appid = "", path = "", caption = "", way } = place.dataset;
    place.innerHTML = `<wx-open-launch-weapp appid="${escaped(appid)}" path="${escaped(tagPath(path))}"><script type="text/wxtag-template"><style>.b{display:block;width:100%;height:54px;border:0;border-radius:14px;background:#07c160;color:#fff;font-size:17px;font-weight:600}</style><button class="b">${escaped(caption)}</button></script></wx-open-launch-weapp>`;
    place.hidden = false;
    const tag = place.firstElementChild;
    tag?.addEventListener("launch", () => {
      report("click", Number(way));
      report("leave", Number(way));
    });
    tag?.addEventListener("error", () => {
      place.hidden = true;
    });
  }
}

async function start(): Promise<void> {
  const { share } = data;
  if (!share) return;
  const page = location.href.split("#")[0] ?? "";
  const [signed] = await Promise.all([
    fetch(`/api/wechat/signature?url=${encodeURIComponent(page)}`).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json() as Promise<Signed>;
    }),
    load(sources[0] ?? "").catch(() => load(sources[1] ?? "")),
  ]);
  const { wx } = window;
  document.addEventListener("WeixinOpenTagsError", hideTags);
  wx?.ready(() => {
    const tell = () => {
      showTags();
      const { title, url, image, description } = data.share ?? share;
      const card = { title, link: url, imgUrl: image };
      wx.updateAppMessageShareData({ ...card, desc: description });
      wx.updateTimelineShareData(card);
    };
    tell();
    document.addEventListener("moongate:view", tell);
  });
  const { appId, timestamp, nonceStr, signature, jsApiList, openTagList } = signed;
  wx?.config({ debug: false, appId, timestamp, nonceStr, signature, jsApiList, openTagList });
}

void start().catch(() => undefined);
