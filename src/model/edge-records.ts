/**
 * @module The edge copies of a stream and a link, as KV `LINKS` holds them (docs/storage.md): these fields of a row, and
 * none that is empty. `version` rises with every change; a lower one never replaces a higher.
 */
import type { Link } from "./link.ts";
import type { Stream } from "./stream.ts";

export const streamOnEdge = [
  "id",
  "version",
  "title",
  "host",
  "cover",
  "startsAt",
  "endsAt",
  "timezone",
  "destinations",
  "primary",
  "landing",
  "durability",
  "shards",
  "after",
  "brandName",
  "brandLogo",
  "brandColor",
  "operatorName",
  "filingNumber",
  "phase",
  "secret",
] as const satisfies readonly (keyof Stream)[];

export const linkOnEdge = [
  "slug",
  "version",
  "streamId",
  "destinations",
  "primary",
  "expiresAt",
  "adLabel",
  "disabled",
] as const satisfies readonly (keyof Link)[];

/** What is empty in a row: `null`, and `false`. */
type Empty = null | false;
type OnEdge<Row, Name extends keyof Row> = {
  [K in Name as Extract<Row[K], Empty> extends never ? K : never]: Row[K];
} & {
  [K in Name as Extract<Row[K], Empty> extends never ? never : K]?: Exclude<Row[K], Empty>;
} & { deleted?: true };

export type StreamRecord = OnEdge<Stream, (typeof streamOnEdge)[number]>;
export type LinkRecord = OnEdge<Link, (typeof linkOnEdge)[number]>;
export type Landing = Stream["landing"];
export type Durability = Stream["durability"];

export const linkKey = (slug: string): string => `link:${slug}`;
export const streamKey = (id: string): string => `stream:${id}`;
/**
 * Where a cover is kept: each picture by itself, so that no put of another that lands late, and no cache of KV's,
 * can stand in its place. The second is where releases before kept the one that a stream had.
 */
export const coverKeys = (id: string, revision: string) =>
  [`cover:${id}:${revision}`, `cover:${id}`] as const;
export const isCoverKey = (key: string): boolean => key.startsWith("cover:");
