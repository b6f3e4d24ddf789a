/** @module Whether the process that runs this isolate is about to end it; `/healthz` says so. */

let draining = false;

export function isDraining(): boolean {
  return draining;
}

/** For good: the process ends after it. */
export function startDraining(): void {
  draining = true;
}
