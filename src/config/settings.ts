/**
 * @module The settings as the service takes them, and what is wrong with them, both from one table. A wrong one
 * has no effect: its default is taken, and links open all the same. Nothing of Cloudflare's is imported
 * here, since the start script reads the names.
 */
import type { EdgeSecret } from "./readers.ts";
import { type Given, type Setting, settingNames, table, take, textOf } from "./table.ts";

export { settingNames };

export interface Settings {
  /** The first API key; `undefined` where none is set that could be valid. */
  adminKey: string | undefined;
  /** Whether this runs on a server of one's own: nothing in front is trusted unless a setting names it. */
  isOwnServer: boolean;
  /** Origin of short links, without a slash at its end; `undefined`: that of each request. */
  publicUrl: string | undefined;
  /** The operator's own host names, as destinations and for covers. */
  extraHosts: readonly string[];
  /** Milliseconds a batch of counts gathers; `undefined`: by the stream's durability. */
  countWindow: number | undefined;
  /** Milliseconds between two publications of a shard. */
  publishEvery: number;
  transport: "do" | "kv";
  /** Of an edge elsewhere: where it delivers, and what it signs with. */
  edge: { origin: string | undefined; secret: EdgeSecret | undefined };
  /** Edges elsewhere that may deliver here; of one name there may be two secrets, while one takes the other's place. */
  edgeSecrets: readonly EdgeSecret[];
  /** The header that says a visitor's address; `undefined`: none is believed. */
  addressHeader: string | undefined;
  /** Which entry of a list in that header counts, from its end: 1 is the last. */
  addressFromEnd: number;
  /** Headers that say a visitor's country and province; both `undefined`: the runtime's own word. */
  countryHeader: string | undefined;
  regionHeader: string | undefined;
  /** Whether provinces are estimated by address, where nothing says them; `undefined`: where the table's age is known. */
  estimatesProvinces: "on" | "off" | undefined;
  /** Opens of one address a minute that count as views and clicks; 0: all. */
  openLimit: number;
  /** The account that pages inside WeChat are signed for. */
  wechat: { appId: string | undefined; secret: string | undefined; apiBase: string };
  /** Whether pages inside WeChat can be signed for its JS-SDK. */
  hasWechat: boolean;
  /** Whose the pages are, where a stream says nothing else (landing/brand.ts). */
  brand: {
    name: string | undefined;
    logo: string | undefined;
    color: string | undefined;
    operator: string | undefined;
    filing: string | undefined;
  };
  /** How long things are kept, in ms; `visitorsForMs` `undefined`: for ever. */
  retention: { auditForMs: number; deletedForMs: number; visitorsForMs: number | undefined };
  /** What the proof files of WeChat and WeCom hold, by name. */
  domainProofs: ReadonlyMap<string, string>;
  /** Origins that notifiers may send to, beside the robots' own; empty: any public host, over https. */
  notifyHosts: readonly string[];
  /** What credentials of connections are sealed under, and what they were before. */
  connectionsKeys: { current: string | undefined; old: string | undefined };
  /** Origins that alliances may be called at, beside the platforms' own. */
  outboundOrigins: readonly string[];
}

/** Longer than isolates know a deleted link for open, and send what they counted of it. */
const deletedAtLeast = 15 * 60_000;
/** A hundred years: what is longer would leave the range of dates. */
const keptAtMost = 36_525 * 86_400_000;

const read = new WeakMap<Given, Settings>();

/** The settings, without the time zone: reading that starts `Intl`, which takes a cold isolate 20 ms. */
export function settings(given: Given): Settings {
  const known = read.get(given);
  if (known) return known;
  const isOwnServer = take(given, "HOSTING") === "own";
  const appId = take(given, "WECHAT_APP_ID");
  const secret = take(given, "WECHAT_APP_SECRET");
  const edge = { origin: take(given, "EDGE_ORIGIN"), secret: take(given, "EDGE_SECRET") };
  const visitorsForMs = take(given, "RETAIN_VISITORS_DAYS");
  const made: Settings = {
    adminKey: take(given, "ADMIN_KEY"),
    isOwnServer,
    publicUrl: take(given, "PUBLIC_URL"),
    extraHosts: take(given, "EXTRA_DESTINATION_HOSTS") ?? [],
    countWindow: take(given, "COUNT_WINDOW_MS"),
    publishEvery: take(given, "PUBLISH_SECONDS"),
    transport: take(given, "COUNT_TRANSPORT"),
    edge,
    edgeSecrets: take(given, "EDGE_SECRETS") ?? [],
    addressHeader:
      take(given, "CLIENT_ADDRESS_HEADER") ?? (isOwnServer ? undefined : "CF-Connecting-IP"),
    addressFromEnd: take(given, "CLIENT_ADDRESS_FROM_END"),
    countryHeader: take(given, "CLIENT_COUNTRY_HEADER"),
    regionHeader: take(given, "CLIENT_REGION_HEADER"),
    estimatesProvinces: take(given, "ESTIMATE_PROVINCES"),
    openLimit: take(given, "OPEN_LIMIT"),
    wechat: { appId, secret, apiBase: take(given, "WECHAT_API_BASE") },
    // An edge elsewhere has pages signed by its origin, which has the account.
    hasWechat: appId !== undefined && (secret !== undefined || edge.origin !== undefined),
    brand: {
      name: take(given, "BRAND_NAME"),
      logo: take(given, "BRAND_LOGO"),
      color: take(given, "BRAND_COLOR"),
      operator: take(given, "OPERATOR_NAME"),
      filing: take(given, "FILING_NUMBER"),
    },
    retention: {
      auditForMs: Math.min(take(given, "RETAIN_AUDIT_DAYS"), keptAtMost),
      deletedForMs: Math.min(
        Math.max(take(given, "RETAIN_DELETED_DAYS"), deletedAtLeast),
        keptAtMost,
      ),
      visitorsForMs: visitorsForMs && Math.min(visitorsForMs, keptAtMost),
    },
    domainProofs: new Map(take(given, "DOMAIN_PROOFS")),
    notifyHosts: take(given, "NOTIFY_HOSTS") ?? [],
    connectionsKeys: {
      current: take(given, "CONNECTIONS_KEY"),
      old: take(given, "CONNECTIONS_KEY_OLD"),
    },
    outboundOrigins: take(given, "OUTBOUND_ORIGINS") ?? [],
  };
  read.set(given, made);
  return made;
}

/** The time zone of streams that name none. Not on the way of a redirect: see {@link settings}. */
export function defaultTimezone(given: Given): string {
  return take(given, "DEFAULT_TIMEZONE");
}

/**
 * What is wrong with the settings, each named with what was expected, never with what was given, which may
 * be a secret; for `/healthz` and the log. Not on the way of a redirect: see {@link settings}.
 */
export function wrongSettings(given: Given): string[] {
  return settingNames.flatMap((name) => {
    const { expected, read, isRequired, neededBy }: Setting<unknown, unknown> = table[name];
    const text = textOf(given, name);
    const told = (what: string) => [`setting ${name}: expected ${what}`];
    if (text === "") {
      if (isRequired) return told(`${expected}; it is missing`);
      const needs = settingNames.find((other) => other === neededBy);
      return needs && textOf(given, needs) !== "" ? told(`a value, since ${needs} is set`) : [];
    }
    const said = read(text);
    if (!said) return told(expected);
    const { leftOut = [] } = said;
    if (leftOut.length === 0) return [];
    const entries = leftOut.length === 1 ? "entry" : "entries";
    return told(`${expected}; ${entries} ${leftOut.join(", ")} left out`);
  });
}
