/**
 * @module `npm run test:soak [-- --rows 100000 --faults 0.05 --seed 1]`: the service as `npm start` runs it, seven accounts of
 * alliances behind gateways that fail, orders that change meanwhile, and redirects all along. Totals must equal a plain sum,
 * no account may be called faster than its rate, and every redirect must lead where it should; how long redirects take
 * is printed, as a ratio, and judged by nobody. Some six minutes; needs the bundle of `npm run build`.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { adapterOf } from "../../src/alliances/registry.ts";
import type { KeptOrderLine } from "../../src/model/order.ts";
import { type Account, Market, type Sum } from "../alliances/market.ts";
import { pause } from "./drive.ts";
import { inTaobao, makeLinks } from "./fixture.ts";
import { ownFolder, type RunningService, runService } from "./processes.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    faults: { type: "string", default: "0.05" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const [rows, faults, seed] = [values.rows, values.faults, values.seed].map(Number);
if (!rows || faults === undefined || seed === undefined) throw new Error("Expected numbers.");

const minute = 60_000;
/** All that is sold was sold in these hours: a steady pull reaches back six. */
const soldFor = 5 * 60 * minute;
const pulledWithin = 30 * minute;
/** Opens at a time, each after the answer of the one before. */
const viewers = 4;
const quietFor = 20_000;
const rooms = {
  taobao: "https://tbzb.taobao.com/live?liveId=5001",
  jd: "https://lives.jd.com/#/100?origin=3",
  douyin: "https://live.douyin.com/123456789012",
  kuaishou: "https://live.kuaishou.com/u/cats",
  pinduoduo: "https://mobile.yangkeduo.com/goods.html?goods_id=1",
  wechat: { platform: "wechat", finderUserName: "sphABCDEF" },
  xiaohongshu: "https://www.xiaohongshu.com/livestream/569000000000000001",
};

process.chdir(join(import.meta.dirname, "../.."));
const now = Date.now();
const market = new Market(rows, { start: now - soldFor, end: now - 2 * minute }, faults, seed);

/** Each account's gateway has a path of its own. */
const gateways = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const [, name = "", ...path] = (request.url ?? "").split("/");
  const account = market.accounts.find(({ alliance }) => alliance === name);
  const headers = new Map(Object.entries(request.headers).map(([key, is]) => [key, String(is)]));
  const url = `http://gateway/${path.join("/")}`;
  const given = { method: request.method ?? "", url, headers, body };
  const answer = account && market.answer(account, given, Date.now());
  if (!answer) return void request.socket.destroy();
  response.writeHead(answer.status, { "Content-Type": answer.type ?? "text/plain" });
  response.end(answer.body);
});
await new Promise<void>((done) => gateways.listen(0, "127.0.0.1", done));
const origin = `http://127.0.0.1:${(gateways.address() as AddressInfo).port}`;

