/** Histories of orders and of closings, drawn at random, through the ledger itself: nothing is paid twice, nothing is lost. */
import { describe, it } from "vitest";
import { fc } from "../../../test/properties.ts";
import { asked, close, dayAt, type Ledger, ledgerOn, links, sold } from "../../../test/settling.ts";
import { agreedOn, type KeptSheet, payableFrom, type SettledLine } from "../../model/settlement.ts";
import { statuses } from "../../platforms/order-facts.ts";
import { lineKey, type OrderEvent, orderKey, salesOf, sumOf } from "../order-line.ts";

const creators = ["ann", "bob"] as const;
const currencies = ["CNY", "USD"] as const;
const rates = { "ann-rate": 1_000, "bob-rate": 777 };
const slugs = ["ann-rate", "ann-alliance", "bob-rate"] as const;

/** Few orders and days, so that refunds, late lines and moves meet closings. */
const event: fc.Arbitrary<OrderEvent> = fc
  .record({
    orderId: fc.constantFrom("1", "2", "3", "4"),
    subOrderId: fc.constantFrom("a", "b"),
    at: fc.integer({ min: 0, max: 12 }).map((number) => dayAt(number) + number),
    // Most stay sold: what is split, invalid or paid back for good never sells again.
    state: fc.oneof(
      {
        weight: 20,
        arbitrary: fc.constantFrom("paid" as const, "received" as const, "settled" as const),
      },
      { weight: 2, arbitrary: fc.constantFrom(null, "unknown" as const, ...statuses) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("split" as const, "refunded" as const, "invalid" as const),
      },
    ),
    amount: fc.constantFrom(0, 99, 10_000, 33_333),
    currency: fc.oneof(
      { weight: 9, arbitrary: fc.constant("CNY") },
      { weight: 1, arbitrary: fc.constant("USD") },
    ),
    paidAt: fc.option(fc.integer({ min: 0, max: 9 }).map(dayAt)),
    commission: fc.constantFrom(undefined, 0, 501, 777, -20),
    refund: fc.constantFrom(undefined, undefined, undefined, 0, 50, 3_333),
    slug: fc.oneof(
      { weight: 1, arbitrary: fc.constant(undefined) },
      { weight: 3, arbitrary: fc.constantFrom(...slugs) },
    ),
  })
  .map((fields) => sold(fields.orderId, { said: "火星", ...fields }));

const period = fc
  .oneof(
    fc.constant([0, 20] as const),
    fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 10 })),
  )
  .map(([from, days]) => ({ from: dayAt(from), to: dayAt(from + days) }));

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(event, { minLength: 1, maxLength: 3 }).map((events) => ({ events })),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      close: fc.constantFrom(...creators),
      period,
      payable: fc.constantFrom("paid" as const, ...payableFrom),
      currency: fc.constantFrom("CNY", "CNY", "CNY", "USD"),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom(...creators).map((voided) => ({ voided })) },
  {
    weight: 2,
    arbitrary: fc.record({
      book: fc.constantFrom("1", "2", "3", "4"),
      to: fc.constantFrom(null, ...slugs),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      fee: fc.constantFrom(null, 0, 5_000, 8_000),
      of: fc.constantFrom(...slugs),
    }),
  },
);
type Step = Parameters<Parameters<typeof step.map>[0]>[0];

const streamOf = new Map(
  Object.values(links)
    .flat()
    .map(({ slug, streamId }) => [slug as string, streamId]),
);

async function start(): Promise<Ledger> {
  const { ledger } = ledgerOn();
  for (const [slug, commissionRate] of Object.entries(rates)) {
    ledger.putCosts(slug, { commissionRate, slotFee: 5_000 }, "admin");
  }
  return ledger;
}

