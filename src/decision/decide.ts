/** @module The decision: (visitor, stream, link, phase) → where this viewer lands, and by which ways. Pure. */
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import { type Phase, phaseOf } from "../model/phase.ts";
import type { App, Destination, PlatformName } from "../platforms/registry/edge.ts";
import { platforms, relationOf } from "../platforms/registry/edge.ts";
import type { Way } from "../platforms/types.ts";
import { buildWays, desktopPage, webPage } from "../platforms/ways.ts";
import { type Rule, rules } from "./matrix.ts";
import type { Visitor } from "./visitor.ts";

interface Decided {
  phase: Phase;
  /** Name of the rule, as in the matrix; or what stood before it. */
  rule: string;
}

/** A destination and the ways into it that this visitor's app allows. */
export interface Choice {
  destination: Destination;
  ways: Way[];
}

export type Outcome = Decided &
  (
    | {
        action: "redirect";
        destination: Destination;
        location: string;
        ways: Way[];
        /** The stream's other destinations, for viewers who would rather watch elsewhere. */
        others: Choice[];
      }
    | { action: "page"; destination?: Destination; ways: Way[]; others: Choice[] }
    | { action: "preview"; destination?: Destination; ways: Way[] }
    | { action: "gone"; ways: [] }
  );

/** An outcome that a person is shown or sent to. */
export type Shown = Extract<Outcome, { action: "page" | "redirect" }>;

/** What an outcome has to choose from, the chosen one first; nothing without a destination. */
export function choicesOf(outcome: Outcome): Choice[] {
  if (!("destination" in outcome) || !outcome.destination) return [];
  const { destination, ways } = outcome;
  return [{ destination, ways }, ...("others" in outcome ? outcome.others : [])];
}

/**
 * Decides what a visitor gets. Nothing that the visitor sends but the user agent takes part.
 *
 * @param visitor from {@link classify}
 * @param stream the stream's edge copy
 * @param link the link's edge copy
 * @param now UTC milliseconds
 * @param shortUrl the absolute short link, for QR codes and for copying where there is no web page
 */
export function decide(
  visitor: Visitor,
  stream: StreamRecord,
  link: LinkRecord,
  now: number,
  shortUrl: string,
): Outcome {
  const phase = phaseOf(stream, now);
  if (isGone(stream, link, now)) return { action: "gone", phase, rule: "gone", ways: [] };

  const about = { shortUrl, app: visitor.app, name: stream.host ?? stream.title };
  const live = chooseDestination(visitor.app, stream, link);
  if (visitor.kind !== "human") {
    return { action: "preview", phase, rule: "preview", destination: live, ways: [] };
  }
  const destination = phase === "ended" ? afterwards(live, stream, link) : live;
  if (!destination) return { action: "page", phase, rule: "ended", ways: [], others: [] };
  if (destination === stream.after) {
    const location = webPage(destination);
    if (location) {
      return {
        action: "redirect",
        phase,
        rule: "after",
        destination,
        location,
        ways: buildWays(["web"], destination, about),
        others: [],
      };
    }
  }

  const rule = matchRule(visitor, destination);
  const waysTo = (to: Destination) => buildWays(matchRule(visitor, to).ways, to, about);
  const ways = waysTo(destination);
  const others = destinationsOf(stream, link)
    .flatMap((other) => (phase === "ended" ? (replayOf(other) ?? []) : other))
    .filter(({ platform }) => platform !== destination.platform)
    .map((other) => ({ destination: other, ways: waysTo(other) }));
  const location = rule.toDesktopPage ? desktopPage(destination) : webPage(destination);
  const page: Outcome = { action: "page", phase, rule: rule.rule, destination, ways, others };
  const redirect = (name: string): Outcome =>
    location === undefined
      ? page
      : {
          action: "redirect",
          phase,
          rule: name,
          destination,
          location,
          ways: redirectWays(ways, location),
          others,
        };

  if (stream.landing === "never") return redirect("landing-never");
  if (phase === "upcoming") return { ...page, rule: "upcoming" };
  if (stream.landing === "always") return page;
  return rule.action === "redirect" ? redirect(rule.rule) : page;
}

/** Deleted, disabled or expired: answered with 410. */
export function isGone(stream: StreamRecord, link: LinkRecord, now: number): boolean {
  return (
    stream.deleted === true ||
    link.deleted === true ||
    link.disabled === true ||
    (link.expiresAt !== undefined && now >= link.expiresAt)
  );
}

/** The stream's destinations, those of the same platform replaced by the link's own. */
export function destinationsOf(stream: StreamRecord, link: LinkRecord): Destination[] {
  if (!link.destinations?.length) return stream.destinations;
  const own = new Map(link.destinations.map((destination) => [destination.platform, destination]));
  const merged = stream.destinations.map((destination) => {
    const replaced = own.get(destination.platform) ?? destination;
    own.delete(destination.platform);
    return replaced;
  });
  return [...merged, ...own.values()];
}

/** The destination that a link leads to where the viewer's app has no say. */
export function primaryOf(stream: StreamRecord, link: LinkRecord): Destination {
  const choices = destinationsOf(stream, link);
  const primary = link.primary ?? stream.primary;
  const chosen = choices.find(({ platform }) => platform === primary) ?? choices[0];
  if (!chosen) throw new Error(`stream ${stream.id} has no destination`);
  return chosen;
}

/** The viewer's own app first, then its family in the registry's order, then `primary`. */
function chooseDestination(app: App, stream: StreamRecord, link: LinkRecord): Destination {
  const choices = destinationsOf(stream, link);
  const of = (name: PlatformName) => choices.find(({ platform }) => platform === name);
  const related = platforms.filter(({ name }) => of(name));
  const own = related.find(({ name }) => relationOf(app, name) === "own");
  const family = related.find(({ name }) => relationOf(app, name) !== "other");
  return (own && of(own.name)) || (family && of(family.name)) || primaryOf(stream, link);
}

/** The replay of the viewer's platform, else any other's, else what the team chose to come after. */
function afterwards(
  live: Destination,
  stream: StreamRecord,
  link: LinkRecord,
): Destination | undefined {
  const kept = [live, ...destinationsOf(stream, link)].find(({ replay }) => replay !== undefined);
  return (kept && replayOf(kept)) ?? stream.after;
}

function replayOf({ platform, id, replay }: Destination): Destination | undefined {
  return replay === undefined ? undefined : { platform, kind: "replay", id, url: replay };
}

function matchRule(visitor: Visitor, destination: Destination): Rule {
  const relation = relationOf(visitor.app, destination.platform);
  const found = rules.find(
    (rule) =>
      (!rule.app || rule.app.includes(visitor.app)) &&
      (!rule.os || rule.os.includes(visitor.os)) &&
      (!rule.onDesktop || visitor.isDesktop === true) &&
      (!rule.relation || rule.relation.includes(relation)) &&
      (!rule.platform || rule.platform.includes(destination.platform)),
  );
  if (!found) throw new Error("the last rule of the matrix must fit anything");
  return found;
}

function redirectWays(ways: Way[], location: string): Way[] {
  return ways.map((way) => (way.method === "web" ? { ...way, url: location } : way));
}
