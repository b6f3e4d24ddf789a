import { beforeEach, describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import type { Background } from "../lib/background.ts";
import { KnownNames } from "./known-names.ts";
import { KvEntries, migrateKv } from "./kv-entries.ts";
import { KvNames } from "./kv-names.ts";
import type { Known } from "./name-bits.ts";

const start = 1_800_000_000_000;

/** A namespace of the store, which may begin anew. */
class Namespace {
  readonly #database = new Database();
  readonly #entries: KvEntries;
  #names = new KvNames();
  asked: (Known | null)[] = [];
  isAway = false;

  constructor() {
    this.#database.transaction(() => migrateKv(this.#database.sql, 0));
    this.#entries = new KvEntries(this.#database.sql);
  }

  put(...keys: string[]): void {
    const entry = { value: new Uint8Array(), metadata: null, expiration: null };
    for (const key of keys) {
      this.#names.add(key);
      this.#entries.put(key, entry);
    }
  }

  beginAnew(): void {
    this.#names = new KvNames();
  }

  async namesSince(known: Known | null) {
    this.asked.push(known);
    if (this.isAway) throw new Error("away");
    return structuredClone(await this.#names.since(known, this.#entries, start / 1_000));
  }
}

let namespace: Namespace;
let names: KnownNames;
let behind: Promise<unknown>[];
const background: Background = { waitUntil: (work) => void behind.push(work) };
const isAbsent = (name: string, after: number) => names.isAbsent(name, start + after, background);
/** Asks for as many as make it worth it, until the store has told. */
async function flood(after: number): Promise<void> {
  for (let one = 0; one < 16; one += 1) isAbsent(`flood-${after}-${one}`, after);
  await Promise.all(behind);
}

beforeEach(() => {
  namespace = new Namespace();
  names = new KnownNames(() => namespace);
  behind = [];
});

describe("the names of the store's KV, as an edge knows them", () => {
  it("are not asked for where few are looked for: those are read", ({ expect }) => {
    for (let second = 0; second < 20; second += 1) {
      for (let one = 0; one < 7; one += 1) expect(isAbsent("none", second * 1_001)).toBe(false);
    }
    expect(namespace.asked).toEqual([]);
  });

  it("say of a name that is not there that it is not, for a second, and never of one that is", async ({
    expect,
  }) => {
    const kept = Array.from({ length: 12_000 }, (_, index) => `link:kept-${index}`);
    namespace.put(...kept);
    await flood(0);
    const isAbsentAt = (after: number) => Array.from(kept, (name) => isAbsent(name, after));
    expect(isAbsentAt(1)).not.toContain(true);
    const others = Array.from({ length: 10_000 }, (_, index) => `link:other-${index}`);
    const absent = others.filter((name) => isAbsent(name, 1));
    // 12,000 bits of 2²⁴: one in 1,400 is taken for another.
    expect(absent.length).toBeGreaterThan(9_970);
    namespace.isAway = true;
    expect(isAbsent("link:none", 1_000)).toBe(true);
    expect(isAbsent("link:none", 1_001)).toBe(false);
    expect(isAbsent("link:none", -60_000)).toBe(false);
  });

  it("are asked for anew while many are looked for, and only what came is told", async ({
    expect,
  }) => {
    namespace.put("link:old");
    await flood(0);
    expect(isAbsent("link:new", 1)).toBe(true);
    namespace.put("link:new", "link:new", "link:newer");
    await flood(400);
    expect(namespace.asked).toHaveLength(1);
    await flood(501);
    expect(namespace.asked).toEqual([null, { of: expect.any(String), at: 0 }]);
    await flood(1_002);
    expect(namespace.asked[2]).toEqual({ of: expect.any(String), at: 2 });
    for (const name of ["link:old", "link:new", "link:newer"]) {
      expect(isAbsent(name, 1_003)).toBe(false);
    }
    expect(isAbsent("link:none", 1_003)).toBe(true);
  });

  it("are told whole by a store that began anew, with what was put to the one before", async ({
    expect,
  }) => {
    namespace.put("link:old");
    await flood(0);
    namespace.put("link:told-by-none");
    namespace.beginAnew();
    namespace.put("link:new");
    await flood(501);
    expect(isAbsent("link:none", 502)).toBe(true);
    for (const name of ["link:old", "link:told-by-none", "link:new"]) {
      expect([name, isAbsent(name, 502)]).toEqual([name, false]);
    }
  });

  it("are told whole to who is far behind", async ({ expect }) => {
    await flood(0);
    const many = Array.from({ length: 60_000 }, (_, index) => `link:${index}`);
    namespace.put(...many);
    await flood(501);
    const missing = many.filter((name) => isAbsent(name, 502));
    expect(missing).toEqual([]);
    expect(isAbsent("link:none", 502)).toBe(true);
  });

  it("have what is put while they are first read, before and behind where the reading is", async ({
    expect,
  }) => {
    namespace.put(...Array.from({ length: 11_000 }, (_, index) => `link:m-${index}`));
    const reading = flood(0);
    await Promise.resolve();
    namespace.put("link:a", "link:z");
    await reading;
    expect(isAbsent("link:none", 1)).toBe(true);
    for (const name of ["link:a", "link:z"]) expect(isAbsent(name, 1)).toBe(false);
  });

  it("are as of when they were asked for, however late they are told", async ({ expect }) => {
    await flood(0);
    let tell: () => void = () => undefined;
    const held = new Promise<void>((done) => {
      tell = done;
    });
    const told = namespace.namesSince.bind(namespace);
    namespace.namesSince = async (known) => {
      const answer = await told(known);
      await held;
      return answer;
    };
    const late = flood(600);
    await new Promise((done) => setTimeout(done, 0));
    namespace.put("link:since");
    expect(isAbsent("link:since", 1_700)).toBe(false);
    tell();
    await late;
    expect(isAbsent("link:since", 1_700)).toBe(false);
    expect(isAbsent("link:none", 1_600)).toBe(true);
  });

  it("are asked for again after a failure, and after an asking that was never answered", async ({
    expect,
  }) => {
    namespace.isAway = true;
    await flood(0);
    await flood(300);
    expect(namespace.asked).toHaveLength(1);
    namespace.namesSince = async (known) => {
      namespace.asked.push(known);
      return new Promise(() => undefined);
    };
    void flood(501);
    void flood(3_000);
    expect(namespace.asked).toHaveLength(2);
    void flood(5_502);
    expect(namespace.asked).toHaveLength(3);
  });
});
