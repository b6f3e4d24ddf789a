/** @module The files of one's own server as the build lists them. */

/** The codings that a file is kept in, the smallest first, and how its name ends then. */
export const codings = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;
export type Coding = (typeof codings)[number][0];

export interface ListedFile {
  /** Its media type. */
  type: string;
  /** Changes with its bytes. */
  hash: string;
  /** In which codings it is there beside itself. */
  codings: Coding[];
}
