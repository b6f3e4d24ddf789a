/** @module The cells that the answers of a decision are counted in. */
import { cellKey, minuteOf } from "../counting/batch.ts";
import type { Metric } from "../counting/event.ts";
import type { Visitor } from "../decision/visitor.ts";

/** What an answer counts: metric and method. */
export type Counted = readonly (readonly [Metric, string])[];

/** The keys of the cells that an answer is counted in, which change with the minute and the place only. */
export class Cells {
  #about: { slug: string; visitor: Visitor; destination: string };
  #minute = -1;
  #country = "";
  #region = "";
  #keys = new Map<Counted, readonly string[]>();

  constructor(slug: string, visitor: Visitor, destination: string) {
    this.#about = { slug, visitor, destination };
  }

  /** @param what best one of few objects, by which its keys are remembered */
  keys(what: Counted, now: number, country: string, region: string): readonly string[] {
    const minute = minuteOf(now);
    if (minute !== this.#minute || country !== this.#country || region !== this.#region) {
      this.#minute = minute;
      this.#country = country;
      this.#region = region;
      this.#keys.clear();
    }
    let keys = this.#keys.get(what);
    if (!keys) {
      const { slug, visitor, destination } = this.#about;
      const { app, os } = visitor;
      keys = what.map(([metric, method]) =>
        cellKey({ slug, metric, at: now, app, os, country, region, destination, method }),
      );
      if (this.#keys.size >= 16) this.#keys.clear();
      this.#keys.set(what, keys);
    }
    return keys;
  }
}
