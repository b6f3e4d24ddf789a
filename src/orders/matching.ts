/**
 * @module Which link sold an order line: by slug, else by the ids that orders carry back, else by the
 * promoter's name where a file gives nothing better. Pure; docs/attribution.md has the rules in words.
 */
import { type Keyed, mapOf } from "../lib/records.ts";
import type { BookedBy, Evidence } from "../model/order.ts";
import { type Promoter, roomFields } from "../model/promoter.ts";
import { platformOrders } from "../platforms/registry/orders.ts";
import type { OrderLine } from "./order-line.ts";
import { slugOfWord } from "./sub-ids.ts";

export interface Match {
  slug: string;
  streamId: string;
  by: Exclude<BookedBy, "hand">;
}

/** Fields of one's own making: a link's slug may stand there without being named in `promotion`. */
const subIds = new Set(
  platformOrders.flatMap(({ name, subIds: fields = {} }) =>
    Object.keys(fields).map((field) => `${name}.${field}`),
  ),
);

/** A file's field that tells the same as a link's other. */
const sameAs = new Map(
  platformOrders.flatMap(({ name, sameAs: fields = {} }) =>
    Object.entries(fields).map(([told, field]) => [`${name}.${told}`, `${name}.${field}`]),
  ),
);

/** An id that may be a name → those that say for certain who it is. */
const nicknames = new Map(
  platformOrders.flatMap(({ name, nicknames: fields = {} }) =>
    Object.entries(fields).map(([field, sure]) => [
      `${name}.${field}`,
      sure.map((one) => `${name}.${one}`),
    ]),
  ),
);

/** Of a field as a file tells it, `pinduoduo.sepPid`, the one that a link has. */
export const fieldOf = (told: string): string => sameAs.get(told) ?? told;

const idKey = (field: string, value: string) => `id:${fieldOf(field)}=${value}`;
const slugKey = (slug: string) => `slug:${slug.toLowerCase()}`;
export const nameKey = (name: string) => `name:${name.normalize("NFKC").trim().toLowerCase()}`;

/** Under which keys those are found who have these ids. */
export const keysOfIds = (ids: Keyed<string>): string[] =>
  [...mapOf(ids)].map(([field, value]) => idKey(field, value));

/** Under which keys a link can be found; a creator's are those of its ids and names. */
export function keysOfPromoter({
  slug,
  ids,
  names,
}: Pick<Promoter, "ids" | "names"> & { slug?: string }): string[] {
  return [
    ...new Set([
      ...(slug === undefined ? [] : [slugKey(slug)]),
      ...keysOfIds(ids),
      ...names.map(nameKey),
    ]),
  ];
}

interface LineKeys {
  evidence: Evidence | null;
  slugs: string[];
  ids: string[];
  names: string[];
}

/** Under which keys a line's promoter can be found, by strength. */
export function keysOfLine(line: OrderLine): LineKeys {
  const evidence = line.evidence && (JSON.parse(line.evidence.value) as Evidence);
  const ids = Object.entries(evidence?.ids ?? {});
  return {
    evidence,
    slugs: [
      ...(line.slug ? [slugKey(line.slug.value)] : []),
      ...ids
        .filter(([field]) => subIds.has(field))
        .flatMap(([, value]) => wordsOf(value))
        .map((word) => slugKey(slugOfWord(word))),
    ],
    ids: ids.map(([field, value]) => idKey(field, value)),
    names: [
      ...(evidence?.name === undefined ? [] : [evidence.name]),
      ...ids.filter(([field]) => nicknames.has(field)).map(([, value]) => value),
    ].map(nameKey),
  };
}

/** A sub-id as it is, or the texts in it when it is JSON (Pinduoduo's `custom_parameters`). */
function wordsOf(value: string): string[] {
  if (!value.startsWith("{")) return [value];
  try {
    const parsed: unknown = JSON.parse(value);
    return Object.values(parsed as object).filter((part) => typeof part === "string");
  } catch {
    return [value];
  }
}

/** What a line says, by the field that a link has: several values where a file's fields tell the same. */
type Told = ReadonlyMap<string, ReadonlySet<string>>;