async function take(ledger: Ledger, one: Step, now: number): Promise<void> {
  // What is told later is mostly newer, so that lines move and are paid back after they were settled.
  if ("events" in one) {
    await ledger.apply(one.events.map((each) => (each.at % 4 === 0 ? each : { ...each, at: now })));
  } else if ("close" in one) {
    const request = asked(one.close, {
      ...one.period,
      payable: one.payable,
      currency: one.currency,
    });
    const preview = await ledger.previewSettlement(request, 0, 1_000);
    const { sheet, lines } = await close(ledger, request);
    if (typeof preview === "string") throw new Error(preview);
    // The preview is the sheet.
    expectSame(
      { ...preview.sheet, lines: preview.page.lines },
      {
        ...without(sheet, ["id", "closedAt", "closedBy", "voided"]),
        lines,
      },
    );
  } else if ("voided" in one) {
    const [newest] = ledger
      .listSettlements({ creator: one.voided }, 50, null)
      .sheets.filter(({ voided }) => !voided);
    if (newest) ledger.voidSettlement(newest.id, { by: "admin", reason: null });
  } else if ("book" in one) {
    const { book: orderId, to } = one;
    const name = { platform: "taobao", orderId };
    const link = to && { slug: to, streamId: streamOf.get(to) ?? "" };
    await ledger.attribute([name], link, "admin");
  } else ledger.patchCosts(one.of, { slotFee: one.fee }, "admin");
}

const without = (value: object, names: readonly string[]) =>
  JSON.parse(JSON.stringify(value, (name, inner) => (names.includes(name) ? undefined : inner)));

function expectSame(a: unknown, b: unknown): void {
  const [left, right] = [a, b].map((one) => JSON.stringify(sorted(one)));
  if (left !== right) throw new Error(`${left}\nis not\n${right}`);
}
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.entries(value)
          .sort()
          .map(([name, inner]) => [name, sorted(inner)])
      : value;

interface Closed {
  sheet: KeptSheet;
  lines: SettledLine[];
}

/** Every sheet, the oldest first. */
const sheetsOf = (ledger: Ledger): Closed[] =>
  ledger
    .listSettlements({}, 1_000, null)
    .sheets.toReversed()
    .map((sheet) => ({ sheet, lines: ledger.settlementLines(sheet.id, 0, 1_000).lines }));

const live = (sheets: readonly Closed[]) => sheets.filter(({ sheet }) => !sheet.voided);

/** What holds at any moment. */
function check(sheets: readonly Closed[], before: readonly Closed[]): void {
  const now = new Map(sheets.map((one) => [one.sheet.id, one]));
  for (const { sheet, lines } of before) {
    const known = now.get(sheet.id);
    const isVoided = known?.sheet.voided != null;
    expectSame({ ...known?.sheet, voided: sheet.voided }, sheet);
    if (!isVoided) expectSame(known?.sheet.voided, sheet.voided);
    expectSame(known?.lines, lines);
  }
  const held = new Map<string, number>();
  for (const { sheet, lines } of live(sheets)) {
    const { commission, slotFee, refundsOfEarlier, total } = sheet.sums;
    const added = sumBy(lines, ({ worth, worthBefore }) => worth - worthBefore);
    const fees = sumBy(sheet.slotFees, ({ fee, feeBefore }) => fee - feeBefore);
    expectSame(
      [commission - refundsOfEarlier, slotFee, total, sheet.lineCount],
      [added, fees, added + fees, lines.length],
    );
    if (refundsOfEarlier < 0) throw new Error("what is given back is no sum below 0");
    expectSame(
      [total, sheet.lineCount],
      [
        sumBy(sheet.streams, (one) => one.commission + one.slotFee),
        sumBy(sheet.streams, (one) => one.lines),
      ],
    );
    for (const line of lines) {
      const key = lineKey(line);
      const change = line.kind === "moved" ? -1 : line.kind === "change" ? 0 : 1;
      held.set(key, (held.get(key) ?? 0) + change);
      const holders = held.get(key) ?? 0;
      if (holders < 0 || holders > 1) throw new Error(`${key} is on ${holders} promoters' sheets`);
    }
  }
}

const sumBy = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

async function closeAll(ledger: Ledger): Promise<Closed[]> {
  const made: Closed[] = [];
  for (const creator of creators) {
    for (const currency of currencies) {
      made.push(await close(ledger, asked(creator, { currency, from: 0, to: dayAt(100) })));
    }
  }
  return made;
}

