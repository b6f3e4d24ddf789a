/**
 * @module `npm run test:soak [-- --rows 20000] [--seed 7]`: seven accounts, one of each alliance, with 100,000 order rows together,
 * whose gateways fail in one call of twenty, and the service as `npm start` runs it, which pulls them while links are opened.
 * Rows change meanwhile, and two accounts are pulled a second time. In the end what was sold must be a plain sum of the
 * fakes' rows, no account may have been called faster than its adapter promises, and every open must have led where it should and be counted.
 * How much longer opens take while orders are pulled is printed, and fails nothing. Needs the bundle of `npm run build`; takes some
 * seven minutes, of which most is waiting between calls.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Sold } from "../alliances/accounts.ts";
import { pause } from "./drive.ts";
import { inTaobao, settledViews } from "./fixture.ts";
import { at } from "./import.ts";
import { opensUntil } from "./opens.ts";
import { ownFolder, type RunningService, runService } from "./processes.ts";
import { slugOf, startGateways, type Told } from "./soak/thread.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const [rows, seed] = [Number(values.rows), Number(values.seed)];
if (!Number.isInteger(rows) || rows < 1_000) throw new Error("--rows takes a number from 1000");

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Of the calls that fail. */
const share = 0.05;
const opens = { clients: 4, between: 20 };
const quietFor = 10 * second;
/** After which some rows change; and when what changed has settled, as the service sees it. */
const editAfter = 20 * second;
const settledAfter = 65 * second;
/** Without an order and without an end for so long: WeChat's throttle is of a minute, a call that is not answered of 20 s. */
const stuckAfter = 5 * minute;
/** Pulled anew from the beginning while they are pulled: each page a second time. */
const again: ReadonlySet<string> = new Set(["pinduoduo", "kuaishou"]);

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
async function makeStream(service: RunningService, accounts: readonly Told[]): Promise<string> {
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

async function connect(service: RunningService, { alliance, origin, credentials }: Told) {
  const since = new Date(Date.now() - day - hour).toISOString();
  const { id } = await asked<{ id: string }>(service, "POST", "/api/connections", {
    ...{ alliance, name: alliance, apiBase: origin, since, credentials },
  });
  await asked(service, "POST", `/api/connections/${id}/pull`, {});
  return { id, alliance, since };
}
type Connected = Awaited<ReturnType<typeof connect>>;

/** What the service says that an account's link sold. */
async function soldBy(service: RunningService, { alliance }: Told): Promise<Sold> {
  const path = `/api/links/${slugOf(alliance)}/stats`;
  const { totals } = await asked<{ totals: Sold }>(service, "GET", path);
  const { orders, gmv, refunds } = totals;
  return { orders, gmv, refunds };
}

const isSame = (a: Sold, b: Sold): boolean =>
  a.orders === b.orders && a.gmv === b.gmv && a.refunds === b.refunds;

interface Soaked {
  told: Told[];
  booked: Sold[];
  seconds: number;
}

/** Until all that the fakes have is booked and each account was at rest behind that, or nothing goes on. */
async function pulled(
  service: RunningService,
  gateways: ReturnType<typeof startGateways>,
  connected: readonly Connected[],
): Promise<Soaked> {
  const began = Date.now();
  const since = (ms: number) => Date.now() - began >= ms;
  let [isEdited, isPulledAgain] = [false, false];
  let [before, changedAt, equalSince] = ["", began, 0];
  const rested = new Set<string>();
  for (let looked = 0; ; looked += 1) {
    await pause(2 * second);
    if (!isEdited && since(editAfter)) {
      await gateways.ask({ edit: { every: 9, at: Date.now() } });
      for (const { id, alliance, since: from } of connected) {
        if (again.has(alliance)) {
          await asked(service, "POST", `/api/connections/${id}/pull`, { from });
        }
      }
      isEdited = true;
    }
    if (!isPulledAgain && since(editAfter + settledAfter)) {
      for (const { id } of connected) {
        await asked(service, "POST", `/api/connections/${id}/pull`, {});
      }
      isPulledAgain = true;
    }
    const told = await gateways.ask();
    const booked: Sold[] = [];
    for (const one of told) booked.push(await soldBy(service, one));
    const text = JSON.stringify(booked);
    if (text !== before) [before, changedAt] = [text, Date.now()];
    const done = told.filter(({ sold }, index) => booked[index] && isSame(sold, booked[index]));
    const isEqual = isPulledAgain && done.length === told.length;
    if (!isEqual) {
      equalSince = 0;
      rested.clear();
    } else if (equalSince === 0) equalSince = Date.now();
    else {
      for (const { alliance, lastAt } of told) {
        if (Date.now() - Math.max(lastAt, equalSince) > 5 * second) rested.add(alliance);
      }
    }
    const seconds = (Date.now() - began) / second;
    if (rested.size === told.length || Date.now() - changedAt > stuckAfter) {
      return { told, booked, seconds };
    }
    if (looked % 15 === 14) {
      const calls = told.reduce((sum, { watched }) => sum + watched.calls, 0);
      const orders = booked.reduce((sum, one) => sum + one.orders, 0);
      const waits = told.filter((one) => !done.includes(one)).map(({ alliance }) => alliance);
      console.log(
        `${seconds.toFixed(0)} s: ${orders} orders, ${calls} calls; awaited: ${waits.join(", ") || "rest"}`,
      );
    }
  }
}

/** What does not hold, in words. */
const wrong: string[] = [];

function report({ told, booked, seconds }: Soaked): void {
  const shown = ({ orders, gmv, refunds }: Sold) => `${orders} / ${gmv} / ${refunds}`;
  console.log("\naccount: rows, calls (failed), most in a second and a minute (allowed), sold");
  for (const [index, { alliance, rows: held, sold, watched }] of told.entries()) {
    const { calls, faults, most, allowed, over } = watched;
    const kept = booked[index] ?? { orders: 0, gmv: 0, refunds: 0 };
    const is = isSame(kept, sold) ? shown(kept) : `${shown(kept)} BUT THE SUM IS ${shown(sold)}`;
    console.log(
      `${alliance}: ${held}, ${calls} (${faults}), ${most.second} and ${most.minute} (${allowed.second} and ${allowed.minute}), ${is}`,
    );
    if (!isSame(kept, sold)) wrong.push(`${alliance} sold something else`);
    if (over > 0) wrong.push(`${alliance} was called ${over} times too often`);
  }
  const sum = (of: (one: Told) => number) => told.reduce((all, one) => all + of(one), 0);
  const calls = sum(({ watched }) => watched.calls);
  const faults = sum(({ watched }) => watched.faults);
  const ways = Object.entries(Object.groupBy(told.flatMap(waysOf), ([way]) => way)).map(
    ([way, counts = []]) => `${way} ${counts.reduce((all, [, count]) => all + count, 0)}`,
  );
  console.log(
    `\nrows ${sum((one) => one.rows)}, calls ${calls}, failed ${faults} (${((100 * faults) / calls).toFixed(1)} %: ${ways.join(", ")}), in ${seconds.toFixed(0)} s`,
  );
}

const waysOf = ({ watched }: Told) => Object.entries(watched.ways);

process.chdir(join(import.meta.dirname, "../.."));
const gateways = startGateways({ rows, seed, share });
const filled = await gateways.ask({
  fill: { from: Date.now() - day, to: Date.now() - 2 * minute },
});
const folder = ownFolder();
const service = await runService(folder.path, {
  EDGES: "1",
  OUTBOUND_ORIGINS: filled.map(({ origin }) => origin).join(","),
});
const streamId = await makeStream(service, filled);
const link = `${service.url}/${slugOf("taobao-union")}`;
const first = await fetch(link, { headers: inTaobao, redirect: "manual" });
const leadsTo = first.headers.get("Location") ?? "";
console.log(`seed ${seed}; an open leads to ${leadsTo}`);

const until = Date.now() + quietFor;
const quiet = await opensUntil(link, { ...opens, leadsTo }, () => Date.now() >= until);
const connected: Connected[] = [];
for (const one of filled) connected.push(await connect(service, one));
let isOver = false;
const opening = opensUntil(link, { ...opens, leadsTo }, () => isOver).catch((error: Error) => {
  wrong.push(error.message);
  return [];
});
const soaked = await pulled(service, gateways, connected);
isOver = true;
const busy = await opening;
report(soaked);

const opened = 1 + quiet.length + busy.length;
const views = await settledViews(service, streamId, opened, { still: 3_000, within: 60_000 });
if (views !== opened) wrong.push(`${opened} opens, ${views} counted`);
const { data } = await asked<{ data: { alliance: string; isStopped: boolean }[] }>(
  ...[service, "GET", "/api/connections"],
);
for (const { alliance, isStopped } of data) if (isStopped) wrong.push(`${alliance} has stopped`);
const [p50, p99] = [0.5, 0.99].map((part) => ({ of: at(quiet, part), beside: at(busy, part) }));
if (p50 && p99) {
  const told = ({ of, beside }: typeof p50) =>
    `${beside.toFixed(1)} ms ÷ ${of.toFixed(1)} ms = ${(beside / of).toFixed(2)}`;
  console.log(
    `opens: ${opened}, ${views} counted; while orders are pulled over before: median ${told(p50)}, p99 ${told(p99)}`,
  );
}
await service.stop();
folder.remove();
await gateways.stop();
for (const one of wrong) console.error(`VIOLATED: ${one}`);
process.exit(wrong.length === 0 ? 0 : 1);
