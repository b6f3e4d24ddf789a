/**
 * @module What an adapter says of an alliance's open API: how a call is signed, what its answers mean, which feeds of
 * orders it has, how its tokens are renewed and its promoted links made. Pure: an adapter makes requests and reads
 * answers, and never sends one; pull.ts is the one machine that does. An alliance is a file of `adapters/` and its line
 * in `registry.ts` (docs/extending.md).
 */
import type { Said } from "../lib/said.ts";
import type { OrderEvent } from "../orders/order-line.ts";
import type { Destination, PlatformName } from "../platforms/registry/edge.ts";

export const allianceNames = [
  "taobao-union",
  "jd-union",
  "douyin-shop",
  "kuaishou",
  "pinduoduo",
  "wechat-shop",
  "xiaohongshu",
] as const;
export type AllianceName = (typeof allianceNames)[number];

/** What a connection is given to sign with, and what renewing adds. Which of them an alliance takes: its `credentials`. */
export interface Credentials {
  appKey: string;
  appSecret: string;
  /** Taobao's word for an access token. */
  session?: string;
  accessToken?: string;
  refreshToken?: string;
  /** When the access token or session ends, UTC ms. */
  expiresAt?: number;
  /** When the refresh token ends, UTC ms: then somebody must authorise again. */
  refreshExpiresAt?: number;
  /** Kuaishou signs with another secret than it gives tokens for. */
  signSecret?: string;
  /** WeChat's message push: what signatures are made with, and the key of 43 characters that events are encrypted by. */
  pushToken?: string;
  encodingAesKey?: string;
  /** Xiaohongshu's method of the CPS settle query, whose name no public document says. */
  cpsSettleMethod?: string;
}
type CredentialName = keyof Credentials;

/** A call of an API before it is signed. */
export interface Call {
  /** The method's name as the documentation has it, `taobao.tbk.order.details.get`; or a path. */
  method: string;
  /** The business parameters, unsigned and unserialised. */
  params: object;
}

/** A request ready to be sent. */
export interface SignedRequest {
  url: string;
  method: "GET" | "POST";
  headers: { readonly [name in "Content-Type"]?: string };
  body?: string;
}

/**
 * What a refusal means for whoever called.
 * `retry`: a passing fault, also what can't be read. `throttled`: too fast; `waitMs` where the answer says how long.
 * `quota`: nothing more today. `shrink`: too many rows in the window. `window`: the window is wider than the rules allow now.
 * `expired`: the token has ended or is not good. `denied`: no permission, wrong secret, blocked: never asked again by itself.
 * `refused`: this one thing can't be done, such as a link of a room that is not on; asking again does not help.
 */
export type FaultKind =
  | "retry"
  | "throttled"
  | "quota"
  | "shrink"
  | "window"
  | "expired"
  | "denied"
  | "refused";

export interface Fault {
  ok: false;
  kind: FaultKind;
  /** The platform's own code, such as `isv.permission-api-package-limit`; ours where it has none: `not_json`, `http_502`. */
  code: string;
  /** The platform's own words, at most 300 characters; never what was sent. */
  detail: string;
  waitMs?: number;
}
/** What an answer holds, out of its envelope. */
export type Opened = { ok: true; data: unknown } | Fault;

/** A row as an order event; or why it is none, `null` where it is none by its nature (a parent that was split). */
export type Row = { ok: true; event: OrderEvent } | { ok: false; detail: string | null };

export interface Page {
  rows: readonly Row[];
  /** Ids whose rows come one call each: a list that names its orders alone. */
  details?: readonly string[];
  /** The cursor of the next page of this window; `null`: this was the last. */
  next: string | null;
}

/** UTC ms, the end excluded where the platform excludes it. */
export interface Window {
  start: number;
  end: number;
}

/** One list of a platform's, asked by update time. */
export interface Feed {
  name: string;
  /** The widest window that begins at this moment, ms: campaigns have narrower ones. */
  windowMs: (start: number) => number;
  /** How far back it reaches, ms. */
  backMs: number;
  /** What must be there for it, beside what the adapter needs; without it the feed is left out. */
  needs?: CredentialName;
  call: (window: Window, cursor: string | null, credentials: Credentials) => Call;
  page: (data: unknown, cursor: string | null) => Page;
  /** Of a list that names its orders alone. */
  detail?: {
    call: (id: string, credentials: Credentials) => Call;
    rows: (data: unknown, id: string) => readonly Row[];
  };
}

