import "../../../test/browser.ts";
import { describe, it } from "vitest";
import { auditActions } from "../../model/audit-entry.ts";
import { actionOf, changeOf } from "./audit.ts";

describe("the audit page", () => {
  it("has words for every action in both languages, and shows an unknown one by its name", ({
    expect,
  }) => {
    for (const action of auditActions) {
      expect(actionOf(action, "zh-CN"), action).toMatch(/[\u4e00-\u9fff]/);
      expect(actionOf(action, "en"), action).toMatch(/^[A-Z][a-z]/);
    }
    for (const name of ["constructor", "__proto__", "to.come"]) {
      expect(actionOf(name, "en")).toBe(name);
    }
  });

  it("says of what was made or deleted its name, and nothing where it has none", ({ expect }) => {
    const made = (after: Record<string, unknown>) => ({
      ...{ id: "1", at: "", actor: "key", target: "abc", before: null },
      ...{ action: "link.created", after },
    });
    expect(changeOf(made({ disabled: false, channel: "douyin" }), "en")).toBe("Douyin");
    expect(changeOf(made({ disabled: false, title: "双十一" }), "en")).toBe("双十一");
    expect(changeOf(made({ disabled: false, note: null }), "en")).toBe("—");
  });

  it("says of a connection what differs, and of its credentials that they were replaced", ({
    expect,
  }) => {
    const settings = { alliance: "jd-union", name: "旗舰店", enabled: true, apiBase: null };
    const changed = {
      ...{ id: "1", at: "", actor: "key", target: "cn_1", action: "connection.changed" },
      before: settings,
      after: { ...settings, enabled: false, credentials: "changed" },
    };
    expect(changeOf(changed, "en")).toBe("enabled: yes → no · credentials: — → replaced");
    expect(changeOf({ ...changed, action: "connection.deleted", after: null }, "zh-CN")).toBe(
      "旗舰店",
    );
  });

  it("says of a refused sign-in how many others have no entry", ({ expect }) => {
    const refused = (leftOut: number) => ({
      id: "1",
      at: "",
      actor: "unknown",
      action: "session.refused",
      target: "console",
      before: null,
      after: { reason: "wrong key", leftOut },
    });
    expect(changeOf(refused(0), "en")).toBe("Wrong key");
    expect(changeOf(refused(31), "en")).toContain("31 more");
    expect(changeOf(refused(31), "zh-CN")).toContain("31 次");
  });
});
