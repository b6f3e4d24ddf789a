import { describe, it } from "vitest";
import { cellKey } from "./batch.ts";
import { wrongInBatch } from "./batch-shape.ts";
import { pairFrom } from "./hyperloglog.ts";

const key = cellKey({
  ...{ slug: "the-door", metric: "views", at: 1_795_794_467_768, app: "taobao", os: "ios" },
  ...{ country: "CN", region: "ZJ", destination: "taobao", method: "redirect" },
});
const batch = { v: 1, streamId: "st_x", shard: 0, producer: "p", seq: 1, cells: [] };

describe("what came from afar", () => {
  it("is a batch where it has what one has, and whatever else", ({ expect }) => {
    const highest = pairFrom(16_383, 51);
    const sightings = [["the-door", "live.2", [0, highest]]];
    for (const more of [
      {},
      { shard: 63, producer: "p~9", seq: 9, later: {} },
      { producer: "p.1", cells: [[key, 1]] },
      // Of an older release, and of a later one.
      { cells: [["a\tviews\t29929907\ttaobao", 1_000_000]] },
      { cells: [[`${key}\tof a later release`, 1]] },
      { visitors: sightings, clickers: [["the-door", "2026-11-27", []]] },
      { strict: true, lost: 0, timezone: "Asia/Shanghai" },
    ]) {
      expect([more, wrongInBatch({ ...batch, ...more })]).toEqual([more, null]);
    }
  });

  it("is none without, and which field that is, is said", ({ expect }) => {
    for (const value of [null, undefined, "batch", 1, true]) {
      expect(wrongInBatch(value)).toBe("it is no batch");
    }
    for (const version of [2, undefined, "1"]) {
      expect(wrongInBatch({ ...batch, v: version })).toBe(
        `its version ${JSON.stringify(version)} is not known to this release`,
      );
    }
    const long = "x".repeat(101);
    for (const [field, values] of Object.entries({
      streamId: ["", 1, "st:x", "st x", "st\n", "../x", "st\0", long],
      shard: [-1, 0.5, 64, "0"],
      producer: ["", {}, "p:1", "p 1", long],
      seq: [0, 1.5, "1", Number.MAX_SAFE_INTEGER + 1],
      cells: [
        {},
        [key],
        [[key]],
        [[key, 0]],
        [[key, -1_000]],
        [[key, 1.5]],
        [[key, "5"]],
        [[key, 1, 1]],
        [[key, 1_000_000_001]],
        [[1, 1]],
        [["a\tviews\tx", 1]],
        [["a\tviews\t1234567890", 1]],
        [["a\tviews", 1]],
        [["\tviews\t1", 1]],
        [["a\t\t1", 1]],
        [[`${long}\tviews\t1`, 1]],
        [[`a\t${long}\t1`, 1]],
        [[`a\tviews\t1\t${long}`, 1]],
        [[`a\tviews\t1${"\tx".repeat(21)}`, 1]],
        [[`before\n${key}`.replace("before\n", "\n\t"), 1]],
      ],
      visitors: [
        {},
        [["a", "live"]],
        [["a", "live", [-1]]],
        [["a", "live", [2 ** 20]]],
        [["", "live", []]],
      ],
      clickers: [
        1,
        [["a", "", []]],
        [["a", "live", ["1"]]],
        [["a", "live", {}]],
        [[long, "live", []]],
      ],
      strict: [false, 1],
      lost: [-1, 0.5, "1", 1_000_000_001],
      timezone: ["Mars", 1, ""],
    })) {
      for (const value of values) {
        expect([field, value, wrongInBatch({ ...batch, [field]: value })]).toEqual([
          field,
          value,
          `its ${field} is wrong`,
        ]);
      }
    }
  });
});
