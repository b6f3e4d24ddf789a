/** @module The bindings and settings of wrangler.toml (docs/deploy.md). */
import type { Catalog } from "./catalog/object.ts";
import type { Counter } from "./counting/counter.ts";

export interface Env {
  LINKS: KVNamespace;
  COUNTS: KVNamespace;
  CATALOG: DurableObjectNamespace<Catalog>;
  COUNTER: DurableObjectNamespace<Counter>;
  /** The first bearer key, with every scope. */
  ADMIN_KEY?: string;
  /** Origin of short links, such as `https://live.example.cn`; else the request's own. */
  PUBLIC_URL?: string;
  /** The operator's own host names, comma-separated, allowed as destinations of platform `web`. */
  EXTRA_DESTINATION_HOSTS?: string;
  /** Milliseconds a batch of counts gathers; 250 unless set. */
  COUNT_WINDOW_MS?: string;
  /** Seconds between two publications of a shard to KV; 10 unless set. */
  PUBLISH_SECONDS?: string;
  DEFAULT_TIMEZONE?: string;
}

/** The operator's own destination hosts, from the setting. */
export function extraHosts(env: Env): string[] {
  return (env.EXTRA_DESTINATION_HOSTS ?? "")
    .split(",")
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== "");
}

/** Origin of short links: the setting, else the one that was asked. */
export function publicOrigin(env: Env, requestUrl: string): string {
  const set = env.PUBLIC_URL?.trim();
  if (set) return set.replace(/\/+$/, "");
  const end = requestUrl.indexOf("/", requestUrl.indexOf("//") + 2);
  return end === -1 ? requestUrl : requestUrl.slice(0, end);
}
