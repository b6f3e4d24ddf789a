import { readFileSync } from "node:fs";
import { it } from "vitest";
import { kinds } from "../../src/orders/import/kinds/index.ts";

it("docs/attribution.md lists every kind of file", ({ expect }) => {
  const text = readFileSync("docs/attribution.md", "utf8");
  expect(kinds.map(({ name }) => name).filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});
