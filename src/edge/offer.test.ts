import { describe, it } from "vitest";
import type { Outcome } from "../decision/decide.ts";
import { platformNames } from "../platforms/registry/edge.ts";
import { methods } from "../platforms/types.ts";
import { chosenIn, longestOffer, offerOf, reportedWay, waysOf } from "./offer.ts";

function outcomeOf(...choices: [platform: string, ...ways: string[]][]): Outcome {
  const [first, ...others] = choices.map(([platform, ...ways]) => ({
    destination: { platform, kind: "live", id: "1", url: "https://example.cn" },
    ways: ways.map((method) => ({ method })),
  }));
  return { action: "page", phase: "live", rule: "x", ...first, others } as unknown as Outcome;
}

describe("what a page offered", () => {
  it("is read as it was, for every destination and way", ({ expect }) => {
    const all = outcomeOf(
      ...platformNames.map((name) => [name, ...methods] as [string, ...string[]]),
    );
    const offer = offerOf(all);
    expect(offer).toMatch(/^[A-Za-z]+$/);
    expect(offer.length).toBe(longestOffer);
    expect(waysOf(offer)).toEqual(
      platformNames.flatMap((destination) => methods.map((method) => ({ destination, method }))),
    );
    expect(chosenIn(offer)).toBe(platformNames[0]);
    const ended = {
      action: "page",
      phase: "ended",
      rule: "ended",
      ways: [],
      others: [],
    } satisfies Outcome;
    expect(offerOf(ended)).toBe("");
    expect(chosenIn("")).toBe("none");
  });

  it("is all that a report can be of, and by what it can come about", ({ expect }) => {
    const offer = offerOf(
      outcomeOf(["taobao", "guide", "universal-link", "copy", "qr"], ["jd", "scheme", "store"]),
    );
    const is = (destination: string, method: string) => ({ destination, method });
    expect(reportedWay(offer, "click", 1)).toEqual(is("taobao", "universal-link"));
    expect(reportedWay(offer, "leave", 4)).toEqual(is("jd", "scheme"));
    expect(reportedWay(offer, "copy", 2)).toEqual(is("taobao", "copy"));
    for (const place of [0, 2, 3, 5, 6, 100]) expect(reportedWay(offer, "click", place)).toBeNull();
    for (const place of [0, 1, 3, 4, 6]) expect(reportedWay(offer, "copy", place)).toBeNull();
    expect(reportedWay(offer, "click")).toEqual(is("taobao", "universal-link"));
    expect(reportedWay(offer, "rendered")).toEqual(is("taobao", "guide"));
    expect(reportedWay("", "click")).toBeNull();
  });

  it("of a later release is booked as other where this one does not know it", ({ expect }) => {
    expect(waysOf("Zuz")).toEqual([
      { destination: "other", method: "universal-link" },
      { destination: "other", method: "other" },
    ]);
    expect(reportedWay("TzZu", "click", 0)).toEqual({ destination: "taobao", method: "other" });
    expect(chosenIn("Zu")).toBe("other");
  });
});
