/** @module Whether this isolate takes no new opens, because the process that runs it is about to end. */

let draining = false;

export function isDraining(): boolean {
  return draining;
}

/** For good: the process ends after it. */
export function startDraining(): void {
  draining = true;
}
