/**
 * @module Every regular expression of the source, read from its syntax tree: one that is added tomorrow is
 * among them, and one that is put together at run time, which nobody can look at beforehand, is told apart.
 */
import { globSync, readFileSync } from "node:fs";
import { parseAst } from "vite";

export interface Expression {
  /** Such as `src/decision/bots.ts:67`. */
  place: string;
  pattern: string;
  flags: string;
}

export interface Found {
  expressions: Expression[];
  /** Places of `RegExp(…)`. */
  made: string[];
}

interface Node {
  type: string;
  start: number;
  regex?: { pattern: string; flags: string };
  callee?: { name?: string };
  [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value;

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  if (!isNode(value)) return;
  yield value;
  for (const inner of Object.values(value)) yield* nodesOf(inner);
}

/** The expressions of one text of TypeScript. */
export function expressionsIn(file: string, text: string): Found {
  const found: Found = { expressions: [], made: [] };
  const tree: unknown = parseAst(text, { lang: file.endsWith("x") ? "tsx" : "ts" });
  for (const { type, start, regex, callee } of nodesOf(tree)) {
    const place = `${file}:${text.slice(0, start).split("\n").length}`;
    if (type === "Literal" && regex) found.expressions.push({ place, ...regex });
    const isCall = type === "NewExpression" || type === "CallExpression";
    if (isCall && callee?.name === "RegExp") found.made.push(place);
  }
  return found;
}

/** Files of ours that run: the service, and what it sends to browsers. */
export const sources: readonly string[] = globSync("src/**/*.{ts,tsx}")
  .filter((file) => !/\.(?:test|d)\.ts$/.test(file))
  .sort();

export const expressionsOf = (file: string): Found =>
  expressionsIn(file, readFileSync(file, "utf8"));
