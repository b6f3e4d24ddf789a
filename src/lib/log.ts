/**
 * @module One JSON object a line, with `event`. Never an address, a user agent or a secret. Of an event that
 * comes in floods ten lines a second are written, and the next one says how many were left out.
 */

const linesPerSecond = 10;
const written = new Map<string, { second: number; lines: number; omitted: number }>();

export function log(event: string, details: object = {}): void {
  const second = Math.floor(Date.now() / 1_000);
  let state = written.get(event);
  if (!state) {
    state = { second, lines: 0, omitted: 0 };
    written.set(event, state);
  }
  if (state.second !== second) {
    state.second = second;
    state.lines = 0;
  }
  if (state.lines >= linesPerSecond) {
    state.omitted += 1;
    return;
  }
  state.lines += 1;
  const { omitted } = state;
  state.omitted = 0;
  console.log(JSON.stringify({ event, ...details, ...(omitted > 0 ? { omitted } : {}) }));
}
