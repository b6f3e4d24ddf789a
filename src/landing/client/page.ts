/** @module What the server put into the page for its script. */

export interface PageData {
  slug: string;
  /** Names the view that is shown. */
  view: string;
  /** UTC ms at which another view is due, by the server's clock. */
  until: number | null;
  text: { copyFailed: string; stalled: string };
  /** Of a page that loads WeChat's JS-SDK: what a share's card shows. */
  share?: { title: string; description: string; url: string; image: string };
}

/** What is each answer's own. */
export interface Live {
  token: string;
  /** UTC ms, the server's. */
  now: number;
}

function read<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}") as T;
}

export const data = read<PageData>("data");
let live = read<Live>("live");
/** The page's own clock, which no change of the device's moves. */
let readAt = performance.now();

export const token = (): string => live.token;

/** UTC ms by the server's clock, to within the time that the answer took. */
export const serverNow = (): number => live.now + performance.now() - readAt;

/** How long ago the server was last heard, ms. */
export const age = (): number => performance.now() - readAt;

export function renew(heard: Live): void {
  live = heard;
  readAt = performance.now();
}
