/** @module What the server put into the page for its script. */

export interface PageData {
  slug: string;
  /** Names the view that is shown. */
  view: string;
  /** UTC ms at which another view is due, by the server's clock. */
  until: number | null;
  text: { copyFailed: string; stalled: string };
  /** It is looked at in the console: nothing on it opens, asks or is counted. */
  isPreview?: true;
  /** Of a page that loads WeChat's JS-SDK: what a share's card shows. */
  share?: Card;
}

export interface Card {
  title: string;
  description: string;
  url: string;
  image: string;
}

/** What is each answer's own. */
interface Live {
  token: string;
  /** UTC ms, the server's. */
  now: number;
}

function read<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}") as T;
}

export const data = read<PageData>("data");
let live = read<Live>("live");
const clocks = () => ({ page: performance.now(), device: Date.now() });
let readAt = clocks();

/**
 * Since the server was last heard, ms: by the page's own clock, which no change of the device's moves, but
 * which stands still while most phones sleep; hence the larger of the two.
 */
export function age(): number {
  const { page, device } = clocks();
  return Math.max(page - readAt.page, device - readAt.device);
}

export const token = (): string => live.token;

/** UTC ms by the server's clock, to within the time that the answer took. */
export const serverNow = (): number => live.now + age();

/** @param heard of the server just now; a page whose token is not renewed keeps the one it has */
export function renew(heard: { token?: string; now: number }): void {
  live = { token: heard.token ?? live.token, now: heard.now };
  readAt = clocks();
}
