/** @module Counts and sells through links, and then reads them back in every way that there is. */
// The test's runner fetches a module over the request that asks for it first, and others that wait for the same module
// hang with it; what a bundle of workerd has at hand is loaded here before many ask at once.
import "../../src/edge/link-assets.ts";
import "../../src/landing/calendar.ts";
import "../../src/landing/poster.ts";
import "../../src/landing/qr-png.ts";
import { counterOf } from "../../src/counting/counter/stub.ts";
import { agents } from "../agents.ts";
import { cellOf } from "../batches.ts";
import { api, env, fetchRaw, open, until } from "./client.ts";

export interface Made {
  streamId: string;
  slugs: string[];
  shards: number;
}
interface Row {
  key: string;
  views: number;
  clicks: number;
  gmv?: number;
}

export async function textOf(path: string): Promise<[status: number, text: string]> {
  const answer = await fetchRaw(path, {
    headers: { Authorization: "Bearer test-key-of-the-administrator" },
  });
  return [answer.status, await answer.text()];
}

/** Views of the stream and of each link; as many clicks, since each was a redirect. */
export interface Opened {
  views: number;
  byLink: ReadonlyMap<string, number>;
}

/** Opens each link from outside, and books as much in each shard: an isolate has one lane a stream. */
export async function openAll({ streamId, slugs, shards }: Made): Promise<Opened> {
  const byLink = new Map<string, number>();
  for (const [index, slug] of slugs.entries()) {
    const { status } = await open(slug, agents.taobaoIos);
    byLink.set(slug, (status === 302 ? 1 : 0) + shards * (index + 1));
  }
  const at = Date.now();
  for (let shard = 0; shard < shards; shard += 1) {
    const cells = slugs.flatMap((slug, index) =>
      (["views", "clicks"] as const).map((metric): [string, number] => [
        cellOf(at, { slug, metric }),
        index + 1,
      ]),
    );
    await counterOf(env, streamId, shard).add({
      ...{ v: 1, streamId, shard, producer: `p${shard}`, seq: 1, cells },
      visitors: slugs.map((slug) => [slug, "live", [shard * 64 + 3]]),
    });
  }
  const views = [...byLink.values()].reduce((all, each) => all + each, 0);
  // Until the lane has delivered, its visitors too: what comes later would come into a service that was emptied meanwhile.
  await until(async () => {
    const { totals } = (await api("GET", `/api/streams/${streamId}/stats`)).body;
    return totals?.views === views && totals.visitors > shards;
  }, 10_000);
  return { views, byLink };
}

const sum = (rows: readonly Row[], of: "views" | "clicks" | "gmv") =>
  rows.reduce((total, row) => total + (row[of] ?? 0), 0);
const groupings = ["creator", "link", "channel", "channelClass", "destination", "campaign"];

/** What is wrong when everything is read: a status, a sum; nothing when all is well. */
export async function faultsOf(made: Made, opened: Opened, gmv: number): Promise<string[]> {
  const faults: string[] = [];
  const same = (what: string, found: unknown, expected: unknown) => {
    if (found !== expected) faults.push(`${what}: ${String(found)}, not ${String(expected)}`);
  };
  const { streamId, slugs } = made;
  const { views, byLink } = opened;
  for (const source of ["live", "published"]) {
    const path = `/api/streams/${streamId}/stats?source=${source}`;
    const read = () => api("GET", path);
    // An alarm that was cut off by emptying is tried again by the runtime after some seconds, with what it is to do then.
    await until(async () => (await read()).body.totals?.views === views, 20_000).catch(() =>
      faults.push(`${path}: not ${views}`),
    );
    const { status, body } = await read();
    same(path, status, 200);
    for (const [group, rows] of Object.entries<Row[]>(body.by ?? {})) {
      same(`${path} by ${group}`, sum(rows, "views"), views);
      same(`${path} by ${group}, clicks`, sum(rows, "clicks"), views);
      same(`${path} by ${group}, its keys`, new Set(rows.map(({ key }) => key)).size, rows.length);
    }
    same(`${path} by link, how many`, body.by?.link?.length, slugs.length);
    for (const slug of slugs) {
      const link = await api("GET", `/api/links/${slug}/stats?source=${source}`);
      same(`${slug} ${source}`, link.body.totals?.views, byLink.get(slug));
      if (source === "published") continue;
      same(`${slug} by app`, sum(link.body.by?.app ?? [], "views"), byLink.get(slug));
    }
  }
  for (const by of groupings) {
    for (const period of by === "destination" ? [""] : ["", "&start=2020-01-01T00:00:00Z"]) {
      const path = `/api/reports/roas?groupBy=${by}&streamId=${streamId}${period}`;
      const { status, body } = await api<{ data: Row[] }>("GET", path);
      same(path, status, 200);
      same(`${path}, views`, sum(body.data ?? [], "views"), views);
      same(`${path}, sold`, sum(body.data ?? [], "gmv"), gmv);
    }
  }
  const [, csv] = await textOf(`/api/streams/${streamId}/stats.csv`);
  if (!csv.includes(`${slugs[0]}`)) faults.push("the CSV lacks a link");
  for (const path of [
    `/api/streams/${streamId}`,
    `/api/streams/${streamId}/report`,
    `/api/streams/${streamId}/report?format=markdown&language=zh-CN`,
    `/api/reports/roas.csv?groupBy=creator&streamId=${streamId}`,
    `/api/links?streamId=${streamId}`,
    `/api/conversions?streamId=${streamId}`,
    `/api/audit?target=${streamId}`,
    "/metrics",
    ...slugs.flatMap((slug) => [
      `/api/links/${slug}`,
      `/api/links/${slug}/share-text`,
      `/api/audit?target=${slug}`,
    ]),
  ]) {
    same(path, (await textOf(path))[0], 200);
  }
  for (const slug of slugs) {
    for (const path of [
      `/${slug}`,
      `/${slug}/state`,
      `/${slug}/qr.svg`,
      `/${slug}/qr.png`,
      `/${slug}/calendar.ics`,
    ]) {
      const { status } = await fetchRaw(path, {
        headers: { "User-Agent": agents.dingtalkPreview },
      });
      if (status >= 500) faults.push(`${path}: ${status}`);
    }
  }
  return faults;
}

/** Everything in an empty service again. @returns what the import said */
export async function moved(empty: () => Promise<void>) {
  const [, lines] = await textOf("/api/export");
  await empty();
  const headers = { "Content-Type": "application/x-ndjson" };
  return (await api("POST", "/api/import", lines, headers)).body;
}
