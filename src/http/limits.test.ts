import { readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { limits } from "./limits.ts";

describe("the limits", () => {
  it("are the same by binding and in memory", ({ expect }) => {
    const toml = readFileSync("wrangler.toml", "utf8");
    const bound = [
      ...toml.matchAll(
        /\[\[ratelimits\]\]\nname = "(\w+)"\nnamespace_id = "\d+"\nsimple = \{ limit = (\d+), period = (\d+) \}/g,
      ),
    ].map(([, name, most, seconds]) => [name, { most: Number(most), seconds: Number(seconds) }]);
    expect(Object.fromEntries(bound)).toEqual(limits);
  });
});
