/**
 * @module The edge copies of a stream and a link, as KV `LINKS` holds them (docs/storage.md).
 * Times are UTC milliseconds. `version` rises with every change; a lower one never replaces a higher.
 */
import type { Destination, PlatformName } from "../platforms/registry/edge.ts";

export type Landing = "auto" | "always" | "never";
export type Durability = "fast" | "strict";

export interface StreamRecord {
  id: string;
  version: number;
  title: string;
  host?: string;
  /** Present when a cover is kept; it changes with the picture, so `/{slug}/cover?v=` can be cached. */
  cover?: string;
  startsAt?: number;
  endsAt?: number;
  timezone: string;
  destinations: Destination[];
  primary: PlatformName;
  landing: Landing;
  durability: Durability;
  shards: number;
  /** Where viewers go once the stream has ended and there is no replay. */
  after?: Destination;
  /** Set by hand, it overrides the clock. */
  phase?: "live" | "ended";
  /** Signs the beacons of this stream's pages; random, never shown. */
  secret: string;
  deleted?: true;
}

export interface LinkRecord {
  slug: string;
  version: number;
  streamId: string;
  /** Replace the stream's destinations of the same platform. */
  destinations?: Destination[];
  primary?: PlatformName;
  expiresAt?: number;
  disabled?: true;
  deleted?: true;
}

export const linkKey = (slug: string): string => `link:${slug}`;
export const streamKey = (id: string): string => `stream:${id}`;
/**
 * Where a cover is kept: each picture by itself, so that no put of another that lands late, and no cache of KV's,
 * can stand in its place. The second is where releases before kept the one that a stream had.
 */
export const coverKeys = (id: string, revision: string) =>
  [`cover:${id}:${revision}`, `cover:${id}`] as const;
