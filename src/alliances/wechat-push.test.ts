import { describe, it } from "vitest";
import { type FakePush, sealPush, sha1, WechatGateway } from "../../test/alliances/wechat.ts";
import { fc } from "../../test/properties.ts";
import type { Credentials } from "./adapter.ts";
import { readPush } from "./wechat-push.ts";

const now = Date.parse("2026-11-25T20:00:00+08:00");
const minute = 60_000;
const gateway = new WechatGateway();
const keys = gateway.credentials as unknown as Credentials;
const { pushToken = "", appKey, encodingAesKey = "" } = keys;
const { encodingAesKey: _, ...plainKeys } = keys;
const id = "3727324701692140032";

const read = (
  { method, query, body }: FakePush,
  of: Partial<Credentials> = keys,
  at = now,
): unknown => readPush({ method, query: new URLSearchParams(query), body }, of as Credentials, at);
const refused = (code: string) => ({ kind: "refused", code });
const paid = { kind: "orders", event: "channels_ec_order_pay", ids: [id] };

describe("WeChat's own examples", () => {
  const at = 1_714_036_504_000;
  const example = {
    appKey: "wxba5fad812f8e6fb9",
    appSecret: "",
    pushToken: "AAAAA",
    encodingAesKey: "A".repeat(43),
  };

  it("are verified: the one that sets up the push", ({ expect }) => {
    const query =
      "signature=f464b24fc39322e44b38aa78f5edd27bd1441696&echostr=4375120948345356249&timestamp=1714036504&nonce=1514711492";
    const echo = { kind: "echo", text: "4375120948345356249" };
    // Shops have a key always, and are asked in this way.
    expect(read({ method: "GET", query, body: "" }, example, at)).toEqual(echo);
  });

  it("and the one that is encrypted", ({ expect }) => {
    const query =
      "signature=6c5c811b55cc85e0e1b54100749188c20beb3f5d&timestamp=1714112445&nonce=415670741&openid=o9AgO5Kd5ggOC-bXrbNODIiE3bGY&encrypt_type=aes&msg_signature=046e02f8204d34f8ba5fa3b1db94908f3df2e9b3";
    const Encrypt =
      "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";
    const body = JSON.stringify({ ToUserName: "gh_97417a04a28d", Encrypt });
    const push = { method: "POST" as const, query, body };
    expect(read(push, example, 1_714_112_445_000)).toEqual({ kind: "other", event: "debug_demo" });
  });
});

describe("a push of an order", () => {
  for (const as of ["json", "xml"] as const) {
    it(`names the order, encrypted as ${as}`, ({ expect }) => {
      expect(read(gateway.push(id, { at: now, as }))).toEqual(paid);
    });

    it(`and plain as ${as}, where the connection has no key`, ({ expect }) => {
      const push = gateway.push(id, { at: now, as, isPlain: true });
      expect(read(push, plainKeys)).toEqual(paid);
      expect(read(push)).toEqual(refused("not_encrypted"));
    });
  }

  it.for([
    ...["new", "pay", "cancel", "deliver", "confirm", "settle", "wait_shipping", "ext_info"].map(
      (what) => `channels_ec_order_${what}`,
    ),
    "channels_ec_order_ext_info_update",
    "talent_commission_order_update",
  ])("is one by its event: %s", (event, { expect }) => {
    expect(read(gateway.push(id, { at: now, event }))).toEqual({
      kind: "orders",
      event,
      ids: [id],
    });
  });

  it("is one of after-sales, whose order changed", ({ expect }) => {
    const event = "channels_ec_aftersale_update";
    const body = { after_sale_order_id: "7", order_id: id, status: "MERCHANT_PROCESSING" };
    const message = JSON.stringify({ Event: event, finder_shop_aftersale_status_update: body });
    expect(read(gateway.send(message, { at: now }))).toEqual({ kind: "orders", event, ids: [id] });
  });

  it("of another event, or without an id that can be one, is of no use", ({ expect }) => {
    const event = "product_spu_audit";
    expect(read(gateway.push(id, { at: now, event }))).toEqual({ kind: "other", event });
    const none = { kind: "other", event: "channels_ec_order_pay" };
    for (const wrong of ["", "0", "a b", "x".repeat(65), "订单"]) {
      expect(read(gateway.push(wrong, { at: now }))).toEqual(none);
    }
    expect(read(gateway.send("[]", { at: now }))).toEqual({ kind: "other", event: "" });
    expect(read(gateway.send("no message", { at: now }))).toEqual(refused("not_readable"));
  });

  it("tells nothing of the buyer", ({ expect }) => {
    expect(JSON.stringify(read(gateway.push(id, { at: now })))).not.toMatch(/oBuyer|gh_/);
  });
});

