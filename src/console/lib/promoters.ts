/**
 * @module Promoters pasted as a table; what is wrong is said by row. The table is read as the API reads one
 * (model/links-table.ts): by its heads, else as name, channel, slug. Pure.
 */

import { knownClassOf } from "../../model/channel.ts";
import { type LinkFields, linksOfRows, type TableError } from "../../model/links-table.ts";
import { reservedSlugs, slugShape } from "../../model/slug.ts";

type RowError =
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
  /** Else nobody knows its class, and `other` would be a guess: it is asked for. */
  isChannelKnown: boolean;
  slug: string;
  /** As `POST /api/streams/{id}/links` takes it. */
  link: LinkFields;
  errors: { code: RowError; detail?: string }[];
}

export const rowsAtMost = 500;

function cells(line: string): string[] {
  const parts = line.includes("\t") ? line.split("\t") : line.split(/[,，;；]|\s{2,}/);
  return parts.map((part) => part.trim());
}

const isKnown = (channel: string): boolean => knownClassOf(channel) !== undefined;

/** A table as it was understood. */
export interface PromoterTable {
  rows: PromoterRow[];
  /** Columns that nothing is taken of. */
  unknown: string[];
}

/** Reads rows as a spreadsheet or a person writes them; a row of heads and empty rows are left out. */
export function readPromoters(text: string): PromoterTable {
  if (text.trim() === "") return { rows: [], unknown: [] };
  const lines = text.split(/\r?\n/).map(cells);
  const read = linksOfRows(lines, Number.POSITIVE_INFINITY);
  const mistakes = Map.groupBy(read.errors, ({ row }) => row);
  const seen = new Set<string>();
  const rows = read.links.map(({ row, link }): PromoterRow => {
    const { creator, channel = "", channelClass, slug = "" } = link;
    const wanted = slug.toLowerCase();
    const name = creator?.name ?? creator?.id ?? "";
    const errors = (mistakes.get(row) ?? []).map(mistake);
    mistakes.delete(row);
    if (name.length > 64 || channel.length > 64) errors.push({ code: "too_long" });
    if (wanted !== "") {
      if (!slugShape.test(wanted)) errors.push({ code: "bad_slug" });
      else if (reservedSlugs.has(wanted)) errors.push({ code: "reserved_slug" });
      else if (seen.has(wanted)) errors.push({ code: "slug_twice" });
      seen.add(wanted);
    }
    return {
      line: row,
      name,
      channel,
      isChannelKnown: !channel || channelClass !== undefined || isKnown(channel),
      slug: wanted,
      link: { ...link, ...(wanted ? { slug: wanted } : {}) },
      errors,
    };
  });
  // What is wrong with the table itself, or with a row of heads.
  const others = [...mistakes].map(
    ([line, own]): PromoterRow => ({
      ...{ line, name: lines[line - 1]?.[0] ?? "", channel: "", isChannelKnown: true, slug: "" },
      link: {},
      errors: own.map(mistake),
    }),
  );
  return { rows: [...others, ...rows], unknown: read.unknown.map(({ column }) => column) };
}

function mistake({ column, code, message }: TableError): PromoterRow["errors"][number] {
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

/** What somebody says of a channel that is not known: which known one is meant, or of which class a new one is. */
export type ChannelAnswer = { channel: string } | { channelClass: string };

/** Channels that nobody knows, each with its number of rows, in the table's order. */
export function unknownChannels(rows: readonly PromoterRow[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const { channel, isChannelKnown } of rows) {
    if (!isChannelKnown) found.set(channel, (found.get(channel) ?? 0) + 1);
  }
  return found;
}

/** The rows with what was said of their channels. */
export const withAnswers = (
  rows: readonly PromoterRow[],
  answers: ReadonlyMap<string, ChannelAnswer>,
): PromoterRow[] =>
  rows.map((row) => {
    const answer = row.isChannelKnown ? undefined : answers.get(row.channel);
    if (!answer) return row;
    return {
      ...row,
      ...("channel" in answer ? answer : {}),
      isChannelKnown: true,
      link: { ...row.link, ...answer },
    };
  });