function toldOf(ids: Keyed<string>): Told {
  const told = new Map<string, Set<string>>();
  for (const [field, value] of mapOf(ids)) {
    const values = told.get(fieldOf(field)) ?? new Set();
    told.set(fieldOf(field), values.add(value));
  }
  return told;
}

/**
 * The link that sold a line. Where several carry the same ids, those with the most equal ones; of these the
 * one whose stream began last before the buyer clicked or paid, since a promoter's ids stay the same from
 * one broadcast to the next. An order that names its live room is that room's.
 *
 * @param find links by key
 */
export function match(line: OrderLine, find: (key: string) => readonly Promoter[]): Match | null {
  const { evidence, slugs, ids, names } = keysOfLine(line);
  for (const key of slugs) {
    const [promoter] = find(key);
    if (promoter) return { slug: promoter.slug, streamId: promoter.streamId, by: "slug" };
  }
  const at = evidence?.clickedAt ?? line.paidAt ?? line.at;
  const told = toldOf(evidence?.ids ?? {});
  const agreement = agreementWith(told);
  const agreeing = ofRoom(
    [...new Set(ids.flatMap(find))].filter((promoter) => agreement(promoter) > 0),
    told,
  );
  const most = agreeing.reduce((all, promoter) => Math.max(all, agreement(promoter)), 0);
  const best = nearest(
    agreeing.filter((promoter) => agreement(promoter) === most),
    at,
  );
  if (best) return { slug: best.slug, streamId: best.streamId, by: "promotion" };
  const named = nearest(ofRoom(names.flatMap(find), told), at);
  return named && { slug: named.slug, streamId: named.streamId, by: "name" };
}

const isTold = (told: Told, field: string, value: string): boolean =>
  told.get(fieldOf(field))?.has(value) ?? false;

/**
 * How many of a link's ids are equal to what is told; none where one contradicts. Links of one creator share their ids, so
 * that thousands of them are looked at once.
 */
function agreementWith(told: Told): (promoter: Promoter) => number {
  const known = new Map<Keyed<string>, number>();
  return ({ ids }) => {
    const found =
      known.get(ids) ??
      (contradicts(ids, told)
        ? 0
        : [...mapOf(ids)].filter(([field, value]) => isTold(told, field, value)).length);
    known.set(ids, found);
    return found;
  };
}

/**
 * An id that both name and that differs: many promoters share an adzone and differ in their relation. A name that differs
 * is none where an id says who it is.
 */
function contradicts(ids: Keyed<string>, told: Told): boolean {
  const own = [...mapOf(ids)];
  return own.some(([field, value]) => {
    if (!told.has(fieldOf(field)) || isTold(told, field, value)) return false;
    const sure = nicknames.get(field);
    return !own.some(([other, id]) => sure?.includes(other) && isTold(told, other, id));
  });
}

/**
 * Of an order that names its room, the links that lead there; where none does, those of whose room nothing is known. A room
 * alone finds nobody: it is everybody's who promotes that stream.
 */
function ofRoom(promoters: readonly Promoter[], told: Told): readonly Promoter[] {
  if (![...roomFields].some((field) => told.has(field))) return promoters;
  const isThere = (promoter: Promoter): boolean | undefined => {
    for (const [field, room] of mapOf(promoter.rooms)) {
      if (told.has(field)) return isTold(told, field, room);
    }
    return undefined;
  };
  const there = promoters.filter((promoter) => isThere(promoter) === true);
  return there.length > 0 ? there : promoters.filter((promoter) => isThere(promoter) !== false);
}

function nearest(promoters: readonly Promoter[], at: number): Promoter | null {
  const started = promoters.filter(({ startsAt }) => startsAt <= at);
  const isSooner = (a: Promoter, b: Promoter): boolean => {
    const apart = started.length > 0 ? b.startsAt - a.startsAt : a.startsAt - b.startsAt;
    return apart < 0 || (apart === 0 && a.slug < b.slug);
  };
  const fitting = started.length > 0 ? started : promoters;
  return fitting.reduce<Promoter | null>(
    (best, promoter) => (best === null || isSooner(promoter, best) ? promoter : best),
    null,
  );
}
