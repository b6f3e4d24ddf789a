/**
 * @module A decision, remembered: for one kind of visitor on one link it stays the same until the phase
 * changes, so a broadcast's opens are decided a few dozen times, not a few million.
 */

import { cellKey, minuteOf } from "../counting/batch.ts";
import type { Metric } from "../counting/event.ts";
import { decide, type Outcome } from "../decision/decide.ts";
import type { Visitor } from "../decision/visitor.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import { isEarly, phaseChangesAt } from "../model/phase.ts";
import type { Target } from "./link-cache.ts";
import { offerOf } from "./offer.ts";
import { redirection } from "./respond.ts";

export interface Decided {
  outcome: Outcome;
  origin: string;
  /** What a page of it offers, as its token says (offer.ts). */
  offer: string;
  /** UTC ms; before it, by a clock that was set back, another decision may be right. */
  since: number;
  /** UTC ms at which the phase, or the link's life, changes. */
  until: number;
  /** Live by the clock, and the host not on yet. */
  isEarly: boolean;
  /** The destination that opens and clicks are counted for; `none` without one. */
  destination: string;
  cells: Cells;
  /** Of the answer, when it is a redirect. */
  redirection?: ResponseInit;
}

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

/** What {@link decide} says, remembered by the target. */
export function decidedFor(target: Target, visitor: Visitor, now: number, origin: string): Decided {
  const known = target.decided.get(visitor);
  if (known && now >= known.since && now < known.until && known.origin === origin) return known;
  const { link, stream } = target;
  const outcome = decide(visitor, stream, link, now, `${origin}/${link.slug}`);
  const destination = ("destination" in outcome && outcome.destination?.platform) || "none";
  const early = outcome.phase === "live" && isEarly(stream, now);
  const decided: Decided = {
    outcome,
    origin,
    offer: offerOf(outcome),
    since: now,
    until: changesAt(stream, link, now),
    isEarly: early,
    destination,
    cells: new Cells(link.slug, visitor, destination),
    ...(outcome.action === "redirect" ? { redirection: redirection(outcome.location) } : {}),
  };
  target.decided.set(visitor, decided);
  target.hasGrown();
  return decided;
}

function changesAt(stream: StreamRecord, link: LinkRecord, now: number): number {
  const expiry = link.expiresAt !== undefined && link.expiresAt > now ? link.expiresAt : Infinity;
  return Math.min(expiry, phaseChangesAt(stream, now));
}
