/** @module What the benchmark opens: a live room of Taobao, and the links made for it through the API. */
import { agents } from "../agents.ts";
import { pause, type Target } from "./drive.ts";
import type { RunningService } from "./processes.ts";

export const liveRoom = "https://tbzb.taobao.com/live?liveId=532359023188";

/** What the service is told to read visitors' addresses from. */
export const addressHeader = "X-Real-IP";

/** What a phone's browser sends beside its user agent. */
const phone = { Accept: "text/html,*/*;q=0.8", "Accept-Language": "zh-CN,zh-Hans;q=0.9" };
/** In Taobao's own app: straight into the room. */
export const inTaobao = { ...phone, "User-Agent": agents.taobaoIos };
/** In WeChat: the landing page. */
export const inWechat = { ...phone, "User-Agent": agents.wechatIos };

export interface Made {
  streamId: string;
  slugs: string[];
}

/** A stream with so many links. */
export async function makeLinks(
  service: RunningService,
  count: number,
  fields: { shards?: number; durability?: "fast" | "strict" } = {},
): Promise<Made> {
  const first = await service.api("POST", "/api/links", {
    url: liveRoom,
    title: "Bench",
    ...fields,
  });
  if (first.status !== 201) throw new Error(`no link was made: ${JSON.stringify(first.body)}`);
  const { link, stream } = first.body as { link: { slug: string }; stream: { id: string } };
  const slugs = [link.slug];
  while (slugs.length < count) {
    // 500 is the most that one request makes.
    const inputs = Array.from({ length: Math.min(500, count - slugs.length) }, (_, index) => ({
      channel: "wechat-group",
      creator: { id: `c${slugs.length + index}`, tier: "KOC" },
    }));
    const more = await service.api("POST", `/api/streams/${stream.id}/links`, inputs);
    if (more.status !== 201) throw new Error(`no links were made: ${JSON.stringify(more.body)}`);
    slugs.push(...(more.body as { data: { slug: string }[] }).data.map(({ slug }) => slug));
  }
  return { streamId: stream.id, slugs };
}

/** Secrets of so many keys that read. A key alone may ask 5,000 times in ten seconds. */
export async function makeReaders(service: RunningService, count: number): Promise<string[]> {
  const secrets: string[] = [];
  while (secrets.length < count) {
    const name = `poller ${secrets.length + 1}`;
    const made = await service.api("POST", "/api/keys", { name, scopes: ["stats:read"] });
    if (made.status !== 201) throw new Error(`no key was made: ${JSON.stringify(made.body)}`);
    secrets.push((made.body as { secret: string }).secret);
  }
  return secrets;
}

/** Gives them in turn, for ever. */
export function inTurn<T>(values: readonly T[]): () => T {
  let at = 0;
  return () => {
    const value = values[at % values.length];
    if (value === undefined) throw new Error("nothing to give in turn");
    at += 1;
    return value;
  };
}

export function redirectOf(service: RunningService, slug: string, name = "redirect"): Target {
  const { url, pids } = service;
  return { name, url, pids, path: `/${slug}`, headers: inTaobao, expects: 302 };
}

/** Redirects of the slug that `next` names. */
export function redirectsOf(service: RunningService, next: () => string, name: string): Target {
  return { ...redirectOf(service, next(), name), vary: () => ({ path: `/${next()}` }) };
}

export async function viewsOf(service: RunningService, streamId: string): Promise<number> {
  const { status, body } = await service.api("GET", `/api/streams/${streamId}/stats?groupBy=app`);
  if (status !== 200) throw new Error(`stats answered ${status}: ${JSON.stringify(body)}`);
  return (body as { totals: { views: number } }).totals.views;
}

/** The views once they stand still and are no fewer than awaited, or when time is up. In ms. */
export async function settledViews(
  service: RunningService,
  streamId: string,
  awaited: number,
  { still = 1_500, within = 15_000 }: { still?: number; within?: number } = {},
): Promise<number> {
  const end = Date.now() + within;
  let views = -1;
  let since = Date.now();
  for (;;) {
    const now = await viewsOf(service, streamId).catch((error) => {
      // What was killed may not be there again yet, or end a connection that it had.
      if (Date.now() > end) throw error;
      return views;
    });
    if (now !== views) {
      views = now;
      since = Date.now();
    }
    const isStill = Date.now() - since >= still;
    if ((isStill && views >= awaited) || Date.now() > end) return views;
    await pause(100);
  }
}
