/** Orders that come by every way there is, in any order and repeated: one book in the end. */
import { scheduler } from "node:timers/promises";
import { beforeAll, describe, it } from "vitest";
import { keyOf, type Version } from "../../test/alliances/versions.ts";
import { type Arrival, openWays, ways } from "../../test/alliances/ways.ts";
import { fc } from "../../test/properties.ts";

// A Worker has it; an import pauses by it.
beforeAll(() => {
  Object.assign(globalThis, { scheduler });
});

const amounts = [1_990, 5_400, 19_900] as const;

/** What became of an order, in as many versions; nothing comes behind what ends it. */
const history = (platform: Version["platform"], order: number) =>
  fc
    .record({
      last: fc.constantFrom("received", "settled", "refunded", "invalid"),
      // A part may go back before the rest.
      isPartBack: fc.boolean(),
      amounts: fc.tuple(fc.constantFrom(...amounts), fc.constantFrom(...amounts)),
      slugs: fc.tuple(fc.constantFrom("ann", "bob"), fc.constantFrom("ann", "bob")),
    })
    .map(({ last, isPartBack, ...drawn }): Version[] => {
      const [first, later] = drawn.amounts;
      const shared = { platform, order, commission: 100 };
      const [slug, another] = drawn.slugs;
      const isBack = last === "refunded" && platform !== "jd";
      return [
        { ...shared, version: 0, state: "paid", amount: first, slug },
        {
          ...{ ...shared, version: 1, state: "received", amount: later, slug: another },
          ...(isBack && isPartBack ? { refund: later / 2 } : {}),
        },
        {
          ...{ ...shared, version: 2, amount: later, commission: 80, slug: another },
          state: last === "refunded" && platform === "jd" ? "received" : last,
          ...(isBack ? { refund: later } : {}),
        },
      ];
    });

const waysOf = ({ platform }: Version) =>
  ways.filter((way) => way !== "push" || platform === "wechat");

const arrivals = fc
  .tuple(history("wechat", 1), history("wechat", 2), history("taobao", 1), history("jd", 1))
  .map((histories) =>
    histories.flat().flatMap((of) => waysOf(of).map((way): Arrival => ({ way, of }))),
  )
  .chain((all) => fc.subarray(all, { minLength: 6, maxLength: 16 }))
  .chain((some) =>
    fc.tuple(
      fc.constant(some),
      fc
        .subarray(some)
        .chain((twice) =>
          fc.shuffledSubarray([...some, ...twice], { minLength: some.length + twice.length }),
        ),
    ),
  );

async function bookOf(told: readonly Arrival[]) {
  const { arrive, kept } = await openWays();
  for (const one of told) await arrive(one);
  return kept();
}

const paid: Version = {
  ...{ platform: "wechat", order: 1, version: 0, state: "paid", slug: "ann" },
  ...{ amount: 5_400, commission: 100 },
};
const platforms = ["wechat", "taobao", "jd"] as const;

describe("orders that are pulled, pushed, imported and told", () => {
  it.for(
    platforms.flatMap((platform) =>
      waysOf({ ...paid, platform }).map((way) => [platform, way] as const),
    ),
  )("come to the same line: %s, by %s", async ([platform, way], { expect }) => {
    const { lines, sums } = await bookOf([{ way, of: { ...paid, platform } }]);
    const [{ orderId, subOrderId } = { orderId: "", subOrderId: "" }] = lines;
    expect({ orderId, subOrderId }).toEqual(keyOf(platform, 1));
    expect(lines.map(({ state, link }) => [state, link])).toEqual([["paid", "ann"]]);
    const link = { link: "ann", platform, refunds: 0 };
    expect(sums).toEqual([{ ...link, orders: 1, gmv: 5_400, commission: 100 }]);
  });

  it("end in the same lines and sums, in whatever order and how often they come", async ({
    expect,
  }) => {
    await fc.assert(
      fc.asyncProperty(arrivals, async ([once, often]) => {
        expect(await bookOf(often)).toEqual(await bookOf(once));
      }),
      { numRuns: 25 },
    );
  });
});
