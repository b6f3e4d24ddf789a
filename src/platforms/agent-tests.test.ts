/** The tests of two tokens mean what the expressions meant that took the square of the text's length. */

import { describe, it } from "vitest";
import visitors from "../../test/fixtures/visitors.json" with { type: "json" };
import { fc } from "../../test/properties.ts";
import { browsers, hostApps } from "../decision/apps.ts";
import { platforms } from "./registry/edge.ts";

/** As they stood before. */
const before: Record<string, RegExp> = {
  lark: /Lark\/.*ChannelName\/Lark/,
  qqbrowser: /M?QQBrowser\/(?!.*TencentDocs)/,
  "wechat-miniprogram": /MicroMessenger\/.*miniProgram|miniProgram.*MicroMessenger\//i,
};

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
