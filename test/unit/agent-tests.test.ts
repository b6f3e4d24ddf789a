/** The tests of two tokens mean what the expressions meant that took the square of the text's length. */
import fc from "fast-check";
import { describe, it } from "vitest";
import { browsers, hostApps } from "../../src/edge/apps.ts";
import { bots } from "../../src/edge/bots.ts";
import { platforms } from "../../src/platforms/index.ts";
import { titleBehind } from "../../src/platforms/share-text.ts";
import visitors from "../fixtures/visitors.json" with { type: "json" };

/** As they stood before; the platforms' web-views and share texts likewise. */
const before: Record<string, RegExp> = {
  lark: /Lark\/.*ChannelName\/Lark/,
  qqbrowser: /M?QQBrowser\/(?!.*TencentDocs)/,
  "ios-3p-browser":
    /(?:CriOS|FxiOS|EdgiOS|OPiOS|DuckDuckGo|Focus)\/.*Mobile|Mobile.*(?:CriOS|FxiOS|EdgiOS)\//,
  "android-webview": /Android.*; wv\)/,
  safari: /Version\/[\d.]+.* Safari\//,
  "ios-webview": /\((?:iPhone|iPad|iPod).*AppleWebKit/,
  "wechat-miniprogram": /MicroMessenger\/.*miniProgram|miniProgram.*MicroMessenger\//i,
};
const otherBefore =
  /\b(?![Cc]ubot)[A-Za-z0-9-]*(?:Bot|bot|Spider|spider|Crawler|crawler)(?:\/|;|\)|$)|PowerShell\/|\bzgrab\/|Nmap Scripting Engine|AhrefsSiteAudit|\+https?:\/\//;
const titleBefore = /【京东】.*?「(?<title>[^」]+)」/s;

const tokens = [...hostApps, ...platforms.flatMap(({ webviews }) => webviews ?? []), ...browsers];

/** Texts of the pieces that matter, in any order. */
const of = (...pieces: string[]) =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(""));
const agents = of(
  ..."Lark/|ChannelName/|ChannelName/Lark|QQBrowser/|M|TencentDocs|CriOS/|FxiOS|OPiOS/|Focus/|Mobile".split(
    "|",
  ),
  ..."Android|; wv)|Version/|Version/1.2| Safari/|(iPhone|(iPad|AppleWebKit|MicroMessenger/|miniprogram".split(
    "|",
  ),
  ..." |/|1|;|micromessenger/|MINIPROGRAM".split("|"),
);
const robots = of(
  ..."Bot|bot|spider|Crawler|Cubot|cubot|CUBOT|a|1|-|_|/|;|)| |中|+http://".split("|"),
);

describe("an app's token", () => {
  it.for(Object.entries(before))("%s is found where it was", ([app, expression], { expect }) => {
    const token = tokens.find((each) => each.app === app);
    const isSame = (userAgent: string) => {
      expect([userAgent, token?.test.test(userAgent)]).toEqual([
        userAgent,
        expression.test(userAgent),
      ]);
    };
    for (const { userAgent } of visitors) isSame(userAgent);
    fc.assert(fc.property(agents, isSame), { numRuns: 3_000 });
  });
});

describe("a robot that says so", () => {
  const other = bots.find(({ name }) => name === "other");

  it("is found where it was", ({ expect }) => {
    const isSame = (userAgent: string) => {
      expect([userAgent, other?.test.test(userAgent)]).toEqual([
        userAgent,
        otherBefore.test(userAgent),
      ]);
    };
    for (const { userAgent } of visitors) isSame(userAgent);
    const isOfCubot = (userAgent: string) => /-[Cc]ubot/.test(userAgent);
    fc.assert(
      fc.property(
        robots.filter((userAgent) => !isOfCubot(userAgent)),
        isSame,
      ),
      { numRuns: 3_000 },
    );
  });

  it("is no phone of Cubot's, behind a hyphen either", ({ expect }) => {
    for (const phone of ["Cubot/1", "(Android 9; Cubot)", "zh-Cubot;"]) {
      expect(other?.test.test(phone)).toBe(false);
    }
  });
});

describe("a share text's title", () => {
  it("is the one that the expression found", ({ expect }) => {
    const { exec } = titleBehind("【京东】");
    fc.assert(
      fc.property(of("【京东】", "「", "」", "a", "b", "\n", "【"), (text) => {
        expect(exec(text)?.groups?.title).toBe(titleBefore.exec(text)?.groups?.title);
      }),
      { numRuns: 5_000 },
    );
  });
});
