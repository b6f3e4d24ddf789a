/** A promoter's sheets, by the ledger itself. Histories drawn at random: settlements.properties.test.ts. */
import { describe, it } from "vitest";
import { Database } from "../../../test/model/database.ts";
import { asked, close, dayAt, ledgerOn, links, sold } from "../../../test/settling.ts";
import { KeptSheetLines, type SettledLine } from "../../model/settlement.ts";
import { restoreSheetLines, restoreSheets } from "./archive.ts";
import { SheetStore } from "./sheet-store.ts";

const week = (number: number) => ({ from: dayAt(7 * number), to: dayAt(7 * number + 7) });
const head = ({ kind, orderId, worth, worthBefore }: SettledLine) => [
  kind,
  orderId,
  worth - worthBefore,
];

/** Ann's one link at 10 % and with a slot fee, the other by the alliance. */
function settled(database?: Parameters<typeof ledgerOn>[0]) {
  const { ledger, database: used } = ledgerOn(database);
  ledger.putCosts("ann-rate", { commissionRate: 1_000, slotFee: 50_000 }, "admin");
  ledger.putCosts("bob-rate", { commissionRate: 500 }, "admin");
  return { ledger, database: used };
}

describe("a settlement sheet", () => {
  it("has what was sold in its period and is payable, by the agreed rate or else by the alliance", async ({
    expect,
  }) => {
    const { ledger } = settled();
    await ledger.apply([
      sold("1", { commission: 1_500 }),
      sold("2", { refund: 4_000, commission: 1_500 }),
      sold("3", { state: "refunded" }),
      sold("4", { slug: "ann-alliance", commission: 777 }),
      sold("5", { slug: "ann-alliance" }),
      sold("later", { paidAt: dayAt(7) }),
      sold("bob's", { slug: "bob-rate" }),
      sold("nobody's", { slug: undefined }),
      ...(["created", "invalid", "split", "unknown"] as const).map((state) =>
        sold(state, { state, said: "?" }),
      ),
    ]);
    const { sheet, lines } = await close(ledger, asked("ann", week(0)));
    expect(lines.map(head)).toEqual([
      ["order", "1", 1_000],
      ["order", "2", 600],
      ["order", "3", 0],
      ["order", "4", 777],
      ["order", "5", 0],
    ]);
    expect(lines[1]).toMatchObject({
      amount: 10_000,
      refunds: 4_000,
      rate: 1_000,
      alliance: 1_500,
    });
    expect(sheet.sums).toEqual({
      amount: 50_000,
      refunds: 14_000,
      agreed: 1_600,
      alliance: 3_777,
      commission: 2_377,
      slotFee: 50_000,
      refundedOfEarlier: 0,
      refundsOfEarlier: 0,
      total: 52_377,
    });
    expect(sheet).toMatchObject({ number: 1, lineCount: 5, withoutCommission: 1 });
    expect(
      sheet.streams.map(({ streamId, commission, slotFee }) => [streamId, commission, slotFee]),
    ).toEqual([
      ["st_annrate", 1_600, 50_000],
      ["st_annalliance", 777, 0],
    ]);
  });

  it("stays as it was closed; what is paid back later is given back by the next one, once, at the rate of then", async ({
    expect,
  }) => {
    const { ledger } = settled();
    await ledger.apply([sold("1"), sold("2")]);
    const first = await close(ledger, asked("ann", week(0)));
    await ledger.apply([sold("1", { at: dayAt(8), refund: 2_500 })]);
    await ledger.apply([
      sold("2", { at: dayAt(8), state: "invalid" }),
      sold("3", { paidAt: dayAt(9) }),
    ]);
    ledger.patchCosts("ann-rate", { commissionRate: 2_000 }, "admin");
    expect(ledger.settlement(first.sheet.id)).toEqual(first.sheet);
    expect(ledger.settlementLines(first.sheet.id, 0, 9).lines).toEqual(first.lines);
    const second = await close(ledger, asked("ann", week(1)));
    expect(second.lines.map(head)).toEqual([
      ["order", "3", 2_000],
      ["change", "1", -250],
      ["change", "2", -1_000],
    ]);
    expect(second.lines[1]).toMatchObject({ refunds: 2_500, refundsBefore: 0, rate: 1_000 });
    expect(second.lines[2]).toMatchObject({ state: "invalid", amount: 0, worth: 0 });
    expect(second.sheet.sums).toMatchObject({
      commission: 2_000,
      slotFee: 0,
      refundedOfEarlier: 2_500,
      refundsOfEarlier: 1_250,
      total: 750,
    });
    const third = await close(ledger, asked("ann", week(2)));
    expect([third.lines, third.sheet.sums.total]).toEqual([[], 0]);
  });

  it("has lines that came after their period was closed, and none that a sheet has already", async ({
    expect,
  }) => {
    const { ledger } = settled();
    await ledger.apply([sold("1")]);
    await close(ledger, asked("ann", week(0)));
    await ledger.apply([sold("late", { amount: 7_000 }), sold("2", { paidAt: dayAt(8) })]);
    const { lines } = await close(ledger, asked("ann", week(1)));
    expect(lines.map(head)).toEqual([
      ["order", "2", 1_000],
      ["late", "late", 700],
    ]);
    const again = await close(ledger, asked("ann", { from: dayAt(0), to: dayAt(14) }));
    expect(again.lines).toEqual([]);
  });

  it("leaves out what was paid before the first period, and says how much: it was settled before there were sheets", async ({
    expect,
  }) => {
    const { ledger } = settled();
    await ledger.apply([
      sold("old"),
      sold("1", { paidAt: dayAt(8) }),
      sold("usd", { paidAt: dayAt(8), currency: "USD" }),
    ]);
    const { sheet, lines } = await close(ledger, asked("ann", week(1)));
    expect(lines.map(head)).toEqual([["order", "1", 1_000]]);
    expect(sheet.slotFees).toEqual([]);
    expect(sheet.leftOut).toEqual({ otherCurrencies: ["USD"], notYetPayable: 0, beforeFirst: 1 });
    // A sheet of that time is closed when somebody wants one.
    const earlier = await close(ledger, asked("ann", week(0)));
    expect([earlier.lines.map(head), earlier.sheet.sums.slotFee]).toEqual([
      [["order", "old", 1_000]],
      50_000,
    ]);
    const dollars = await close(ledger, asked("ann", { ...week(1), currency: "USD" }));
    expect(dollars.lines.map(head)).toEqual([["order", "usd", 1_000]]);
    expect(dollars.sheet).toMatchObject({ number: 1, slotFees: [] });
  });

  it("can wait for receipt or settlement; a line that was on a sheet is not taken back for its state", async ({
    expect,
  }) => {
    const { ledger } = settled();
    await ledger.apply([
      sold("1"),
      sold("2", { state: "received" }),
      sold("3", { state: "settled" }),
    ]);
    const paid = asked("ann", { ...week(0), payable: "settled" });
    const first = await close(ledger, paid);
    expect(first.lines.map(head)).toEqual([["order", "3", 1_000]]);
    expect(first.sheet.leftOut.notYetPayable).toBe(2);
    const next = asked("ann", { ...week(1), payable: "received" });
    expect((await close(ledger, next)).lines.map(head)).toEqual([["late", "2", 1_000]]);
    await close(ledger, asked("ann", week(2)));
    await ledger.apply([sold("1", { at: dayAt(20), commission: 5 })]);
    const last = await close(ledger, asked("ann", { ...week(3), payable: "settled" }));
    expect(last.lines).toEqual([]);
  });

  it("has a link's slot fee once, on the first one whose period its stream began in or before; then what changed of it", async ({
    expect,
  }) => {
    const { ledger } = settled();
    const fees = async (number: number) =>
      (await close(ledger, asked("ann", week(number)))).sheet.slotFees.map(
        ({ kind, slug, fee, feeBefore }) => [kind, slug, fee - feeBefore],
      );
    expect(await fees(0)).toEqual([["fee", "ann-rate", 50_000]]);
    expect(await fees(1)).toEqual([]);
    ledger.putCosts("ann-alliance", { slotFee: 8_000 }, "admin");
    ledger.patchCosts("ann-rate", { slotFee: 60_000 }, "admin");
    expect(await fees(2)).toEqual([
      ["late", "ann-alliance", 8_000],
      ["change", "ann-rate", 10_000],
    ]);
    ledger.patchCosts("ann-rate", { slotFee: null }, "admin");
    expect(await fees(3)).toEqual([["change", "ann-rate", -60_000]]);
    // Whoever has the link later is not paid for it again.
    const request = asked("bob", { links: [...links.bob, ...links.ann] });
    expect((await close(ledger, request)).sheet.slotFees).toEqual([]);
  });

  it("has no slot fee of a stream that was deleted before it was settled, and what it sold", async ({
    expect,
  }) => {
    const { ledger } = settled();
    await ledger.apply([sold("1")]);
    const deleted = links.ann.map((link) => ({ ...link, isDeleted: true }));
    const { sheet } = await close(ledger, asked("ann", { ...week(0), links: deleted }));
    expect(sheet.sums).toMatchObject({ slotFee: 0, commission: 1_000 });
  });

  it("gives back a line that became another promoter's, who has it on the sheet after that", async ({
    expect,
  }) => {
    const { ledger } = settled();
    await ledger.apply([sold("1")]);
    await close(ledger, asked("ann", week(0)));
    await close(ledger, asked("bob", week(0)));
    await ledger.apply([sold("1", { at: dayAt(8), slug: "bob-rate" })]);
    // Nothing is paid to two.
    expect((await close(ledger, asked("bob", week(1)))).lines).toEqual([]);
    const given = await close(ledger, asked("ann", week(1)));
    expect(given.lines.map(head)).toEqual([["moved", "1", -1_000]]);
    expect(given.sheet.sums).toMatchObject({ refundsOfEarlier: 1_000, total: -1_000 });
    const taken = await close(ledger, asked("bob", week(2)));
    expect(taken.lines.map(head)).toEqual([["late", "1", 500]]);
    // What Ann gave back can't be hers again while it is Bob's.
    const voiding = { by: "admin", reason: null };
    expect(ledger.voidSettlement(given.sheet.id, voiding)).toBe("taken_elsewhere");
    expect(ledger.voidSettlement(taken.sheet.id, voiding)).toMatchObject({ id: taken.sheet.id });
    expect(ledger.voidSettlement(given.sheet.id, voiding)).toMatchObject({ id: given.sheet.id });
  });

  it("keeps a line whose link was given to another promoter after it was settled", async ({
    expect,
  }) => {
    const { ledger } = settled();
    await ledger.apply([sold("1"), sold("2", { paidAt: dayAt(8) })]);
    await close(ledger, asked("ann", week(0)));
    await ledger.apply([sold("1", { at: dayAt(8), refund: 5_000 })]);
    const [rate, ...others] = links.ann;
    const second = await close(ledger, asked("ann", { ...week(1), links: others }));
    expect(second.lines.map(head)).toEqual([["change", "1", -500]]);
    const bobs = asked("bob", { ...week(1), links: rate ? [rate, ...links.bob] : [] });
    expect((await close(ledger, bobs)).lines.map(head)).toEqual([["order", "2", 1_000]]);
  });

  it("that was closed by mistake is voided, the newest first, and the next one has what it had", async ({
    expect,
  }) => {
    const { ledger } = settled();
    await ledger.apply([sold("1"), sold("2", { paidAt: dayAt(8) })]);
    const first = await close(ledger, asked("ann", week(0)));
    await ledger.apply([sold("1", { at: dayAt(8), refund: 5_000 })]);
    const second = await close(ledger, asked("ann", week(1)));
    const voiding = { by: "key_1", reason: "wrong rate" };
    expect(ledger.voidSettlement("set_none", voiding)).toBe("not_found");
    expect(ledger.voidSettlement(first.sheet.id, voiding)).toBe("not_newest");
    expect(ledger.voidSettlement(second.sheet.id, voiding)).toMatchObject({
      ...second.sheet,
      voided: voiding,
    });
    expect(ledger.voidSettlement(second.sheet.id, voiding)).toBe("already_voided");
    expect(ledger.settlementLines(second.sheet.id, 0, 9).lines).toEqual(second.lines);
    const again = await close(ledger, asked("ann", week(1)));
    expect(again.lines).toEqual(second.lines);
    expect([again.sheet.number, again.sheet.sums]).toEqual([3, second.sheet.sums]);
    const actions = ledger.listAudit({}, 4, 1_000).map(({ action, actor }) => [action, actor]);
    expect(actions).toEqual([
      ["settlement.closed", "admin"],
      ["settlement.voided", "key_1"],
      ["settlement.closed", "admin"],
      ["conversions.applied", "system"],
    ]);
  });

  it("stays whole when a stream is deleted with all it had, gives nothing back for that, and is not voided any more", async ({
    expect,
  }) => {
    const { ledger } = settled();
    await ledger.apply([sold("1")]);
    const { sheet, lines } = await close(ledger, asked("ann", week(0)));
    await ledger.apply([sold("1", { at: dayAt(8), refund: 5_000 })]);
    ledger.purge("st_annrate", ["ann-rate"]);
    const next = await close(ledger, asked("ann", week(1)));
    expect([next.lines, next.sheet.slotFees]).toEqual([[], []]);
    expect(ledger.settlement(sheet.id)).toEqual(sheet);
    expect(ledger.settlementLines(sheet.id, 0, 9).lines).toEqual(lines);
    const voiding = { by: "admin", reason: null };
    expect(ledger.voidSettlement(next.sheet.id, voiding)).toMatchObject({ id: next.sheet.id });
    expect(ledger.voidSettlement(sheet.id, voiding)).toBe("orders_deleted");
  });

  it("is previewed page by page as it would be closed, and nothing is written", async ({
    expect,
  }) => {
    const { ledger, database } = settled();
    const events = Array.from({ length: 1_203 }, (_, index) =>
      sold(String(index), { paidAt: dayAt(1) + index }),
    );
    await ledger.apply(events);
    const before = database.dump();
    const lines: SettledLine[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const made = await ledger.previewSettlement(asked("ann", week(0)), after, 500);
      if (typeof made === "string") throw new Error(made);
      expect(made.sheet.lineCount).toBe(1_203);
      lines.push(...made.page.lines);
      after = made.page.next;
    }
    expect(database.dump()).toBe(before);
    const { sheet } = await close(ledger, asked("ann", week(0)));
    expect(ledger.settlementLines(sheet.id, 0, 2_000)).toEqual({ lines, next: null });
    expect(ledger.settlementLines(sheet.id, 1_200, 2)).toEqual({
      lines: lines.slice(1_200, 1_202),
      next: 1_202,
    });
  });
});

