/** @module The bindings and settings of wrangler.toml (docs/deploy.md). */
import type { Orders } from "./attribution/object.ts";
import type { Catalog } from "./catalog/object.ts";
import type { Counter } from "./counting/counter.ts";
import { isTimeZone } from "./counting/zone.ts";
import { listedHost } from "./notify/listed.ts";
import type { Notifier } from "./notify/object.ts";
import { wechatAccount } from "./wechat/account.ts";
import type { WechatCredentials } from "./wechat/object.ts";

export interface Env {
  LINKS: KVNamespace;
  COUNTS: KVNamespace;
  CATALOG: DurableObjectNamespace<Catalog>;
  COUNTER: DurableObjectNamespace<Counter>;
  ORDERS: DurableObjectNamespace<Orders>;
  /** Files that the Worker serves beside its own answers: the console, `/docs`. */
  ASSETS: Fetcher;
  WECHAT: DurableObjectNamespace<WechatCredentials>;
  NOTIFIER: DurableObjectNamespace<Notifier>;
  /** Limits (src/limits.ts); where a binding is missing, nothing is limited. */
  API_LIMIT?: RateLimit;
  REFUSAL_LIMIT?: RateLimit;
  SIGN_IN_LIMIT?: RateLimit;
  BEACON_LIMIT?: RateLimit;
  STATE_LIMIT?: RateLimit;
  UNKNOWN_LIMIT?: RateLimit;
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
  /** How counts leave the isolate: `do` (default), or `kv` where there are no Durable Objects. */
  COUNT_TRANSPORT?: string;
  /** Header with the visitor's address; `CF-Connecting-IP` unless set. Behind a proxy of one's own: its. */
  CLIENT_ADDRESS_HEADER?: string;
  DEFAULT_TIMEZONE?: string;
  /** The service account whose JS-SDK pages are signed for, and its secret. */
  WECHAT_APP_ID?: string;
  WECHAT_APP_SECRET?: string;
  /** Where WeChat's API is called, such as a proxy of a fixed address; WeChat's own unless set. */
  WECHAT_API_BASE?: string;
  /** Days that the audit log, a deleted stream and sketches of visitors are kept. */
  RETAIN_AUDIT_DAYS?: string;
  RETAIN_DELETED_DAYS?: string;
  RETAIN_VISITORS_DAYS?: string;
  /** Files `MP_verify_….txt`, `WW_verify_….txt`, comma-separated, each with `=content` where it differs. */
  DOMAIN_PROOFS?: string;
  /**
   * Where webhooks may go, comma-separated: host names, or origins such as `http://10.0.0.5:8080` for
   * receivers on a network of one's own; robots may be there too. Unless set: any public host, over https.
   */
  NOTIFY_HOSTS?: string;
}

/**
 * What is wrong with the settings, each named with what was expected; for `/healthz` and the log. Never on
 * the way of a redirect: looking a time zone up starts `Intl`, which takes a cold isolate 20 ms.
 */