describe("is refused", () => {
  const good = gateway.push(id, { at: now });

  it("all of a connection that has no token", ({ expect }) => {
    const { pushToken: __, ...none } = keys;
    expect(read(good, none)).toEqual(refused("push_not_set_up"));
    expect(read(good, { ...keys, pushToken: "" })).toEqual(refused("push_not_set_up"));
    // Of the empty token anybody knows the signature.
    expect(read(gateway.push(id, { at: now, token: "" }), { ...keys, pushToken: "" })).toEqual(
      refused("push_not_set_up"),
    );
  });

  it("what another token signed, or nobody", ({ expect }) => {
    const wrong = refused("signature_wrong");
    expect(read(gateway.push(id, { at: now, token: "another" }))).toEqual(wrong);
    const query = new URLSearchParams(good.query);
    query.delete("msg_signature");
    expect(read({ ...good, query: query.toString() })).toEqual(wrong);
    const plain = gateway.push(id, { at: now, isPlain: true, token: "another" });
    expect(read(plain, plainKeys)).toEqual(wrong);
  });

  it("what is signed plainly alone, though it holds what can be decrypted", ({ expect }) => {
    const query = new URLSearchParams(good.query);
    query.set("msg_signature", query.get("signature") ?? "");
    expect(read({ ...good, query: query.toString() })).toEqual(refused("signature_wrong"));
  });

  it("what is more than ten minutes old, or of the future, or of no time", ({ expect }) => {
    expect(read(good, keys, now + 10 * minute)).toEqual(paid);
    expect(read(good, keys, now + 10 * minute + 1_000)).toEqual(refused("timestamp_off"));
    expect(read(good, keys, now - 10 * minute - 1_000)).toEqual(refused("timestamp_off"));
    // Another time with the old signature.
    const query = new URLSearchParams(good.query);
    query.set("timestamp", String((now + 20 * minute) / 1_000));
    expect(read({ ...good, query: query.toString() }, keys, now + 20 * minute)).toEqual(
      refused("signature_wrong"),
    );
    for (const text of ["", "NaN", "1e9", "-1", "9".repeat(400)]) {
      query.set("timestamp", text);
      expect(read({ ...good, query: query.toString() })).toEqual(refused("timestamp_off"));
    }
  });

  it("what is for another account", ({ expect }) => {
    for (const appId of ["wx0000000000000000", "", `${appKey}0`, appKey.slice(1)]) {
      expect(read(gateway.push(id, { at: now, appId }))).toEqual(refused("app_wrong"));
    }
  });

  it("what another key encrypted, or what can't be decrypted without one", ({ expect }) => {
    const key = "0123456789ABCDEFGabcdefghijklmnopqrstuvwxyz";
    const other = read(gateway.push(id, { at: now, key }));
    expect([refused("not_decrypted"), refused("app_wrong")]).toContainEqual(other);
    expect(read(good, plainKeys)).toEqual(refused("encrypted_without_key"));
  });

  it("what is filled up wrongly, though it is signed", ({ expect }) => {
    const last = (change: (bytes: Buffer) => void) => (full: Buffer) => {
      change(full);
      return full;
    };
    const broken = [
      last((bytes) => bytes.writeUInt8(0, bytes.length - 1)),
      last((bytes) => bytes.writeUInt8(33, bytes.length - 1)),
      last((bytes) => bytes.writeUInt8(255, bytes.length - 1)),
      // The last byte is right, one before it is not.
      last((bytes) => bytes.writeUInt8(99, bytes.length - 2)),
      // A message longer than all there is.
      last((bytes) => bytes.writeUInt32BE(0xffff_ffff, 16)),
      () => Buffer.alloc(16, 16),
    ];
    for (const bytes of broken) {
      // Long enough that two bytes and more are filling.
      const push = gateway.send('{"Event":"channels_ec_order_pay"}', { at: now, bytes });
      expect(read(push)).toEqual(refused("not_decrypted"));
    }
    // A shorter message: what follows it is no account.
    const short = gateway.push(id, {
      at: now,
      bytes: last((bytes) => bytes.writeUInt32BE(3, 16)),
    });
    expect(read(short)).toEqual(refused("app_wrong"));
  });

  it("property: any message of any length comes out as it was, filled up to 32 bytes", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const message = JSON.stringify({ Event: text });
        const event = text.trim().slice(0, 64);
        const none = text.trim() === "--" || text.trim() === "null";
        expect(read(gateway.send(message, { at: now }))).toEqual({
          kind: "other",
          event: none ? "" : event,
        });
      }),
    );
  });

  it("property: with one bit turned over anywhere", ({ expect }) => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(7), (place, bit) => {
        const body = JSON.parse(good.body) as { Encrypt: string };
        const bytes = Buffer.from(body.Encrypt, "base64");
        const at = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        const Encrypt = bytes.toString("base64");
        expect(read({ ...good, body: JSON.stringify({ ...body, Encrypt }) })).toEqual(
          refused("signature_wrong"),
        );
        // Signed as it is, it is never an order of another account's.
        const query = new URLSearchParams(good.query);
        const [time, nonce] = [query.get("timestamp") ?? "", query.get("nonce") ?? ""];
        query.set("msg_signature", sha1(pushToken, time, nonce, Encrypt));
        const outcome = read({
          ...good,
          query: query.toString(),
          body: JSON.stringify({ Encrypt }),
        });
        expect(outcome).toHaveProperty("kind");
      }),
    );
  });
});

describe("the setting up of a push", () => {
  const [timestamp, nonce] = [String(now / 1_000), "1514711492"];

  it("is answered with what was sent, if it is signed", ({ expect }) => {
    const query = (signature: string) =>
      new URLSearchParams({ signature, timestamp, nonce, echostr: "echo 1" }).toString();
    const given = (signature: string): FakePush => ({
      method: "GET",
      query: query(signature),
      body: "",
    });
    expect(read(given(sha1(pushToken, timestamp, nonce)))).toEqual({
      kind: "echo",
      text: "echo 1",
    });
    expect(read(given("0".repeat(40)))).toEqual(refused("signature_wrong"));
    expect(read(given(""))).toEqual(refused("signature_wrong"));
  });

  it("or with what was encrypted, if that is signed", ({ expect }) => {
    const echostr = sealPush("4375120948345356249", appKey, encodingAesKey);
    const given = (msg_signature: string): FakePush => ({
      method: "GET",
      query: new URLSearchParams({ msg_signature, timestamp, nonce, echostr }).toString(),
      body: "",
    });
    expect(read(given(sha1(pushToken, timestamp, nonce, echostr)))).toEqual({
      kind: "echo",
      text: "4375120948345356249",
    });
    expect(read(given(sha1(pushToken, timestamp, nonce)))).toEqual(refused("signature_wrong"));
  });
});