/** What each line is worth to who sold it, from the orders alone. */
function worths(ledger: Ledger, rateOf: (key: string, slug: string) => number | null) {
  const lines = ledger.dumpLines(0, 1_000);
  const worth = new Map<string, number>();
  for (const order of Map.groupBy(lines, orderKey).values()) {
    for (const { line, gmv, refunds, commission } of salesOf(order)) {
      if (line.link === "") continue;
      const key = lineKey(line);
      const rate = rateOf(key, line.link);
      const is = rate === null ? commission : agreedOn(gmv - sumOf(refunds), rate);
      worth.set(`${sellerOf(line.link)} ${line.currency} ${key}`, is);
    }
  }
  return worth;
}

const sellerOf = (slug: string) => (slug === "bob-rate" ? "bob" : "ann");

/** What live sheets paid to whom on each line, less what they took back. */
function paid(sheets: readonly Closed[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sheet, lines } of live(sheets)) {
    for (const line of lines) {
      const key = `${sheet.creator} ${sheet.currency} ${lineKey(line)}`;
      sums.set(key, (sums.get(key) ?? 0) + line.worth - line.worthBefore);
    }
  }
  return sums;
}

const nonZero = (sums: ReadonlyMap<string, number>) =>
  [...sums].filter(([, sum]) => sum !== 0).sort();

const rateOfSlug = (slug: string): number | null =>
  slug === "ann-rate" || slug === "bob-rate" ? rates[slug] : null;

describe("settlement sheets", () => {
  it("add up, line by line, to what each is worth, whatever was told, closed, voided and moved in between", async ({
    expect,
  }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 40, size: "max" }),
        async (steps) => {
          const ledger = await start();
          let sheets: Closed[] = [];
          for (const [index, one] of steps.entries()) {
            await take(ledger, one, dayAt(20) + index);
            const before = sheets;
            sheets = sheetsOf(ledger);
            check(sheets, before);
          }
          // What one promoter gives back is the other's at the next closing.
          for (let round = 0; round < 3; round += 1) await closeAll(ledger);
          const before = sheets;
          sheets = sheetsOf(ledger);
          check(sheets, before);
          const last = new Map<string, SettledLine>();
          for (const { lines } of live(sheets))
            for (const line of lines) last.set(lineKey(line), line);
          const rateOf = (key: string, slug: string) => {
            const line = last.get(key);
            return line ? line.rate : rateOfSlug(slug);
          };
          expect(nonZero(paid(sheets))).toEqual(nonZero(worths(ledger, rateOf)));
          const fees = new Map<string, number>();
          for (const { slug, fee, feeBefore } of live(sheets).flatMap(
            ({ sheet }) => sheet.slotFees,
          )) {
            fees.set(slug, (fees.get(slug) ?? 0) + fee - feeBefore);
          }
          const due = ledger
            .costsOf(slugs)
            .map(({ slug, costs }): [string, number] => [slug, costs.slotFee ?? 0]);
          expect(nonZero(fees)).toEqual(nonZero(new Map(due)));
          // There is nothing left.
          for (const { sheet, lines } of await closeAll(ledger)) {
            expect([sheet.sums.total, lines, sheet.slotFees]).toEqual([0, [], []]);
          }
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  it("give the same sums in whatever periods and at whatever times they are closed", async ({
    expect,
  }) => {
    const telling = fc.array(
      event.map((one) => ({ ...one, slug: "ann-rate", currency: "CNY" })),
      { minLength: 1, maxLength: 12, size: "max" },
    );
    const closings = fc.array(
      fc.tuple(fc.nat({ max: 12 }), period, fc.constantFrom(...payableFrom)),
      {
        maxLength: 6,
        size: "max",
      },
    );
    await fc.assert(
      fc.asyncProperty(telling, closings, async (events, drawn) => {
        const [once, often] = [await start(), await start()];
        for (const [index, one] of events.entries()) {
          for (const ledger of [once, often]) await ledger.apply([one]);
          for (const [, each, payable] of drawn.filter(([when]) => when === index)) {
            await close(often, asked("ann", { ...each, payable }));
          }
        }
        const totals: number[] = [];
        for (const ledger of [once, often]) {
          await close(ledger, asked("ann", { from: 0, to: dayAt(100) }));
          totals.push(sumBy(live(sheetsOf(ledger)), ({ sheet }) => sheet.sums.total));
        }
        expect(totals[1]).toBe(totals[0]);
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});
