/**
 * @module `npm run test:soak [-- --rows 20000] [--seed 7]`: seven accounts, one of each alliance, with 100,000 order rows together,
 * whose gateways fail in one call of twenty, and the service as `npm start` runs it, which pulls them while links are opened.
 * Rows change meanwhile, and two accounts are pulled a second time. In the end what was sold must be a plain sum of the
 * fakes' rows, no account may have been called faster than its adapter promises, and every open must have led where it should and be counted.
 * How much longer opens take while orders are pulled is printed, and fails nothing. Needs the bundle of `npm run build`; takes some
 * ten minutes, of which most is waiting between calls and behind faults.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inTaobao, settledViews } from "./fixture.ts";
import { at } from "./import.ts";
import { opensUntil } from "./opens.ts";
import { ownFolder, runService } from "./processes.ts";
import { pulled } from "./soak/pulled.ts";
import { report } from "./soak/report.ts";
import { type Connected, connect, makeStream, pull, stopped } from "./soak/service.ts";
import { slugOf, startGateways } from "./soak/thread.ts";

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const [rows, seed] = [Number(values.rows), Number(values.seed)];
if (!Number.isInteger(rows) || rows < 1_000) throw new Error("--rows takes a number from 1000");

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Of the calls that fail. */
const share = 0.05;
/** Some two hundred opens a second. */
const opens = { clients: 4, between: 20 };
/** How long links are opened before anything is pulled, ms. */
const quietFor = 10_000;

process.chdir(join(import.meta.dirname, "../.."));
const gateways = startGateways({ rows, seed, share });
const began = Date.now();
const accounts = await gateways.ask({ fill: { from: began - day, to: began - 2 * minute } });
const folder = ownFolder();
const service = await runService(folder.path, {
  EDGES: "1",
  OUTBOUND_ORIGINS: accounts.map(({ origin }) => origin).join(","),
});
const streamId = await makeStream(service, accounts);
const link = `${service.url}/${slugOf("taobao-union")}`;
const first = await fetch(link, { headers: inTaobao, redirect: "manual" });
const leadsTo = first.headers.get("Location") ?? "";
console.log(`seed ${seed}; an open leads to ${leadsTo}`);

/** What does not hold, in words. */
const wrong: string[] = [];
const openUntil = (isOver: () => boolean) =>
  opensUntil(link, { ...opens, leadsTo }, isOver).catch((error: Error) => {
    wrong.push(error.message);
    return [];
  });
const until = Date.now() + quietFor;
const quiet = await openUntil(() => Date.now() >= until);
let isOver = false;
const opening = openUntil(() => isOver);
const connected: Connected[] = [];
for (const one of accounts) connected.push(await connect(service, one, began - day - hour));
for (const one of connected) await pull(service, one);
const soaked = await pulled(service, gateways, connected);
isOver = true;
const beside = await opening;
wrong.push(...report(soaked));
for (const alliance of await stopped(service)) wrong.push(`${alliance} has stopped`);

const opened = 1 + quiet.length + beside.length;
const views = await settledViews(service, streamId, opened, { still: 3_000, within: minute });
if (views !== opened) wrong.push(`${opened} opens, ${views} counted`);
const ratioAt = (part: number) => {
  const [alone, meanwhile] = [at(quiet, part), at(beside, part)];
  return `${meanwhile.toFixed(1)} ÷ ${alone.toFixed(1)} ms = ${(meanwhile / alone).toFixed(2)}`;
};
console.log(
  `opens ${opened}, counted ${views}; while orders are pulled, over before: median ${ratioAt(0.5)}, p99 ${ratioAt(0.99)}`,
);
await service.stop();
folder.remove();
await gateways.stop();
for (const one of wrong) console.error(`VIOLATED: ${one}`);
process.exit(wrong.length === 0 ? 0 : 1);
