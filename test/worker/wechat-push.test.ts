/** workerd's node:crypto decrypts what WeChat pads up to 32 bytes, which WebCrypto can't. */
import { describe, it } from "vitest";
import type { Credentials } from "../../src/alliances/adapter.ts";
import { readPush } from "../../src/alliances/wechat-push.ts";
import { WechatGateway } from "../alliances/wechat.ts";

const now = Date.parse("2026-11-25T20:00:00+08:00");
const gateway = new WechatGateway();
const keys = gateway.credentials as unknown as Credentials;

describe("a push of WeChat's, in workerd", () => {
  it("is decrypted, whatever it is filled up with, and refused where that is wrong", ({
    expect,
  }) => {
    const read = (message: string, bytes?: (full: Buffer) => Buffer) => {
      const push = gateway.send(message, { at: now, ...(bytes ? { bytes } : {}) });
      return readPush({ ...push, query: new URLSearchParams(push.query) }, keys, now);
    };
    // Of each length from none to 32 bytes of filling.
    for (let length = 0; length < 64; length += 1) {
      const event = "e".repeat(length);
      expect(read(JSON.stringify({ Event: event }))).toEqual({ kind: "other", event });
    }
    const broken = (full: Buffer) => {
      full.writeUInt8(0, full.length - 1);
      return full;
    };
    expect(read("{}", broken)).toEqual({ kind: "refused", code: "not_decrypted" });
  });

  it("names its order, in JSON and XML", ({ expect }) => {
    for (const as of ["json", "xml"] as const) {
      const push = gateway.push("3727324701692140032", { at: now, as });
      expect(readPush({ ...push, query: new URLSearchParams(push.query) }, keys, now)).toEqual({
        kind: "orders",
        event: "channels_ec_order_pay",
        ids: ["3727324701692140032"],
      });
    }
  });
});
