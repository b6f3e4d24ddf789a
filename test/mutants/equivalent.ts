/**
 * @module Mutants that no test can kill, since no figure, no row and no answer differs: by file and line, what
 * is put in place of what, and why nothing shows it. A survivor that is not here fails `npm run mutants`, and
 * so does an entry that was killed.
 */

export interface Equivalent {
  file: string;
  /** The line in which the mutant begins, trimmed. */
  line: string;
  /** What is replaced, and by what; spaces as one. */
  mutants: readonly (readonly [from: string, to: string])[];
  why: string;
}

export const equivalent: readonly Equivalent[] = [
  {
    file: "src/counting/epoch.ts",
    line: "if (startsAt !== undefined) {",
    mutants: [["startsAt !== undefined", "true"]],
    why: "Without a start the bounds are NaN, and no moment is within them.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "if (dropped === 0) return [index, rank];",
    mutants: [["dropped === 0", "false"]],
    why: "A shortcut: with nothing dropped the lines below give the same.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let index = 0; index < from.length; index += 1) {",
    mutants: [["index < from.length", "index <= from.length"]],
    why: "Beyond the end there is no rank, which is 0 and higher than none.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "if (rank > (into[index] ?? 0)) into[index] = rank;",
    mutants: [["rank > (into[index] ?? 0)", "rank >= (into[index] ?? 0)"]],
    why: "An equal rank is written over itself.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "if (start === 1) return Number.POSITIVE_INFINITY;",
    mutants: [["start === 1", "false"]],
    why: "A shortcut: the sum doubles until it is infinite, after 1,024 rounds.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let before = -1; before !== z; y += y) {",
    mutants: [["-1", "+1"]],
    why: "Only has to differ from z, which is below 1 there.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "if (start === 0 || start === 1) return 0;",
    mutants: [
      ["start === 0 || start === 1", "false"],
      ["start === 0 || start === 1", "start === 0 && start === 1"],
      ["start === 0", "false"],
      ["start === 1", "false"],
    ],
    why: "A shortcut: the sum comes to 0 for both, after 1,074 rounds and at once.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let before = -1; before !== z; ) {",
    mutants: [["-1", "+1"]],
    why: "Only has to differ from z, which is below 1 there.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let index = 0; index < sketch.length; index += 1) {",
    mutants: [["index < sketch.length", "index <= sketch.length"]],
    why: "Beyond the end there is no rank, and nothing is written.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "const isSparse = set.length < sketch.length;",
    mutants: [["set.length < sketch.length", "set.length <= sketch.length"]],
    why: "Three bytes a register are never as many as a power of two.",
  },
  {
    file: "src/counting/hyperloglog.ts",
    line: "for (let at = 0; at + 2 < bytes.length; at += 3) {",
    mutants: [["at + 2 < bytes.length", "at + 2 <= bytes.length"]],
    why: "Of a text that was cut short it takes a register with no rank, which is 0 as before.",
  },
  {
    file: "src/counting/intake.ts",
    line: "await this.#group?.committed;",
    mutants: [["this.#group?.committed", "this.#group.committed"]],
    why: "What is pending is in a group: both end in the same turn.",
  },
  {
    file: "src/counting/intake.ts",
    line: "while (this.#pending.has(producer)) await this.#group?.committed;",
    mutants: [["this.#group?.committed", "this.#group.committed"]],
    why: "What is pending is in a group: both end in the same turn.",
  },
  {
    file: "src/counting/intake.ts",
    line: "committed.catch(() => undefined);",
    mutants: [["committed.catch(() => undefined);", ";"]],
    why: "Whoever opens a group waits for it, so a rejection is always seen.",
  },
  {
    file: "src/counting/lane.ts",
    line: "this.#driver += 1;",
    mutants: [["this.#driver += 1", "this.#driver -= 1"]],
    why: "Drivers only have to differ.",
  },
  {
    file: "src/counting/lane.ts",
    line: "if (this.#spilling.size > 0 && !(await this.#spillAll(me, startedAt))) return;",
    mutants: [
      ["this.#spilling.size > 0", "true"],
      ["this.#spilling.size > 0", "this.#spilling.size >= 0"],
    ],
    why: "Spilling none takes one more turn and nothing else.",
  },
  {
    file: "src/counting/visitors.ts",
    line: "readonly #lane = ++lanes;",
    mutants: [["++lanes", "--lanes"]],
    why: "Lanes only have to differ.",
  },
  {
    file: "src/counting/visitors.ts",
    line: "if (rank > (sighting.ranks.get(index) ?? 0)) sighting.ranks.set(index, rank);",
    mutants: [
      ["rank > (sighting.ranks.get(index) ?? 0)", "rank >= (sighting.ranks.get(index) ?? 0)"],
    ],
    why: "An equal rank is written over itself.",
  },
  {
    file: "src/counting/zone.ts",
    line: 'const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";',
    mutants: [
      ['"GMT"', '""'],
      [
        'parts.find(({ type }) => type === "timeZoneName")?.value',
        'parts.find(({ type }) => type === "timeZoneName").value',
      ],
    ],
    why: "The name is always among the parts, since it is asked for.",
  },
  {
    file: "src/counting/zone.ts",
    line: "if (!match) return 0;",
    mutants: [["!match", "false"]],
    why: "Node's ICU writes GMT+00:00; others write GMT alone, which this is for.",
  },
];
