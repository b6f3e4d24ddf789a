/**
 * @module Empties the queues: what is due together goes to a robot as one message, to a webhook as one
 * request an event. A row leaves the queue when its receiver has taken it, so a crash between the two sends
 * it again: at least once. What a robot was sent is written down before it is sent, so that no restart makes
 * it too much.
 */
import { within } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import type { Fetch } from "../outbound/safe-fetch.ts";
import { robotOf } from "./channels/index.ts";
import type { Outcome } from "./channels/robot.ts";
import type { Failure } from "./events.ts";
import type { Notifier } from "./notifier.ts";
import { isGivenUp, lastMinute, lifeOfDelivery, nextSlot, retryAt } from "./schedule.ts";
import { fitting, send } from "./send.ts";
import type { Delivery, NotifyStore } from "./store.ts";

export interface DeliveryPorts {
  store: NotifyStore;
  fetch: Fetch;
  now: () => number;
  random: () => number;
  transaction: (run: () => void) => void;
  /** Notifiers that are being sent to. */
  busy: Set<string>;
  /** Keeps this object awake for work, and looks again after it. */
  background: (work: Promise<unknown>) => void;
}

/** Of one run: the others' turn comes, and the run after it goes on. */
const webhooksAtOnce = 8;
const rowsAtOnce = 200;
/** How long a run waits for its receivers, in ms, before it leaves them to the background. */
const patience = 500;
/** When this object dies while it waits for a receiver, the queue is looked at after this. */
const busyForMs = 15_000;
const waitSecondsAtMost = 600;

/**
 * One round over all queues. A receiver that is slow holds up nobody: its queue is left to the background
 * after a moment, and is not touched again before that is done. Never rejects.
 */
export async function deliver(ports: DeliveryPorts): Promise<void> {
  const { store, busy } = ports;
  const works = store
    .notifiers()
    .filter(({ id }) => !busy.has(id))
    .map(async (notifier) => {
      busy.add(notifier.id);
      try {
        expire(ports, notifier);
        if (notifier.disabledAt === null) await empty(ports, notifier);
      } catch (error) {
        log("notify_step_failed", { what: "deliver", error: String(error) });
      } finally {
        busy.delete(notifier.id);
      }
    });
  const all = Promise.all(works);
  await within(all, patience, "the receivers").catch(() => ports.background(all));
}

/** When the next message of a notifier may and is to be sent; `null`: none waits. */
export function nextSend(
  { store, busy }: Pick<DeliveryPorts, "store" | "busy">,
  notifier: Notifier,
  now: number,
): number | null {
  if (busy.has(notifier.id)) return now + busyForMs;
  const due = store.nextDelivery(notifier.id);
  if (due === null) return null;
  if (notifier.disabledAt !== null) return now + lifeOfDelivery;
  return Math.max(due, freeAt(notifier, now), now);
}

const freeAt = ({ health, kind }: Notifier, now: number): number =>
  robotOf(kind) ? nextSlot(health, now) : health.pausedUntil;

async function empty(ports: DeliveryPorts, notifier: Notifier): Promise<void> {
  const { store, now } = ports;
  const at = now();
  const due = store.nextDelivery(notifier.id);
  if (due === null || Math.max(due, freeAt(notifier, at)) > at) return;
  const robot = robotOf(notifier.kind);
  const rows = store.dueDeliveries(notifier.id, at, robot ? rowsAtOnce : webhooksAtOnce);
  if (!robot) {
    await Promise.all(rows.map((row) => sendRows(ports, notifier, [row])));
    return;
  }
  const events = rows.map(({ event }) => event);
  await sendRows(ports, notifier, rows.slice(0, fitting(notifier, events)));
}

async function sendRows(
  ports: DeliveryPorts,
  notifier: Notifier,
  rows: readonly Delivery[],
): Promise<void> {
  const { store, fetch, now } = ports;
  if (rows.length === 0) return;
  noteSent(store, notifier.id, now());
  const outcome = await send(notifier, { events: rows.map(({ event }) => event) }, fetch, now());
  ports.transaction(() => settle(ports, notifier.id, rows, outcome));
}

export function noteSent(store: NotifyStore, id: string, at: number): void {
  const current = store.notifier(id);
  if (!current) return;
  current.health.sent = [...lastMinute(current.health.sent, at), at];
  store.putNotifier(current);
}

function settle(
  { store, now, random }: DeliveryPorts,
  id: string,
  rows: readonly Delivery[],
  outcome: Outcome,
): void {
  const current = store.notifier(id);
  // Deleted meanwhile, with its queue.
  if (!current) return;
  const at = now();
  const { health } = current;
  if (outcome.ok) {
    for (const { seq } of rows) store.deleteDelivery(seq);
    noteSuccess(current, at);
    store.putNotifier(current);
    return;
  }
  const { failure, severity, waitSeconds } = outcome;
  noteFailure(current, failure, at);
  let isExhausted = false;
  // Being too fast is no failure of the message; asked again and again to wait, it waits longer.
  const pauseSeconds =
    waitSeconds === undefined
      ? 0
      : Math.max(waitSeconds, Math.min(10 * health.failures, waitSecondsAtMost));
  if (pauseSeconds > 0)
    health.pausedUntil = Math.max(health.pausedUntil, at + pauseSeconds * 1_000);
  for (const { seq, attempts } of rows) {
    const next = pauseSeconds > 0 ? at + pauseSeconds * 1_000 : retryAt(attempts + 1, at, random());
    if (next !== null) {
      store.postpone(seq, attempts + (pauseSeconds > 0 ? 0 : 1), next);
      continue;
    }
    store.deleteDelivery(seq);
    health.dropped += 1;
    isExhausted = true;
  }
  if (isGivenUp(health.failures, severity, isExhausted)) switchOff(current, at);
  store.putNotifier(current);
  log("notify_failed", { id, kind: current.kind, code: failure.code, failures: health.failures });
}

export function noteSuccess({ health }: Notifier, at: number): void {
  health.last = { at, delivered: true };
  health.failures = 0;
  health.pausedUntil = 0;
  health.error = null;
}

export function noteFailure({ health }: Notifier, failure: Failure, at: number): void {
  health.last = { at, delivered: false };
  health.failures += 1;
  health.error = { ...failure, at };
}

function switchOff(notifier: Notifier, at: number): void {
  notifier.disabledAt = at;
  notifier.updatedAt = at;
  log("notifier_switched_off", { id: notifier.id, kind: notifier.kind });
}

/** What waited for a day is given up, whether it was tried or the notifier is off. */
function expire({ store, now, transaction }: DeliveryPorts, { id }: Notifier): void {
  const at = now();
  transaction(() => {
    const dropped = store.expire(id, at - lifeOfDelivery);
    const current = dropped > 0 ? store.notifier(id) : undefined;
    if (!current) return;
    current.health.dropped += dropped;
    if (current.disabledAt === null && current.health.failures > 0) switchOff(current, at);
    store.putNotifier(current);
    log("notify_given_up", { id, dropped });
  });
}
