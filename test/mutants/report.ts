/** @module What a run of mutants found, beside what is known to be equivalent; and as docs/testing.md says it. */
import type { Equivalent } from "./equivalent.ts";

interface Position {
  line: number;
  column: number;
}

/** A mutant and what became of it; lines and columns from 1. */
export interface Found {
  file: string;
  /** The whole file. */
  text: string;
  location: { start: Position; end: Position };
  replacement: string;
  mutatorName: string;
  status: string;
}

export interface Named {
  file: string;
  row: number;
  line: string;
  from: string;
  to: string;
  status: string;
}

const survived = new Set(["Survived", "NoCoverage"]);
/** What can't be run is no mutant. */
const invalid = new Set(["CompileError", "RuntimeError", "Ignored"]);

const plain = (text: string) => text.replace(/\s+/g, " ").trim();

function named({ file, text, location, replacement, status }: Found): Named {
  const lines = text.split("\n");
  const { start, end } = location;
  const parts = lines.slice(start.line - 1, end.line);
  const last = parts.length - 1;
  parts[last] = (parts[last] ?? "").slice(0, end.column - 1);
  parts[0] = (parts[0] ?? "").slice(start.column - 1);
  return {
    file,
    row: start.line,
    line: (lines[start.line - 1] ?? "").trim(),
    from: plain(parts.join("\n")),
    to: plain(replacement),
    status,
  };
}

const keyOf = (file: string, line: string, from: string, to: string) =>
  [file, line, from, to].join("\n");

/**
 * @param files those that were mutated
 * @returns survivors that nothing explains, and equivalents that were killed or are no mutants any more
 */
export function judged(
  found: readonly Found[],
  equivalent: readonly Equivalent[],
  files: readonly string[],
): { unexplained: Named[]; killed: Equivalent[] } {
  const survivors = found.filter(({ status }) => survived.has(status)).map(named);
  const alive = new Set(survivors.map(({ file, line, from, to }) => keyOf(file, line, from, to)));
  const known = new Set(
    equivalent.flatMap(({ file, line, mutants }) =>
      mutants.map(([from, to]) => keyOf(file, line, from, to)),
    ),
  );
  return {
    unexplained: survivors.filter(
      ({ file, line, from, to }) => !known.has(keyOf(file, line, from, to)),
    ),
    killed: equivalent
      .filter(({ file }) => files.includes(file))
      .flatMap((one) => {
        const dead = one.mutants.filter(
          ([from, to]) => !alive.has(keyOf(one.file, one.line, from, to)),
        );
        return dead.length === 0 ? [] : [{ ...one, mutants: dead }];
      }),
  };
}

export interface Score {
  /** A file, or a folder with all its files. */
  name: string;
  killed: number;
  total: number;
}

/** By folder, and below it by file. */
export function scoresOf(found: readonly Found[]): Score[] {
  const scores = new Map<string, Score>();
  for (const { file, status } of found) {
    if (invalid.has(status)) continue;
    for (const name of [folderOf(file), file]) {
      const score = scores.get(name) ?? { name, killed: 0, total: 0 };
      scores.set(name, score);
      score.total += 1;
      if (!survived.has(status)) score.killed += 1;
    }
  }
  return [...scores.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf("/"));

/** A folder comes first, then its own files, then the folders in it. */
const placeOf = ({ name }: Score): string =>
  name.endsWith(".ts") ? `${folderOf(name)}\t${name}` : name;

const begin = "<!-- Written by npm run mutants. -->";
const heading = "### Equivalent mutants";
const end = "<!-- Until here. -->";
/** Code in a table's cell. */
const code = (text: string) => `\`\` ${text.replaceAll("|", "\\|")} \`\``;

/** The table of equivalents as docs/testing.md has it. */
export const equivalentsTable = (equivalent: readonly Equivalent[]): string =>
  [
    "| where | mutants that survive | why nothing shows it |",
    "|---|---|---|",
    ...equivalent.map(
      ({ file, line, mutants, why }) =>
        `| ${file.replace("src/", "")}: ${code(line)} | ${mutants
          .map(([from, to]) => `${code(from)} → ${to === "" ? "nothing" : code(to)}`)
          .join("; ")} | ${why} |`,
    ),
  ].join("\n");

/** The page with today's table of equivalents; the scores stay. */
export function withEquivalents(page: string, equivalent: readonly Equivalent[]): string {
  return replaced(page, heading, end, `${equivalentsTable(equivalent)}\n`);
}

/** The page with what a whole run found. */
export function withScores(page: string, scores: readonly Score[], on: Date): string {
  const rows = scores.map(({ name, killed, total }) => {
    const share = ((100 * killed) / total).toFixed(1);
    const isFile = name.endsWith(".ts");
    return `| ${isFile ? name.slice(name.lastIndexOf("/") + 1) : `**${name}**`} | ${killed} of ${total} | ${share} % |`;
  });
  const table = ["| | killed | score |", "|---|---|---|", ...rows].join("\n");
  const date = on.toISOString().slice(0, 10);
  return replaced(page, begin, heading, `Of \`npm run mutants\` on ${date}:\n\n${table}\n\n`);
}

/** A page with another text between two lines of it. */
function replaced(page: string, from: string, to: string, text: string): string {
  const start = page.indexOf(from) + from.length;
  const stop = page.indexOf(to, start);
  if (start < from.length || stop === -1) throw new Error(`the page has no ${from} … ${to}`);
  return `${page.slice(0, start)}\n${text}${page.slice(stop)}`;
}
