/** @module Ends a start that cannot succeed, in words. */

export function fail(message: string): never {
  console.error(`moongate: ${message}`);
  process.exit(1);
}
