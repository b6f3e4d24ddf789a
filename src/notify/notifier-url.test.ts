import { describe, it } from "vitest";
import { masked } from "./notifier-service.ts";
import { readAddress } from "./notifier-url.ts";

describe("where a notifier may send", () => {
  const hook = "https://hooks.example.cn/abc";

  it("is anywhere public over https, unless the operator lists hosts", ({ expect }) => {
    expect(readAddress("webhook", hook, [])).toEqual({ ok: true, url: hook });
    expect(readAddress("webhook", hook, ["https://other.example.cn"])).toMatchObject({
      ok: false,
      code: "host_not_allowed",
    });
    expect(readAddress("webhook", hook, ["https://hooks.example.cn"]).ok).toBe(true);
    expect(
      readAddress("webhook", "https://hooks.example.cn.evil.test/", ["https://hooks.example.cn"])
        .ok,
    ).toBe(false);
  });

  it("is no private host, by whatever name", ({ expect }) => {
    for (const host of [
      "10.0.0.1.nip.io",
      "127-0-0-1.sslip.io",
      "kubernetes.default.svc",
      "x.localdomain",
      "a.svc.cluster.local",
      "metadata.google.internal",
      "localtest.me",
      "0x7f.1",
      "2130706433",
      "[::ffff:10.0.0.1]",
      "hooks.internal.",
    ]) {
      expect(readAddress("webhook", `https://${host}/`, [])).toMatchObject({
        ok: false,
        code: "host_not_allowed",
      });
      const origin = new URL(`https://${host}/`).origin;
      expect(readAddress("webhook", `https://${host}/`, [origin]).ok).toBe(true);
    }
  });

  it("is a listed origin as it stands, with its port and over http", ({ expect }) => {
    const listed = ["http://10.0.0.5:8080"];
    expect(readAddress("webhook", "http://10.0.0.5:8080/x", listed).ok).toBe(true);
    for (const url of [
      "http://10.0.0.5/x",
      "http://10.0.0.6:8080/x",
      "https://10.0.0.5:8080/x",
      "http://u@10.0.0.5:8080/x",
    ]) {
      expect(readAddress("webhook", url, listed).ok).toBe(false);
    }
    // A robot behind a proxy of one's own; its path is still a robot's.
    expect(readAddress("wecom", "http://10.0.0.5:8080/cgi-bin/webhook/send?key=1", listed).ok).toBe(
      true,
    );
    expect(readAddress("wecom", "http://10.0.0.5:8080/else", listed).ok).toBe(false);
  });

  it("is never repeated, but for its host and four characters", ({ expect }) => {
    const url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx";
    expect(masked(url)).toBe("https://qyapi.weixin.qq.com/…7xxx");
    expect(masked("https://a.cn/secret")).toBe("https://a.cn/…");
    for (const kind of ["dingtalk", "feishu", "lark", "wecom", "webhook"] as const) {
      const refused = readAddress(kind, "http://evil.test/top-secret?token=123", []);
      expect(JSON.stringify(refused)).not.toMatch(/top-secret|123/);
    }
  });
});
