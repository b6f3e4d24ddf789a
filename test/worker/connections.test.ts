/** Connections over the API, in workerd: the object, its store, its alarm; the gateway answers as the platforms' documents say. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterAll, beforeEach, describe, it } from "vitest";
import { api, env, fetchRaw, until } from "./client.ts";

const credentials = { appKey: "toy-app-key-9876", appSecret: "a-secret-of-the-toy-gateway" };
const host = "api.jd.com";
const object = () => env.CONNECTIONS.getByName("connections");

/** What the gateway of tests holds, and how it behaves. */
const gateway = (settings?: object) =>
  fetch(`http://outside.test/alliance?host=${host}`, {
    method: settings ? "POST" : "GET",
    ...(settings ? { body: JSON.stringify({ host, ...settings }) } : {}),
  }).then((answer) => answer.json() as Promise<{ calls: object[] }>);

const exported = async () =>
  (
    await fetchRaw("/api/export", {
      headers: { Authorization: "Bearer test-key-of-the-administrator" },
    })
  ).text();

const connect = (more: object = {}) =>
  api("POST", "/api/connections", { alliance: "jd-union", name: "旗舰店", credentials, ...more });

async function clear() {
  const { data } = (await api("GET", "/api/connections?limit=200")).body;
  for (const { id } of data) await api("DELETE", `/api/connections/${id}`);
}

afterAll(clear);
beforeEach(async () => {
  await clear();
  await gateway({ credentials });
});

describe("a connection", () => {
  it("is made, shown without its secrets, changed, paused and deleted, and each is in the audit log", async ({
    expect,
  }) => {
    const made = await connect();
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      alliance: "jd-union",
      name: "旗舰店",
      enabled: true,
      through: null,
      lastPull: null,
      error: null,
      credentials: { appKey: "…9876" },
    });
    const { id } = made.body;
    const changed = await api("PATCH", `/api/connections/${id}`, {
      name: "旗舰店 2",
      enabled: false,
    });
    expect(changed.body).toMatchObject({ name: "旗舰店 2", enabled: false, nextPullAt: null });
    const secret = await api("PATCH", `/api/connections/${id}`, {
      credentials: { appSecret: "another-secret-text" },
    });
    expect(secret.status).toBe(200);
    expect((await api("GET", `/api/connections/${id}`)).body).toEqual(secret.body);
    expect((await api("DELETE", `/api/connections/${id}`)).status).toBe(204);
    expect((await api("GET", `/api/connections/${id}`)).status).toBe(404);
    const log = await api("GET", `/api/audit?target=${id}`);
    expect(log.body.data.map(({ action }: { action: string }) => action)).toEqual([
      "connection.deleted",
      "connection.changed",
      "connection.changed",
      "connection.created",
    ]);
    const everything = JSON.stringify([made, changed, secret, log]);
    const lines = await exported();
    for (const hidden of [credentials.appSecret, "another-secret-text", "toy-app-key"]) {
      expect(everything.includes(hidden), hidden).toBe(false);
      expect(lines.includes(hidden), hidden).toBe(false);
    }
  });

  it("is stored with its credentials encrypted", async ({ expect }) => {
    await connect();
    const rows = await runInDurableObject(object(), (_, state) =>
      JSON.stringify(state.storage.sql.exec("SELECT * FROM connection").toArray()),
    );
    expect(rows).toContain("旗舰店");
    expect(rows).not.toContain(credentials.appSecret);
    expect(rows).not.toContain(credentials.appKey);
  });

  it.for([
    [{ alliance: "alimama" }, 400, "/alliance"],
    [{ credentials: { appKey: "k" } }, 400, "/credentials/appSecret"],
    [{ credentials: { ...credentials, signSecret: "x" } }, 400, "/credentials/signSecret"],
    [{ credentials: { ...credentials, password: "x" } }, 400, "/credentials/password"],
    [{ apiBase: "https://proxy.example.cn" }, 422, "/apiBase"],
    [{ apiBase: "not a url" }, 422, "/apiBase"],
    [{ colour: "red" }, 400, "/colour"],
  ] as const)(
    "is refused with %j, by the field's name",
    async ([more, status, pointer], { expect }) => {
      const refused = await connect(more);
      expect(refused.status).toBe(status);
      expect(refused.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(
        pointer,
      );
      expect(JSON.stringify(refused.body)).not.toContain(credentials.appSecret);
    },
  );

  it("is for the administrator alone", async ({ expect }) => {
    const key = await api("POST", "/api/keys", {
      name: "ops",
      scopes: ["links:write", "conversions:write", "stats:read"],
    });
    const asked = await api("GET", "/api/connections", undefined, {
      Authorization: `Bearer ${key.body.secret}`,
    });
    expect(asked.status).toBe(403);
  });
});

