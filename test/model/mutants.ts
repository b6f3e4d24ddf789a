/**
 * @module Mutants of the real code that the model must find wrong: each is an edit of one file. They prove
 * that the model's tests can fail.
 */
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface Mutant {
  name: string;
  file: string;
  /** Text that must stand in the file exactly once, and what replaces it. */
  edits: [from: string, to: string][];
}

export const mutants: readonly Mutant[] = [
  {
    name: "no de-duplication",
    file: "intake.ts",
    edits: [
      [
        "const committed = this.#store.committedSeq(producer);",
        "const committed = seq - 1;\n    this.#pending.delete(producer);",
      ],
    ],
  },
  {
    name: "two in flight",
    file: "lane.ts",
    edits: [
      [
        "if (this.#flight === null) {\n        if (this.#open.size === 0) {",
        "if (this.#flight === null || this.#open.size > 0) {\n        if (this.#open.size === 0) {",
      ],
      ["this.#flight ??= this.#seal();", "this.#flight = this.#seal();"],
    ],
  },
  {
    name: "spill without rotation",
    file: "lane.ts",
    edits: [
      [
        "if (this.#flight !== flight) return;\n    this.#rotate();",
        "if (this.#flight !== flight) return;",
      ],
    ],
  },
  {
    name: "spill before rotation",
    file: "lane.ts",
    edits: [
      [
        "if (this.#flight !== flight) return;\n    this.#rotate();",
        "if (this.#flight !== flight) return;",
      ],
      [
        "this.#spilling.delete(flight);\n        flight.ticket.settled = true;",
        "this.#spilling.delete(flight);\n        this.#rotate();\n        flight.ticket.settled = true;",
      ],
    ],
  },
  {
    name: "no lease",
    file: "lane.ts",
    edits: [
      ["now >= this.#leaseUntil ||", "(this.#leaseUntil === 0 && now > 0) ||"],
      ["now >= this.#relieveAt ||", ""],
    ],
  },
  {
    name: "acknowledged before the commit",
    file: "intake.ts",
    edits: [['await group.committed;\n    return "added";', 'return "added";']],
  },
  {
    name: "published before the commit",
    file: "publisher.ts",
    edits: [["const rev = store.rev();", "const rev = store.rev() + 1;"]],
  },
  {
    name: "a duplicate answered before its commit",
    file: "intake.ts",
    edits: [['await this.#group?.committed;\n      return "duplicate";', 'return "duplicate";']],
  },
  {
    name: "a put that failed is taken for done",
    file: "publisher.ts",
    edits: [["store.rememberPut({ rev: before.rev, startedAt: now });", ""]],
  },
  {
    name: "no spill",
    file: "lane.ts",
    edits: [["this.#spilling.add(flight);", ""]],
  },
  {
    name: "a late driver clears a later batch",
    file: "lane.ts",
    edits: [["if (this.#flight !== flight) return true;\n    if (ack", "if (ack"]],
  },
  {
    name: "cumulative states added whole",
    file: "collected.ts",
    edits: [["cells: difference(state.cells, last.cells)", "cells: state.cells"]],
  },
];

/** A copy of `src` with the mutant's edits. @returns its absolute path */
export function mutate({ name, file, edits }: Mutant): string {
  const root = mkdtempSync(join(tmpdir(), "moongate-mutant-"));
  cpSync("src", join(root, "src"), { recursive: true });
  cpSync("package.json", join(root, "package.json"));
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  const path = join(root, "src/counting", file);
  let text = readFileSync(path, "utf8");
  for (const [from, to] of edits) {
    if (text.split(from).length !== 2) {
      throw new Error(`mutant "${name}": expected this once in ${file}: ${from}`);
    }
    text = text.replace(from, () => to);
  }
  writeFileSync(path, text);
  return join(root, "src");
}
