/** @module What the Catalog answers: a page, or what went wrong, of which the API makes a problem document. */
import type { Said } from "../lib/said.ts";

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export type CatalogFailure =
  /** `missing`: which of the asked links, by their place in the request. */
  | { ok: false; code: "not_found"; detail: Said; missing?: { index: number; slug: string }[] }
  /** `taken`: which of the asked links, by their place in the request. */
  | { ok: false; code: "slug_taken"; detail: Said; taken: { index: number; slug: string }[] }
  | { ok: false; code: "too_many_links"; detail: Said }
  /** `index`: of which of the asked links, where there were several. */
  | { ok: false; code: "invalid"; detail: Said; pointer: string; index?: number };

export type Result<T> = { ok: true; value: T } | CatalogFailure;

export interface LinkFilter {
  streamId?: string | undefined;
  creator?: string | undefined;
  channel?: string | undefined;
  campaign?: string | undefined;
  tag?: string | undefined;
  q?: string | undefined;
  /** Those that were deleted, which can be restored; else the others. */
  deleted?: boolean | undefined;
}

export interface StreamFilter {
  /** Those that were deleted, which can be restored; else the others. */
  deleted?: boolean | undefined;
  phase?: "upcoming" | "live" | "ended" | undefined;
  /** Words, each of which is somewhere in the title, the host or the id. */
  q?: string | undefined;
  /** Where a destination leads. */
  platform?: string | undefined;
  /** Of one of its links. */
  tag?: string | undefined;
  creator?: string | undefined;
  campaign?: string | undefined;
  /** When it begins, UTC ms, `to` excluded; without a start, when it was made. */
  from?: number | undefined;
  to?: number | undefined;
  /** `start`: live ones first, then by when they begin, the latest first; else the newest first. */
  sort?: "start" | undefined;
}
