/**
 * Fills a running instance with a believable broadcast and goes on at live pace until stopped: streams and
 * promoters, opens by real user agents at a live's rhythm, orders. Loopback only, and bounded: at most 15
 * opens a second, for at most three hours.
 *
 * Reads PORT (8787), and ADMIN_KEY or the key that `npm start` keeps in DATA_DIR (.data).
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Api } from "./demo/api.ts";
import { Audience, asProxy } from "./demo/audience.ts";
import { rate } from "./demo/rhythm.ts";
import { type Broadcast, prepare } from "./demo/stage.ts";
import { Till } from "./demo/till.ts";

const longest = 3 * 3_600_000;
const openAtOnce = 24;
/** Seconds until a destination is changed, which the curve marks. */
const movesAfter = 75;
/** Opens right at the start, so that the board is not empty when it is first looked at. */
const headStart = 260;

const port = Number(process.env.PORT ?? 8787);
const url = `http://127.0.0.1:${port}`;

function adminKey(): string {
  const given = process.env.ADMIN_KEY?.trim();
  if (given) return given;
  const file = join(process.env.DATA_DIR ?? ".data", "admin-key");
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  console.error("demo: no key. Set ADMIN_KEY, or run `npm start` first, which keeps one.");
  process.exit(1);
}

const key = adminKey();
const api = new Api(url, key);
if (!(await api.isUp())) {
  console.error(
    `demo: nothing answers at ${url}. Run \`npm start\` in another terminal first, or say where it is with PORT=….`,
  );
  process.exit(1);
}

const stage = await prepare(api);
const till = await Till.open(api, stage);
const audience = new Audience(url);
const began = Date.now();
let isOver = false;
let underWay = 0;
let opened = 0;

console.log(`
  console  http://localhost:${port}/console/streams/${stage.main.id}
  sign in  ${process.env.ADMIN_KEY ? "with your ADMIN_KEY" : `with the key in ${join(process.env.DATA_DIR ?? ".data", "admin-key")}`}
  ${till.isOpen ? "orders   yes" : "orders   no: this version's API has none"}

  Ctrl+C stops it.`);

process.once("SIGINT", stop);
process.once("SIGTERM", stop);
function stop(): void {
  isOver = true;
}

/** One visitor, who may buy. Never rejects: a failed open is one visitor less. */
async function visit(broadcast: Broadcast): Promise<void> {
  underWay += 1;
  try {
    const link = broadcast.draw();
    const hasClicked = await audience.open(link);
    opened += 1;
    if (hasClicked) till.maybeSell(broadcast, link);
  } catch {
    // The service is stopping or busy.
  } finally {
    underWay -= 1;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

for (let count = 0; count < headStart && !isOver; count += 1) {
  while (underWay >= openAtOnce) await pause(5);
  void visit(count % 4 === 3 ? stage.second : stage.main);
}
await stage.endPast(async (past) => {
  await Promise.all(Array.from({ length: 160 }, () => visit(past)));
});

if (await api.isUnbelieving()) {
  const settings = Object.entries(asProxy).map(([name, header]) => `${name}=${header}`);
  console.log(
    `  provinces and visitors are not told apart: start it with\n  ${settings.join(" ")} npm start\n`,
  );
}

let said = 0;
let hasMoved = false;
while (!isOver && Date.now() - began < longest) {
  const seconds = (Date.now() - began) / 1_000;
  const every = 1_000 / rate(seconds);
  if (underWay < openAtOnce) void visit(Math.random() < 0.24 ? stage.second : stage.main);
  if (seconds > movesAfter && !hasMoved) {
    hasMoved = true;
    await stage.moveRoom().catch(() => undefined);
  }
  if (seconds - said >= 10) {
    said = seconds;
    await till.deliver();
    process.stdout.write(`\r  ${opened} opens, ${till.sold} orders   `);
  }
  await pause(every);
}
await till.deliver();
console.log("\n  stopped");
