/**
 * @module What workerd's binding of a KV namespace asks, and what it is answered: HTTP between workerd and whatever
 * answers for KV. The shapes are those of workerd's `src/workerd/api/kv.c++`; limits and words are Cloudflare's, as
 * Miniflare has them, against which every call is compared (test/e2e/own-kv.test.ts).
 */
import { recordOf } from "../lib/records.ts";
import type { Entry, KvEntries } from "./kv-entries.ts";
import type { KvNames } from "./kv-names.ts";

const MiB = 1_048_576;
/** Bytes, seconds, keys. */
const limits = {
  key: 512,
  value: 25 * MiB,
  metadata: 1_024,
  bulk: 25 * MiB,
  cacheTtl: 30,
  expirationTtl: 60,
  keysOfBulk: 100,
  keysOfList: 1_000,
};

/** A call that is refused, in the words that the binding's error has. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** What a namespace is asked through. */
export interface KvStore {
  entries: KvEntries;
  names: Pick<KvNames, "add">;
  transaction<T>(run: () => T): T;
}

/** @param now seconds since 1970 */
export async function answerKv(store: KvStore, request: Request, now: number): Promise<Response> {
  try {
    return await answer(store, request, now);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return new Response(error.message, { status: error.status, statusText: error.message });
  }
}

async function answer(store: KvStore, request: Request, now: number): Promise<Response> {
  const { method } = request;
  const { pathname, searchParams } = new URL(request.url);
  if (method === "GET" && pathname === "/") return list(store, searchParams, now);
  if (method === "POST" && pathname === "/bulk/get") return many(store, await request.json(), now);
  // First of all: the binding waits until its body is read, for ever where it is refused unread.
  const body = method === "PUT" ? new Uint8Array(await request.arrayBuffer()) : null;
  const key = keyOf(pathname);
  if (body) return put(store, key, body, request.headers, searchParams, now);
  if (method === "GET") return get(store, key, searchParams, now);
  if (method !== "DELETE") throw new Refusal(405, "Method Not Allowed");
  store.transaction(() => store.entries.delete(key));
  return new Response();
}

function keyOf(pathname: string): string {
  let key: string;
  try {
    key = decodeURIComponent(pathname.slice(1));
  } catch {
    throw new Refusal(400, "Could not URL-decode key name");
  }
  checkKey(key);
  return key;
}

function checkKey(key: string): void {
  if (key === "") throw new Refusal(400, "Key names must not be empty");
  if (key === "." || key === "..") {
    throw new Refusal(400, `Illegal key name "${key}". Please use a different name.`);
  }
  checkLength(key);
}

function checkLength(key: string): void {
  const length = bytesOf(key);
  if (length <= limits.key) return;
  throw new Refusal(
    414,
    `UTF-8 encoded length of ${length} exceeds key length limit of ${limits.key}.`,
  );
}

/** @param given in seconds; it changes nothing here, where nothing is cached */
function checkCacheTtl(given: string | number | null): void {
  if (given === null) return;
  const ttl = Number.parseInt(String(given), 10);
  if (ttl >= limits.cacheTtl) return;
  throw new Refusal(
    400,
    `Invalid cache_ttl of ${ttl}. Cache TTL must be at least ${limits.cacheTtl}.`,
  );
}

function get({ entries }: KvStore, key: string, query: URLSearchParams, now: number): Response {
  checkCacheTtl(query.get("cache_ttl"));
  const found = entries.get(key, now);
  if (!found) throw new Refusal(404, "Not Found");
  const headers = new Headers();
  if (found.metadata !== null) headers.set("CF-KV-Metadata", found.metadata);
  if (found.expiration !== null) headers.set("CF-Expiration", String(found.expiration));
  return new Response(found.value as Uint8Array<ArrayBuffer>, { headers });
}

/** As workerd asks for several keys at once. */
interface AskedForMany {
  keys: string[];
  type?: string;
  withMetadata?: boolean;
  cacheTtl?: string | number;
}

