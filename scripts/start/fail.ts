/** @module Ends a start that cannot succeed, in words. */
import type { Read } from "./settings.ts";

export function fail(message: string): never {
  console.error(`moongate: ${message}`);
  process.exit(1);
}

/** What was read; an end in words where it can't be taken. */
export const orFail = <T>(read: Read<T>): T => (read.ok ? read.value : fail(read.message));
