/**
 * @module Which link sold an order line: by slug, else by the ids that orders carry back, else by the
 * promoter's name where a file gives nothing better. Pure; docs/attribution.md has the rules in words.
 */
import type { Keyed } from "../lib/records.ts";
import type { BookedBy, Evidence } from "../model/order.ts";
import type { Promoter } from "../model/promoter.ts";
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

/** Of a field as a file tells it, `pinduoduo.sepPid`, the one that a link has. */
export const fieldOf = (told: string): string => sameAs.get(told) ?? told;

const idKey = (field: string, value: string) => `id:${fieldOf(field)}=${value}`;
const slugKey = (slug: string) => `slug:${slug.toLowerCase()}`;
const nameKey = (name: string) => `name:${name.normalize("NFKC").trim().toLowerCase()}`;

/** Under which keys a link can be found. */
export function keysOfPromoter({ slug, ids, names }: Promoter): string[] {
  return [
    ...new Set([
      slugKey(slug),
      ...Object.entries(ids).map(([field, value]) => idKey(field, value)),
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
    names: evidence?.name === undefined ? [] : [nameKey(evidence.name)],
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

/**
 * The link that sold a line. Where several carry the same ids, those with the most equal ones; of these the
 * one whose stream began last before the buyer clicked or paid, since a promoter's ids stay the same from
 * one broadcast to the next.
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
  const given = new Set(ids);
  const agreeing = ids
    .flatMap((key) => find(key))
    .filter((promoter) => !contradicts(promoter, evidence?.ids ?? {}));
  const most = Math.max(...agreeing.map((promoter) => equalIds(promoter, given)));
  const best = nearest(
    agreeing.filter((promoter) => equalIds(promoter, given) === most),
    at,
  );
  if (best) return { slug: best.slug, streamId: best.streamId, by: "promotion" };
  const named = nearest(
    names.flatMap((key) => find(key)),
    at,
  );
  return named && { slug: named.slug, streamId: named.streamId, by: "name" };
}

const equalIds = ({ ids }: Promoter, given: ReadonlySet<string>): number =>
  Object.entries(ids).filter(([field, value]) => given.has(idKey(field, value))).length;

/** An id that both name and that differs: many promoters share an adzone and differ in their relation. */
function contradicts({ ids }: Promoter, given: Keyed<string>): boolean {
  return Object.entries(ids).some(([field, value]) => {
    const told = Object.entries(given).filter(([name]) => fieldOf(name) === field);
    return told.length > 0 && !told.some(([, other]) => other === value);
  });
}

function nearest(promoters: readonly Promoter[], at: number): Promoter | null {
  const started = promoters.filter(({ startsAt }) => startsAt <= at);
  const [best] =
    started.length > 0
      ? started.toSorted((a, b) => b.startsAt - a.startsAt || (a.slug < b.slug ? -1 : 1))
      : promoters.toSorted((a, b) => a.startsAt - b.startsAt || (a.slug < b.slug ? -1 : 1));
  return best ?? null;
}
