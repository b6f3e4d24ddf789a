import { describe, it } from "vitest";
import { agents } from "../../test/agents.ts";
import { platforms } from "../platforms/registry/edge.ts";
import type { Method } from "../platforms/types.ts";
import { rules } from "./matrix.ts";
import { classify } from "./visitor.ts";

/**
 * What the users of callapp-lib (CAL) and web-launch-app (WLA) complain of, as far as the table decides it
 * (docs/reference/openings.md#complaints); what the page must not do is in test/e2e/landing.test.ts.
 */
describe("the table", () => {
  const opensApp: readonly Method[] = ["universal-link", "intent", "scheme"];

  it("has a web page beside every way that an app must take (CAL 33: no fallback in UC and Weibo)", ({
    expect,
  }) => {
    const without = rules.filter(
      ({ ways }) => ways.some((way) => opensApp.includes(way)) && !ways.includes("web"),
    );
    expect(without).toEqual([]);
  });

  it("never begins with a scheme on iOS, where Safari says the address is invalid (WLA 4, 13)", ({
    expect,
  }) => {
    const onIos = rules.filter(({ os, rule }) => os?.includes("ios") && rule !== "alibaba-family");
    expect(onIos.length).toBeGreaterThan(5);
    for (const { ways } of onIos) expect(ways[0]).not.toBe("scheme");
  });

  it("offers no scheme in WeChat, which needs a partnership (WLA 27), nor in Weibo (CAL 75)", ({
    expect,
  }) => {
    const inside = rules.filter(({ app }) => app?.some((name) => /^we(?:chat|ibo|com)/.test(name)));
    expect(inside.length).toBeGreaterThan(5);
    for (const { ways } of inside) {
      expect(ways).not.toContain("scheme");
      expect(ways).not.toContain("intent");
    }
  });

  it("guides in Weibo and in QQ on iOS, where universal links do nothing (CAL 75)", ({
    expect,
  }) => {
    for (const rule of ["weibo-ios", "weibo-android", "qq-ios"]) {
      expect(rules.find((row) => row.rule === rule)?.ways[0]).toBe("guide");
    }
  });

  it("offers no App Links on Android, which Huawei and Xiaomi ignore (WLA 7)", ({ expect }) => {
    const onAndroid = rules.filter(({ os }) => os?.includes("android") && !os.includes("ios"));
    for (const { ways } of onAndroid) expect(ways).not.toContain("universal-link");
  });

  it("knows WeChat 7.0.11 for a later one than 7.0.5, since it compares none (CAL 87)", ({
    expect,
  }) => {
    const of = (version: string) =>
      classify(agents.wechatIos.replace(/MicroMessenger\/[\d.]+/, `MicroMessenger/${version}`));
    expect(of("7.0.11")).toEqual(of("7.0.5"));
    expect(of("7.0.11").app).toBe("wechat");
  });

  it("builds no address with a half scheme, such as x:////y (CAL 33)", ({ expect }) => {
    const url = "https://example.com/a?b=1";
    for (const { openings, name } of platforms) {
      for (const opening of openings ?? []) {
        const built = opening.url({ platform: name, kind: "web", id: "1", url });
        if (built !== undefined) expect(built).toMatch(/^[a-z][a-z0-9.]*:(?:\/\/)?[^/]/);
      }
    }
  });
});
