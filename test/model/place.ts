/**
 * @module Who runs: a request of an isolate, or one life of a Durable Object. Whatever awaits goes on as the
 * one that it began as, so each has its own clock, and what has ended never goes on: no timer of it rings, and
 * nothing that it asked for is answered.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Chance, Clock } from "./clock.ts";

export interface Place {
  /** For the trace. */
  readonly name: string;
  /** What its clock shows more than the true time, in ms. */
  readonly skew: number;
  readonly isAlive: boolean;
  /** Something is awaited: a place may end here. */
  awaits(): void;
}

/** Of the schedule that runs. */
export interface Now {
  clock: Clock;
  chance: Chance;
}

const places = new AsyncLocalStorage<Place>();
let current: Now | null = null;

export function begin(now: Now): void {
  current = now;
}

export function here(): Now {
  if (!current) throw new Error("no schedule runs");
  return current;
}

export const at = <T>(place: Place, run: () => T): T => places.run(place, run);
export const placeName = (): string => places.getStore()?.name ?? "model";

/** The time that who runs sees, UTC ms. */
const timeHere = (): number => here().clock.now + (places.getStore()?.skew ?? 0);

/** Work of the outside world, whose answer only who still lives gets. */
export function asked<T>(work: () => Promise<T>): Promise<T> {
  const place = places.getStore();
  place?.awaits();
  if (place && !place.isAlive) return new Promise(() => undefined);
  return new Promise((resolve, reject) => {
    const unless = (go: () => void) => {
      if (!place || place.isAlive) go();
    };
    // Outside of every place: who answers lives on when who asked does not.
    places.exit(work).then(
      (value) => unless(() => resolve(value)),
      (error) => unless(() => reject(error)),
    );
  });
}

interface Timeout {
  isOver: boolean;
}

function setVirtualTimeout(run: () => void, milliseconds = 0): Timeout {
  const place = places.getStore();
  const timeout = { isOver: false };
  here().clock.after(milliseconds, () => {
    if (timeout.isOver || (place && !place.isAlive)) return;
    if (place) places.run(place, run);
    else run();
  });
  return timeout;
}

function clearVirtualTimeout(timeout: Timeout | undefined): void {
  if (timeout) timeout.isOver = true;
}

/**
 * Always the same: what an isolate draws once for its life must not depend on the schedule that it happens to
 * be drawn in. Ids and salts are drawn by the schedule's seed (shims/).
 */
function fillSame<T extends ArrayBufferView>(view: T): T {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = (index * 151 + 37) & 255;
  return view;
}

/** Time, timers and chance of everything in this process become the schedule's. */
export function takeOver(): void {
  const RealDate = Date;
  Date.now = () => (current ? timeHere() : 0);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [Date.now()] : args, newTarget),
  });
  Math.random = () => here().chance.next();
  Object.assign(globalThis, {
    setTimeout: setVirtualTimeout,
    clearTimeout: clearVirtualTimeout,
    scheduler: {
      wait: (milliseconds: number) => asked(() => here().clock.wait(milliseconds)),
    },
  });
  crypto.getRandomValues = fillSame as typeof crypto.getRandomValues;
}
