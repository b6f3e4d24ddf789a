import { Webhook } from "standardwebhooks";
import { describe, it } from "vitest";
import { dingtalk, dingtalkSignature } from "./dingtalk.ts";
import { feishuSignature } from "./feishu.ts";
import { robots } from "./index.ts";
import { isWebhookSecret, newWebhookSecret, signedPost } from "./webhook.ts";

describe("signatures", () => {
  it("are DingTalk's: key the secret, milliseconds, in the URL", ({ expect }) => {
    const secret = `SECtest${"0".repeat(60)}`;
    const sign = "g6wL9xCvUGAPV+Is5LEr8aOWWzCf6zvFQzp8xYyWxhI=";
    expect(dingtalkSignature(secret, 1_700_000_000_000)).toBe(sign);
    const url = new URL("https://oapi.dingtalk.com/robot/send?access_token=x");
    expect(dingtalk.sign(url, {}, secret, 1_700_000_000_000).url.search).toBe(
      "?access_token=x&timestamp=1700000000000&sign=g6wL9xCvUGAPV%2BIs5LEr8aOWWzCf6zvFQzp8xYyWxhI%3D",
    );
  });

  it("are Feishu's: key time and secret, empty message, seconds, in the body", ({ expect }) => {
    const sign = "taGE/ihlr19o9EOAGJbI4fjJSZ0Uf4n/bc8fWjnpkHM=";
    expect(feishuSignature("feishu_test_secret", 1_700_000_000)).toBe(sign);
    const url = new URL("https://open.feishu.cn/open-apis/bot/v2/hook/x");
    expect(
      robots.feishu.sign(url, { msg_type: "post" }, "feishu_test_secret", 1_700_000_000_999).body,
    ).toEqual({ timestamp: "1700000000", sign, msg_type: "post" });
  });

  it("are Standard Webhooks', by the specification's vector", ({ expect }) => {
    // The vector of the reference libraries.
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const { headers } = signedPost(
      "https://x.example",
      secret,
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      '{"test": 2432232314}',
      1_614_265_330_000,
    );
    expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    expect(headers["webhook-timestamp"]).toBe("1614265330");
  });

  it("verify with the library, and not with another secret or body", ({ expect }) => {
    const secret = newWebhookSecret();
    expect(isWebhookSecret(secret)).toBe(true);
    const { headers, body } = signedPost(
      "https://x.example",
      secret,
      "evt_1",
      '{"a":"直播"}',
      Date.now(),
    );
    expect(new Webhook(secret).verify(body, headers)).toEqual({ a: "直播" });
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow();
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  });
});
