/**
 * @module Which opens of an address count: so many a minute, then they are booked apart, while the visitor is
 * sent on all the same. In the memory of this isolate, as a hash that it alone can make. How the limit was
 * chosen for addresses that thousands share: docs/security.md.
 */
import { RateWindow } from "../lib/rate-window.ts";

const minute = 60_000;
/** Some thirty thousand addresses a minute; of more the busy ones stay. */
const bytes = 4 * 1_048_576;

class OpenLimit {
  readonly #window = new RateWindow(minute, bytes);

  /**
   * Counts an open.
   *
   * @param address `""` where it is not known: no limit applies
   * @param most a minute; 0: no limit
   */
  isPast(address: string, most: number, now: number): boolean {
    return address !== "" && most > 0 && this.#window.count(address, now) > most;
  }
}

export const openLimit = new OpenLimit();
