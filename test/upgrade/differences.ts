/**
 * @module What two releases may say differently of the same data, each by name. Whoever adds a field to an
 * answer adds a row; a figure that changes is none of these.
 */
import type { Difference } from "./figures.ts";

interface Named {
  why: string;
  at: RegExp;
  /** Whether this is the difference that is meant; without it any. */
  isMeant?: (difference: Difference) => boolean;
}

const isNewAndZero = ({ old, new: now }: Difference) => old === undefined && now === 0;
const isNewAndNone = ({ old, new: now }: Difference) =>
  old === undefined && (now === null || now === "[]");

/** Of streams, links and order lines; rows from before have none of them. */
export const latelyNamed = {
  stream: [
    ...["brandName", "brandLogo", "brandColor", "operatorName", "filingNumber"],
    ...["targetViews", "targetClicks", "targetOrders", "targetGmv"],
  ],
  link: ["adLabel"],
  line: ["itemId", "itemTitle", "quantity"],
};
const latelyFields = Object.values(latelyNamed).flat().join("|");

/** Between an answer of now and one of a moment ago. */
export const named: readonly Named[] = [
  { why: "when it was asked", at: / \.asOf$/ },
  { why: "of a stream that was ended by hand, when it was asked", at: /\/report\S* \.endedAt$/ },
  {
    why: "a minute has begun since, in which nothing happened",
    at: /\/stats\S* \.series\.\w+\.\d+$/,
    isMeant: isNewAndZero,
  },
  {
    why: "of a list's streams, the last two hours and ten minutes, which move on with each minute",
    at: /^\/api\/reports\/streams\S* \.data\.\d+\.(?:spark\.\d+|recent\.\w+)$/,
  },
  { why: "of a broadcast that goes on, how long so far", at: /\/report\S* \.minutes$/ },
  {
    why: "a delivery that waits was tried again",
    at: /^\/api\/notifiers \.data\.\d+\.last(?:Delivery|Error)\.at$/,
  },
  {
    why: "when a stream ended is told since it is noted",
    at: /^\/api\/streams\S* \.(?:data\.\d+\.)?endedAt$/,
    isMeant: ({ old }) => old === undefined,
  },
  {
    why: "a stream's brand and targets, whether a link says that it is an advertisement, and what was bought came after 0.1.0",
    at: new RegExp(` \\.\\S*(?:${latelyFields})$`),
    isMeant: isNewAndNone,
  },
  {
    why: "how the last ten minutes changed is told by the service since it compares whole ones",
    at: /\/stats\S* \.recent\.change(?:\.\w+)?$/,
    isMeant: ({ old }) => old === undefined,
  },
  {
    why: "which segments of a curve are over is told since only those are compared",
    at: /\/report\S* \.curve\.finished$/,
    isMeant: ({ old }) => old === undefined,
  },
  {
    why: "so a segment that goes on is no rise or fall any more, and what is said after it moves up",
    at: /\/report\S* \.curveText\.\d+$/,
  },
  {
    why: "a figure has one word since there is a table of them, and notes name figures",
    at: /\/report\S* \.notes\.\d+$/,
    isMeant: ({ old, new: now }) => typeof old === "string" && typeof now === "string",
  },
  {
    why: "opens past the limit of an address are counted apart since 94fb11d",
    at: /\/stats\S* \.totals\.limited$/,
    isMeant: isNewAndZero,
  },
  {
    why: "whose estimate provinces are is told since there is one",
    at: /\/stats\S* \.quality\.provinces(?:\.\w+)?$/,
    isMeant: ({ old }) => old === undefined,
  },
  {
    why: "clickers who never viewed are told since 94fb11d",
    at: /\/stats\S* \.quality\.clicksWithoutView(?:Interval\.(?:low|high))?$/,
    isMeant: isNewAndZero,
  },
  {
    why: "how long spills wait, and shards that KV lacks, are told after 0.1.0",
    at: /\/stats\S* \.quality\.(?:oldestSpillAt|missingShards)$/,
    isMeant: (one) => isNewAndZero(one) || isNewAndNone(one),
  },
  {
    why: "what the figures of orders are is told after 0.1.0",
    at: /\/stats\S* \.quality\.orders$/,
    isMeant: ({ old }) => old === undefined,
  },
  {
    why: "which import brought an entry of the log is told after 0.1.0",
    at: /^\/api\/audit \.(?:data\.)?\d+\.importId$/,
    isMeant: isNewAndNone,
  },
  {
    why: "days have their dates after 0.1.0",
    at: /\/stats\S* \.series\.dates\.\d+$/,
    isMeant: ({ old }) => old === undefined,
  },
  {
    why: "what an import left to be set again is told after 0.1.0",
    at: /^\/api\/notifiers \.data\.\d+\.needs$/,
    isMeant: isNewAndNone,
  },
  { why: "by which version of the rules visitors are told", at: /\/stats\S* \.quality\.rules$/ },
  {
    why: "what to put into the alliances' fields is told after 0.1.0",
    at: /^\/api\/links\S* \.(?:data\.\d+\.)?subIds\.\w+\.\w+$/,
    isMeant: ({ old }) => old === undefined,
  },
  {
    why: "a report has what sold best since orders say what was bought",
    at: /\/report\S* \.items$/,
    isMeant: isNewAndNone,
  },
  {
    why: "the word of a state that no list knows is told after 0.1.0",
    at: /^\/api\/conversions\S* \.data\.\d+\.statusSaid$/,
    isMeant: isNewAndNone,
  },
  {
    why: "orders that count for nothing, since no list knows their state, are told after 0.1.0",
    at: /^\/api\/reports\/roas\S* \.uncounted$/,
    isMeant: isNewAndNone,
  },
];