/** Fresh credentials, as far as they change. */
export type Renewed = { ok: true; credentials: Partial<Credentials> } | Fault;

export interface Renewal {
  /** Renewed when it ends within this, ms. */
  aheadMs: number;
  request: (credentials: Credentials, base: string, at: number) => SignedRequest;
  read: (status: number, text: string, at: number) => Renewed;
  /** The token is made of key and secret alone (WeChat), so that one is made where there is none. */
  isOfSecret?: true;
}

/** A link that is to have a promoted URL of its own. */
export interface Wanted {
  slug: string;
  /** Where it leads, on a platform of the alliance's. */
  destination: Destination;
  /** The link's ids of this alliance, and the sub-id made of its slug: field → value (orders/sub-ids.ts). */
  // biome-ignore lint/plugin: the fields are an alliance's own, PlatformOrders.ids
  ids: Readonly<Record<string, string>>;
}

export interface Promoted {
  /** An https URL of the platform's. */
  url: string;
  /** 口令, whole, as it must be pasted. */
  shareText: string | null;
  /** When the URL or the 口令 ends, UTC ms; `null`: nothing says so. */
  expiresAt: number | null;
}

export type Promotion =
  | { ok: true; promoted: Promoted }
  /** A further call says the rest; `promoted` is what is known by now. */
  | { ok: true; promoted: Promoted; further: { call: Call; read: (data: unknown) => Promoted } }
  | Fault;

export interface PromotionMaker {
  /** @returns why this link can't be promoted, before anything is asked: what it lacks, in both languages */
  call: (
    wanted: Wanted,
    credentials: Credentials,
  ) => { ok: true; call: Call } | { ok: false; code: string; detail: Said };
  read: (data: unknown, wanted: Wanted, at: number) => Promotion;
  /** Whether one that ends can be made anew by the same call. */
  isRenewable: boolean;
}

export interface Adapter {
  name: AllianceName;
  /** What a person calls it. */
  title: Said;
  /** Where its orders are told to be from; other platforms whose rooms they may come from are its `rooms`. */
  platform: PlatformName;
  /** The platform's own origin, and a path before every other where it has one; no slash at the end. */
  base: string;
  /** What a connection may be given beside `appKey` and `appSecret`. */
  credentials: readonly { name: CredentialName; isNeeded: boolean }[];
  /** ms between two rounds of pulling: while a stream of the platform is on, and else. */
  everyMs: { live: number; rest: number };
  /** The least ms between two calls of one account. */
  spacingMs: number;
  /** @param at the moment to sign with, UTC ms */
  sign: (call: Call, credentials: Credentials, base: string, at: number) => SignedRequest;
  /** @param call what was asked: some envelopes are named after it */
  open: (call: Call, status: number, text: string, at: number) => Opened;
  feeds: readonly Feed[];
  renewal?: Renewal;
  promotions?: PromotionMaker;
  returns?: ReturnReport;
}

/** How many came to where a link leads by what was copied or shared of it, as the platform counts them. */
export interface Arrivals {
  /** How often. */
  pv: number;
  /** By how many people, of a day. */
  uv: number;
}

/** What of a link such a report is asked by. */
export interface Returning {
  /** Its own destinations, as far as they are on platforms of the alliance's rooms. */
  destinations: readonly Destination[];
  /** As of `Wanted`, its creator's ids among them. */
  // biome-ignore lint/plugin: the fields are an alliance's own, PlatformOrders.ids
  ids: Readonly<Record<string, string>>;
}

export const returnSources = ["taobao", "wechat"] as const;

/** A report that is asked link by link, and tells of one day in Beijing up to now. */
export interface ReturnReport {
  source: (typeof returnSources)[number];
  /**
   * @param day from its midnight in Beijing up to now
   * @returns the call, and what it asks about, which the figures are kept under; `null`: nothing of this link can be asked
   */
  ask: (link: Returning, day: Window) => { key: string; call: Call } | null;
  /** @returns `null` where the answer has no figures */
  read: (data: unknown) => Arrivals | null;
  /** Codes with which an account is refused its orders that may have this report all the same. */
  withoutOrders?: ReadonlySet<string>;
}
