/** @module Faults of the Catalog's outbox, the edge copy, and what isolates make of edits. */
import { type Any, type Fault, method, type Reached } from "../planted.ts";

const inOutbox = (
  name: string,
  called: string,
  make: Parameters<typeof method>[1],
  late = 0,
): Fault => ({
  name,
  seenBy: {
    kind: "storm",
    transport: "do",
    weather: { faults: { network: 0.6, kv: 0.5, late }, edits: 40 },
  },
  in: [["catalog/outbox.ts", "Outbox", method(called, make)]],
});

/** By when it came instead of by its version. */
let arrivals = 1_000;

export const edgeFaults: readonly Fault[] = [
  inOutbox(
    "edits are told to shard 0 only",
    "edit",
    (edit, reached) =>
      function (...args) {
        const found = edit.apply(this, args);
        if (found && found.shards > 1) reached();
        return found && { ...found, shards: 1 };
      },
  ),
  inOutbox(
    "an older delivery clears a newer row",
    "delivered",
    (delivered, reached) =>
      function (delivery, version, now) {
        const newest = this.edit(delivery.key)?.edit.version ?? version;
        if (newest === version) return delivered.call(this, delivery, version, now);
        reached();
        return delivered.call(this, { ...delivery, unsettledAt: null }, newest, now);
      },
  ),
  inOutbox(
    "a delivery that failed is forgotten",
    "failed",
    (_, reached) =>
      function (delivery, now) {
        reached();
        const version = this.edit(delivery.key)?.edit.version;
        return this.delivered({ ...delivery, unsettledAt: null }, version, now);
      },
  ),
  inOutbox(
    "a put of a record is never settled",
    "delivered",
    (delivered, reached) =>
      function (delivery, version, now) {
        if (delivery.unsettledAt !== null) reached();
        return delivered.call(this, { ...delivery, unsettledAt: null }, version, now);
      },
    1,
  ),
  {
    name: "an older record replaces a newer one in an isolate",
    seenBy: { kind: "storm", transport: "do" },
    in: [
      [
        "edge/link-cache.ts",
        "LinkCache",
        method(
          "learn",
          (learn, reached) =>
            function (records, now) {
              const renumbered = (some: Any[] = []) =>
                some.map((record) => {
                  reached();
                  arrivals += 1;
                  return { ...record, version: arrivals };
                });
              const { streams, links } = records;
              return learn.call(
                this,
                { streams: renumbered(streams), links: renumbered(links) },
                now,
              );
            },
        ),
      ],
    ],
  },
  {
    name: "an older record replaces a newer one in a Counter",
    seenBy: { kind: "storm", transport: "do" },
    in: [
      [
        "counting/counter/change-log.ts",
        "keepEdits",
        (keepEdits: (...args: Any[]) => void, reached: Reached) =>
          (sql: unknown, edits: Any[], now: number) => {
            reached();
            // Told of as the version that it replaces, so that isolates take it for no news.
            keepEdits(
              sql,
              edits.map((edit) => {
                arrivals += 1;
                return { ...edit, version: arrivals };
              }),
              now,
            );
          },
      ],
    ],
  },
  {
    name: "acknowledgements bring no edits",
    seenBy: { kind: "storm", transport: "do" },
    in: [
      [
        "counting/counter/change-log.ts",
        "editsSince",
        (editsSince: (...args: Any[]) => unknown, reached: Reached) =>
          (...args: Any[]) => {
            if (editsSince(...args)) reached();
            return undefined;
          },
      ],
    ],
  },
  {
    name: "edits are taken for known that were not told",
    seenBy: { kind: "storm", transport: "do" },
    in: [
      [
        "counting/counter/change-log.ts",
        "editsSince",
        (editsSince: (...args: Any[]) => Any, reached: Reached) =>
          (...args: Any[]) => {
            const found = editsSince(...args);
            if (!found || found.records.length < 2) return found;
            reached();
            return { ...found, records: found.records.slice(1) };
          },
      ],
    ],
  },
  {
    name: "no pause between two puts of a record",
    seenBy: { kind: "storm", transport: "do" },
    in: [
      [
        "catalog/object.ts",
        "Catalog",
        method(
          "changeStream",
          (changeStream, reached) =>
            async function (...args) {
              const result = await changeStream.apply(this, args);
              if (!result.ok) return result;
              reached();
              const { id, version } = result.value;
              const record = (await this.edgeRecords(await slugOf(this, id)))?.stream;
              if (record?.version === version) {
                await this.env.LINKS.put(`stream:${id}`, JSON.stringify(record)).catch(() => null);
              }
              return result;
            },
        ),
      ],
    ],
  },
];

async function slugOf(catalog: Any, streamId: string): Promise<string> {
  const { data } = await catalog.listLinks({ streamId }, 1, null);
  return data[0]?.slug ?? "";
}
