import { describe, it } from "vitest";
import { connectionsKey, labOf } from "../../test/alliances/lab.ts";
import { ToyGateway, toyAdapter } from "../../test/alliances/toy.ts";
import type { Adapter, Credentials, Renewal } from "./adapter.ts";
import type { ShownConnection } from "./connection.ts";
import { fault, at as field, integerOf, parseJson, textOf } from "./raw.ts";
import { Sealer } from "./secrets.ts";
import { sealAnew } from "./tokens.ts";

const minute = 60_000;
const hour = 60 * minute;
const noon = Date.parse("2026-11-25T12:00:00+08:00");

/** Tokens of two hours; each refresh token is good once. */
class TokenGateway extends ToyGateway {
  count = 0;
  refreshToken = "refresh-0000";
  renewals = 0;
  /** What the next renewals are answered with. */
  readonly refusals: string[] = [];

  override answer(...[given, at]: Parameters<ToyGateway["answer"]>) {
    if (!given.url.endsWith("/token")) return super.answer(given, at);
    this.renewals += 1;
    const refusal = this.refusals.shift();
    const { refreshToken } = JSON.parse(given.body);
    const isGood = refusal === undefined && refreshToken === this.refreshToken;
    if (!isGood) return { status: 200, body: JSON.stringify({ kind: refusal ?? "denied" }) };
    this.count += 1;
    this.accessToken = `access-000${this.count}`;
    this.refreshToken = `refresh-000${this.count}`;
    const { accessToken, refreshToken: next } = this;
    return {
      status: 200,
      body: JSON.stringify({ accessToken, refreshToken: next, expiresAt: at + 2 * hour }),
    };
  }
}

const renewal: Renewal = {
  aheadMs: 30 * minute,
  request: ({ refreshToken = "" }, base) => ({
    url: `${base}/token`,
    method: "POST",
    headers: {},
    body: JSON.stringify({ refreshToken }),
  }),
  read: (_, text) => {
    const data = parseJson(text);
    const kind = field(data, "kind");
    if (kind !== undefined) return fault(kind as "denied", `token_${kind}`, "No token.");
    const credentials: Partial<Credentials> = {
      accessToken: textOf(field(data, "accessToken")),
      refreshToken: textOf(field(data, "refreshToken")),
      expiresAt: integerOf(field(data, "expiresAt")) ?? 0,
    };
    return { ok: true, credentials };
  },
};

async function connected(credentials: Partial<Credentials> = {}, adapter: Partial<Adapter> = {}) {
  const gateway = new TokenGateway();
  gateway.accessToken = "access-0000";
  const lab = labOf({
    adapters: [toyAdapter({ renewal, ...adapter })],
    gatewayOf: () => gateway,
    now: noon,
  });
  const made = await lab.service.create({
    alliance: "jd-union",
    name: "toy",
    apiBase: null,
    since: noon - hour,
    credentials: {
      appKey: "toy-key-1234",
      appSecret: gateway.secret,
      accessToken: "access-0000",
      refreshToken: "refresh-0000",
      expiresAt: noon + 2 * hour,
      ...credentials,
    },
  });
  if (typeof made === "string" || !made.ok) throw new Error("not made");
  const { id } = made.value;
  return { lab, gateway, id, shown: () => lab.service.get(id) as ShownConnection };
}

