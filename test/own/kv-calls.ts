/**
 * @module A Worker that makes every call of a KV namespace that there is, and tells what came of each: of Miniflare's KV
 * and of ours the same is wanted.
 */
interface CallsEnv {
  KV: KVNamespace;
}

type Call = (kv: KVNamespace) => Promise<unknown>;

const now = () => Math.floor(Date.now() / 1_000);
const keys = (count: number) => Array.from({ length: count }, (_, index) => `many-${index}`);
const named = ({ keys: found }: { keys: { name: string }[] }) => found.map(({ name }) => name);
/** Of a moment how far it is from what was wanted: the clock may have gone on. */
const isNear = (seconds: number | undefined, wanted: number) =>
  seconds !== undefined && Math.abs(seconds - wanted) <= 2;
const odd = ["直播/间 ?#%&+é", "x%2Fy", "a/./b", "p/../q", "/lead", "tail/", "bulk/get", "😀", "…"];

/** In their order: what one puts the next may read. */
const calls: Record<string, Call> = {
  "a missing key": (kv) => kv.get("missing"),
  "a missing key, with metadata": (kv) => kv.getWithMetadata("missing"),
  "a text": async (kv) => [await kv.put("text", "月门"), await kv.get("text")],
  "nothing as a value": async (kv) => {
    await kv.put("nothing", "");
    return [await kv.get("nothing"), (await kv.get("nothing", "arrayBuffer"))?.byteLength];
  },
  bytes: async (kv) => {
    await kv.put("bytes", Uint8Array.of(0, 255, 128, 10));
    return [...new Uint8Array((await kv.get("bytes", "arrayBuffer")) ?? new ArrayBuffer(0))];
  },
  "a stream in and out": async (kv) => {
    const { readable, writable } = new FixedLengthStream(6);
    const writer = writable.getWriter();
    const done = kv.put("stream", readable);
    await writer.write(new TextEncoder().encode("stream"));
    await writer.close();
    await done;
    return new Response(await kv.get("stream", { type: "stream", cacheTtl: 3_600 })).text();
  },
  JSON: async (kv) => [await kv.put("json", '{"a":[1,null]}'), await kv.get("json", "json")],
  "what is no JSON": async (kv) => [await kv.put("bad", "{"), await kv.get("bad", "json")],
  "odd keys": async (kv) => {
    for (const key of odd) await kv.put(key, `of ${key}`);
    return Promise.all(odd.map((key) => kv.get(key)));
  },
  "what odd keys are not": (kv) => Promise.all(["x/y", "q", "b", "lead"].map((key) => kv.get(key))),
  metadata: async (kv) => {
    await kv.put("meta", "v", { metadata: { type: "图", list: [1] } });
    return kv.getWithMetadata("meta");
  },
  "metadata of null": async (kv) => {
    await kv.put("meta-null", "v", { metadata: null });
    return kv.getWithMetadata("meta-null");
  },
  "no metadata after another put": async (kv) => {
    await kv.put("meta", "w");
    return kv.getWithMetadata("meta");
  },
  "metadata of the most": (kv) => kv.put("meta", "v", { metadata: "x".repeat(1_022) }),
  "metadata of more": (kv) => kv.put("meta", "v", { metadata: "x".repeat(1_023) }),
  "metadata of characters of several bytes": (kv) =>
    kv.put("meta", "v", { metadata: "月".repeat(400) }),
  "an end in 60 s": async (kv) => {
    await kv.put("ends", "v", { expirationTtl: 60 });
    return isNear((await kv.list({ prefix: "ends" })).keys[0]?.expiration, now() + 60);
  },
  "an end at a time": async (kv) => {
    await kv.put("ends", "v", { expiration: now() + 1_000 });
    return isNear((await kv.list({ prefix: "ends" })).keys[0]?.expiration, now() + 1_000);
  },
  "no end after another put": async (kv) => {
    await kv.put("ends", "v");
    return (await kv.list({ prefix: "ends" })).keys;
  },
  "an end too soon": (kv) => kv.put("ends", "v", { expirationTtl: 59 }),
  "an end before now": (kv) => kv.put("ends", "v", { expirationTtl: -1 }),
  "an end of 1970": (kv) => kv.put("ends", "v", { expiration: 5 }),
  "a cache of 29 s": (kv) => kv.get("text", { cacheTtl: 29 }),
  "a cache of 30 s": (kv) => kv.get("text", { cacheTtl: 30 }),
  "no key": (kv) => kv.get(""),
  "a dot": (kv) => kv.put(".", "v"),
  "two dots": (kv) => kv.put("..", "v"),
  "a key of 512 bytes": async (kv) => {
    await kv.put("k".repeat(512), "v");
    return kv.get("k".repeat(512));
  },
  "a key of 513 bytes": (kv) => kv.put("k".repeat(513), "v"),
  "a key of 513 bytes, of fewer characters": (kv) => kv.get("月".repeat(171)),
  "a deleted key": async (kv) => [await kv.delete("text"), await kv.get("text")],
  "a deleted key that was none": (kv) => kv.delete("missing"),
  "a deleted odd key": async (kv) => [await kv.delete(odd[0] ?? ""), await kv.get(odd[0] ?? "")],
  "a list": async (kv) => {
    for (let index = 0; index < 25; index += 1) {
      const metadata = index % 2 === 0 ? {} : { metadata: { index } };
      await kv.put(`l:${String(index).padStart(3, "0")}`, "v", metadata);
    }
    for (const key of ["l;", "l", "l:月", "l:\u{10ffff}", "l:\ud7ff", "l:Z", "l:z"])
      await kv.put(key, "v");
    return kv.list({ prefix: "l:" });
  },
  "a list in pages": async (kv) => {
    const pages: string[][] = [];
    for (let cursor: string | null = null, isLast = false; !isLast; ) {
      const page: KVNamespaceListResult<unknown> = await kv.list({
        prefix: "l:",
        limit: 7,
        cursor,
      });
      pages.push(named(page));
      isLast = page.list_complete;
      cursor = page.list_complete ? null : page.cursor;
    }
    return pages;
  },
  "a list of exactly as many": async (kv) => {
    const { list_complete: isLast, keys: found } = await kv.list({ prefix: "l:", limit: 30 });
    return [isLast, found.length];
  },
  "a list of all": async (kv) => named(await kv.list()),
  "a list of none": (kv) => kv.list({ prefix: "none" }),
  "a list of the last prefix": async (kv) => {
    await kv.put("\u{10ffff}\u{10ffff}", "v");
    return named(await kv.list({ prefix: "\u{10ffff}" }));
  },
  "a list of 1,001": (kv) => kv.list({ limit: 1_001 }),
  "a list of a long prefix": (kv) => kv.list({ prefix: "k".repeat(513) }),
  many: async (kv) => [...(await kv.get(["json", "missing", "stream"]))],
  "many as JSON": async (kv) => [...(await kv.get(["json", "missing"], "json"))],
  "many that are no JSON": async (kv) => [...(await kv.get(["json", "bad"], "json"))],
  "many with metadata": async (kv) => [...(await kv.getWithMetadata(["l:001", "json", "missing"]))],
  "100 at once": async (kv) => (await kv.get(keys(100))).size,
  "101 at once": async (kv) => (await kv.get(keys(101))).size,
  "none at once": async (kv) => (await kv.get([])).size,
  "many as bytes": async (kv) => (await kv.get(["json"], "arrayBuffer" as "text")).size,
  "many, one of them named by nothing": async (kv) => (await kv.get(["json", ""])).size,
  "a value of several pieces": async (kv) => {
    const value = Uint8Array.from({ length: 2_500_000 }, (_, index) => index % 251);
    await kv.put("large", value);
    const found = new Uint8Array((await kv.get("large", "arrayBuffer")) ?? new ArrayBuffer(0));
    return [found.length, found.every((byte, index) => byte === value[index])];
  },
  "a smaller value in its place": async (kv) => {
    await kv.put("large", "small");
    return kv.get("large");
  },
  "a value of exactly two pieces": async (kv) => {
    await kv.put("large", new Uint8Array(2 * 1_048_576).fill(7));
    return (await kv.get("large", "arrayBuffer"))?.byteLength;
  },
  "a value of the most": async (kv) => {
    await kv.put("large", new Uint8Array(25 * 1_048_576).fill(7));
    return (await kv.get("large", "arrayBuffer"))?.byteLength;
  },
  "a value of more": (kv) => kv.put("larger", new Uint8Array(25 * 1_048_576 + 1)),
  "more than 25 MiB at once": async (kv) => (await kv.get(["large", "json"])).size,
};

export const Main = {
  async fetch(_: Request, { KV }: CallsEnv): Promise<Response> {
    const told: [name: string, what: unknown][] = [];
    for (const [name, call] of Object.entries(calls)) {
      const what = await call(KV).catch((error: unknown) => String(error));
      told.push([name, what ?? null]);
    }
    return Response.json(told);
  },
};
export default Main;
export const Operator = Main;
