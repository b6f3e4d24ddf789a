/**
 * @module What a page offered: its destinations, the chosen one first, and the ways to each in their order. Its
 * token says so in letters that are signed with the rest, so that a tap is booked on what the page showed,
 * whatever became of the link since, and nobody can name a way that the page did not have.
 */

import { choicesOf, type Outcome } from "../decision/decide.ts";
import type { PlatformName } from "../platforms/registry/edge.ts";
import { platformOf, platforms } from "../platforms/registry/edge.ts";
import type { Method } from "../platforms/types.ts";

/** A way's letter. It stands in pages that are open: one is never given to another; a destination's likewise. */
const methodLetters = {
  web: "w",
  "universal-link": "u",
  scheme: "s",
  intent: "i",
  "mini-program": "m",
  copy: "c",
  guide: "g",
  qr: "q",
  store: "a",
} as const satisfies Record<Method, string>;

const byLetter = <T extends string>(letters: Readonly<Record<T, string>>) =>
  new Map((Object.keys(letters) as T[]).map((name) => [letters[name], name]));
const destinations = new Map(platforms.map(({ letter, name }) => [letter, name]));
const methods = byLetter<Method>(methodLetters);

/** A way that a page offered. `other` is what a later release made, and this one does not know. */
export interface Offered {
  destination: PlatformName | "other";
  method: Method | "other";
}

/** The letters of what an outcome shows: of each destination its own, then those of its ways. */
export function offerOf(outcome: Outcome): string {
  return choicesOf(outcome)
    .map(
      ({ destination, ways }) =>
        platformOf(destination.platform).letter +
        ways.map(({ method }) => methodLetters[method]).join(""),
    )
    .join("");
}

/** The most that one can have: every destination, each by every way. */
export const longestOffer = destinations.size * (1 + methods.size);

/** The ways of an offer, in the order of their places on the page. */
export function waysOf(offer: string): Offered[] {
  let destination: Offered["destination"] = "other";
  const ways: Offered[] = [];
  for (const letter of offer) {
    if (letter <= "Z") destination = destinations.get(letter) ?? "other";
    else ways.push({ destination, method: methods.get(letter) ?? "other" });
  }
  return ways;
}

/** The destination that was chosen for the page's viewer. */
export const chosenIn = (offer: string): Offered["destination"] | "none" =>
  offer === "" ? "none" : (destinations.get(offer.slice(0, 1)) ?? "other");

const opening: ReadonlySet<Offered["method"]> = new Set([
  "web",
  "universal-link",
  "scheme",
  "intent",
  "mini-program",
  "other",
]);

/** The ways by which each thing that a page reports comes about; any for one that is of no way. */
const reportable = {
  rendered: () => true,
  click: ({ method }: Offered) => opening.has(method),
  copy: ({ method }: Offered) => method === "copy" || method === "other",
  leave: ({ method }: Offered) => opening.has(method),
} as const satisfies Record<string, (way: Offered) => boolean>;
export type Report = keyof typeof reportable;

/**
 * The way that a page's report is of.
 *
 * @param place among the page's ways, as the client says; by default the first by which it can come about
 * @returns `null` when the page had no such way there: then it is not the page that says so
 */
export function reportedWay(offer: string, report: Report, place?: number): Offered | null {
  const ways = waysOf(offer);
  const isPossible = reportable[report];
  if (place === undefined) return ways.find(isPossible) ?? null;
  const way = ways[place];
  return way !== undefined && isPossible(way) ? way : null;
}
