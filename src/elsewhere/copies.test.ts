import { describe, it } from "vitest";
import type { LinkRecords } from "../edge/store-port.ts";
import { Copies } from "./copies.ts";

const recordsOf = (slug: string, version = 1, title = "Live"): LinkRecords =>
  ({
    link: { slug, version, streamId: "st_x" },
    stream: { id: "st_x", version: 1, title, secret: "s", destinations: [] },
  }) as unknown as LinkRecords;

/** A platform's KV, and what was asked of it. */
function kvOf() {
  const kept = new Map<string, string>();
  const asked: string[] = [];
  const state = { isDown: false };
  const kv = {
    get: async (name: string) => {
      asked.push(`get ${name}`);
      if (state.isDown) throw new Error("KV is down");
      return kept.get(name);
    },
    put: async (name: string, text: string) => {
      asked.push(`put ${name}`);
      if (state.isDown) throw new Error("KV is down");
      kept.set(name, text);
    },
  };
  return { kept, asked, state, kv };
}

describe("copies of links in a platform's KV", () => {
  it("are put once a version, by names of letters, digits and _", async ({ expect }) => {
    const { kept, asked, kv } = kvOf();
    const copies = new Copies(kv);
    for (let turn = 0; turn < 3; turn += 1) await copies.keep(recordsOf("the-door"));
    expect(asked).toEqual(["get link_the_door", "put link_the_door"]);
    expect(await copies.read("the-door")).toEqual(recordsOf("the-door"));
    await copies.keep(recordsOf("the-door", 2));
    expect((await copies.read("the-door"))?.link.version).toBe(2);
    // Another isolate finds it there.
    asked.length = 0;
    await new Copies(kv).keep(recordsOf("the-door", 2));
    expect(asked).toEqual(["get link_the_door"]);
    expect(kept.size).toBe(1);
  });

  it("never say what they can't know, and cost no open anything", async ({ expect }) => {
    const { kept, asked, state, kv } = kvOf();
    const copies = new Copies(kv);
    expect(await copies.read("none")).toBeNull();
    kept.set("link_broken", '{"link":{"slug":"other"},"stream":{}}');
    expect(await copies.read("broken")).toBeNull();
    kept.set("link_old", JSON.stringify({ link: { slug: "old", streamId: "st_x" }, stream: {} }));
    expect(await copies.read("old")).toBeNull();
    await copies.keep(recordsOf("old"));
    expect(await copies.read("old")).toEqual(recordsOf("old"));
    kept.set("link_cut", '{"link"');
    await expect(copies.read("cut")).rejects.toThrow();
    await copies.keep(recordsOf("cut"));
    expect(await copies.read("cut")).toEqual(recordsOf("cut"));
    state.isDown = true;
    await copies.keep(recordsOf("door"));
    state.isDown = false;
    await copies.keep(recordsOf("door"));
    expect(await copies.read("door")).toEqual(recordsOf("door"));
    asked.length = 0;
    const large = recordsOf("large", 1, "长".repeat(100_001));
    for (let turn = 0; turn < 3; turn += 1) await copies.keep(large);
    expect([await copies.read("large"), asked.filter((one) => one.startsWith("put"))]).toEqual([
      null,
      [],
    ]);
    expect(asked.length).toBe(2);
  });
});
