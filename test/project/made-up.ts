/**
 * Run by made-up.test.ts on a copy of `src` that has one more metric, `shares`, and one more dimension,
 * `daytime`: node test/project/made-up.ts <the copy> <a Counter's SQLite file of an older release>. Prints what came
 * of it as JSON.
 */

import type * as batchModule from "../../src/counting/batch.ts";
import { strangeCell } from "../../src/counting/batch.ts";
import type * as archiveModule from "../../src/counting/counter/archive.ts";
import type * as ledgerModule from "../../src/counting/counter/ledger.ts";
import type * as migrationsModule from "../../src/counting/counter/migrations.ts";
import { migrateCounter as migrateAsToday } from "../../src/counting/counter/migrations.ts";
import type { CountEvent } from "../../src/counting/event.ts";
import type * as snapshotModule from "../../src/counting/snapshot.ts";
import type { Snapshot } from "../../src/counting/snapshot.ts";
import { aView, batchOf } from "../batches.ts";
import { Database } from "../model/database.ts";

const [root = "", file = "", published = ""] = process.argv.slice(2);
const load = (name: string) => import(`${root}/${name}.ts`);
const { migrateCounter }: typeof migrationsModule = await load("counting/counter/migrations");
const { Ledger }: typeof ledgerModule = await load("counting/counter/ledger");
const { cellKey }: typeof batchModule = await load("counting/batch");
const { completed, mergeSnapshots }: typeof snapshotModule = await load("counting/snapshot");
const { dumpCounter, restoreCounter }: typeof archiveModule = await load(
  "counting/counter/archive",
);
const { groupings } = await load("api/queries");
const { StatsView } = await load("api/answers");

const now = Date.parse("2026-11-26T10:00:00Z");
const event: CountEvent = { ...aView, slug: "second", at: now };
const batch = (producer: string, ...keys: string[]) =>
  batchOf(
    keys.map((key): [string, number] => [key, 1]),
    { producer },
  );

const database = new Database(file);
database.transaction(() => migrateCounter(database.sql, now));
const ledger = new Ledger(database);
const first = ledger.read(now);
const shared = cellKey({ ...event, metric: "shares" as never });
const viewed = cellKey(event);
// As an isolate of today's release seals it: without the dimension that came since.
const former = viewed.split("\t").slice(0, -1).join("\t");
database.transaction(() =>
  ledger.commit([batch("new", shared, viewed), batch("former", former)], now),
);
ledger.fold(now);
const counted = ledger.read(now);

const other = new Database();
other.transaction(() => {
  migrateCounter(other.sql, now);
  const dump = dumpCounter(database.sql);
  for (const { table, rows } of dump?.parts ?? []) {
    const part = { streamId: "st", shard: 0, timezone: null, lost: 0, table, rows };
    restoreCounter(other.sql, "import", part, now);
  }
});

const attempt = (run: () => void): string => {
  try {
    run();
    return "nothing";
  } catch (error) {
    return String(error);
  }
};

const ofBefore = JSON.parse(published) as Snapshot;
const merged = counted && mergeSnapshots([counted, completed(ofBefore)], "st", now);
process.stdout.write(
  JSON.stringify({
    first: first && { totals: first.totals, daytime: first.dimensions["daytime" as never] },
    counted: counted && { totals: counted.totals, dimensions: counted.dimensions },
    imported: new Ledger(other).read(now)?.totals,
    merged: merged && { totals: merged.totals, dimensions: merged.dimensions, links: merged.links },
    groupings,
    shape: Object.keys(StatsView.shape.totals.shape),
    today: attempt(() => migrateAsToday(database.sql, now)),
    strange: [shared, viewed, former].filter((key) => strangeCell(batch("p", key))),
  }),
);
