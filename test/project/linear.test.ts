/** Every expression that may see a text from outside takes time in proportion to it, whatever the text. */
import { analyse } from "scslre";
import { describe, it } from "vitest";
import { z } from "zod";
import { type Expression, expressionsIn, expressionsOf, sources } from "./linear/expressions.ts";
import { superLinear } from "./linear/timing.ts";

/** Of other people's code, what the API's schemas use. */
const borrowed = Object.entries({
  "z.iso.datetime": z.core.regexes.datetime({ offset: true }),
  "z.base64": z.core.regexes.base64,
}).map(([place, { source: pattern, flags }]): Expression => ({ place, pattern, flags }));

/** By automata, without running anything: a repetition that can trade characters with itself or another. */
function provenSuperLinear({ pattern, flags }: Expression): string | null {
  const { reports } = analyse(new RegExp(pattern, flags), {
    reportTypes: { Move: true, Self: true, Trade: true },
  });
  return reports.length === 0 ? null : reports.map(({ type }) => type).join(", ");
}

const found = sources.map((file) => [file, expressionsOf(file)] as const);
const withExpressions = found.filter(([, { expressions }]) => expressions.length > 0);

/** ms. The whole takes some seconds; a machine with much else to do needs more. */
const timeout = 60_000;

describe("every regular expression of the source", { timeout }, () => {
  it("is found, and none is put together at run time", ({ expect }) => {
    expect(found.flatMap(([, { expressions }]) => expressions).length).toBeGreaterThan(200);
    expect(found.flatMap(([, { made }]) => made)).toEqual([]);
  });

  it.for([
    ...withExpressions.map(([file, { expressions }]) => [file, expressions] as const),
    ["other people's", borrowed] as const,
  ])("takes time in proportion to the text: %s", ([, expressions], { expect }) => {
    for (const expression of expressions) {
      const { place, pattern } = expression;
      expect(superLinear(expression), `${place} /${pattern}/`).toBeNull();
      expect(provenSuperLinear(expression), `${place} /${pattern}/`).toBeNull();
    }
  });
});

/** What the source had once: each net is worth what it finds of these. */
const mended = {
  measured: [
    /\b(?![Cc]ubot)[A-Za-z0-9-]*(?:Bot|bot|Spider|spider|Crawler|crawler)(?:\/|;|\)|$)/,
    /MicroMessenger\/.*miniProgram|miniProgram.*MicroMessenger\//i,
    /M?QQBrowser\/(?!.*TencentDocs)/,
    /\s*[\r\n\u2028\u2029]\s*/g,
    /\{[^}]+\}/g,
  ],
  proven: [
    /Version\/[\d.]+.* Safari\//,
    /\s*[\r\n\u2028\u2029]\s*/g,
    /[).;!'*]+$/,
    /\d+:\/(?<host>[^/\s]{2,30}?)的(?:直播间|场间|直播)/,
    /【京东】.*?「(?<title>[^」]+)」/s,
    /\B(?=(?:\d{3})+$)/g,
  ],
};
const read = (expression: RegExp): Expression | undefined =>
  expressionsIn("mended.ts", String(expression)).expressions[0];

describe("the search itself", { timeout }, () => {
  // A measurement may miss one on a busy machine; a search that misses it three times is blind.
  it.for(mended.measured.map((each) => [each] as const))(
    "measures %s",
    { retry: 2 },
    ([each], { expect }) => {
      const expression = read(each);
      expect(expression && superLinear(expression, [2])).toContain("× n");
    },
  );

  it.for(mended.proven.map((each) => [each] as const))("proves %s", ([each], { expect }) => {
    const expression = read(each);
    expect(expression && provenSuperLinear(expression)).toMatch(/Move|Trade/);
  });

  it("finds an expression that is put together", ({ expect }) => {
    const { made } = expressionsIn("made.ts", "const a = '';\nexport const b = new RegExp(a);");
    expect(made).toEqual(["made.ts:2"]);
  });
});
