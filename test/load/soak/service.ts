/** @module What the soak asks of the service's API: a stream that is on, a connection for each account, what a link sold. */
import type { Sold } from "../../alliances/accounts.ts";
import type { RunningService } from "../processes.ts";
import { slugOf, type Told } from "./thread.ts";

const hour = 3_600_000;
/** A room on each platform, so that its account is pulled as often as it may be. */
const rooms = [
  "https://tbzb.taobao.com/live?liveId=532359023188",
  "https://lives.jd.com/#/48378944?origin=0",
  "https://live.douyin.com/745964462470",
  "https://live.kuaishou.com/u/yall1102",
  "https://mobile.yangkeduo.com/goods.html?goods_id=123456789",
  "https://wxaurl.cn/TICKET",
  "https://www.xiaohongshu.com/livestream/570459564696889177",
];

async function asked<T>(
  { api }: RunningService,
  method: string,
  path: string,
  given?: object,
): Promise<T> {
  const { status, body } = await api(method, path, given);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body)}`);
  return body as T;
}

/** A stream that is on, with a link for each account. @returns its id */
export async function makeStream(
  service: RunningService,
  accounts: readonly Told[],
): Promise<string> {
  const stream = await asked<{ id: string }>(service, "POST", "/api/streams", {
    title: "Soak",
    startsAt: new Date(Date.now() - hour).toISOString(),
    destinations: rooms.map((url) => ({ url })),
  });
  const links = accounts.map(({ alliance, promotion }) => ({
    slug: slugOf(alliance),
    ...(promotion ? { promotion } : {}),
  }));
  await asked(service, "POST", `/api/streams/${stream.id}/links`, links);
  return stream.id;
}

export interface Connected {
  id: string;
  alliance: string;
  /** From when on it is pulled, RFC 3339. */
  since: string;
}

/** @param since UTC ms */
export async function connect(
  service: RunningService,
  { alliance, origin, credentials }: Told,
  since: number,
): Promise<Connected> {
  const from = new Date(since).toISOString();
  const { id } = await asked<{ id: string }>(service, "POST", "/api/connections", {
    ...{ alliance, name: alliance, apiBase: origin, since: from, credentials },
  });
  return { id, alliance, since: from };
}

/** At once; all of it anew where `from` is given. */
export const pull = (
  service: RunningService,
  { id }: Connected,
  given: { from?: string } = {},
): Promise<unknown> => asked(service, "POST", `/api/connections/${id}/pull`, given);

/** Connections that go on no more. */
export async function stopped(service: RunningService): Promise<string[]> {
  const { data } = await asked<{ data: { alliance: string; isStopped: boolean }[] }>(
    ...([service, "GET", "/api/connections"] as const),
  );
  return data.filter(({ isStopped }) => isStopped).map(({ alliance }) => alliance);
}

/** What an account's link sold. */
export async function soldBy(service: RunningService, { alliance }: Told): Promise<Sold> {
  const path = `/api/links/${slugOf(alliance)}/stats`;
  const { totals } = await asked<{ totals: Sold }>(service, "GET", path);
  const { orders, gmv, refunds } = totals;
  return { orders, gmv, refunds };
}
