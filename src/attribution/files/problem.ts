/** @module A file that can't be read at all, and why, in words for whoever sent it. */

export type FileProblemCode =
  | "spreadsheet"
  | "archive"
  | "encrypted"
  | "not_text"
  | "no_header"
  | "malformed_csv"
  | "malformed_file"
  | "too_large"
  | "empty"
  | "busy";

export class FileProblem extends Error {
  readonly code: FileProblemCode;

  /** @param chinese the same in Chinese: it stands behind the English, in full-width brackets */
  constructor(code: FileProblemCode, english: string, chinese?: string) {
    super(chinese === undefined ? english : `${english} （${chinese.replace(/[（）]/g, " ")}）`);
    this.code = code;
  }
}
