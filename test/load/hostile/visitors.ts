/**
 * @module `node test/load/hostile/visitors.ts <JSON of Visits>`: honest visitors at a steady pace, whatever
 * the service does (an open loop: a stall is seen by all who come meanwhile). A line on standard input names
 * the phase that begins; when it closes, prints what each phase's visitors saw. A process of its own, so
 * that what else is measured does not delay its clock.
 */
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";
import agents from "../../fixtures/visitors.json" with { type: "json" };

export interface Visits {
  port: number;
  perSecond: number;
  slugs: readonly string[];
  addressHeader: string;
}

export interface Seen {
  /** ms from the asking to the last byte. */
  took: number[];
  /** Answered with neither redirect nor page. */
  wrong: Record<string, number>;
}

const { port, perSecond, slugs, addressHeader } = JSON.parse(process.argv[2] ?? "") as Visits;
const people = agents.filter(({ app }) => !app.startsWith("bot:"));
const languages = ["zh-CN,zh;q=0.9", "zh-CN,zh-Hans;q=0.9", "zh-TW,zh;q=0.8,en;q=0.5", "en-US,en"];
const agent = new Agent({ keepAlive: true });
/** ms: who waits longer is gone, and counts as so long. */
const patience = 15_000;

const phases: Record<string, Seen> = {};
let seen: Seen | undefined;
let at = 0;
const waiting = new Set<Promise<void>>();

/** One person, from an address of its own. */
function visit({ took, wrong }: Seen): Promise<void> {
  at += 1;
  const headers = {
    "User-Agent": people[at % people.length]?.userAgent ?? "",
    Accept: "text/html,*/*;q=0.8",
    "Accept-Language": languages[at % languages.length] ?? "",
    [addressHeader]: `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`,
  };
  const options = { port, host: "127.0.0.1", path: `/${slugs[at % slugs.length]}`, agent, headers };
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let isOver = false;
    const end = (result: string) => {
      if (isOver) return;
      isOver = true;
      took.push(performance.now() - startedAt);
      if (result !== "200" && result !== "302") wrong[result] = (wrong[result] ?? 0) + 1;
      resolve();
    };
    const asked = request({ ...options, timeout: patience }, (response) => {
      response.resume().once("end", () => end(String(response.statusCode)));
      response.once("error", () => end("broken"));
    });
    asked.once("timeout", () => asked.destroy()).once("error", () => end("broken"));
    asked.end();
  });
}

const startedAt = performance.now();
let due = 0;
const timer = setInterval(() => {
  const until = ((performance.now() - startedAt) / 1_000) * perSecond;
  for (; due < until; due += 1) {
    if (!seen) continue;
    const visited = visit(seen).then(() => void waiting.delete(visited));
    waiting.add(visited);
  }
}, 2);

createInterface({ input: process.stdin })
  .on("line", (phase) => {
    seen = phases[phase] ??= { took: [], wrong: {} };
  })
  .once("close", () => {
    clearInterval(timer);
    void Promise.all(waiting).then(() => {
      process.stdout.write(`${JSON.stringify(phases)}\n`, () => process.exit(0));
    });
  });