describe("a token", () => {
  it("is made anew before it ends, once a life, and the pair is stored", async ({ expect }) => {
    const { lab, gateway, id, shown } = await connected();
    await lab.pass(80 * minute);
    expect(gateway.renewals).toBe(0);
    await lab.pass(20 * minute);
    expect(gateway.renewals).toBe(1);
    lab.restart();
    await lab.pass(12 * hour);
    expect(shown()).toMatchObject({ error: null, stoppedAt: null });
    expect(gateway.renewals).toBeLessThanOrEqual(9);
    const sealed = lab.ports.store.sealed(id);
    const stored = sealed && (await new Sealer(connectionsKey).open(sealed, id));
    expect(stored).toMatchObject({
      accessToken: gateway.accessToken,
      refreshToken: gateway.refreshToken,
    });
    for (const secret of [gateway.accessToken, gateway.refreshToken, gateway.secret]) {
      expect(lab.database.dump()).not.toContain(secret);
    }
  });

  it("is made anew by one at a time, however many need it at once", async ({ expect }) => {
    const { lab, gateway, id, shown } = await connected({ expiresAt: noon + minute });
    lab.now = noon + 10 * minute;
    const answers = await Promise.all([
      lab.service.test(id),
      lab.service.test(id),
      lab.service.test(id),
      lab.pass(1_000),
    ]);
    expect(answers.slice(0, 3)).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(gateway.renewals).toBe(1);
    expect(shown().error).toBe(null);
  });

  it("is not made anew by who opened the former one while another made it", async ({ expect }) => {
    const { lab, gateway, id } = await connected({ expiresAt: noon + minute });
    lab.now = noon + 10 * minute;
    const { sealer } = lab.ports;
    if (!sealer) throw new Error("the lab has a key");
    const open = sealer.open.bind(sealer);
    const first = Promise.withResolvers<void>();
    let opened = 0;
    sealer.open = async (...given) => {
      opened += 1;
      const isLate = opened === 1;
      const credentials = await open(...given);
      if (isLate) await first.promise;
      return credentials;
    };
    const late = lab.service.test(id);
    expect(await lab.service.test(id)).toEqual({ ok: true });
    first.resolve();
    expect(await late).toEqual({ ok: true });
    expect(gateway.renewals).toBe(1);
  });

  it("that the platform refuses before its time is made anew, once", async ({ expect }) => {
    const { lab, gateway, shown } = await connected();
    gateway.accessToken = "withdrawn";
    await lab.pass(minute);
    expect(gateway.renewals).toBe(1);
    expect(shown()).toMatchObject({ error: null, stoppedAt: null });
  });

  it("that was just made and is refused once more is waited for: a platform's servers learn of it one after another", async ({
    expect,
  }) => {
    const { lab, gateway, shown } = await connected();
    gateway.next.push({ kind: "expired" }, { kind: "expired" }, { kind: "expired" });
    await lab.pass(2 * minute);
    expect(gateway.renewals).toBe(1);
    expect(shown()).toMatchObject({ error: null, stoppedAt: null, tries: 0 });
  });

  it("that is refused however often it is made stops the connection after a minute", async ({
    expect,
  }) => {
    const { lab, gateway, shown } = await connected();
    for (let call = 0; call < 100; call += 1) gateway.next.push({ kind: "expired" });
    await lab.pass(3 * minute);
    expect(gateway.renewals).toBe(2);
    expect(shown()).toMatchObject({ error: { code: "toy_expired" }, nextPullAt: null });
    expect(shown().stoppedAt).not.toBe(null);
  });

  it("that can't be made anew just now is used while it is good", async ({ expect }) => {
    const { lab, gateway, shown } = await connected();
    gateway.refusals.push("retry", "retry", "retry");
    await lab.pass(101 * minute);
    expect(gateway.renewals).toBeGreaterThanOrEqual(1);
    expect(shown().error).toBe(null);
    await lab.pass(2 * hour);
    expect(shown()).toMatchObject({ error: null, stoppedAt: null });
  });

  it("that is never made anew again is used to its end; then somebody must authorise, and it is said until when", async ({
    expect,
  }) => {
    const { lab, gateway, shown } = await connected();
    gateway.refreshToken = "of somebody else";
    await lab.pass(100 * minute);
    expect(shown()).toMatchObject({ error: null, authorizeBy: noon + 2 * hour });
    await lab.pass(hour);
    expect(shown()).toMatchObject({ error: { code: "token_denied" }, nextPullAt: null });
    expect(shown().stoppedAt).not.toBe(null);
  });

  it("without anything to make it anew with stops the connection when it ends", async ({
    expect,
  }) => {
    const other = await connected({ refreshToken: undefined as never });
    other.gateway.accessToken = "withdrawn";
    await other.lab.pass(minute);
    expect(other.gateway.renewals).toBe(0);
    expect(other.shown()).toMatchObject({ error: { code: "toy_expired" } });
    expect(other.shown().stoppedAt).not.toBe(null);
  });

  it("of key and secret alone is made where there is none", async ({ expect }) => {
    const { lab, gateway, shown } = await connected(
      { accessToken: undefined as never, expiresAt: undefined as never },
      { renewal: { ...renewal, isOfSecret: true } },
    );
    await lab.pass(minute);
    expect(gateway.renewals).toBe(1);
    expect(shown()).toMatchObject({ error: null, expiresAt: noon + 30_000 + 2 * hour });
  });
});

describe("credentials under a key that was changed", () => {
  it("are read by the old key and sealed anew; without it the connection says what is to be done", async ({
    expect,
  }) => {
    const { lab, id, shown } = await connected();
    const next = "another key of connections, long enough too";
    lab.ports.sealer = new Sealer(next);
    await lab.pass(minute);
    expect(shown().error?.code).toBe("connections_key_unknown");
    lab.ports.sealer = new Sealer(next, connectionsKey);
    // As a process does that begins with both keys, of connections that have stopped too.
    await sealAnew(lab.ports);
    lab.ports.sealer = new Sealer(next);
    lab.service.pull(id, {});
    await lab.pass(minute);
    expect(shown().error).toBe(null);
    await lab.pass(hour);
    expect(shown().error).toBe(null);
  });

  it("are given again where nobody has the old key", async ({ expect }) => {
    const { lab, gateway, id, shown } = await connected();
    lab.ports.sealer = new Sealer("another key of connections, long enough too");
    await lab.pass(minute);
    const partly = await lab.service.change(id, { credentials: { accessToken: "access-0000" } });
    expect(partly).toMatchObject({
      ok: false,
      refused: [{ pointer: "/credentials/appKey" }, { pointer: "/credentials/appSecret" }],
    });
    await lab.service.change(id, {
      credentials: {
        appKey: "toy-key-5678",
        appSecret: gateway.secret,
        accessToken: "access-0000",
      },
    });
    await lab.pass(minute);
    expect(shown()).toMatchObject({ error: null, keyEnd: "5678" });
  });
});
