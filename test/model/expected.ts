/** @module What must have been counted, at least and at most, and how a snapshot differs from it. */
import { createHmac } from "node:crypto";
import { minuteOf } from "../../src/counting/batch.ts";
import { withoutView } from "../../src/counting/clicks-without-view.ts";
import { dimensions } from "../../src/counting/event.ts";
import {
  addPair,
  decodeSketch,
  emptySketch,
  estimate,
  linkPrecision,
  pairOf,
  streamPrecision,
} from "../../src/counting/hyperloglog.ts";
import type { Snapshot } from "../../src/counting/snapshot.ts";
import type { Counted } from "./traffic.ts";

type Figures = Map<string, number>;

const add = (figures: Figures, name: string, count = 1) =>
  figures.set(name, (figures.get(name) ?? 0) + count);

/** @param isLink the breakdown and series are a link's own */
function figuresOf(counted: readonly Counted[], series: boolean): Figures {
  const figures: Figures = new Map();
  for (const { event } of counted) {
    const { slug, metric, at } = event;
    add(figures, `total ${metric}`);
    add(figures, `link ${slug} ${metric}`);
    if (metric !== "views" && metric !== "clicks") continue;
    for (const dimension of dimensions) add(figures, `${dimension} ${event[dimension]} ${metric}`);
    if (!series) continue;
    add(figures, `minute ${minuteOf(at)} ${metric}`);
    add(figures, `hour ${Math.floor(minuteOf(at) / 60)} ${metric}`);
  }
  return figures;
}

function figuresIn(snapshot: Snapshot, series: boolean): Figures {
  const figures: Figures = new Map();
  const pairs = (name: string, entries: [string, readonly [number, number]][]) => {
    for (const [key, [views, clicks]] of entries) {
      add(figures, `${name} ${key} views`, views);
      add(figures, `${name} ${key} clicks`, clicks);
    }
  };
  for (const [metric, count] of Object.entries(snapshot.totals))
    add(figures, `total ${metric}`, count);
  for (const [slug, totals] of Object.entries(snapshot.links)) {
    for (const [metric, count] of Object.entries(totals)) {
      add(figures, `link ${slug} ${metric}`, count);
    }
  }
  for (const dimension of dimensions)
    pairs(dimension, Object.entries(snapshot.dimensions[dimension]));
  if (series) {
    pairs("minute", Object.entries(snapshot.series.minute));
    pairs("hour", Object.entries(snapshot.series.hour));
  }
  return figures;
}

/**
 * Whether a snapshot says what was counted.
 *
 * @param sure what must be in it
 * @param sent what may be in it, the sure ones too
 * @param series whether it is young enough to have every minute
 */
export function differs(
  what: string,
  snapshot: Snapshot,
  sure: readonly Counted[],
  sent: readonly Counted[],
  series = true,
): string[] {
  const least = figuresOf(sure, series);
  const most = figuresOf(sent, series);
  const found = figuresIn(snapshot, series);
  const wrong: string[] = [];
  for (const name of new Set([...most.keys(), ...found.keys()])) {
    const count = found.get(name) ?? 0;
    const [low, high] = [least.get(name) ?? 0, most.get(name) ?? 0];
    if (count < low || count > high)
      wrong.push(`${what}: ${name} is ${count}, not ${low} to ${high}`);
  }
  return wrong.slice(0, 4);
}

/** The registers of who was seen in a role, by epoch. @param salts by epoch */
function registersOf(
  counted: readonly Counted[],
  role: "viewer" | "clicker",
  precision: number,
  salts: ReadonlyMap<string, Uint8Array>,
): Map<string, Uint8Array> {
  const sketches = new Map<string, Uint8Array>();
  for (const { visitor } of counted) {
    if (visitor?.role !== role) continue;
    const salt = salts.get(visitor.epoch);
    if (!salt) continue;
    const { address, userAgent, languages } = visitor.who;
    const identity = `${address}\n${userAgent}\n${languages}`;
    const sketch = sketches.get(visitor.epoch) ?? emptySketch(precision);
    sketches.set(visitor.epoch, sketch);
    addPair(sketch, pairOf(createHmac("sha256", salt).update(identity).digest()));
  }
  return sketches;
}

const isWithin = (low: Uint8Array, found: Uint8Array, high: Uint8Array) =>
  found.every((rank, index) => rank >= (low[index] ?? 0) && rank <= (high[index] ?? 0));

/** Whether visitors and clickers of a snapshot are who was seen, register by register where it tells them. */
export function visitorsDiffer(
  what: string,
  { visitors, clickers }: Snapshot,
  sure: readonly Counted[],
  sent: readonly Counted[],
  options: { isLink: boolean; salts: ReadonlyMap<string, Uint8Array> },
): string[] {
  const precision = options.isLink ? linkPrecision : streamPrecision;
  const of = (counted: readonly Counted[], role: "viewer" | "clicker") =>
    registersOf(counted, role, precision, options.salts);
  const none = emptySketch(precision);
  const [low, high] = [of(sure, "viewer"), of(sent, "viewer")];
  const wrong: string[] = [];
  const found = new Map(Object.entries(visitors));
  for (const epoch of new Set([...high.keys(), ...found.keys()])) {
    const least = low.get(epoch) ?? none;
    const most = high.get(epoch) ?? none;
    const one = found.get(epoch) ?? 0;
    const isRight =
      typeof one === "string"
        ? isWithin(least, decodeSketch(one), most)
        : one >= estimate(least) && one <= estimate(most);
    if (!isRight) {
      const told = typeof one === "string" ? estimate(decodeSketch(one)) : one;
      wrong.push(
        `${what}: ${told} visitors in ${epoch}, not ${estimate(least)} to ${estimate(most)}`,
      );
    }
  }
  const [fewest, all] = [of(sure, "clicker"), of(sent, "clicker")];
  const taps = new Map(Object.entries(clickers ?? {}));
  for (const epoch of new Set([...all.keys(), ...taps.keys()])) {
    const least = fewest.get(epoch) ?? none;
    const most = all.get(epoch) ?? none;
    const one = taps.get(epoch);
    if (typeof one === "string") {
      if (!isWithin(least, decodeSketch(one), most)) wrong.push(`${what}: clickers in ${epoch}`);
    } else if (sure.length === sent.length) {
      const { estimate: only } = withoutView(high.get(epoch) ?? none, most);
      if (Math.abs((one?.estimate ?? 0) - only) > 1e-9) {
        wrong.push(`${what}: ${one?.estimate} clickers without a view in ${epoch}, not ${only}`);
      }
    }
  }
  return wrong;
}
