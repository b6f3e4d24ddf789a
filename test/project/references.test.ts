import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "vitest";
import { anchorOf, anchorsOf } from "../../scripts/anchors.ts";
import { rules } from "../../src/decision/matrix.ts";

const isText = /\.(?:ts|tsx|js|css|sql|json|md)$/;
const paths = ["src", "scripts", "test", "docs"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
);
const files = [...paths, ...readdirSync(".").filter((path) => path.endsWith(".md"))]
  .filter(
    (path) => isText.test(path) && !/\.generated\.|test\/project\/references\.test/.test(path),
  )
  .map((path) => ({ path, text: readFileSync(path, "utf8") }));

const anchors = new Map<string, Set<string>>();
function anchorsIn(path: string): Set<string> {
  const known = anchors.get(path) ?? anchorsOf(readFileSync(path, "utf8"));
  anchors.set(path, known);
  return known;
}

/** Why a place in the documentation does not exist, if it does not. */
function missing(path: string, anchor: string | undefined): string | null {
  if (!existsSync(path)) return `no file ${path}`;
  return anchor === undefined || anchorsIn(path).has(anchor)
    ? null
    : `no heading ${path}#${anchor}`;
}

const failures = (of: (file: { path: string; text: string }) => (string | null)[]) =>
  files.flatMap((file) =>
    of(file)
      .filter((failure) => failure !== null)
      .map((failure) => `${file.path}: ${failure}`),
  );

describe("what the repository cites", () => {
  it("is read at all", ({ expect }) => {
    const cited = files.flatMap(({ path, text }) =>
      path.startsWith("docs/") ? [] : [...text.matchAll(/docs\/reference\/[\w-]+\.md#[\w-]+/g)],
    );
    expect(cited.length).toBeGreaterThan(40);
  });

  it("is a file and a heading that exist, in code", ({ expect }) => {
    const found = failures(({ path, text }) =>
      path.endsWith(".md")
        ? []
        : [...text.matchAll(/\bdocs\/([\w/-]+\.md)(?:#([\p{L}\p{N}_-]+))?/gu)].map(
            ([, file = "", anchor]) => missing(`docs/${file}`, anchor),
          ),
    );
    expect(found).toEqual([]);
  });

  it("is a file and a heading that exist, in the documentation's links", ({ expect }) => {
    const found = failures(({ path, text }) =>
      path.endsWith(".md")
        ? [...text.matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(
            ([, file = "", anchor]) => {
              const target = file === "" ? path : join(dirname(path), file);
              return missing(target, target.endsWith(".md") ? anchor : undefined);
            },
          )
        : [],
    );
    expect(found).toEqual([]);
  });

  it("is no paper outside of it", ({ expect }) => {
    const found = failures(({ text }) =>
      [...text.matchAll(/\.md §|§[A-Z]\b|\bidx \d+|\bDESIGN\b/g)].map(([citation]) => citation),
    );
    expect(found).toEqual([]);
  });

  it("is a source that exists, wherever a comment or a sentence names one", ({ expect }) => {
    const ends = new Set(
      [...paths, ...readdirSync(".")].flatMap((path) =>
        path.split("/").map((_, at, parts) => parts.slice(at).join("/")),
      ),
    );
    const madeUp = /^(?:src\/)?(?:x\/)?[xy](?:\.\w+)*\.tsx?$|\.d\.ts$|^scripts\/x\.ts$/;
    const found = failures(({ path, text }) => {
      // What older releases were built of.
      if (path.startsWith("test/fixtures/")) return [];
      const said = path.endsWith(".md")
        ? text
        : [...text.matchAll(/\/\*.*?\*\/|\/\/[^\n]*/gs)].map(([comment]) => comment).join("\n");
      return [
        ...said.matchAll(/(?<![\w./*{}<>$-])(?:\.\/)?((?:[\w.-]+\/)*[\w.-]+\.tsx?)(?![\w-])/g),
      ].map(([, name = ""]) => (ends.has(name) || madeUp.test(name) ? null : `no file ${name}`));
    });
    expect(found).toEqual([]);
  });

  it("is one of ours wherever a comment or a sentence names a Markdown file", ({ expect }) => {
    const names = new Set(files.map(({ path }) => path.split("/").at(-1)?.toLowerCase()));
    const found = failures(({ path, text }) =>
      path.startsWith("test/fixtures/")
        ? []
        : [...text.matchAll(/[\w.-]+\.md\b/g)].map(([name]) =>
            names.has(name.toLowerCase()) ? null : name,
          ),
    );
    expect(found).toEqual([]);
  });
});

it("docs/reference/opening-rules.md has the reason of each rule, by its row", ({ expect }) => {
  const lines = readFileSync("docs/reference/opening-rules.md", "utf8").split("\n");
  const without = rules.filter(
    ({ rule, row }) =>
      !lines.some((line) => line.startsWith(`| ${row} |`) && line.includes(`\`${rule}\``)),
  );
  expect(without.map(({ rule }) => rule)).toEqual([]);
});

describe("a heading's anchor is GitHub's", () => {
  for (const [heading, anchor] of [
    ["WeChat's open tags", "wechats-open-tags"],
    ["Share cards of the JS-SDK", "share-cards-of-the-js-sdk"],
    ["盒马 Hema `hema`", "盒马-hema-hema"],
    ["0065: Workbooks, and `a_b` & c", "0065-workbooks-and-a_b--c"],
    ["[Linked](x.md) words", "linked-words"],
  ] as const) {
    it(heading, ({ expect }) => expect(anchorOf(heading)).toBe(anchor));
  }

  it("is numbered where a heading comes again, and not looked for in code", ({ expect }) => {
    expect([...anchorsOf("# A\n```\n# B\n```\n## A\n")]).toEqual(["a", "a-1"]);
  });
});
