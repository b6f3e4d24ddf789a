import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { platformDocs } from "../../scripts/platform-docs.ts";
import { withSettings } from "../../scripts/setting-docs.ts";
import { settingNames, table } from "../../src/config/table.ts";
import { settingWords } from "../../src/config/words.ts";

it("docs/platforms.md is what `npm run docs` writes", ({ expect }) => {
  expect(readFileSync("docs/platforms.md", "utf8")).toBe(platformDocs());
});

describe("the table of settings", () => {
  it("in docs/deploy.md is what `npm run docs` writes", ({ expect }) => {
    const page = readFileSync("docs/deploy.md", "utf8");
    expect(page).toBe(withSettings(page));
  });

  it.for(settingNames)("says the default of %s that is taken", (name, { expect }) => {
    const { read, fallback } = table[name];
    const said = settingWords[name].otherwise.replaceAll("`", "");
    const value = read(said)?.value;
    // What is no value of it is told in words, where there is none to take.
    expect(fallback === undefined || value === fallback, said).toBe(true);
  });
});