/** What besides changes while a store lies for months: its minutes go, its broadcasts end, its deliveries expire. */
export const byAge: readonly Named[] = [
  {
    why: "the last minutes, and the series that still holds them",
    at: /\/stats\S* \.(?:recent|series)\b/,
  },
  {
    why: "a broadcast is live or over",
    at: / \.(?:data\.\d+\.)?(?:phase|live)\b|\/(?:share-text|report)\S* \./,
  },
  {
    why: "what waits for a notifier, which is switched off once that waited for a day",
    at: /^\/api\/notifiers \.data\.\d+\.(?:pending|dropped|last\w+|disabledAt|updatedAt)\b/,
  },
];

export function unnamed(
  differences: readonly Difference[],
  rows: readonly Named[] = named,
): Difference[] {
  return differences.filter(
    (one) => !rows.some(({ at, isMeant }) => at.test(one.at) && (isMeant?.(one) ?? true)),
  );
}

/** Fields of lines that not every release writes. */
const sinceThen = ["said", "endedAt", ...Object.values(latelyNamed).flat()];

/** Which of these fields a line does not have, as a pattern. */
const newerThan = (line: string): string =>
  sinceThen.filter((name) => !line.includes(`"${name}":`)).join("|");

/** Lines without these fields, of which a newer release says nothing. */
function without(lines: readonly string[], fields: string): Set<string> {
  if (fields === "") return new Set(lines);
  const pattern = new RegExp(`,"(?:${fields})":(?:null|\\d+)`, "g");
  return new Set(lines.map((line) => line.replace(pattern, "")));
}

/**
 * A table of counts in an export has a column more at its end for each metric that came since, 0 in old rows; an
 * order's line the word of a state that no list knows and what was bought, which old rows have not; a stream's when it ended, its
 * brand and targets.
 */
export function missingLines(before: readonly string[], after: readonly string[]): string[] {
  // Lines of a release and a kind lack the same fields: few sets serve them all.
  const theirs = new Map<string, Set<string>>();
  const missing = before.filter((line) => {
    const fields = newerThan(line);
    const lines = theirs.get(fields) ?? without(after, fields);
    theirs.set(fields, lines);
    return !lines.has(line);
  });
  return missing.filter((line) => {
    const head = line.slice(0, line.indexOf('"rows":'));
    const rowsOf = (text: string) =>
      (JSON.parse(text) as { row: { rows?: unknown[][] } }).row.rows ?? [];
    const other = after.find(
      (one) => head !== "" && one.startsWith(head) && rowsOf(one).length === rowsOf(line).length,
    );
    return (
      !other || !rowsOf(line).every((row, index) => isExtended(row, rowsOf(other)[index] ?? []))
    );
  });
}

const isExtended = (row: readonly unknown[], later: readonly unknown[]): boolean =>
  row.every((value, index) => JSON.stringify(value) === JSON.stringify(later[index])) &&
  later.slice(row.length).every((value) => value === 0);
