/** @module A file that can't be read at all, and why, in words for whoever sent it. */
import { type Said, said } from "../../../lib/said.ts";

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
  readonly detail: Said;

  constructor(code: FileProblemCode, english: string, chinese: string) {
    super(english);
    this.code = code;
    this.detail = said(english, chinese);
  }
}
