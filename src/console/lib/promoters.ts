/**
 * @module Promoters pasted as a table; what is wrong is said by row. The table is read as the API reads one
 * (model/links-table.ts): by its heads, else as name, channel, slug. Pure.
 */

import { knownChannels } from "../../model/channel.ts";
import { linksOfRows } from "../../model/links-table.ts";
import { reservedSlugs, slugShape } from "../../model/slug.ts";

type RowError =
  | "unknown_column"
  | "column_twice"
  | "no_column"
  | "no_name"
  | "too_long"
  | "bad_slug"
  | "reserved_slug"
  | "slug_twice"
  | "slug_taken"
  | "refused";

export interface PromoterRow {
  /** Line of the pasted text, from 1. */
  line: number;
  name: string;
  channel: string;
  slug: string;
  /** As `POST /api/streams/{id}/links` takes it. */
  link: object;
  errors: { code: RowError; detail?: string }[];
}

/** The table's own mistakes, by how their message begins. */
const mistakes: readonly [RegExp, RowError][] = [
  [/^Unknown column/, "unknown_column"],
  [/^Another column/, "column_twice"],
  [/^No column/, "no_column"],
  [/^A tier needs/, "no_name"],
];

/** A channel as people write it, and the key that the stats know. */
const channelKeys = new Map(
  knownChannels.flatMap(({ key, zh, words = [] }) => [zh, ...words].map((word) => [word, key])),
);

export const rowsAtMost = 500;

function cells(line: string): string[] {
  const parts = line.includes("\t") ? line.split("\t") : line.split(/[,，;；]|\s{2,}/);
  return parts.map((part) => part.trim());
}

/** Reads rows as a spreadsheet or a person writes them; a row of heads and empty rows are left out. */
export function readPromoters(text: string): PromoterRow[] {
  if (text.trim() === "") return [];
  const lines = text.split(/\r?\n/).map(cells);
  const read = linksOfRows(lines, Number.POSITIVE_INFINITY);
  if (!read.ok) {
    return read.errors.map(({ row, column, message }) => ({
      line: row,
      name: lines[row - 1]?.[0] ?? "",
      channel: "",
      slug: "",
      link: {},
      errors: [mistake(column, message)],
    }));
  }
  const seen = new Set<string>();
  return read.links.map(({ row, link }) => {
    const {
      creator,
      channel = "",
      slug = "",
    } = link as {
      creator?: { name?: string; id?: string };
      channel?: string;
      slug?: string;
    };
    const key = channelKeys.get(channel) ?? channel;
    const wanted = slug.toLowerCase();
    const name = creator?.name ?? creator?.id ?? "";
    const errors: PromoterRow["errors"] = [];
    if (name.length > 64 || key.length > 64) errors.push({ code: "too_long" });
    if (wanted !== "") {
      if (!slugShape.test(wanted)) errors.push({ code: "bad_slug" });
      else if (reservedSlugs.has(wanted)) errors.push({ code: "reserved_slug" });
      else if (seen.has(wanted)) errors.push({ code: "slug_twice" });
      seen.add(wanted);
    }
    return {
      line: row,
      name,
      channel: key,
      slug: wanted,
      link: { ...link, ...(key ? { channel: key } : {}), ...(wanted ? { slug: wanted } : {}) },
      errors,
    };
  });
}

function mistake(column: string, message: string): PromoterRow["errors"][number] {
  const code = mistakes.find(([pattern]) => pattern.test(message))?.[1];
  return code
    ? { code, ...(column ? { detail: column } : {}) }
    : { code: "refused", detail: message };
}

/** The rows with what the API refused of them; a pointer begins with the index of its row. */
export function withRefusals(
  rows: readonly PromoterRow[],
  errors: readonly { pointer: string; message: string }[],
  code: string,
): PromoterRow[] {
  return rows.map((row, index) => {
    const own = errors.filter(({ pointer }) => pointer.split("/")[1] === String(index));
    return {
      ...row,
      errors: own.map(({ message }) =>
        code === "slug_taken"
          ? { code: "slug_taken" as const }
          : { code: "refused" as const, detail: message },
      ),
    };
  });
}
