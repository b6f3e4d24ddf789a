import "../../../test/browser.ts";
import { describe, it } from "vitest";
import { inheritedNames } from "../../../test/names.ts";
import { money, moneyInFull } from "./format.ts";
import { nameOf } from "./names.ts";
import { readPromoters } from "./promoters.ts";
import { refusalOf } from "./refusals.ts";

describe("texts that are names every object inherits", () => {
  it("are shown as they are: names, refusals, currencies, pasted channels", ({ expect }) => {
    for (const text of inheritedNames) {
      for (const kind of ["app", "region", "channel", "channelClass", "tier"] as const) {
        expect(nameOf(kind, text)).toBe(text);
      }
      expect(refusalOf({ code: text, detail: "said" })).toBe("said");
      expect(money(100, text, "en")).toBe(`${text} 1`);
      expect(moneyInFull(100, text, "en")).toBe(`${text} 1.00`);
      expect(readPromoters(`${text}\t${text}`).rows).toMatchObject([{ name: text, channel: text }]);
    }
  });
});
