/** What WeChat pushes to a connection, over the service's own door, in workerd: no key, its own signature. */
import { runInDurableObject } from "cloudflare:test";
import { afterAll, describe, it } from "vitest";
import { sealPush, sha1, WechatGateway } from "../alliances/wechat.ts";
import { api, env, fetchRaw } from "./client.ts";

const gateway = new WechatGateway();

/** None is left to ring when the tests are over. */
afterAll(async () => {
  const { data } = (await api("GET", "/api/connections?limit=200")).body;
  for (const { id } of data) await api("DELETE", `/api/connections/${id}`);
});

async function connected(credentials: object = gateway.credentials) {
  const { status, body } = await api("POST", "/api/connections", {
    alliance: "wechat-shop",
    name: "小店",
    credentials,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id as string;
}

async function push(id: string, { method, query, body }: ReturnType<WechatGateway["push"]>) {
  const answer = await fetchRaw(`/connections/${id}/push?${query}`, {
    method,
    ...(method === "POST" ? { body } : {}),
  });
  return [answer.status, await answer.text()];
}

const waiting = (id: string) =>
  runInDurableObject(env.CONNECTIONS.getByName("connections"), (_, state) =>
    state.storage.sql
      .exec<{ id: string }>("SELECT id FROM waiting WHERE connection = ? ORDER BY id", id)
      .toArray()
      .map((row) => row.id),
  );

describe("a push of WeChat's", () => {
  it.for(["json", "xml"] as const)(
    "as %s is stored before it is answered, its order once",
    async (as, { expect }) => {
      const id = await connected();
      const order = "3704612354559743232";
      for (const event of ["channels_ec_order_pay", "channels_ec_order_deliver"]) {
        const sent = gateway.push(order, { at: Date.now(), as, event });
        expect(await push(id, sent)).toEqual([200, "success"]);
      }
      expect(await waiting(id)).toEqual([order]);
    },
  );

  it("of another event is answered, and nothing is kept of it", async ({ expect }) => {
    const id = await connected();
    const sent = gateway.push("1", { at: Date.now(), event: "channels_ec_product_audit" });
    expect(await push(id, sent)).toEqual([200, "success"]);
    expect(await waiting(id)).toEqual([]);
  });

  it.for([
    ["of another token", { token: "another-token" }, "signature_wrong"],
    ["of another account", { appId: "wxffffffffffffffff" }, "app_wrong"],
    ["that is not encrypted", { isPlain: true }, "not_encrypted"],
    ["of an hour ago", { at: Date.now() - 3_600_000 }, "timestamp_off"],
  ] as const)("%s is refused, and nothing is kept of it", async ([, options, code], { expect }) => {
    const id = await connected();
    const sent = gateway.push("1", { at: Date.now(), ...options });
    expect(await push(id, sent)).toEqual([403, code]);
    expect(await waiting(id)).toEqual([]);
  });

  it("is nobody's where there is no such connection, or it has no token", async ({ expect }) => {
    const sent = gateway.push("1", { at: Date.now() });
    expect((await push("cn_nobody", sent))[0]).toBe(404);
    const { appKey = "", appSecret = "" } = gateway.credentials;
    const id = await connected({ appKey, appSecret });
    expect(await push(id, sent)).toEqual([403, "push_not_set_up"]);
  });

  it("that is larger than any of WeChat's is not read", async ({ expect }) => {
    const id = await connected();
    const sent = gateway.push("1", { at: Date.now() });
    expect((await push(id, { ...sent, body: "x".repeat(70_000) }))[0]).toBe(413);
  });

  it("is set up by an echo, which is decrypted", async ({ expect }) => {
    const id = await connected();
    const {
      pushToken = "",
      encodingAesKey = "",
      appKey = "",
    } = gateway.credentials as Record<string, string>;
    const echostr = sealPush("hello of WeChat", appKey, encodingAesKey);
    const [timestamp, nonce] = [String(Math.floor(Date.now() / 1_000)), "n1"];
    const query = new URLSearchParams({
      ...{ timestamp, nonce, echostr, msg_signature: sha1(pushToken, timestamp, nonce, echostr) },
      signature: sha1(pushToken, timestamp, nonce),
    });
    const sent = { method: "GET" as const, query: query.toString(), body: "" };
    expect(await push(id, sent)).toEqual([200, "hello of WeChat"]);
  });

  it("goes past a link that was given the word before it was reserved, and none is given it now", async ({
    expect,
  }) => {
    const made = await api("POST", "/api/links", {
      url: "https://item.jd.com/100012345.html",
      slug: "connections",
    });
    expect([made.status, made.body.errors?.[0]?.pointer]).toEqual([400, "/slug"]);
  });
});
