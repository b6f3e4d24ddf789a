import { describe, it } from "vitest";
import { languageOf } from "./text.ts";

describe("the language of a page", () => {
  const cases: [header: string | null, language: string][] = [
    [null, "zh-CN"],
    ["", "zh-CN"],
    ["*", "zh-CN"],
    ["fr-FR,fr;q=0.9", "zh-CN"],
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"],
    ["en-US,en;q=0.9", "en"],
    ["en", "en"],
    ["en,zh", "en"],
    ["zh,en", "zh-CN"],
    ["zh;q=0.1,en;q=0.9", "en"],
    ["en-US;q=0.1,zh;q=0.9", "zh-CN"],
    ["en;q=0,zh", "zh-CN"],
    ["xx-en", "zh-CN"],
    [";;;q=en,,", "zh-CN"],
  ];
  for (const [header, language] of cases) {
    it(`is ${language} for ${header}`, ({ expect }) => expect(languageOf(header)).toBe(language));
  }
});
