import { beforeEach, describe, it } from "vitest";
import { Database } from "../../test/model/database.ts";
import type { Background } from "../lib/background.ts";
import { KnownNames } from "./known-names.ts";
import { KvEntries, migrateKv } from "./kv-entries.ts";
import { KvNames } from "./kv-names.ts";
import type { NamesMark, NamesNews } from "./name-bits.ts";

const start = 1_800_000_000_000;

/** A namespace of the store, which may begin anew. */
class Namespace {
  readonly #database = new Database();
  readonly #entries: KvEntries;
  #names = new KvNames();
  asked: (NamesMark | null)[] = [];
  isAway = false;
  /** Reads of names that fail before one does not. */
  failures = 0;

  constructor() {
    this.#database.transaction(() => migrateKv(this.#database.sql, 0));
    this.#entries = new KvEntries(this.#database.sql);
    const { namesAfter } = this.#entries;
    this.#entries.namesAfter = (...given) => {
      this.failures -= 1;
      if (this.failures >= 0) throw new Error("the disk failed");
      return namesAfter.apply(this.#entries, given);
    };
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

  async namesSince(known: NamesMark | null): Promise<NamesNews> {
    this.asked.push(known);
    if (this.isAway) throw new Error("away");
    return structuredClone(await this.#names.since(known, this.#entries));
  }
}

const slugOf = (name: string): string => name.slice("link:".length);

let namespace: Namespace;
let names: KnownNames;
let behind: Promise<unknown>[];
const background: Background = { waitUntil: (work) => void behind.push(work) };
const isAbsent = (slug: string, after: number) => names.isAbsent(slug, start + after, background);
/** As an edge does: it reads what is not known to be absent, and this one is not there. */
function lookFor(slug: string, after: number): void {
  if (!isAbsent(slug, after)) names.wasAbsent(start + after, background);
}
/** Looks for as many as make it worth it, until the store has told. */
async function flood(after: number): Promise<void> {
  for (let one = 0; one < 16; one += 1) lookFor(`flood-${after}-${one}`, after);
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
      for (let one = 0; one < 15; one += 1) lookFor("none", second * 1_001);
    }
    expect(namespace.asked).toEqual([]);
  });

  it("are not asked for because links that are there are read", async ({ expect }) => {
    namespace.put("link:kept");
    for (let one = 0; one < 100; one += 1) expect(isAbsent("kept", one)).toBe(false);
    expect(namespace.asked).toEqual([]);
    await flood(100);
    for (let one = 0; one < 100; one += 1) expect(isAbsent("kept", 700 + one)).toBe(false);
    expect(namespace.asked).toHaveLength(1);
  });

  it("say of a name that is not there that it is not, for a second, and never of one that is", async ({
    expect,
  }) => {
    const kept = Array.from({ length: 12_000 }, (_, index) => `link:kept-${index}`);
    namespace.put(...kept);
    await flood(0);
    const isAbsentAt = (after: number) => kept.map((name) => isAbsent(slugOf(name), after));
    expect(isAbsentAt(1)).not.toContain(true);
    const others = Array.from({ length: 10_000 }, (_, index) => `other-${index}`);
    const absent = others.filter((name) => isAbsent(name, 1));
    // 12,000 bits of 2²⁴: one in 1,400 is taken for another.
    expect(absent.length).toBeGreaterThan(9_970);
    namespace.isAway = true;
    expect(isAbsent("none", 1_000)).toBe(true);
    expect(isAbsent("none", 1_001)).toBe(false);
  });

  it("are not believed by a clock that was set back, nor once that is there again", async ({
    expect,
  }) => {
    await flood(0);
    expect(isAbsent("none", -60_000)).toBe(false);
    expect(isAbsent("none", 1)).toBe(false);
    await flood(1_000);
    expect(isAbsent("none", 1_001)).toBe(true);
  });

  it("are asked for anew while many are looked for, and only what came is told", async ({
    expect,
  }) => {
    namespace.put("link:old");
    await flood(0);
    expect(isAbsent("new", 1)).toBe(true);
    namespace.put("link:new", "link:new", "link:newer");
    await flood(400);
    expect(namespace.asked).toHaveLength(1);
    await flood(501);
    expect(namespace.asked).toEqual([null, { form: 1, of: expect.any(String), at: 0 }]);
    await flood(1_002);
    expect(namespace.asked[2]).toMatchObject({ at: 2 });
    for (const slug of ["old", "new", "newer"]) {
      expect(isAbsent(slug, 1_003)).toBe(false);
    }
    expect(isAbsent("none", 1_003)).toBe(true);
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
    expect(isAbsent("none", 502)).toBe(true);
    for (const slug of ["old", "told-by-none", "new"]) {
      expect([slug, isAbsent(slug, 502)]).toEqual([slug, false]);
    }
  });

  it("are told whole to who is far behind", async ({ expect }) => {
    await flood(0);
    const many = Array.from({ length: 60_000 }, (_, index) => `link:${index}`);
    namespace.put(...many);
    await flood(501);
    const missing = many.filter((name) => isAbsent(slugOf(name), 502));
    expect(missing).toEqual([]);
    expect(isAbsent("none", 502)).toBe(true);
  });

  it("have what is put while they are first read, before and behind where the reading is", async ({
    expect,
  }) => {
    namespace.put(...Array.from({ length: 11_000 }, (_, index) => `link:m-${index}`));
    const reading = flood(0);
    await Promise.resolve();
    namespace.put("link:a", "link:z");
    await reading;
    expect(isAbsent("none", 1)).toBe(true);
    for (const slug of ["a", "z"]) expect(isAbsent(slug, 1)).toBe(false);
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
    expect(isAbsent("since", 1_700)).toBe(false);
    tell();
    await late;
    expect(isAbsent("since", 1_700)).toBe(false);
    expect(isAbsent("none", 1_600)).toBe(true);
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
    void flood(30_502);
    expect(namespace.asked).toHaveLength(3);
  });

  it("are told by a store whose first reading failed", async ({ expect }) => {
    namespace.put("link:kept");
    namespace.failures = 1;
    await flood(0);
    expect(isAbsent("none", 1)).toBe(false);
    await flood(501);
    expect(isAbsent("none", 502)).toBe(true);
    expect(isAbsent("kept", 502)).toBe(false);
  });

  it("are not taken from another release, nor from another set", async ({ expect }) => {
    const tell = namespace.namesSince.bind(namespace);
    for (const change of [{ form: 2 }, { whole: new Uint8Array(8) }]) {
      namespace.namesSince = async (known) => ({ ...(await tell(known)), ...change });
      const after = 10_000 * namespace.asked.length;
      await flood(after);
      expect(isAbsent("none", after + 1)).toBe(false);
    }
  });
});
