/** Seven accounts at once, whose gateways fail in one call of twenty: small, in virtual time. Large, of the service itself: `npm run test:soak`. */
import { describe, it } from "vitest";
import { Account, alliances, type Sold } from "../../test/alliances/accounts.ts";
import { labOf } from "../../test/alliances/lab.ts";
import { Unreliable } from "../../test/alliances/unreliable.ts";
import { Chance } from "../../test/model/clock.ts";
import { Database } from "../../test/model/database.ts";
import { ledgerOf } from "../../test/settling.ts";
import { flatIds } from "../model/promoter.ts";
import type { AllianceName, Credentials } from "./adapter.ts";
import type { ShownConnection } from "./connection.ts";
import { adapterOf } from "./registry.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** 12:00 in Beijing, outside of all campaigns. */
const noon = Date.parse("2026-03-25T12:00:00+08:00");
const rowsOfAll = 4_000;
const streamId = "st_soak";

async function seven(seed: number) {
  const chance = new Chance(seed);
  const accounts = alliances.map((alliance) => new Account(alliance, rowsOfAll, slugOf(alliance)));
  const gateways = new Map(
    accounts.map(({ alliance, gateway }) => [
      alliance,
      new Unreliable(alliance, gateway, 0.05, () => chance.next()),
    ]),
  );
  const gatewayOf = (alliance: AllianceName) => {
    const found = gateways.get(alliance);
    if (!found) throw new Error(`no gateway of ${alliance}`);
    return found;
  };
  const ledger = ledgerOf(
    accounts.map(({ alliance, promotion }) => ({
      ...{ slug: slugOf(alliance), streamId, names: [] },
      ids: flatIds(promotion as never),
    })),
    new Database(),
  );
  const lab = labOf({
    adapters: alliances.map(adapterOf),
    gatewayOf,
    now: noon,
    book: (events) => ledger.apply(events),
  });
  for (const account of accounts) {
    account.fill(noon - day, noon - 2 * minute);
    const made = await lab.service.create({
      alliance: account.alliance,
      name: account.alliance,
      apiBase: null,
      since: noon - day - hour,
      credentials: account.credentials as Credentials,
    });
    if (typeof made === "string" || !made.ok) throw new Error("not made");
  }
  const booked = async () => {
    const { totals } = await ledger.salesOfStream(streamId);
    return new Map(
      totals.map(({ link, orders, gmv, refunds }): [string, Sold] => [
        link,
        { orders, gmv, refunds },
      ]),
    );
  };
  const summed = () => new Map(accounts.map((one) => [slugOf(one.alliance), one.sold()]));
  const shown = () => lab.service.list() as ShownConnection[];
  return { lab, accounts, gateways, ledger, booked, summed, shown };
}

const slugOf = (alliance: AllianceName): string => `of-${alliance}`;
const sorted = (sums: ReadonlyMap<string, Sold>) => [...sums].sort(([a], [b]) => (a < b ? -1 : 1));

describe("seven accounts whose gateways fail in one call of twenty", () => {
  it("end in what a plain sum of their rows says, each within its limits", async ({ expect }) => {
    const { lab, accounts, gateways, ledger, booked, summed, shown } = await seven(18);
    await lab.pass(2 * minute);
    // Rows change while their pages are read, of some pages that were read already.
    const edited = accounts.reduce((sum, account) => sum + account.edit(9, lab.now), 0);
    await lab.pass(6 * hour);
    expect(edited).toBeGreaterThan(100);
    expect(sorted(await booked())).toEqual(sorted(summed()));
    // Each page a second time, by a process that begins anew.
    lab.restart();
    for (const { id } of shown()) lab.service.pull(id, { from: noon - day });
    await lab.pass(6 * hour);
    expect(sorted(await booked())).toEqual(sorted(summed()));
    // What Xiaohongshu's settlement gives back is a line of the order's without a promoter.
    const { lines } = await ledger.list({ streamId: "" }, 200, null);
    expect(lines.filter(({ state }) => state !== null)).toEqual([]);
    const watched = [...gateways.values()].map((one) => one.watched);
    expect(watched.map(({ over }) => over)).toEqual(alliances.map(() => 0));
    const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
    const faults = sumOf(watched.map((one) => one.faults));
    expect(faults / sumOf(watched.map(({ calls }) => calls))).toBeGreaterThan(0.03);
    expect(shown().map(({ stoppedAt }) => stoppedAt)).toEqual(alliances.map(() => null));
  });
});
