/**
 * @module Whether a value that came from afar is a batch: a later release may have made it, or nobody. What is wrong with one is
 * told by its field. Cells of metrics and dimensions that are not known here are a Counter's to refuse (batch.ts,
 * `strangeCell`).
 */
import { own } from "../lib/records.ts";
import { isTimeZone } from "../lib/zones.ts";
import type { Batch } from "./batch.ts";

type Test = (value: unknown) => boolean;

const wholeFrom =
  (least: number, most = Number.MAX_SAFE_INTEGER): Test =>
  (value) =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
const textOf =
  (shape: RegExp): Test =>
  (value) =>
    typeof value === "string" && shape.test(value);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
/** A list of so many values, each of its own kind. */
const tupleOf =
  (...tests: readonly Test[]): Test =>
  (value) =>
    Array.isArray(value) &&
    value.length === tests.length &&
    tests.every((test, index) => test(value[index]));
const maybe =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);

/** Slug, metric, minute, and the keys of dimensions. */
const cellKey = textOf(/^[^\t]{1,100}\t[^\t]{1,40}\t\d{1,9}(?:\t[^\t]{0,100}){0,20}$/);
/** In the keys of KV they stand between colons. */
const nameInKeys = textOf(/^[\w.~-]{1,100}$/);
/** More than an isolate sees in a batch's time. */
const countAtMost = 1_000_000_000;
/** An index of 14 bits and a rank of 6. */
const pair = wholeFrom(0, 2 ** 20 - 1);
const sightings = maybe(listOf(tupleOf(textOf(/^.{1,100}$/), textOf(/^.{1,64}$/), listOf(pair))));

const shape: readonly [keyof Batch, Test][] = [
  ["streamId", nameInKeys],
  ["shard", wholeFrom(0, 63)],
  ["producer", nameInKeys],
  ["seq", wholeFrom(1)],
  ["cells", listOf(tupleOf(cellKey, wholeFrom(1, countAtMost)))],
  ["visitors", sightings],
  ["clickers", sightings],
  ["strict", maybe((value) => value === true)],
  ["lost", maybe(wholeFrom(0, countAtMost))],
  ["timezone", maybe((value) => typeof value === "string" && isTimeZone(value))],
];

/** @returns what of a value is not as in a batch that this release knows */
export function wrongInBatch(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return "it is no batch";
  const version = own(value, "v");
  if (version !== 1) return `its version ${JSON.stringify(version)} is not known to this release`;
  const field = shape.find(([name, isRight]) => !isRight(own(value, name)));
  return field ? `its ${field[0]} is wrong` : null;
}
