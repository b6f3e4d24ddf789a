/** @module How the tests in workerd speak to the service: through its own entry, as anyone would. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { exports, env as runtimeEnv } from "cloudflare:workers";
import type { Connections } from "../../src/alliances/object.ts";
import type { Catalog } from "../../src/catalog/object.ts";
import type { Env } from "../../src/config/env.ts";
import type { Counter } from "../../src/counting/counter/object.ts";
import { Ports } from "../../src/edge/ports.ts";
import { storeOf } from "../../src/edge/store-over-bindings.ts";
import type { Notifier } from "../../src/notify/object.ts";
import type { Orders } from "../../src/orders/object.ts";
import type { WechatCredentials } from "../../src/wechat/object.ts";

/** The objects by their classes, which a test may look into. */
interface Objects {
  CATALOG: DurableObjectNamespace<Catalog>;
  COUNTER: DurableObjectNamespace<Counter>;
  ORDERS: DurableObjectNamespace<Orders>;
  NOTIFIER: DurableObjectNamespace<Notifier>;
  CONNECTIONS: DurableObjectNamespace<Connections>;
  WECHAT: DurableObjectNamespace<WechatCredentials>;
}

export const env = runtimeEnv as unknown as Objects & Env;

/** What recording takes, with these bindings; what goes on behind answers is left to itself. */
export const portsWith = (
  bindings: Env,
  background = { waitUntil: (work: Promise<unknown>) => void work.catch(() => undefined) },
) => new Ports(bindings, storeOf(bindings), background, origin);

const worker = (exports as unknown as { default: Fetcher }).default;
export const origin = "https://go.example.cn";

export function fetchRaw(path: string, init: RequestInit = {}): Promise<Response> {
  return worker.fetch(`${origin}${path}`, { redirect: "manual", ...init });
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

// biome-ignore lint/suspicious/noExplicitAny: what the API answers is what the tests look at
export async function api<T = any>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const response = await fetchRaw(path, {
    method,
    headers: {
      Authorization: "Bearer test-key-of-the-administrator",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === "" ? null : JSON.parse(text)) as T,
  };
}

/** Opens a link as a user agent. */
export function open(slug: string, userAgent: string, headers: Record<string, string> = {}) {
  return fetchRaw(`/${slug}`, { headers: { "User-Agent": userAgent, ...headers } });
}

/** Waits until a condition holds, at most as long as a count may take to be seen. */
export async function until(holds: () => Promise<boolean>, within = 5_000): Promise<void> {
  const end = Date.now() + within;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not hold within ${within} ms`);
    await scheduler.wait(50);
  }
}

export const taobaoUrl = "https://tbzb.taobao.com/live?liveId=532359023188";

/** A stream with one link, by the short way. */
export async function quickLink(fields: Record<string, unknown> = {}) {
  const { status, body } = await api("POST", "/api/links", { url: taobaoUrl, ...fields });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { slug: body.link.slug as string, streamId: body.stream.id as string };
}

/** Sweeps, as if the half minute were over for which a Counter that failed is left in peace. */
export async function sweepNow(): Promise<void> {
  const catalog = env.CATALOG.getByName("catalog");
  await runInDurableObject(catalog, (_, { storage }) => {
    storage.sql.exec(
      "UPDATE state SET value = json_set(value, '$.nextAt', 0, '$.state.resting', json('{}')) WHERE name = 'sweep'",
    );
    return storage.setAlarm(Date.now() + 3_600_000);
  });
  await runDurableObjectAlarm(catalog);
}

/** Makes the Catalog's KV refuse every put, until the returned function is called. */
export async function breakKv(): Promise<() => Promise<void>> {
  const replace = (kv: unknown) =>
    runInDurableObject(env.CATALOG.getByName("catalog"), (instance) => {
      const holder = instance as unknown as { env: Record<string, unknown> };
      holder.env = { ...holder.env, LINKS: kv };
    });
  await replace({ put: () => Promise.reject(new Error("KV PUT failed: 429 Too Many Requests")) });
  return () => replace(env.LINKS);
}

/** A promise of a call between objects must be taken at once, or it is called unhandled. */
export const errorOf = async (call: () => Promise<unknown>): Promise<string> => {
  try {
    await call();
  } catch (error) {
    return String(error);
  }
  return "";
};