function many({ entries }: KvStore, asked: AskedForMany, now: number): Response {
  const { keys, type = "text", withMetadata = false, cacheTtl = null } = asked;
  if (type !== "text" && type !== "json") {
    throw new Refusal(400, `"${type}" is not a valid type. Use "json" or "text"`);
  }
  if (keys.length > limits.keysOfBulk) {
    throw new Refusal(400, `You can request a maximum of ${limits.keysOfBulk} keys`);
  }
  if (keys.length < 1) throw new Refusal(400, "You must request a minimum of 1 key");
  checkCacheTtl(cacheTtl);
  let length = 0;
  const found = keys.map((key): [string, unknown] => {
    checkKey(key);
    const entry = entries.get(key, now);
    if (!entry) return [key, null];
    const text = new TextDecoder().decode(entry.value);
    length += text.length;
    const value = type === "json" ? parsed(text, type) : text;
    return [key, withMetadata && value !== null ? { value, metadata: metadataOf(entry) } : value];
  });
  if (length > limits.bulk) {
    throw new Refusal(413, `Total size of request exceeds the limit of ${limits.bulk / MiB}MB`);
  }
  return Response.json(recordOf(found));
}

function parsed(text: string, type: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, `At least one of the requested keys corresponds to a non-${type} value`);
  }
}

const metadataOf = ({ metadata }: Entry): unknown =>
  metadata === null ? null : JSON.parse(metadata);

function put(
  { entries, names, transaction }: KvStore,
  key: string,
  value: Uint8Array,
  headers: Headers,
  query: URLSearchParams,
  now: number,
): Response {
  const expiration = expirationOf(query, now);
  const metadata = headers.get("CF-KV-Metadata");
  const metadataLength = bytesOf(metadata ?? "");
  if (metadataLength > limits.metadata) {
    const words = `Metadata length of ${metadataLength} exceeds limit of ${limits.metadata}.`;
    throw new Refusal(413, words);
  }
  if (value.length > limits.value) {
    throw new Refusal(413, `Value length of ${value.length} exceeds limit of ${limits.value}.`);
  }
  names.add(key);
  transaction(() => entries.put(key, { value, metadata, expiration }));
  return new Response();
}

function expirationOf(query: URLSearchParams, now: number): number | null {
  const refused = (name: string, given: string, words: string) =>
    new Refusal(400, `Invalid ${name} of ${given}. ${words}`);
  const ttlGiven = query.get("expiration_ttl");
  if (ttlGiven !== null) {
    const ttl = Number.parseInt(ttlGiven, 10);
    if (!(ttl > 0)) {
      throw refused("expiration_ttl", ttlGiven, "Please specify integer greater than 0.");
    }
    if (ttl >= limits.expirationTtl) return now + ttl;
    const least = `Expiration TTL must be at least ${limits.expirationTtl}.`;
    throw refused("expiration_ttl", ttlGiven, least);
  }
  const given = query.get("expiration");
  if (given === null) return null;
  const at = Number.parseInt(given, 10);
  if (!(at > now)) {
    const later =
      "Please specify integer greater than the current number of seconds since the UNIX epoch.";
    throw refused("expiration", given, later);
  }
  if (at >= now + limits.expirationTtl) return at;
  const least = `Expiration times must be at least ${limits.expirationTtl} seconds in the future.`;
  throw refused("expiration", given, least);
}

function list({ entries }: KvStore, query: URLSearchParams, now: number): Response {
  const limit = Number.parseInt(query.get("key_count_limit") ?? String(limits.keysOfList), 10);
  if (!(limit >= 1 && limit <= limits.keysOfList)) {
    const wanted = limit > limits.keysOfList ? `less than ${limits.keysOfList}` : "greater than 0";
    throw new Refusal(
      400,
      `Invalid key_count_limit of ${limit}. Please specify an integer ${wanted}.`,
    );
  }
  const prefix = query.get("prefix") ?? "";
  checkLength(prefix);
  const after = cursorKey(query.get("cursor"));
  const found = entries.list({ prefix, after, limit: limit + 1 }, now);
  const keys = found.slice(0, limit).map(({ key, metadata, expiration }) => ({
    name: key,
    ...(expiration === null ? {} : { expiration }),
    // The binding parses it.
    ...(metadata === null ? {} : { metadata }),
  }));
  const last = keys.at(-1);
  return found.length > limit && last
    ? Response.json({ keys, list_complete: false, cursor: cursorOf(last.name) })
    : Response.json({ keys, list_complete: true });
}

/** The last key that was told, so that what is put or deleted meanwhile moves no page. */
const cursorOf = (key: string): string => btoa(encodeURIComponent(key));

function cursorKey(cursor: string | null): string | null {
  if (!cursor) return null;
  try {
    return decodeURIComponent(atob(cursor));
  } catch {
    throw new Refusal(400, "Invalid cursor.");
  }
}
