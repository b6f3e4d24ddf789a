/**
 * @module The lines of an export, which an import takes: NDJSON, one thing a line. Streams come first, so that
 * what is a stream's finds it there; counts come before the links, so that no open is counted while its
 * counts are still to come; the last line says that all are there. An import takes them in any order.
 */
import type { z } from "@hono/zod-openapi";
import { ArchivedConnection } from "../alliances/archived-connection.ts";
import { KeptCosts, KeptSpend } from "../model/costs-input.ts";
import { KeptOrderLine } from "../model/order.ts";
import { KeptSheet, KeptSheetLines } from "../model/settlement.ts";
import { ArchivedNotifier } from "../notify/notifier.ts";
import { audit, creator, key, link, stream } from "./catalog-lines.ts";
import { counts, cover } from "./count-lines.ts";

/** It rises when an import has to know which it reads; a line of a type that is not known is refused alone. */
export const format = 1;

/** What a line of each type has as its `row`. */
export const rowSchemas = {
  stream,
  key,
  counts,
  cover,
  link,
  creator,
  line: KeptOrderLine,
  costs: KeptCosts,
  spend: KeptSpend,
  settlement: KeptSheet,
  settlementLines: KeptSheetLines,
  notifier: ArchivedNotifier,
  connection: ArchivedConnection,
  audit,
} as const;
export type LineType = keyof typeof rowSchemas;
export const lineTypes = Object.keys(rowSchemas) as LineType[];
export type RowOf<T extends LineType> = z.infer<(typeof rowSchemas)[T]>;