const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
  const { status, body: told } = await service.api(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(told)}`);
  return told as T;
};

/** A room of every platform is on, so that all are pulled as often as their rules allow. */
async function goLive(): Promise<void> {
  for (const room of Object.values(rooms)) {
    const destinations = [typeof room === "string" ? { url: room } : room];
    await ask("POST", "/api/streams", { title: "soak", destinations });
  }
}

interface Connection {
  id: string;
  through: string | null;
  isStopped: boolean;
  error: { code: string; detail: string } | null;
}

async function connect({ alliance, gateway }: Account): Promise<string> {
  const since = new Date(now - soldFor - minute).toISOString();
  const given = Object.entries(gateway.credentials).map(([name, value]) => [
    name,
    typeof value === "number" ? new Date(value).toISOString() : value,
  ]);
  const taken = new Set([
    "appKey",
    "appSecret",
    ...adapterOf(alliance).credentials.map((one) => one.name),
  ]);
  const credentials = Object.fromEntries(given.filter(([name]) => taken.has(String(name))));
  const body = { alliance, name: alliance, apiBase: `${origin}/${alliance}`, since, credentials };
  return (await ask<Connection>("POST", "/api/connections", body)).id;
}

/** All that changed before a moment is here. */
async function pulledUntil(at: number, ids: readonly string[]): Promise<void> {
  const end = Date.now() + pulledWithin;
  for (;;) {
    const { data } = await ask<{ data: Connection[] }>("GET", "/api/connections");
    const stopped = data.find(({ isStopped }) => isStopped);
    if (stopped) throw new Error(`stopped: ${JSON.stringify(stopped)}`);
    const behind = data.filter(({ through }) => through === null || Date.parse(through) < at);
    if (data.length === ids.length && behind.length === 0) return;
    if (Date.now() > end) throw new Error(`not pulled: ${JSON.stringify(behind)}`);
    await pause(1_000);
  }
}

/** ms of each redirect while it goes on; and those that led elsewhere. */
function openAll(slug: string) {
  const took: number[] = [];
  let wrong = 0;
  let isOver = false;
  const viewer = async () => {
    while (!isOver) {
      const began = performance.now();
      const answer = await fetch(`${service.url}/${slug}`, {
        headers: inTaobao,
        redirect: "manual",
      });
      took.push(performance.now() - began);
      if (answer.status !== 302 || !answer.headers.get("Location")?.includes("liveId=")) wrong += 1;
      await pause(25);
    }
  };
  const all = Promise.all(Array.from({ length: viewers }, viewer));
  return async () => {
    isOver = true;
    await all;
    const sorted = took.toSorted((a, b) => a - b);
    const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
    return { count: took.length, median: at(0.5), p99: at(0.99), wrong };
  };
}

/** What the book of orders has, by platform, of an export's lines. */
async function kept(): Promise<ReadonlyMap<string, Sum>> {
  const answer = await fetch(`${service.url}/api/export`, {
    headers: { Authorization: `Bearer ${service.key}` },
  });
  const sums = new Map<string, Sum>();
  for (const text of (await answer.text()).split("\n")) {
    if (!text.includes('"orderId"')) continue;
    const { type, row } = JSON.parse(text) as { type: string; row: KeptOrderLine };
    if (type !== "line") continue;
    const { platform, state, amount } = row;
    const sum = sums.get(platform) ?? { lines: 0, gmv: 0 };
    const isSold = state === "paid" || state === "received" || state === "settled";
    sums.set(platform, { lines: sum.lines + 1, gmv: sum.gmv + (isSold ? (amount ?? 0) : 0) });
  }
  return sums;
}

/** The most calls in any ten seconds, against what the account's rate allows. */
function rateOf({ alliance, gateway }: Account): { most: number; allowed: number } {
  const spanMs = 10_000;
  let most = 0;
  let from = 0;
  for (const [index, { at }] of gateway.calls.entries()) {
    while (at - (gateway.calls[from]?.at ?? at) > spanMs) from += 1;
    most = Math.max(most, index - from + 1);
  }
  // One at each end; and one of a token, which is asked for beside.
  return { most, allowed: Math.ceil(spanMs / adapterOf(alliance).spacingMs) + 2 };
}

const folder = ownFolder();
const service: RunningService = await runService(folder.path, {
  EDGES: "1",
  OUTBOUND_ORIGINS: origin,
  CONNECTIONS_KEY: "a key of the soak, which encrypts what connections keep",
});
let isWell = true;
const check = (holds: boolean, what: string) => {
  console.log(`${holds ? "holds   " : "VIOLATED"} ${what}`);
  isWell &&= holds;
};
console.log(`seed ${seed}: ${market.rows} rows, ${faults * 100} % of the calls fail`);
const { slugs } = await makeLinks(service, 1);
await goLive();
const quiet = openAll(slugs[0] ?? "");
await pause(quietFor);
const before = await quiet();

const began = Date.now();
const busy = openAll(slugs[0] ?? "");
const ids: string[] = [];
for (const account of market.accounts) ids.push(await connect(account));
for (const id of ids) await ask("POST", `/api/connections/${id}/pull`, {});
await pulledUntil(now - 2 * minute, ids);
const first = Date.now() - began;
const editedAt = Date.now();
const edited = market.edit(0.01, editedAt);
// What changed within the last minute may still be on its way.
await pause(minute + 5_000);
for (const id of ids) await ask("POST", `/api/connections/${id}/pull`, {});
await pulledUntil(editedAt + 1_000, ids);
const during = await busy();

const sums = await kept();
for (const account of market.accounts) {
  const { alliance, gateway, failed } = account;
  const own = sums.get(adapterOf(alliance).platform) ?? { lines: 0, gmv: 0 };
  const plain = market.sumOf(account);
  const same = own.lines === plain.lines && own.gmv === plain.gmv;
  const is = `${own.lines} lines, ${own.gmv} 分`;
  check(
    same,
    `${alliance}: ${is}${same ? "" : `; the plain sum has ${plain.lines}, ${plain.gmv}`}`,
  );
  const { most, allowed } = rateOf(account);
  check(
    most <= allowed,
    `${alliance}: ${gateway.calls.length} calls, ${failed} failed; at most ${most} in ten seconds, ${allowed} may be`,
  );
}
const wrong = before.wrong + during.wrong;
check(wrong === 0, `${before.count + during.count} redirects, ${wrong} led elsewhere`);
const ms = (value: number) => value.toFixed(2);
console.log(
  `all was here after ${(first / 1_000).toFixed(0)} s; then ${edited} rows changed, and were here as they are`,
);
console.log(
  `redirects while nothing was pulled: median ${ms(before.median)} ms, p99 ${ms(before.p99)} ms; while all was: ${ms(during.median)} and ${ms(during.p99)}, ratios ${ms(during.median / before.median)} and ${ms(during.p99 / before.p99)}`,
);
await service.stop();
gateways.close();
gateways.closeAllConnections();
folder.remove();
process.exit(isWell ? 0 : 1);
