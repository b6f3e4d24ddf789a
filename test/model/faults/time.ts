/** @module Faults in what is due by time: summing, forgetting, destroying. */
import { zoneOffset } from "../../../src/lib/zones.ts";
import { type Any, type Fault, method, type Reached, type Wrap } from "../planted.ts";

const hour = 3_600_000;
const day = 24 * hour;

const seenBy = { kind: "days" } as const;

/** Changes how long things are kept. */
const kept = (name: string, change: (retention: Any) => void): Fault => ({
  name,
  seenBy,
  in: [
    [
      "counting/counter/forgetting.ts",
      "retention",
      (retention: Any, reached: Reached) => {
        // In place: the module itself goes by the same object.
        change(retention);
        reached();
        return retention;
      },
    ],
  ],
});

const instead =
  (make: (original: (...args: Any[]) => Any, reached: Reached) => (...args: Any[]) => Any): Wrap =>
  (original, reached) =>
    make(original, reached);

export const timeFaults: readonly Fault[] = [
  kept("minutes are kept for days", (retention) => {
    retention.minute += 4 * day;
  }),
  kept("minutes are forgotten hours too early", (retention) => {
    retention.minute -= 4 * hour;
  }),
  kept("hours are kept for 9 days instead of 90", (retention) => {
    retention.hour = 9 * day;
  }),
  kept("producers are forgotten after an hour", (retention) => {
    retention.producer = hour;
  }),
  kept("nothing is ever forgotten", (retention) => {
    for (const name of Object.keys(retention)) retention[name] = 1e13;
  }),
  {
    name: "days by the offset of today",
    seenBy,
    in: [
      [
        "lib/zones.ts",
        "dayOf",
        instead((dayOf, reached) => (zone, at) => {
          const today = Math.floor((at + zoneOffset(zone, Date.now())) / day);
          if (today !== dayOf(zone, at)) reached();
          return today;
        }),
      ],
    ],
  },
  {
    name: "a stream's time zone is never updated",
    seenBy,
    in: [
      [
        "counting/counter/object.ts",
        "Counter",
        method("add", (add, reached) => {
          const first = new Map<string, string>();
          return function (batch, known) {
            const { streamId, timezone } = batch;
            const zone = first.get(streamId) ?? timezone;
            first.set(streamId, zone);
            if (zone !== timezone) reached();
            return add.call(this, { ...batch, timezone: zone }, known);
          };
        }),
      ],
    ],
  },
  {
    name: "salts are never destroyed",
    seenBy,
    in: [
      [
        "counting/counter/salts.ts",
        "forgetSalts",
        instead((_, reached) => () => {
          reached();
        }),
      ],
    ],
  },
  {
    name: "a deleted stream is never purged",
    seenBy,
    in: [
      [
        "catalog/store.ts",
        "Store",
        method(
          "nextToPurge",
          (nextToPurge, reached) =>
            function (...args) {
              if (nextToPurge.apply(this, args)) reached();
              return null;
            },
        ),
      ],
    ],
  },
  {
    name: "a stream is purged at once",
    seenBy: { kind: "storm", transport: "do" },
    in: [
      [
        "counting/counter/object.ts",
        "Counter",
        method(
          "learn",
          (learn, reached) =>
            async function (edits) {
              learn.call(this, edits);
              reached();
              await this.ctx.storage.deleteAll();
            },
        ),
      ],
    ],
  },
];
