import { describe, it } from "vitest";
import { inheritedNames } from "../../test/names.ts";
import { fc } from "../../test/properties.ts";
import { BoundedMap, entryBytes } from "./bounded-map.ts";

/** Room for so many small entries. */
const roomFor = (entries: number) => ({ bytes: entries * (entryBytes + 8) });

describe("a bounded map", () => {
  it("never weighs more than its bound, whatever is done with it", ({ expect }) => {
    const act = fc.oneof(
      fc.record({
        key: fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom(...inheritedNames)),
        weight: fc.nat(2_000),
      }),
      fc.record({ read: fc.string({ maxLength: 2 }) }),
      fc.record({ forget: fc.string({ maxLength: 2 }) }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        const map = new BoundedMap<string, number>({ bytes: 3_000, weigh: (_, weight) => weight });
        for (const one of acts) {
          if ("key" in one) map.set(one.key, one.weight);
          else if ("read" in one) map.get(one.read);
          else map.delete(one.forget);
          const sum = [...map.entries()].reduce(
            (total, [, weight]) => total + entryBytes + weight,
            0,
          );
          expect(map.bytes).toBe(sum);
          expect(sum).toBeLessThanOrEqual(3_000);
        }
      }),
    );
  });

  it("keeps what is in use, however many others come", ({ expect }) => {
    const map = new BoundedMap<string, number>(roomFor(100));
    for (let index = 0; index < 50; index += 1) map.set(`hot${index}`, index);
    for (let index = 0; index < 20_000; index += 1) {
      if (index % 10 === 0) for (let hot = 0; hot < 50; hot += 1) map.get(`hot${hot}`);
      map.set(`x${index % 1_000_000}`, index);
    }
    for (let index = 0; index < 50; index += 1) expect(map.get(`hot${index}`)).toBe(index);
  });

  it("makes room for a slice of what it holds, not for one entry after the other", ({ expect }) => {
    const { bytes } = roomFor(1_600);
    const map = new BoundedMap<string, number>({ bytes });
    for (let index = 0; map.size === index; index += 1) map.set(String(index), index);
    expect(map.bytes / bytes).toBeLessThanOrEqual(15 / 16);
    expect(map.bytes / bytes).toBeGreaterThan(14 / 16);
  });

  it("counts a text that is its key, and keeps nothing that is heavier than all of it", ({
    expect,
  }) => {
    const map = new BoundedMap<string, number>({ bytes: 10_000 });
    map.set("kept", 1);
    map.set("x".repeat(200_000), 2);
    expect([...map.keys()]).toEqual(["kept"]);
    map.set("kept", 3);
    expect(map.get("kept")).toBe(3);
    expect(map.size).toBe(1);
  });
});
