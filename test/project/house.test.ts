import { globSync, readFileSync } from "node:fs";
import { describe, it } from "vitest";
import { circleIn, forbidden, graphOf, roomsOf, tableIn } from "./house/graph.ts";

const files = new Map(
  globSync("src/**/*.{ts,tsx}")
    .filter((path) => !/\.test\.ts$|\.d\.\w+\.ts$|\.d\.ts$/.test(path))
    .map((path) => [path, readFileSync(path, "utf8")]),
);
const graph = graphOf(files);
const table = tableIn(readFileSync("docs/architecture.md", "utf8"));

/** The house with one line more. */
const planted = (path: string, line: string) =>
  graphOf(new Map([...files, [path, `${line}\n${files.get(path) ?? ""}`]]));

describe("the house", () => {
  it("has the rooms of the table in docs/architecture.md, each after those that it imports", ({
    expect,
  }) => {
    expect([...table.keys()].sort()).toEqual([...roomsOf(graph).keys()].sort());
    const before = new Set<string>();
    for (const [room, imports] of table) {
      expect([room, [...imports].filter((other) => !before.has(other))]).toEqual([room, []]);
      before.add(room);
    }
  });

  it("has no arrow that the table does not allow, and the table allows none that is not there", ({
    expect,
  }) => {
    expect(forbidden(graph, table)).toEqual([]);
    for (const [room, imports] of roomsOf(graph)) {
      expect([room, [...(table.get(room) ?? [])].sort()]).toEqual([room, [...imports].sort()]);
    }
  });

  it("has no circle of files, types included", ({ expect }) => {
    expect(circleIn(graph)).toBeNull();
  });
});

describe("a planted violation is seen:", () => {
  it.for([
    ["an import", "src/lib/cut.ts", 'import { z } from "../api/app.ts";'],
    ["a type", "src/counting/batch.ts", 'import type { Catalog } from "../catalog/object.ts";'],
    ["a type in place", "src/edge/taps.ts", 'type A = import("../api/app.ts").Routes;'],
    ["an export", "src/model/phase.ts", 'export * from "../edge/open.ts";'],
    ["an import on use", "src/landing/qr.ts", 'const a = () => import("../edge/open.ts");'],
    ["an entry", "src/api/app.ts", 'import "../worker.ts";'],
  ] as const)("%s", ([, path, line], { expect }) => {
    const [, from = ""] = /"(.*)"/.exec(line) ?? [];
    const wrong = forbidden(planted(path, line), table);
    expect(wrong).toEqual([`${path} → src/${from.replaceAll("../", "")}`]);
  });

  it("a circle of types alone", ({ expect }) => {
    const line = 'import type { Opening } from "./open.ts";';
    expect(circleIn(planted("src/edge/taps.ts", line))).toContain("src/edge/open.ts");
  });

  it("a file that is not there", ({ expect }) => {
    expect(() => planted("src/lib/cut.ts", 'import "./none.ts";')).toThrow("src/lib/none.ts");
  });
});
