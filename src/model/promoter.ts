/** @module A link as orders are matched to it: who promotes, and by which ids orders come back. */
import { type Keyed, recordOf } from "../lib/records.ts";
import type { Promotion } from "./promotion.ts";

/** What of a link the matching needs. */
export interface Promoter {
  slug: string;
  streamId: string;
  /** When the link's stream begins, UTC ms. */
  startsAt: number;
  /** The link's `promotion`, by `platform.field`. */
  ids: Keyed<string>;
  /** The creator's name and id. */
  names: string[];
}

/** Nested as the API has it → flat, `jd.subUnionId`. */
export function flatIds(promotion: Promotion | null | undefined): Keyed<string> {
  return recordOf(
    Object.entries(promotion ?? {}).flatMap(([platform, fields]) =>
      Object.entries(fields ?? {}).flatMap(([field, value]): [string, string][] =>
        value === undefined ? [] : [[`${platform}.${field}`, value]],
      ),
    ),
  );
}
