/** @module The table, and the same as JSON with the machine named. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { dirname } from "node:path";

export interface Row {
  name: string;
  value: number;
  /** The value with its unit and what it is made of. */
  measured: string;
  goal?: string;
  met?: boolean;
}

export interface Report {
  rows: Row[];
  /** Whatever the rows were computed from, for the JSON. */
  details: Record<string, unknown>;
}

/** A row with an upper bound. */
export function atMost(name: string, value: number, bound: number, measured: string): Row {
  return { name, value, measured, goal: `≤ ${bound}`, met: value <= bound };
}

/** A row with a lower bound. */
export function atLeast(name: string, value: number, bound: number, measured: string): Row {
  return { name, value, measured, goal: `≥ ${bound}`, met: value >= bound };
}

export function machine() {
  const workerd = JSON.parse(readFileSync("node_modules/workerd/package.json", "utf8")) as {
    version: string;
  };
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
    workerd: workerd.version,
    date: new Date().toISOString(),
  };
}

export function print(rows: readonly Row[]): void {
  const lines = [
    ["measured", "value", "goal", "met"],
    ...rows.map(({ name, measured, goal, met }) => [
      name,
      measured,
      goal ?? "–",
      met === undefined ? "–" : met ? "yes" : "no",
    ]),
  ];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...lines.map((line) => [...(line[column] ?? "")].length)),
  );
  for (const [index, line] of lines.entries()) {
    console.log(line.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  "));
    if (index === 0) console.log("-".repeat(widths.reduce((sum, width) => sum + width + 2, 3)));
  }
}

export function write(file: string, results: object, seconds: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const report = { machine: machine(), seconds: Math.round(seconds), ...results };
  writeFileSync(file, `${JSON.stringify(report, rounded, 2)}\n`);
}

/** Four digits are more than a shared machine can tell. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value)
    ? Number(value.toPrecision(4))
    : value;
}
