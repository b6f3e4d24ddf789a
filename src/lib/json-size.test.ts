import { describe, it } from "vitest";
import { fullest, overfull } from "./json-size.ts";

describe("parsed JSON", () => {
  it("that any route takes is well", ({ expect }) => {
    const link = {
      tags: Array.from({ length: 20 }, String),
      destinations: Array.from({ length: 12 }, () => ({ url: "", platform: "", replay: "" })),
      promotion: {
        taobao: { adzoneId: "", relationId: "", specialId: "" },
        jd: { subUnionId: "" },
      },
      ...Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`field${index}`, ""])),
    };
    expect(overfull(Array.from({ length: 500 }, () => link))).toBeNull();
    for (const plain of [null, 1, "text", true, [], {}]) expect(overfull(plain)).toBeNull();
  });

  it("with too many elements, fields, values or levels is told where", ({ expect }) => {
    const list = Array.from({ length: fullest.elements + 1 }, () => 1);
    expect(overfull(list)).toMatchObject({ pointer: "" });
    expect(overfull({ a: [{ tags: list }] })).toMatchObject({ pointer: "/a/0/tags" });
    const fields = Object.fromEntries(list.map((_, index) => [`f${index}`, 1]));
    expect(overfull({ x: fields })).toMatchObject({ pointer: "/x" });
    const many = Array.from({ length: 1_900 }, () => Array.from({ length: 100 }, () => 0));
    expect(overfull(many)?.message.en).toContain("values in all");
    let deep: unknown = 1;
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    expect(overfull(deep)?.message.en).toContain("levels");
  });

  it("with a long name is told with its beginning", ({ expect }) => {
    const long = { ["n".repeat(100_000)]: Array.from({ length: 5_000 }, () => 1) };
    expect(overfull(long)?.pointer.length).toBeLessThan(100);
  });
});