describe("its state on boards", () => {
  it("is news to one that asks all the time", async ({ expect }) => {
    const made = await api("POST", "/api/links", { text: "https://lives.jd.com/#/100?origin=3" });
    const ids = async () => {
      const { data } = (await api("GET", `/api/streams/${made.body.stream.id}/order-sources`)).body;
      return data.map(({ id, promotes }: { id: string; promotes: boolean }) => [id, promotes]);
    };
    expect(await ids()).toEqual([]);
    const { id } = (await connect()).body;
    await until(async () => (await ids()).length > 0, 10_000);
    expect(await ids()).toEqual([[id, true]]);
  });
});

describe("its test", () => {
  it("says whether the gateway lets it in, else why not, and always answers 200", async ({
    expect,
  }) => {
    const { id } = (await connect()).body;
    const test = () => api("POST", `/api/connections/${id}/test`);
    expect((await test()).body).toEqual({ ok: true });
    await gateway({ faults: ["denied"] });
    const denied = await test();
    expect([denied.status, denied.body.ok]).toEqual([200, false]);
    expect(denied.body.code).toBeTruthy();
    await gateway({ faults: ["html"] });
    expect((await test()).body).toMatchObject({ ok: false, code: "not_json" });
    await gateway({ faults: ["throttled"] });
    expect((await test()).body).toEqual({ ok: true });
    expect((await api("POST", "/api/connections/cn_nobody/test")).status).toBe(404);
  });
});

describe("its orders", () => {
  it("come by its alarm, to the link that they name, and what changes later too", async ({
    expect,
  }) => {
    const made = await api("POST", "/api/links", { text: "https://lives.jd.com/#/100?origin=3" });
    const { slug } = made.body.link;
    const at = Date.now() - 10 * 60_000;
    const order = {
      id: "290000000001",
      part: "100012345",
      state: "16",
      amount: 19_900,
      commission: 1_990,
      paidAt: at,
      updatedAt: at,
      ids: { subUnionId: slug },
    };
    await gateway({ orders: [order] });
    const since = new Date(at - 60_000).toISOString();
    const { id } = (await connect({ since })).body;
    const pulled = await api("POST", `/api/connections/${id}/pull`);
    expect(pulled.status).toBe(202);
    const stats = async () => (await api("GET", `/api/links/${slug}/stats`)).body.totals;
    await until(async () => {
      await runDurableObjectAlarm(object());
      return (await stats()).orders === 1;
    }, 20_000);
    expect(await stats()).toMatchObject({ orders: 1, gmv: 19_900, refunds: 0 });
    const { body } = await api("GET", `/api/connections/${id}`);
    expect(body).toMatchObject({ error: null, lastPull: { accepted: 1, refused: 0 } });
    expect(Date.parse(body.through)).toBeGreaterThan(at);
    await gateway({ orders: [{ ...order, state: "3", updatedAt: Date.now() - 90_000 }] });
    await api("POST", `/api/connections/${id}/pull`);
    await until(async () => {
      await runDurableObjectAlarm(object());
      return (await stats()).orders === 0;
    }, 20_000);
  });

  it("stop with their reason when the gateway lets nobody in", async ({ expect }) => {
    await gateway({ faults: ["denied"] });
    const { id } = (await connect()).body;
    await api("POST", `/api/connections/${id}/pull`);
    const shown = async () => (await api("GET", `/api/connections/${id}`)).body;
    await until(async () => {
      await runDurableObjectAlarm(object());
      return (await shown()).isStopped;
    }, 20_000);
    expect(await shown()).toMatchObject({ isStopped: true, nextPullAt: null });
    const { calls } = await gateway();
    await runDurableObjectAlarm(object());
    expect((await gateway()).calls).toHaveLength(calls.length);
  });
});