describe("a long sheet", () => {
  it("is closed, and looked at again when all of its orders changed, in seconds", async ({
    expect,
  }) => {
    const { ledger } = settled();
    const many = 10_000;
    const tell = async (more: object) => {
      for (let first = 0; first < many; first += 500) {
        await ledger.apply(
          Array.from({ length: 500 }, (_, index) => sold(`${first + index}`, more)),
        );
      }
    };
    await tell({});
    const began = Date.now();
    const first = await close(ledger, asked("ann", week(0)));
    expect([first.sheet.lineCount, first.sheet.sums.commission]).toEqual([many, many * 1_000]);
    await tell({ at: dayAt(8), refund: 1_000 });
    const second = await close(ledger, asked("ann", week(1)));
    expect([second.sheet.lineCount, second.sheet.sums.total]).toEqual([many, many * -100]);
    // It goes through the lines once: through those of each other, it took a minute.
    expect(Date.now() - began).toBeLessThan(20_000);
  });
});

describe("a sheet that was closed before sheets said what was bought", () => {
  it("stays as it was, and later ones say it", async ({ expect }) => {
    const database = new Database();
    const { ledger } = settled(database);
    const cats = { itemId: "100", itemTitle: "猫粮 🐱", quantity: 3 };
    await ledger.apply([sold("1", cats), sold("2", cats)]);
    const first = await close(ledger, asked("ann", week(0)));
    expect(first.lines).toMatchObject([cats, cats]);
    // As the release before left its store.
    for (const column of ["item_id", "item_title", "quantity"]) {
      database.sql.exec(`ALTER TABLE sheet_line DROP COLUMN ${column}`);
    }
    database.sql.exec("DELETE FROM migration WHERE number > 4");

    const { ledger: later } = ledgerOn(database);
    await later.apply([sold("1", { ...cats, refund: 5_000, at: dayAt(9) })]);
    const none = { itemId: null, itemTitle: null, quantity: null };
    const { lines } = later.settlementLines(first.sheet.id, 0, 9);
    expect(lines).toEqual(first.lines.map((line) => ({ ...line, ...none })));
    expect(later.settlement(first.sheet.id)).toEqual(first.sheet);
    const next = await close(later, asked("ann", week(1)));
    expect(next.lines).toMatchObject([{ kind: "change", orderId: "1", ...cats }]);
  });

  it("is taken from an export of the release that closed it", async ({ expect }) => {
    const { ledger } = settled();
    await ledger.apply([sold("1", { itemTitle: "猫粮" })]);
    const { sheet, lines } = await close(ledger, asked("ann", week(0)));
    const older = lines.map(({ itemId: _, itemTitle: __, quantity: ___, ...line }) => line);
    const row = KeptSheetLines.parse({ sheet: sheet.id, first: 1, lines: older });
    const to = settled();
    const store = new SheetStore(to.database.sql);
    restoreSheets(store, [sheet]);
    expect(restoreSheetLines(store, [row])).toMatchObject({ taken: [0] });
    expect(to.ledger.settlementLines(sheet.id, 0, 9).lines).toEqual([
      { ...lines[0], itemTitle: null },
    ]);
  });
});

