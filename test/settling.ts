/** @module The ledger of orders on Node's own SQLite, with two promoters' links to settle: the real one, without a Worker. */
import type { Change } from "../src/catalog/change-feed.ts";
import type { PromotingLink } from "../src/model/promoter.ts";
import type { KeptSheet, SettledLine } from "../src/model/settlement.ts";
import type { OrderEvent } from "../src/orders/order-line.ts";
import { SalesLedger } from "../src/orders/sales-ledger.ts";
import type { PromotedLink, SheetRequest } from "../src/orders/settlement/drafts.ts";
import { Database } from "./model/database.ts";

const day = 86_400_000;
/** A day of the test's month, UTC ms. */
export const dayAt = (number: number): number => Date.parse("2026-11-01T00:00:00Z") + number * day;

/** Ann has two links, of which one has an agreed rate; Bob has one. */
export const links: Record<"ann" | "bob", PromotedLink[]> = {
  ann: [link("ann-rate", 2), link("ann-alliance", 5)],
  bob: [link("bob-rate", 3)],
};

function link(slug: string, startsOn: number): PromotedLink {
  const streamId = `st_${slug.replace("-", "")}`;
  return {
    slug,
    streamId,
    title: `Stream of ${slug}`,
    startsAt: dayAt(startsOn),
    isDeleted: false,
  };
}

export type Creator = keyof typeof links;

/** @param database may be one that an earlier release wrote */
export function ledgerOn(database = new Database()) {
  const promoters = Object.values(links)
    .flat()
    .map(({ slug, streamId }) => ({ slug, streamId, ids: {} as never, names: [] }));
  return { database, ledger: ledgerOf(promoters, database) };
}

/** A ledger that knows of these links. */
export function ledgerOf(promoters: readonly PromotingLink[], database: Database): SalesLedger {
  let changes: Change[] = promoters.map((link, index) => ({ seq: index + 1, link }));
  const storage = {
    sql: database.sql,
    transactionSync: <T>(run: () => T) => database.transaction(run),
    setAlarm: () => Promise.resolve(),
  };
  return new SalesLedger(storage as never, () => ({
    changesSince: async () => {
      const page = { changes, isMore: false };
      changes = [];
      return page;
    },
  }));
}
export type Ledger = ReturnType<typeof ledgerOn>["ledger"];

export const asked = (creator: Creator, more: Partial<SheetRequest> = {}): SheetRequest => ({
  ...{ creator, creatorName: creator, currency: "CNY", payable: "paid", links: links[creator] },
  ...{ from: dayAt(0), to: dayAt(31), brandName: null, operatorName: null },
  ...more,
});

export async function close(
  ledger: Ledger,
  request: SheetRequest,
): Promise<{ sheet: KeptSheet; lines: SettledLine[] }> {
  const sheet = await ledger.settle(request, "admin");
  if (typeof sheet === "string") throw new Error(sheet);
  return { sheet, lines: ledger.settlementLines(sheet.id, 0, 1_000).lines };
}

/** An order line that was paid on a day of the month. */
export const sold = (orderId: string, more: Partial<OrderEvent> = {}): OrderEvent => ({
  ...{ platform: "taobao", orderId, subOrderId: "", at: dayAt(2), state: "paid", amount: 10_000 },
  ...{ currency: "CNY", paidAt: dayAt(2), slug: "ann-rate" },
  ...more,
});
