/** @module This isolate's lanes: where an answered open becomes counted events. */

import type { Settings } from "../../config/env.ts";
import type { Background } from "../../lib/background.ts";
import { log } from "../../lib/log.ts";
import type { StreamRecord } from "../../model/edge-records.ts";
import { type Epoch, epochOf } from "../epoch.ts";
import { isolateMetrics } from "./isolate-metrics.ts";
import { fastTimes, Lane, type LaneTimes, strictTimes, type Ticket } from "./lane.ts";
import { kvWindow, lanePorts, type WaysOut } from "./transport.ts";
import type { Who } from "./visitors.ts";

const lanesAtMost = 5_000;

interface Kept {
  lane: Lane;
  /** The record that the lane was set up by. */
  stream: StreamRecord;
  epoch: Epoch;
  /** When the epoch was looked up: a clock that was set back may be in an earlier one. */
  lookedAt: number;
}

const lanes = new Map<string, Kept>();

/** What recording takes of the place that it runs in. */
export interface RecorderPorts extends WaysOut {
  settings: Pick<Settings, "countWindow" | "transport">;
  /** Takes the delivery, which goes on behind the answer. */
  background: Background;
}

function timesOf(
  { settings: { countWindow, transport } }: RecorderPorts,
  { durability }: StreamRecord,
): LaneTimes {
  if (durability === "strict") {
    return strictTimes;
  }
  const window = countWindow ?? fastTimes.window;
  return { ...fastTimes, window: transport === "kv" ? Math.max(window, kvWindow) : window };
}

function laneOf(ports: RecorderPorts, stream: StreamRecord, now: number): Kept {
  let kept = lanes.get(stream.id);
  if (!kept) {
    if (lanes.size >= lanesAtMost) forgetIdle();
    const isStrict = () => lanes.get(stream.id)?.stream.durability === "strict";
    const lane = new Lane(stream.id, stream.shards, lanePorts(ports, stream.id, isStrict));
    lane.times = timesOf(ports, stream);
    lane.timezone = stream.timezone;
    kept = { lane, stream, epoch: epochOf(stream, now), lookedAt: now };
    lanes.set(stream.id, kept);
  }
  if (kept.stream.version !== stream.version) {
    kept.stream = stream;
    kept.lane.shards = stream.shards;
    kept.lane.times = timesOf(ports, stream);
    kept.lane.timezone = stream.timezone;
  } else if (now < kept.epoch.endsAt && now >= kept.lookedAt) {
    return kept;
  }
  kept.epoch = epochOf(stream, now);
  kept.lookedAt = now;
  return kept;
}

/**
 * Counts cells of a stream.
 *
 * @param keys from `cellKey`
 * @param visitor who opened which link, when a view is among them
 * @returns tells when the counts are durable
 */
export function record(
  ports: RecorderPorts,
  stream: StreamRecord,
  keys: readonly string[],
  visitor: Who | null,
  now: number,
): Ticket {
  const { lane, epoch } = laneOf(ports, stream, now);
  if (visitor) lane.visitors.note(visitor, epoch);
  isolateMetrics.offered += keys.length;
  let ticket: Ticket = { settled: true };
  for (const key of keys) ticket = lane.record(key);
  if (lane.needsDriver(now)) ports.background.waitUntil(lane.drive());
  return ticket;
}

const pollEvery = 8;

/** Waits on this request's own timer, since workerd cancels a request that awaits another's promise. */
export async function settled(ticket: Ticket, within: number): Promise<boolean> {
  const until = Date.now() + within;
  await scheduler.wait(strictTimes.window);
  while (!ticket.settled) {
    if (Date.now() >= until) return false;
    await scheduler.wait(pollEvery);
  }
  return true;
}

function forgetIdle(): void {
  for (const [id, { lane }] of lanes) if (lane.idle && !lane.owes) lanes.delete(id);
}

/** What a drain could not deliver. */
export interface Undelivered {
  streams: number;
  events: number;
}

/**
 * Delivers everything this isolate still holds, for a process that ends: to its Counter, and at once to KV
 * where that does not answer. What is left is lost with the process, so it is told.
 *
 * @param within ms
 */
export async function drain(within: number): Promise<Undelivered> {
  const until = Date.now() + within;
  const hurried = new Set<Lane>();
  for (;;) {
    const busy = [...lanes.values()].map(({ lane }) => lane).filter((lane) => !lane.idle);
    if (busy.length === 0) return { streams: 0, events: 0 };
    if (Date.now() >= until) {
      const left = {
        streams: busy.length,
        events: busy.reduce((sum, { undelivered }) => sum + undelivered, 0),
      };
      log("counts_left_at_the_end", left);
      return left;
    }
    for (const lane of busy) {
      if (hurried.has(lane) && !lane.needsDriver()) continue;
      hurried.add(lane);
      void lane.hurry();
    }
    await scheduler.wait(25);
  }
}