describe("sheets of an export", () => {
  async function moved() {
    const from = settled();
    await from.ledger.apply([sold("1"), sold("2")]);
    const { sheet } = await close(from.ledger, asked("ann", week(0)));
    const [row] = from.ledger.dumpSettlements(0, 9);
    const { lines } = from.ledger.settlementLines(sheet.id, 0, 9);
    const to = settled();
    await to.ledger.apply([sold("1"), sold("2", { refund: 5_000 })]);
    return { sheet, row, lines, to, store: new SheetStore(to.database.sql) };
  }

  it("are taken once, and nothing on them is paid again; what changed since is given back", async ({
    expect,
  }) => {
    const { sheet, row, lines, to, store } = await moved();
    expect(row?.sheet).toEqual(sheet);
    expect(restoreSheets(store, [sheet])).toEqual({ taken: [0], known: 0, refused: [] });
    const [one, two] = lines.map((line, index) => ({
      sheet: sheet.id,
      first: index + 1,
      lines: [line],
    }));
    if (!one || !two) throw new Error("there are two lines");
    expect(restoreSheetLines(store, [one])).toEqual({ taken: [0], known: 0, refused: [] });
    // A part of a sheet says nothing of what was paid.
    expect(await to.ledger.settle(asked("ann", week(1)), "admin")).toBe("incomplete");
    expect(restoreSheetLines(store, [two, one])).toMatchObject({ taken: [0], known: 1 });
    expect(restoreSheets(store, [sheet])).toMatchObject({ taken: [], known: 1 });
    const next = await close(to.ledger, asked("ann", week(1)));
    expect(next.sheet.number).toBe(2);
    expect(next.lines.map(head)).toEqual([["change", "2", -500]]);
  });

  it("are refused where another one has the number, and lines where their sheet is not there", async ({
    expect,
  }) => {
    const { sheet, lines, to, store } = await moved();
    const some = { sheet: sheet.id, first: 1, lines };
    expect(restoreSheetLines(store, [some]).refused).toMatchObject([
      { detail: `/row/sheet: There is no settlement ${sheet.id}, here or in a line before.` },
    ]);
    await close(to.ledger, asked("ann", week(0)));
    expect(restoreSheets(store, [sheet]).refused).toEqual([
      { index: 0, detail: "/row/number: ann has another sheet 1 in CNY here." },
    ]);
    restoreSheets(store, [{ ...sheet, number: 2 }]);
    expect(restoreSheetLines(store, [{ ...some, first: 2 }]).refused).toMatchObject([
      { detail: `/row/first: The settlement ${sheet.id} has 2 lines.` },
    ]);
  });
});
