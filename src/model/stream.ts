/** @module Streams and links as the Catalog keeps and answers them. Times are UTC milliseconds. */

import { type Keyed, tableOf } from "../lib/records.ts";
import type { Said } from "../lib/said.ts";
import type { Destination, PlatformName } from "../platforms/registry/edge.ts";
import type { Durability, Landing } from "./edge-records.ts";

export const tiers = ["KOL", "KOC", "staff", "brand"] as const;
export const channelClasses = ["social", "commerce", "work", "owned", "paid", "other"] as const;
export type ChannelClass = (typeof channelClasses)[number];

export interface Creator {
  id: string;
  name?: string | undefined;
  tier?: (typeof tiers)[number] | undefined;
}

/** The ids that a platform's orders carry back to their promoter. */
export type Promotion = Keyed<Keyed<string | undefined> | undefined>;

export interface Stream {
  id: string;
  version: number;
  title: string;
  host: string | null;
  cover: string | null;
  startsAt: number | null;
  endsAt: number | null;
  timezone: string;
  destinations: Destination[];
  primary: PlatformName;
  landing: Landing;
  durability: Durability;
  shards: number;
  shardsEver: number;
  after: Destination | null;
  phase: "live" | "ended" | null;
  secret: string;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
  purgedAt: number | null;
}

export interface Link {
  slug: string;
  version: number;
  streamId: string;
  creator: Creator | null;
  channel: string | null;
  channelClass: string | null;
  campaign: string | null;
  tags: string[];
  destinations: Destination[] | null;
  primary: PlatformName | null;
  expiresAt: number | null;
  note: string | null;
  externalId: string | null;
  promotion: Promotion | null;
  disabled: boolean;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

/** What a key may do; which scope includes which is the API's to say (auth/scopes.ts). */
export const scopes = [
  "links:read",
  "links:write",
  "stats:read",
  "conversions:write",
  "admin",
] as const;
export type Scope = (typeof scopes)[number];

type Given<T> = { [K in keyof T]?: T[K] | undefined };

export type NewStream = Pick<Stream, "title" | "timezone" | "destinations" | "primary"> &
  Given<
    Pick<Stream, "host" | "startsAt" | "endsAt" | "landing" | "durability" | "shards" | "after">
  >;

export type StreamChange = Given<
  Pick<
    Stream,
    | "title"
    | "host"
    | "startsAt"
    | "endsAt"
    | "timezone"
    | "destinations"
    | "primary"
    | "landing"
    | "durability"
    | "shards"
    | "after"
    | "phase"
    | "cover"
  >
>;

export type NewLink = Given<
  Pick<
    Link,
    | "slug"
    | "creator"
    | "channel"
    | "channelClass"
    | "campaign"
    | "tags"
    | "destinations"
    | "primary"
    | "expiresAt"
    | "note"
    | "externalId"
    | "promotion"
  >
>;

export type LinkChange = Given<Omit<NewLink, "slug"> & Pick<Link, "disabled">>;

export interface LinkFilter {
  streamId?: string | undefined;
  creator?: string | undefined;
  channel?: string | undefined;
  campaign?: string | undefined;
  tag?: string | undefined;
  q?: string | undefined;
}

export interface StreamFilter {
  phase?: "upcoming" | "live" | "ended" | undefined;
  q?: string | undefined;
}

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** What can go wrong in the Catalog; the API turns each into a problem document. */
export type CatalogFailure =
  | { ok: false; code: "not_found"; detail: Said }
  /** `taken`: which of the asked links, by their place in the request. */
  | { ok: false; code: "slug_taken"; detail: Said; taken: { index: number; slug: string }[] }
  | { ok: false; code: "invalid"; detail: Said; pointer: string };

export type Result<T> = { ok: true; value: T } | CatalogFailure;

/** Known channel names → their class. The part before `-` names the platform, the rest the place in it. */
const classByName = tableOf<ChannelClass>({
  wechat: "social",
  weixin: "social",
  moments: "social",
  weibo: "social",
  xiaohongshu: "social",
  red: "social",
  douyin: "social",
  kuaishou: "social",
  qq: "social",
  bilibili: "social",
  zhihu: "social",
  douban: "social",
  taobao: "commerce",
  tmall: "commerce",
  jd: "commerce",
  pinduoduo: "commerce",
  hema: "commerce",
  dingtalk: "work",
  feishu: "work",
  lark: "work",
  wecom: "work",
  sms: "owned",
  email: "owned",
  edm: "owned",
  app: "owned",
  website: "owned",
  offline: "owned",
  qianchuan: "paid",
  ads: "paid",
  ad: "paid",
  paid: "paid",
});

/** The class of a known channel name (`wechat-group` social, `jd-shop` commerce), else `other`. */
export function classOfChannel(channel: string): ChannelClass {
  const name = channel.toLowerCase();
  const parts = name.split("-");
  if (parts.some((part) => classByName.get(part) === "paid")) return "paid";
  return classByName.get(name) ?? classByName.get(parts[0] ?? "") ?? "other";
}