export function wrongSettings(env: Env): string[] {
  const wrong: string[] = [];
  const expect = (isRight: boolean, name: keyof Env, what: string) => {
    if (!isRight) wrong.push(`setting ${name}: expected ${what}`);
  };
  const isNumber = (text?: string) => !text || (Number.isFinite(Number(text)) && Number(text) > 0);
  expect(Boolean(env.ADMIN_KEY), "ADMIN_KEY", "a key; it is missing");
  expect(
    !env.PUBLIC_URL || /^https?:\/\/[^/?#\s]+\/*$/.test(env.PUBLIC_URL.trim()),
    "PUBLIC_URL",
    "an origin such as https://live.example.cn",
  );
  expect(isNumber(env.COUNT_WINDOW_MS), "COUNT_WINDOW_MS", "a number above 0");
  expect(
    !env.CLIENT_ADDRESS_HEADER || addressHeader.test(env.CLIENT_ADDRESS_HEADER),
    "CLIENT_ADDRESS_HEADER",
    "a header's name, such as X-Real-IP",
  );
  expect(isNumber(env.PUBLISH_SECONDS), "PUBLISH_SECONDS", "a number above 0");
  for (const name of [
    "RETAIN_AUDIT_DAYS",
    "RETAIN_DELETED_DAYS",
    "RETAIN_VISITORS_DAYS",
  ] as const) {
    expect(daysOf(env[name]) !== null, name, "a number of days, 0 or more");
  }
  expect(["", "do", "kv"].includes(env.COUNT_TRANSPORT ?? ""), "COUNT_TRANSPORT", "do or kv");
  expect(
    !env.DEFAULT_TIMEZONE || isTimeZone(env.DEFAULT_TIMEZONE),
    "DEFAULT_TIMEZONE",
    "an IANA time zone, such as Asia/Shanghai",
  );
  expect(
    extraHosts(env).every((host) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(host)),
    "EXTRA_DESTINATION_HOSTS",
    "host names parted by commas",
  );
  expect(
    !env.WECHAT_APP_ID || /^wx[0-9a-f]{16}$/.test(env.WECHAT_APP_ID.trim()),
    "WECHAT_APP_ID",
    "an app id: wx and 16 hexadecimal digits",
  );
  for (const [name, other] of [
    ["WECHAT_APP_ID", "WECHAT_APP_SECRET"],
    ["WECHAT_APP_SECRET", "WECHAT_APP_ID"],
  ] as const) {
    expect(
      !env[other]?.trim() || Boolean(env[name]?.trim()),
      name,
      `a value, since ${other} is set`,
    );
  }
  expect(
    !env.WECHAT_API_BASE ||
      /^https?:\/\/[^/?#\s@]+(?:\/[^?#\s]*)?$/.test(env.WECHAT_API_BASE.trim()),
    "WECHAT_API_BASE",
    "a URL such as https://wechat-proxy.example.cn",
  );
  expect(
    parts(env.DOMAIN_PROOFS).every((entry) => proofShape.test(entry)),
    "DOMAIN_PROOFS",
    "file names such as MP_verify_AbCdEf.txt parted by commas, each with =content where it is another than the code in its name",
  );
  expect(
    notifyHosts(env).every((entry) => listedHost(entry) !== null),
    "NOTIFY_HOSTS",
    "host names or origins such as https://hooks.example.cn parted by commas",
  );
  return wrong;
}

export function defaultTimezone(env: Env): string {
  const set = env.DEFAULT_TIMEZONE;
  return set && isTimeZone(set) ? set : "Asia/Shanghai";
}

const addressHeader = /^[A-Za-z0-9-]{1,64}$/;

export interface Settings {
  /** Milliseconds a batch of counts gathers; `undefined`: by the stream's durability. */
  countWindow: number | undefined;
  /** Milliseconds between two publications of a shard. */
  publishEvery: number;
  transport: "do" | "kv";
  addressHeader: string;
  /** Origin of short links, without a slash at its end; `undefined`: that of each request. */
  publicUrl: string | undefined;
  /** Whether pages inside WeChat can be signed for its JS-SDK. */
  hasWechat: boolean;
  /** How long things are kept, in ms; `visitorsFor` `undefined`: for ever. */
  retention: { auditFor: number; deletedFor: number; visitorsFor: number | undefined };
}

const day = 86_400_000;
/** Longer than isolates know a deleted link for open, and send what they counted of it. */
const deletedAtLeast = 15 * 60_000;

/** @returns ms; `undefined` when it is not set, `null` when it is wrong */
function daysOf(text: string | undefined): number | undefined | null {
  if (text === undefined || text === "") return undefined;
  const days = Number(text);
  return Number.isFinite(days) && days >= 0 ? days * day : null;
}

const read = new WeakMap<Env, Settings>();

/** The settings of the data plane. A wrong one is named in the log, and its default taken: links open all the same. */
export function settings(env: Env): Settings {
  const known = read.get(env);
  if (known) return known;
  const publicUrl = env.PUBLIC_URL?.trim();
  const made: Settings = {
    countWindow: positive(env.COUNT_WINDOW_MS, 1),
    publishEvery: positive(env.PUBLISH_SECONDS, 1_000) ?? 10_000,
    transport: env.COUNT_TRANSPORT === "kv" ? "kv" : "do",
    addressHeader: addressHeader.test(env.CLIENT_ADDRESS_HEADER ?? "")
      ? (env.CLIENT_ADDRESS_HEADER ?? "")
      : "CF-Connecting-IP",
    publicUrl:
      publicUrl && /^https?:\/\//.test(publicUrl) ? publicUrl.replace(/\/+$/, "") : undefined,
    hasWechat: wechatAccount(env).ok,
    retention: {
      auditFor: daysOf(env.RETAIN_AUDIT_DAYS) ?? 365 * day,
      deletedFor: Math.max(daysOf(env.RETAIN_DELETED_DAYS) ?? 30 * day, deletedAtLeast),
      visitorsFor: daysOf(env.RETAIN_VISITORS_DAYS) ?? undefined,
    },
  };
  read.set(env, made);
  return made;
}

function positive(text: string | undefined, factor: number): number | undefined {
  if (text === undefined || text === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number * factor : undefined;
}

/** The entries of a setting that lists them with commas. */
function parts(text = ""): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** The operator's own destination hosts, from the setting. */
export function extraHosts(env: Env): string[] {
  return parts(env.EXTRA_DESTINATION_HOSTS?.toLowerCase());
}

/** Where notifiers may send, beside the robots' own hosts; empty: any public host, over https. */
export function notifyHosts(env: Env): string[] {
  return parts(env.NOTIFY_HOSTS);
}

const proofShape = /^((?:MP|WW)_verify_([A-Za-z0-9_-]{1,64})\.txt)(?:=([\x21-\x7e]{1,256}))?$/;

/** What the files of DOMAIN_PROOFS hold, by name: the code in the name, unless the setting says otherwise. */
export function domainProofs(env: Env): Map<string, string> {
  return new Map(
    parts(env.DOMAIN_PROOFS).flatMap((entry): [string, string][] => {
      const [, name, code, content = code] = proofShape.exec(entry) ?? [];
      return name && content ? [[name, content]] : [];
    }),
  );
}

/** Origin of short links: the setting, else the one that was asked. */
export function publicOrigin(env: Env, requestUrl: string): string {
  const { publicUrl } = settings(env);
  if (publicUrl !== undefined) return publicUrl;
  const end = requestUrl.indexOf("/", requestUrl.indexOf("//") + 2);
  return end === -1 ? requestUrl : requestUrl.slice(0, end);
}
