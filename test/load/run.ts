/** @module Runs parts of the benchmark, one after another. One that fails is told, and stops no other. */
import { TimedOut, within } from "../../src/lib/deadline.ts";
import type { Amounts } from "./amounts.ts";
import { Lab } from "./lab.ts";
import type { Part } from "./parts.ts";
import type { Row } from "./report.ts";

export interface Results {
  rows: (Row & { part: string })[];
  /** Whatever the rows were computed from. */
  details: Record<string, unknown>;
  /** `isHung`: it did not end, as when a process hangs. */
  failed: { part: string; error: string; isHung: boolean }[];
  /** s of each part. */
  took: Record<string, number>;
}

/** Parts that run beside each other where nothing is judged: most of their time they wait. */
const atOnce = 3;

/** @param began told of each part before it runs */
export async function run(
  parts: readonly Part[],
  amounts: Amounts,
  began: (part: string) => void,
): Promise<Results> {
  const results: Results = { rows: [], details: {}, failed: [], took: {} };
  const lab = new Lab(amounts);
  const left = parts.values();
  const takeTurns = async () => {
    for (const part of left) {
      began(part.name);
      await runOne(part, lab, amounts, results);
    }
  };
  await Promise.all(Array.from({ length: amounts.isShared ? atOnce : 1 }, takeTurns));
  await lab.clear();
  return results;
}

async function runOne(
  { name, measure, isAlone = false }: Part,
  lab: Lab,
  amounts: Amounts,
  { rows: all, details, failed, took }: Results,
): Promise<void> {
  const startedAt = performance.now();
  try {
    if (isAlone && !amounts.isShared) await lab.clear();
    const { rows, details: found } = await within(
      measure(lab, amounts),
      amounts.partSeconds * 1_000,
      `part ${name}`,
    );
    if (rows.length === 0) throw new Error("no row came of it");
    const wrong = rows.find(({ value }) => !Number.isFinite(value));
    if (wrong) throw new Error(`${wrong.name} is ${wrong.value}`);
    all.push(...rows.map((row) => ({ part: name, ...row })));
    Object.assign(details, found);
  } catch (error) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failed.push({ part: name, error: told, isHung: error instanceof TimedOut });
  }
  took[name] = (performance.now() - startedAt) / 1_000;
}
