import { runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, env, fetchRaw, open, quickLink } from "./client.ts";

function counter(): () => number {
  let count = 0;
  return () => {
    count += 1;
    return count;
  };
}

/** An address of its own for each test. */
const newHost = counter();
const newAddress = () => ({ "CF-Connecting-IP": `203.0.113.${newHost()}` });

async function statusesOf(
  times: number,
  ask: () => Promise<Response>,
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (let done = 0; done < times; done += 50) {
    const answers = await Promise.all(Array.from({ length: Math.min(50, times - done) }, ask));
    for (const answer of answers) {
      found.set(answer.status, (found.get(answer.status) ?? 0) + 1);
      await answer.body?.cancel();
    }
  }
  return found;
}

/**
 * Asks until it is refused. The limiter counts in windows of ten seconds, of which one may end meanwhile.
 *
 * @returns how often each status was answered
 */
async function untilRefused(
  limit: number,
  ask: () => Promise<Response>,
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (let asked = 0; asked < 3 * limit && !found.has(429); asked += 50) {
    for (const [status, times] of await statusesOf(50, ask)) {
      found.set(status, (found.get(status) ?? 0) + times);
    }
  }
  return found;
}

/** Counts what the Catalog is asked while something runs. */
async function catalogCalls(run: () => Promise<void>): Promise<string[]> {
  const calls: string[] = [];
  const names = ["link", "stream", "useKey", "statsContext", "listLinks"];
  const stub = env.CATALOG.getByName("catalog");
  await runInDurableObject(stub, (instance) => {
    const object = instance as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const name of names) {
      const own = object[name]?.bind(object);
      object[name] = (...args) => {
        calls.push(name);
        return own?.(...args);
      };
    }
  });
  await run();
  await runInDurableObject(stub, (instance) => {
    for (const name of names) delete (instance as unknown as Record<string, unknown>)[name];
  });
  return calls;
}

describe("unknown slugs", () => {
  it("are 429 with Retry-After for an address that tries hundreds, and never asked of the Catalog", async ({
    expect,
  }) => {
    const headers = newAddress();
    const { slug } = await quickLink();
    const number = counter();
    // The window may end at any moment: what is looked at is an answer within it.
    let refused: Response | undefined;
    const calls = await catalogCalls(async () => {
      const statuses = await untilRefused(200, async () => {
        const answer = await fetchRaw(`/none-${number()}`, { headers });
        if (answer.status === 429) refused ??= answer.clone();
        return answer;
      });
      expect(statuses.get(404)).toBeGreaterThanOrEqual(200);
      expect(statuses.get(429)).toBeGreaterThan(0);
      expect([...statuses.keys()].sort()).toEqual([404, 429]);
    });
    expect(calls).toEqual([]);
    expect(Number(refused?.headers.get("Retry-After"))).toBeGreaterThanOrEqual(1);
    expect(await refused?.json()).toMatchObject({ status: 429, code: "rate_limited" });
    // The same address still opens links, and another is not concerned.
    expect((await open(slug, agents.taobaoIos, headers)).status).toBe(302);
    expect((await fetchRaw("/none-such", { headers: newAddress() })).status).toBe(404);
  });

  it("are looked up in KV once in two seconds, however often they are asked for", async ({
    expect,
  }) => {
    let reads = 0;
    const { LINKS } = env as unknown as { LINKS: { get: KVNamespace["get"] } };
    const { LinkCache } = await import("../../src/edge/link-cache.ts");
    const { recordsIn } = await import("../../src/edge/store-over-bindings.ts");
    const counted = {
      get: (...args: unknown[]) => {
        reads += 1;
        return (LINKS.get as (...given: unknown[]) => unknown).apply(LINKS, args);
      },
    } as unknown as KVNamespace;
    const cache = new LinkCache();
    for (let index = 0; index < 50; index += 1) {
      const background = { waitUntil: () => undefined };
      expect(await cache.find("none-such", recordsIn(counted), Date.now(), background)).toBeNull();
    }
    expect(reads).toBe(1);
  });
});

describe("beacons and state", () => {
  it("are limited by address, generously: many phones share one", async ({ expect }) => {
    const { slug } = await quickLink();
    for (const [path, method, good] of [
      [`/${slug}/events`, "POST", 204],
      [`/${slug}/state`, "GET", 200],
    ] as const) {
      const headers = { ...newAddress(), "User-Agent": agents.wechatIos };
      const init = { method, headers, ...(method === "POST" ? { body: "{}" } : {}) };
      const statuses = await untilRefused(2_000, () => fetchRaw(path, init));
      expect(statuses.get(good)).toBeGreaterThanOrEqual(2_000);
      expect(statuses.get(429)).toBeGreaterThan(0);
      expect((await open(slug, agents.wechatIos, headers)).status).toBe(200);
    }
  });
});

describe("the API", () => {
  it("lets one key ask 200 times a second for seconds, and refuses above 5,000 in ten", async ({
    expect,
  }) => {
    const { body } = await api("POST", "/api/keys", { name: "poller", scopes: ["links:read"] });
    const headers = { Authorization: `Bearer ${body.secret}` };
    const { slug } = await quickLink();
    const statuses = await statusesOf(2_000, () => fetchRaw(`/api/links/${slug}`, { headers }));
    expect([...statuses]).toEqual([[200, 2_000]]);
    const limit = { limit: async () => ({ success: false }) } as unknown as RateLimit;
    const { limitKey } = await import("../../src/api/middleware/limits.ts");
    await expect(limitKey("key", { ...env, API_LIMIT: limit })).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterSeconds: 10,
    });
  });

  it("is 429 for an address that tries many wrong keys, before the Catalog is asked", async ({
    expect,
  }) => {
    const headers = newAddress();
    const number = counter();
    const wrong = () =>
      fetchRaw("/api/links", {
        headers: {
          ...headers,
          Authorization: `Bearer mg_${String(number()).padStart(43, "0")}`,
        },
      });
    const statuses = await untilRefused(100, wrong);
    expect(statuses.get(401)).toBeGreaterThanOrEqual(100);
    expect(statuses.get(429)).toBeGreaterThan(0);
    expect(await catalogCalls(async () => void (await statusesOf(50, wrong)))).toEqual([]);
    const refused = await wrong();
    expect(refused.headers.get("Content-Type")).toBe("application/problem+json");
    expect(refused.headers.get("Retry-After")).toBe("10");
  });

  it("bounds bodies and lists", async ({ expect }) => {
    const { streamId } = await quickLink();
    const large = JSON.stringify({ text: "x".repeat(1_100_000) });
    expect((await api("POST", "/api/inspect", large)).status).toBe(413);
    const links = JSON.stringify([{ note: "x".repeat(4_300_000) }]);
    expect((await api("POST", `/api/streams/${streamId}/links`, links)).status).toBe(413);
    for (const path of ["/api/links", "/api/streams", "/api/keys", "/api/audit"]) {
      for (const limit of ["0", "201", "-1", "1e9", "x", "1.5"]) {
        const { status, body } = await api("GET", `${path}?limit=${limit}`);
        expect([path, limit, status]).toEqual([path, limit, 400]);
        expect(body.errors[0].pointer).toBe("?limit");
      }
    }
    const many = Array.from({ length: 501 }, () => ({}));
    expect((await api("POST", `/api/streams/${streamId}/links`, many)).status).toBe(400);
    const orders = Array.from({ length: 1_001 }, () => ({}));
    expect((await api("POST", "/api/conversions", orders)).status).toBe(400);
  });
});
