/** Commits, folds and deaths between them: what is read never depends on what was folded when. */
import { describe, it } from "vitest";
import { allOfLedger } from "../../../test/all-of-ledger.ts";
import { batchOf, cellOf } from "../../../test/batches.ts";
import { notConserved } from "../../../test/model/conserved.ts";
import { Database } from "../../../test/model/database.ts";
import { fc } from "../../../test/properties.ts";
import { metrics } from "../event.ts";
import { pairFrom } from "../hyperloglog.ts";
import { Ledger } from "./ledger.ts";

const minute = 60_000;
const hour = 60 * minute;
const at = Date.parse("2026-03-01T10:30:00Z");

const slug = fc.constantFrom("abc", "def", "ghi");
const cell = fc
  .record({
    slug,
    metric: fc.constantFrom(...metrics),
    app: fc.constantFrom("wechat", "taobao", "douyin"),
    minutes: fc.nat(180),
    count: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ minutes, count: times, ...more }): [string, number] => [
    cellOf(at - 2 * hour + minutes * minute, more as never),
    times,
  ]);
const sighting = fc
  .record({ slug, epoch: fc.constantFrom("live", "2026-03-01"), index: fc.nat(30) })
  .map(({ slug: owner, epoch, index }): [string, string, number[]] => [
    owner,
    epoch,
    [pairFrom(index * 4, 1 + (index % 3))],
  ]);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant("commit" as const),
      cells: fc.array(cell, { maxLength: 6 }),
      visitors: fc.array(sighting, { maxLength: 3 }),
      clickers: fc.array(sighting, { maxLength: 2 }),
      producer: fc.constantFrom("p", "q"),
      lost: fc.constantFrom(0, 0, 2),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("fold" as const) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("die" as const) }) },
);

const nameOf = (owner: { slug: string; epoch: string }) => `${owner.slug} ${owner.epoch}`;

function textsOf(ledger: Ledger): Map<string, string> {
  const { sketches } = ledger.linkSketchTexts(null, 1e6);
  return new Map(sketches.map(({ text, ...owner }) => [nameOf(owner), text]));
}

/** Sketches that differ from what they were in an earlier state, and are not told to have risen since. */
function missedRises(
  ledger: Ledger,
  states: ReadonlyMap<number, ReadonlyMap<string, string>>,
): string[] {
  const now = textsOf(ledger);
  return [...states].flatMap(([rev, before]) => {
    const risen = ledger.linksRisenSince(rev, 1_000);
    if (risen === null) return [];
    const told = new Set(risen.map(nameOf));
    const differ = [...now.keys()].filter((name) => now.get(name) !== before.get(name));
    return differ.filter((name) => !told.has(name)).map((name) => `${name} since ${rev}`);
  });
}

describe("a ledger", () => {
  it("reads the same whatever was folded, and after any death", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
        const database = Database.ofCounter();
        let ledger = new Ledger(database);
        // Folds after each commit, and so stands on its tables alone.
        const folded = Database.ofCounter();
        const seqs = new Map<string, number>();
        let now = at;
        /** Each state's texts of links' sketches. */
        const states = new Map([[0, new Map<string, string>()]]);
        for (const one of steps) {
          now += 250;
          if (one.does === "fold") ledger.fold(now);
          else if (one.does === "die") ledger = new Ledger(database);
          else {
            const { does: _, producer, ...more } = one;
            const seq = (seqs.get(producer) ?? 0) + 1;
            seqs.set(producer, seq);
            const batch = batchOf(more.cells, {
              ...more,
              producer,
              seq,
              timezone: "Asia/Shanghai",
            });
            ledger.commit([batch], now);
            const other = new Ledger(folded);
            other.commit([batch], now);
            other.fold(now);
          }
          expect(allOfLedger(ledger)).toEqual(allOfLedger(new Ledger(folded)));
          states.set(ledger.rev, textsOf(ledger));
          expect(missedRises(ledger, states)).toEqual([]);
          const snapshot = ledger.read(now);
          expect(snapshot === null ? [] : notConserved(snapshot)).toEqual([]);
        }
        ledger.fold(now);
        expect(allOfLedger(new Ledger(database))).toEqual(allOfLedger(new Ledger(folded)));
      }),
      { numRuns: 60 },
    );
  });
});
