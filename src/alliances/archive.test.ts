import { describe, it } from "vitest";
import { connectionsKey, type Lab, labOf } from "../../test/alliances/lab.ts";
import { ToyGateway, toyAdapter } from "../../test/alliances/toy.ts";
import { dumpConnections, restoreConnections } from "./archive.ts";
import { ArchivedConnection } from "./archived-connection.ts";
import { Sealer } from "./secrets.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** 12:00 in Beijing. */
const noon = Date.parse("2026-11-25T12:00:00+08:00");

const gateway = () => new ToyGateway();
const service = (of: ToyGateway, now = noon) =>
  labOf({ adapters: [toyAdapter()], gatewayOf: () => of, now });
const credentialsOf = ({ secret }: ToyGateway) => ({ appKey: "toy-key-1234", appSecret: secret });

async function connect(lab: Lab, of: ToyGateway, since = noon - 2 * hour): Promise<string> {
  const made = await lab.service.create({
    ...{ alliance: "jd-union" as const, name: "旗舰店", apiBase: null, since },
    credentials: credentialsOf(of),
  });
  if (typeof made === "string" || !made.ok) throw new Error("not made");
  return made.value.id;
}

function fill(of: ToyGateway, count: number, from: number, stepMs: number, name = "o"): void {
  for (let index = 0; index < count; index += 1) {
    of.put({ id: `${name}${index}`, amount: 100, updatedAt: from + index * stepMs });
  }
}

/** As a line of a file. */
const exported = (lab: Lab): ArchivedConnection[] =>
  dumpConnections(lab.ports).map((row) =>
    ArchivedConnection.parse(JSON.parse(JSON.stringify(row))),
  );

const idsOf = (lab: Lab) => [...new Set(lab.events.map(({ orderId }) => orderId))].sort();

