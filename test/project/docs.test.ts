import { readFileSync } from "node:fs";
import { it } from "vitest";
import { platformDocs } from "../../scripts/platform-docs.ts";

it("docs/platforms.md is what `npm run docs` writes", ({ expect }) => {
  expect(readFileSync("docs/platforms.md", "utf8")).toBe(platformDocs());
});
