import "../../../test/browser.ts";
import { describe, it } from "vitest";
import { apps } from "../../platforms/registry/edge.ts";
import { systems } from "../../platforms/types.ts";
import { nameOf } from "./names.ts";

describe("names of the stats' keys", () => {
  it("has every app and system by name", ({ expect }) => {
    const named = [
      ...apps.map((key) => ["app", key] as const),
      ...systems.map((key) => ["os", key] as const),
    ].filter(([, key]) => key !== "unknown");
    for (const [kind, key] of named) {
      const name = nameOf(kind, key);
      // Where a name is the key itself, it is a word of the trade: iOS is not ios, qq is not QQ.
      expect([kind, key, name]).not.toEqual([kind, key, key]);
    }
  });
});
