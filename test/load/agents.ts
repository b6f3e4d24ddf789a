/** @module What it costs to tell who opens by a user agent that was never seen, in this process alone. */
import { readFileSync } from "node:fs";
import { classify } from "../../src/decision/visitor.ts";
import type { Amounts } from "./amounts.ts";
import type { Lab } from "./lab.ts";
import { atMost, type Report } from "./report.ts";

/** µs, of the issue that asked for it: an open costs some ten times that. */
const microsecondsAtMost = 8;

interface Fixture {
  userAgent: string;
}

/** Those of the tests, each in so many versions that none comes twice. */
function strangers(versions: number): string[] {
  const known = JSON.parse(readFileSync("test/fixtures/visitors.json", "utf8")) as Fixture[];
  return Array.from({ length: versions }, (_, version) =>
    known.map(({ userAgent }) => userAgent.replace(/\d+/, String(1_000 + version))),
  ).flat();
}

/** The best of the rounds: the others were disturbed. */
export async function measureAgents(_: Lab, { agents: { rounds } }: Amounts): Promise<Report> {
  const texts = strangers(100);
  const costs = Array.from({ length: rounds }, () => {
    const began = performance.now();
    for (const text of texts) classify(text);
    return ((performance.now() - began) * 1_000) / texts.length;
  });
  const best = Math.min(...costs);
  const name = "who opens, of a user agent never seen";
  const row = atMost(name, best, microsecondsAtMost, `${best.toFixed(1)} µs`);
  return {
    rows: [{ ...row, goal: `≤ ${microsecondsAtMost} µs` }],
    details: { agents: { texts: texts.length, costs } },
  };
}
