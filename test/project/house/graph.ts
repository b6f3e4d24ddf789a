/**
 * @module The house as its imports draw it: which file takes something of which, types included, and which room of
 * which. A room is a folder of `src`; what lies beside the rooms are entries. Tests may import from anywhere and are
 * left out, so that a file which imports one, or anything of `test/`, imports what is not there.
 */
import { dirname, join, normalize } from "node:path";
import { parseAst } from "vite";

/** From each file to those that it imports. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

type Node = { type: string; [field: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value;

const importing = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

function* specifiersIn(node: unknown): Generator<string> {
  if (Array.isArray(node)) {
    for (const one of node) yield* specifiersIn(one);
  } else if (isNode(node)) {
    const { source } = node;
    if (importing.has(node.type) && isNode(source) && typeof source.value === "string") {
      yield source.value;
    }
    for (const value of Object.values(node)) yield* specifiersIn(value);
  }
}

/** By text, since a planted line changes one file of hundreds. */
const parsed = new Map<string, string[]>();

function specifiersOf(path: string, text: string): string[] {
  const key = `${path}\n${text}`;
  let specifiers = parsed.get(key);
  if (!specifiers) {
    const tree: unknown = parseAst(text, { lang: path.endsWith("x") ? "tsx" : "ts" });
    specifiers = [...specifiersIn(tree)];
    parsed.set(key, specifiers);
  }
  return specifiers;
}

/**
 * @param files path → text
 * @throws for an import of a file that is not there
 */
export function graphOf(files: ReadonlyMap<string, string>): Graph {
  return new Map(
    Array.from(files, ([path, text]) => {
      const imported = specifiersOf(path, text)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => normalize(join(dirname(path), specifier)))
        .filter((other) => /\.tsx?$/.test(other));
      for (const other of imported) {
        if (!files.has(other)) throw new Error(`${path} imports ${other}, which is not there`);
      }
      return [path, new Set(imported)];
    }),
  );
}

/** The room of a file; `null` for an entry. */
const roomOf = (path: string): string | null => /^src\/([\w-]+)\//.exec(path)?.[1] ?? null;

/** Room → the other rooms that its files import. */
export function roomsOf(graph: Graph): Map<string, Set<string>> {
  const rooms = new Map<string, Set<string>>();
  for (const [path, imported] of graph) {
    const room = roomOf(path);
    if (room === null) continue;
    const others = rooms.get(room) ?? new Set();
    rooms.set(room, others);
    for (const other of imported) {
      const its = roomOf(other) ?? "an entry";
      if (its !== room) others.add(its);
    }
  }
  return rooms;
}

/** Arrows that a table does not allow, as `file → file`. */
export function forbidden(graph: Graph, allowed: ReadonlyMap<string, ReadonlySet<string>>) {
  return Array.from(graph).flatMap(([path, imported]) => {
    const room = roomOf(path);
    if (room === null) return [];
    return [...imported]
      .filter((other) => {
        const its = roomOf(other);
        return its !== room && (its === null || !allowed.get(room)?.has(its));
      })
      .map((other) => `${path} → ${other}`);
  });
}

/** A circle of files, one after the other; `null` where there is none. */
export function circleIn(graph: Graph): string[] | null {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (path: string): string[] | null => {
    const at = way.indexOf(path);
    if (at !== -1) return [...way.slice(at), path];
    if (done.has(path)) return null;
    way.push(path);
    for (const other of graph.get(path) ?? []) {
      const circle = visit(other);
      if (circle) return circle;
    }
    way.pop();
    done.add(path);
    return null;
  };
  for (const path of graph.keys()) {
    const circle = visit(path);
    if (circle) return circle;
  }
  return null;
}

/** The table of rooms in docs/architecture.md, in its order: room → rooms that it may import. */
export function tableIn(page: string): Map<string, Set<string>> {
  const [, table = ""] = page.split("| room | what is there | imports |\n|---|---|---|\n");
  return new Map(
    table
      .slice(0, table.search(/\n(?!\|)/))
      .split("\n")
      .map((row): [string, Set<string>] => {
        const [, room = "", , imports = ""] = row.split("|").map((cell) => cell.trim());
        return [
          room.replaceAll("`", ""),
          new Set(imports.split(" ").filter((name) => /^[a-z]/.test(name))),
        ];
      }),
  );
}
