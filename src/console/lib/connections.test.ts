import "../../../test/browser.ts";
import { describe, it } from "vitest";
import { inheritedNames } from "../../../test/names.ts";
import { adviceOf } from "./connection-advice.ts";
import { allianceName, failingOf, faultOf, isPulling, type OrderSource } from "./connections.ts";

const now = Date.parse("2026-11-20T12:00:00Z");
const at = (offset: number) => new Date(now + offset).toISOString();

describe("a connection", () => {
  it("is being pulled while it is due, and not when it is paused, stopped or waits", ({
    expect,
  }) => {
    const due = { enabled: true, isStopped: false, nextPullAt: at(-1_000) };
    expect(isPulling(due, now)).toBe(true);
    expect(isPulling({ ...due, nextPullAt: at(1_000) }, now)).toBe(false);
    expect(isPulling({ ...due, nextPullAt: null }, now)).toBe(false);
    expect(isPulling({ ...due, enabled: false }, now)).toBe(false);
    expect(isPulling({ ...due, isStopped: true }, now)).toBe(false);
  });

  it("fails on a board when it has stopped or its last call failed, unless somebody paused it", ({
    expect,
  }) => {
    const source = (change: Partial<OrderSource>): OrderSource => ({
      ...{ id: "cn_1", alliance: "jd-union", name: "旗舰店", asOf: null },
      ...{ enabled: true, promotes: true, isStopped: false, error: null, ...change },
    });
    const error = { code: "19", detail: "无效access_token", at: at(0) };
    const all = [
      source({}),
      source({ error }),
      source({ isStopped: true }),
      source({ error, isStopped: true, enabled: false }),
    ];
    expect(failingOf(all)).toEqual([all[1], all[2]]);
  });
});

describe("what went wrong", () => {
  it("is said in the reader's language where the service says it, else in the platform's words", ({
    expect,
  }) => {
    const ours = { code: "not_reached", detail: "The gateway can't be reached." };
    expect(faultOf(ours, "zh-CN")).toBe("连接不上平台网关。");
    const imported = { code: "credentials_missing", detail: "It came with an import." };
    expect(faultOf(imported, "zh-CN")).toContain("重新填写");
    expect(faultOf({ code: "http_502", detail: "" }, "zh-CN")).toBe("平台网关返回了 502。");
    expect(faultOf({ code: "2002403", detail: "无访问权限" }, "en")).toBe("无访问权限");
    expect(faultOf({ code: "77", detail: "" }, "en")).toBe("77");
  });

  it("comes with what to do: of a known code always, of another one once it has stopped", ({
    expect,
  }) => {
    const ofAddress = { code: "20005", detail: "ip非白名单" };
    expect(adviceOf(ofAddress, false, "zh-CN")).toContain("IP 白名单");
    const unknown = { code: "31415", detail: "?" };
    expect(adviceOf(unknown, false, "en")).toBeNull();
    expect(adviceOf(unknown, true, "en")).toContain("permissions");
    expect(adviceOf({ code: "connections_key_unknown", detail: "" }, true, "en")).toBeNull();
  });

  it("may be named as what every object inherits", ({ expect }) => {
    for (const name of inheritedNames) {
      expect(allianceName(name, "en")).toBe(name);
      expect(faultOf({ code: name, detail: "said" }, "en")).toBe("said");
      expect(adviceOf({ code: name, detail: "said" }, false, "en")).toBeNull();
    }
  });
});
