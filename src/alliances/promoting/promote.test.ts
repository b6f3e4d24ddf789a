import { describe, it } from "vitest";
import type { FaultName } from "../../../test/alliances/gateway.ts";
import { labOf } from "../../../test/alliances/lab.ts";
import { FakeTaobao } from "../../../test/alliances/taobao.ts";
import type { PromotedDestination } from "../../catalog/promoting.ts";
import type { Link } from "../../model/link.ts";
import type { Stream } from "../../model/stream.ts";
import type { Credentials } from "../adapter.ts";
import { adapterOf } from "../registry.ts";
import { type PromotePorts, type PromotingCatalog, promote } from "./promote.ts";

const noon = Date.parse("2026-11-28T12:00:00+08:00");
const stream = {
  id: "st_1",
  primary: "taobao",
  destinations: [
    { platform: "taobao", kind: "live", id: "1", url: "https://tbzb.taobao.com/live?liveId=1" },
  ],
} as unknown as Stream;

/** So many links of a stream, each with an adzone of its own; the gateway fails as it is told to, link by link. */
async function shop(count: number, failing: ReadonlyMap<string, readonly FaultName[]> = new Map()) {
  const gateway = new FakeTaobao();
  const links = new Map(
    Array.from({ length: count }, (_, index): [string, Link] => {
      const promotion = { taobao: { adzoneId: String(100 + index) } };
      const of = { streamId: "st_1", destinations: null, primary: null, creator: null };
      return [`l${index}`, { slug: `l${index}`, ...of, promotion } as unknown as Link];
    }),
  );
  const lab = labOf({
    adapters: [adapterOf("taobao-union")],
    gatewayOf: () => ({
      answer: (given, at) => {
        const adzone = /adzone_id=(\d+)/.exec(given.body)?.[1] ?? "";
        gateway.faults.push(...(failing.get(adzone) ?? []).slice(0, 1));
        return gateway.answer(given, at);
      },
    }),
    now: noon,
  });
  const made = await lab.service.create({
    ...{ alliance: "taobao-union", name: "test", apiBase: null, since: noon },
    credentials: gateway.credentials as unknown as Credentials,
  });
  if (typeof made === "string" || !made.ok) throw new Error("not made");
  const catalog: PromotingCatalog = {
    stream: async () => ({ ok: true, value: stream }),
    openSlugsOf: async () => [...links.keys()],
    linksNamed: async (slugs) => slugs.flatMap((slug) => links.get(slug) ?? []),
    idsOfCreators: async () => [],
    putPromoted: async (promoted: PromotedDestination[]) => {
      for (const { slug, destination } of promoted) {
        const link = links.get(slug);
        if (link) links.set(slug, { ...link, destinations: [destination] });
      }
      return { links: [], left: [] };
    },
  };
  const ports: PromotePorts = { ...lab.ports, catalog, hosts: [], learn: async () => {} };
  const asked = { ...{ streamId: "st_1", slugs: null, isReplaced: false }, isDryRun: false };
  const run = async (isOver = () => false) => {
    const done = await promote(ports, made.value.id, { ...asked, endsAt: null, by: "t" }, isOver);
    if (typeof done === "string") throw new Error(done);
    const of = (outcome: string) => done.rows.filter((row) => row.outcome === outcome).length;
    return { made: of("made"), kept: of("kept"), failed: of("failed"), remaining: done.remaining };
  };
  return { gateway, lab, run };
}

const always = (fault: FaultName): readonly FaultName[] => [fault];

describe("many promoted links", () => {
  it("of which one fails whatever is tried: the others are made all the same", async ({
    expect,
  }) => {
    const { run } = await shop(
      25,
      new Map([
        ["103", always("http-502")],
        ["115", always("denied")],
      ]),
    );
    expect(await run()).toEqual({ made: 23, kept: 0, failed: 2, remaining: 0 });
    expect(await run()).toEqual({ made: 0, kept: 23, failed: 2, remaining: 0 });
  });

  it("wait out what passes, at the account's rate", async ({ expect }) => {
    const { run, gateway } = await shop(5);
    gateway.faults.push("throttled-for-seconds", "html", "busy");
    expect(await run()).toEqual({ made: 5, kept: 0, failed: 0, remaining: 0 });
    const gaps = gateway.calls
      .slice(1)
      .map(({ at }, index) => at - (gateway.calls[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(adapterOf("taobao-union").spacingMs);
    expect(gaps[0]).toBeGreaterThanOrEqual(7_000);
  });

  it("end where the day's quota does, or the gateway is not there; asked again they go on", async ({
    expect,
  }) => {
    const { run, gateway } = await shop(12);
    gateway.faults.push("quota");
    expect(await run()).toEqual({ made: 0, kept: 0, failed: 1, remaining: 11 });
    gateway.faults.push(...Array.from({ length: 12 }, () => "http-502" as const));
    expect(await run()).toEqual({ made: 0, kept: 0, failed: 3, remaining: 9 });
    expect(await run()).toEqual({ made: 12, kept: 0, failed: 0, remaining: 0 });
  });

  it("end with the time of one request, with what is made by then kept", async ({ expect }) => {
    const { run, lab } = await shop(40);
    const end = lab.now + 4_000;
    const first = await run(() => lab.now >= end);
    expect(first.made).toBeGreaterThanOrEqual(10);
    expect(first.made + first.remaining).toBe(40);
    expect(first.remaining).toBeGreaterThan(0);
    expect(await run()).toMatchObject({ made: first.remaining, kept: first.made, remaining: 0 });
  });
});
