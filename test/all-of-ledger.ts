/** @module All that a ledger tells, to be compared with what another tells that folded and died at other times. */
import type { Ledger } from "../src/counting/counter/ledger.ts";

const hour = 3_600_000;
/** When the tests count. */
const at = Date.parse("2026-03-01T10:30:00Z");

/** All that can be read of a ledger, in no order that the tables give it. */
export function allOfLedger(ledger: Ledger) {
  const bySlug = (one: { slug: string; epoch: string }) => `${one.slug} ${one.epoch}`;
  const pages = [];
  let last: { slug: string; epoch: string } | null = null;
  for (;;) {
    const page = ledger.linkSketches(last, 2);
    pages.push(...page.map(({ registers, ...one }) => [bySlug(one), ...new Uint8Array(registers)]));
    last = page.at(-1) ?? null;
    if (page.length < 2) break;
  }
  return {
    numbers: [ledger.rev, ledger.changedAt, ledger.lost],
    seqs: ["p", "q", "none"].map((producer) => ledger.committedSeq(producer)),
    totals: ledger.totals(),
    prefetches: ledger.prefetches(),
    between: [ledger.linksBetween(0, at + hour), ledger.linksBetween(at, at + 9 * hour)],
    sketched: ["live", "2026-03-01", "none"].map((epoch) => ledger.isSketched(epoch)),
    pages,
    texts: ledger.linkSketchTexts(null, 1e6),
    these: ledger.linkSketchesOf([
      { slug: "abc", epoch: "live" },
      { slug: "x", epoch: "live" },
    ]),
    ...Object.fromEntries(
      [
        {},
        { mergeable: true },
        { slug: "abc" },
        { slug: "abc", mergeable: true },
        { slug: "x" },
      ].map((options, index) => [`read ${index}`, ledger.read(at, options)]),
    ),
  };
}