describe("a connection that an import brought", () => {
  it("is as it was, without its credentials, and asks nothing before they are given", async ({
    expect,
  }) => {
    const of = gateway();
    const from = service(of);
    fill(of, 5, noon - hour, minute);
    const id = await connect(from, of);
    await from.pass(hour);
    const rows = exported(from);
    expect(JSON.stringify(rows)).not.toMatch(/toy-key|1234|keyId/);

    const asked = of.asked.length;
    const to = service(of, from.now);
    expect(restoreConnections(to.ports, rows)).toEqual({ taken: [0], known: 0, refused: [] });
    expect(exported(to)).toEqual(rows);
    const shown = to.service.get(id);
    expect(shown).toMatchObject({
      ...{ name: "旗舰店", enabled: true, nextPullAt: null, stoppedAt: to.now, keyEnd: "" },
      through: from.service.get(id)?.through,
      error: { code: "credentials_missing", at: to.now },
    });
    expect(await to.service.test(id)).toMatchObject({ ok: false, code: "credentials_missing" });
    to.service.pull(id, {});
    await to.pass(day);
    expect(of.asked).toHaveLength(asked);
    expect(to.service.get(id)?.error?.code).toBe("credentials_missing");

    const part = await to.service.change(id, { credentials: { appKey: "toy-key-1234" } });
    expect(part).toMatchObject({ ok: false, refused: [{ pointer: "/credentials/appSecret" }] });
  });

  it("goes on where it was once it has them: history is not pulled anew, and nothing is missed", async ({
    expect,
  }) => {
    const of = gateway();
    const from = service(of);
    fill(of, 5, noon - 30 * day, day);
    const id = await connect(from, of, noon - 40 * day);
    await from.pass(hour);
    expect(idsOf(from)).toHaveLength(5);
    const [row] = exported(from);
    if (!row) throw new Error("no row");
    expect(row.feeds).toEqual([{ feed: "orders", through: expect.any(Number), left: null }]);

    const to = service(of, from.now);
    restoreConnections(to.ports, [row]);
    to.now += 2 * day;
    fill(of, 4, from.now + minute, hour, "later");
    const asked = of.asked.length;
    const credentials = credentialsOf(of);
    expect(await to.service.change(id, { credentials })).toMatchObject({
      value: { error: null, stoppedAt: null, keyEnd: "1234" },
    });
    await to.pass(minute);
    expect(idsOf(to)).toEqual(["later0", "later1", "later2", "later3"]);
    const through = Number(row.feeds[0]?.through);
    const earliest = Math.min(...of.asked.slice(asked).map(({ start }) => start));
    expect(earliest).toBeLessThan(through);
    expect(earliest).toBeGreaterThan(through - hour);
  });

  it("has what of its history had not come yet", async ({ expect }) => {
    const of = gateway();
    const from = service(of);
    fill(of, 40, noon - 40 * day, day);
    const id = await connect(from, of, noon - 41 * day);
    from.ports.store.setDue(id, noon);
    let steps = 0;
    const { run } = await import("./pull.ts");
    from.now += minute;
    await run(from.ports, () => ++steps > 200);
    const before = idsOf(from);
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(40);

    const to = service(of, from.now);
    const rows = exported(from);
    expect(rows[0]?.feeds[0]?.left).toMatchObject({ to: expect.any(Number) });
    restoreConnections(to.ports, rows);
    await to.service.change(id, { credentials: credentialsOf(of) });
    await to.pass(day);
    expect([...new Set([...before, ...idsOf(to)])]).toHaveLength(40);
  });

  it("asks for ids again that waited, and pulls what names those of its history", async ({
    expect,
  }) => {
    const of = gateway();
    const from = service(of);
    const id = await connect(from, of);
    await from.pass(hour);
    const { store } = from.ports;
    store.wait(id, { feed: "orders", id: "pushed", asOf: noon });
    expect(exported(from)[0]?.feeds).toEqual([{ feed: "orders", through: noon, left: null }]);
    store.wait(id, { feed: "orders", id: "old", asOf: null });
    const [feed] = exported(from)[0]?.feeds ?? [];
    expect(feed?.left?.from).toBeLessThanOrEqual(noon - 80 * day);
    expect(feed?.left?.to).toBe(noon);
  });

  it("stays paused where it was, and goes on when it is enabled", async ({ expect }) => {
    const of = gateway();
    const from = service(of);
    const id = await connect(from, of);
    await from.service.change(id, { enabled: false });
    const to = service(of);
    restoreConnections(to.ports, exported(from));
    expect(to.service.get(id)).toMatchObject({
      enabled: false,
      error: { code: "credentials_missing" },
    });
    await to.service.change(id, { credentials: credentialsOf(of) });
    expect(to.service.get(id)).toMatchObject({ enabled: false, error: null, nextPullAt: null });
    await to.pass(day);
    expect(of.asked).toEqual([]);
    fill(of, 1, noon, 1);
    await to.service.change(id, { enabled: true });
    await to.pass(hour);
    expect(idsOf(to)).toEqual(["o0"]);
  });

  it("comes in without a CONNECTIONS_KEY too, and says what it lacks once there is one", async ({
    expect,
  }) => {
    const of = gateway();
    const from = service(of);
    const id = await connect(from, of);
    const rows = exported(from);
    const to = service(of);
    to.ports.sealer = null;
    expect(restoreConnections(to.ports, rows)).toMatchObject({ taken: [0] });
    const credentials = credentialsOf(of);
    expect(await to.service.change(id, { credentials })).toBe("no_key");
    expect(await to.service.test(id)).toMatchObject({ code: "credentials_missing" });
    to.ports.sealer = new Sealer(connectionsKey);
    expect(await to.service.change(id, { credentials })).toMatchObject({ ok: true });
  });

  it("changes none that is here, and finds no room behind fifty", async ({ expect }) => {
    const of = gateway();
    const lab = service(of);
    const id = await connect(lab, of);
    const [row] = exported(lab);
    if (!row) throw new Error("no row");
    const before = lab.service.get(id);
    expect(restoreConnections(lab.ports, [{ ...row, name: "other" }])).toMatchObject({ known: 1 });
    expect(lab.service.get(id)).toEqual(before);
    const many = Array.from({ length: 60 }, (_, index) => ({ ...row, id: `cn_${index}` }));
    const outcome = restoreConnections(lab.ports, many);
    expect(outcome.taken).toHaveLength(49);
    expect(outcome.refused).toEqual(many.slice(49).map((_, index) => 49 + index));
  });
});
