/** @module One JSON object a line, with `event`. Never an address, a user agent or a secret. */

export function log(event: string, details: Record<string, unknown> = {}): void {
  console.log(JSON.stringify({ event, ...details }));
}
