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

export const equivalent: readonly Equivalent[] = [];
