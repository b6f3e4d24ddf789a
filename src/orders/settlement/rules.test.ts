/** What a sheet says of one line, or one slot fee. Whole sheets: settlements.test.ts. */
import { describe, it } from "vitest";
import { sold } from "../../../test/settling.ts";
import type { SettledLine } from "../../model/settlement.ts";
import type { BookedLine } from "../apply-events.ts";
import { applyEvent, type OrderEvent, salesOf } from "../order-line.ts";
import { addLine, feeOf, firstOf, hasNoBasis, nextOf, noSums } from "./rules.ts";

function saleOf(more: Partial<OrderEvent>) {
  const line: BookedLine = {
    ...applyEvent(undefined, sold("1", more)),
    ...{ link: "ann-rate", streamId: "st_annrate", by: "slug" },
  };
  return { line, sale: salesOf([line])[0] };
}

function first(more: Partial<OrderEvent>, rate: number | null = 1_000): SettledLine {
  const { sale } = saleOf(more);
  if (!sale) throw new Error("it sells nothing");
  return firstOf(sale, rate, 0);
}

describe("a line's commission", () => {
  it.for([
    ["is of what was paid, to the nearest 分", { amount: 1_005 }, 1_000, 101],
    ["rounds half a 分 up", { amount: 5 }, 1_000, 1],
    ["is none of what was paid back", { amount: 1_000, refund: 400 }, 1_000, 60],
    ["is nothing where all was paid back", { amount: 1_000, state: "refunded" }, 1_000, 0],
    ["is by the agreed rate where the alliance names one too", { commission: 777 }, 1_000, 1_000],
    ["is by an agreed rate of nothing", { commission: 777 }, 0, 0],
    ["is the alliance's where no rate was agreed", { commission: 777 }, null, 777],
    ["may be less than nothing there", { commission: -5 }, null, -5],
    ["is nothing where nobody says any", {}, null, 0],
  ] as const)("%s", ([, event, rate, worth], { expect }) => {
    expect(first(event, rate)).toMatchObject({ worth, worthBefore: 0, rate });
  });

  it("is known to be missing only where neither a rate nor an alliance says one", ({ expect }) => {
    expect([first({}, null), first({}, 0), first({ commission: 0 }, null)].map(hasNoBasis)).toEqual(
      [true, false, false],
    );
  });
});

describe("a line that a sheet had", () => {
  const next = (before: SettledLine, more: Partial<OrderEvent>, standing?: "moved") => {
    const { line, sale } = saleOf(more);
    return nextOf(before, line, sale, standing ?? "same");
  };

  it("is on none again while nothing of it changed but its state, or the alliance's word beside a rate", ({
    expect,
  }) => {
    expect(next(first({}), { state: "settled", commission: 900 })).toBeNull();
  });

  it("says what was bought, as is known by then", ({ expect }) => {
    const cats = { itemId: "100", itemTitle: "猫粮 🐱", quantity: 3 };
    expect(first(cats)).toMatchObject(cats);
    const before = first({});
    expect(before).toMatchObject({ itemId: null, itemTitle: null, quantity: null });
    expect(next(before, cats)).toBeNull();
    expect(next(before, { ...cats, refund: 400 })).toMatchObject({ kind: "change", ...cats });
    expect(next(before, cats, "moved")).toMatchObject({ kind: "moved", ...cats });
  });

  it("is told with what it was, up and down", ({ expect }) => {
    const before = first({ refund: 400 });
    expect(next(before, { refund: 1_000 })).toMatchObject({
      ...{ kind: "change", worth: 900, worthBefore: 960, refunds: 1_000, refundsBefore: 400 },
    });
    expect(next(before, { amount: 20_000, refund: 400 })).toMatchObject({ worth: 1_960 });
    expect(next(first({}, 0), { refund: 10 })).toMatchObject({ worth: 0, refunds: 10 });
    expect(next(before, { state: "invalid" })).toMatchObject({
      ...{ amount: 0, refunds: 0, refundsBefore: 0, worth: 0, worthBefore: 960 },
    });
    expect(next(before, { refund: 400 }, "moved")).toMatchObject({ kind: "moved", worth: 0 });
  });

  it("adds to the commission where it is worth more, and to what is given back where less", ({
    expect,
  }) => {
    const sums = noSums();
    const before = first({});
    for (const more of [{ amount: 12_000 }, { refund: 500 }, { state: "invalid" as const }]) {
      const line = next(before, more);
      if (line) addLine(sums, line);
    }
    expect(sums).toMatchObject({
      ...{ amount: 0, commission: 200, refundedOfEarlier: 500, refundsOfEarlier: 1_050 },
      total: -850,
    });
  });
});

describe("a slot fee", () => {
  const link = { slug: "ann-rate", streamId: "st_annrate", title: "", startsAt: 10 };
  it.for([
    ["is due where no sheet has it", 500, null, 5, "fee", 500],
    ["is late where its stream began before the period", 500, null, 20, "late", 500],
    ["brings the difference once it is changed", 700, 500, 5, "change", 200],
    ["is given back once there is none", 0, 500, 5, "change", -500],
  ] as const)("%s", ([, fee, before, from, kind, amount], { expect }) => {
    const found = feeOf(link, fee, before, from);
    expect([found?.kind, (found?.fee ?? 0) - (found?.feeBefore ?? 0)]).toEqual([kind, amount]);
  });

  it("of nothing, and one that is as it was, is on no sheet", ({ expect }) => {
    expect([feeOf(link, 0, null, 5), feeOf(link, 500, 500, 5)]).toEqual([null, null]);
  });
});
