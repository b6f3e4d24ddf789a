import { describe, it } from "vitest";
import { wantedLanguage } from "./language.ts";

const asking = (header: string | null) =>
  new Headers(header === null ? {} : { "Accept-Language": header });

describe("the language that a request asks for", () => {
  const cases: [header: string | null, language: string][] = [
    [null, "neither"],
    ["", "neither"],
    ["*", "neither"],
    ["fr-FR,fr;q=0.9", "neither"],
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"],
    ["en-US,en;q=0.9", "en"],
    ["en", "en"],
    ["en,zh", "en"],
    ["zh,en", "zh-CN"],
    ["zh;q=0.1,en;q=0.9", "en"],
    ["en-US;q=0.1,zh;q=0.9", "zh-CN"],
    ["en;q=0,zh", "zh-CN"],
    ["xx-en", "neither"],
    [";;;q=en,,", "neither"],
  ];
  for (const [header, language] of cases) {
    it(`is ${language} for ${header}`, ({ expect }) => {
      // Twice: the second time it is remembered.
      for (const _ of [1, 2]) {
        for (const otherwise of ["zh-CN", "en"] as const) {
          const expected = language === "neither" ? otherwise : language;
          expect(wantedLanguage(asking(header), otherwise)).toBe(expected);
        }
      }
    });
  }
});
