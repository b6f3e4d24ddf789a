/** @module What is inline in a page, as its Content-Security-Policy names it. */
import { sha256Bytes, toBase64 } from "../lib/hash.ts";

/** @param text of a script or style, to the letter */
export const inlineSource = (text: string): string => `'sha256-${toBase64(sha256Bytes(text))}'`;
