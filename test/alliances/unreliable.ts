/**
 * @module A gateway whose calls fail now and then, in the ways that its documents and networks have, and which counts how often it
 * is called: no more than its adapter promises, by which an account stays within what is documented of its limits.
 */
import type { AllianceName } from "../../src/alliances/adapter.ts";
import { adapterOf } from "../../src/alliances/registry.ts";
import type { Answer, FaultName, Gateway, Given } from "./gateway.ts";

const second = 1_000;
const minute = 60 * second;

/**
 * `broken`: the connection ends before anything is done. `lost`: it ends behind it, so that a page that was answered is asked for again.
 */
type Mishap = FaultName | "broken" | "lost";

/** What a day and a person would have to mend is left out: `quota`, `denied`. */
const mishaps: readonly Mishap[] = [
  ...(["throttled", "throttled-for-seconds", "busy", "html", "http-502"] as const),
  ...(["cut", "broken", "lost"] as const),
];
/** Of an account whose token can be made anew; also of one that just was. */
const mishapsOfTokens: readonly Mishap[] = [...mishaps, "expired"];

/** Calls a second that an account or an application has, where that is documented (alliances' own pages; the second: C). */
const documented: Partial<Record<AllianceName, number>> = { "taobao-union": 40, xiaohongshu: 100 };

export interface Watched {
  calls: number;
  faults: number;
  /** By the way of failing. */
  ways: Record<string, number>;
  /** The most calls of any second and of any minute, and what is allowed. */
  most: { second: number; minute: number };
  allowed: { second: number; minute: number };
  /** Calls beyond. */
  over: number;
}

export class Unreliable {
  readonly watched: Watched;
  /** When the last call came. */
  lastAt = 0;
  readonly #gateway: Gateway;
  readonly #chance: () => number;
  readonly #share: number;
  readonly #mishaps: readonly Mishap[];
  #recent: number[] = [];

  /** @param share of the calls that fail; `chance` draws from 0 to 1 */
  constructor(alliance: AllianceName, gateway: Gateway, share: number, chance: () => number) {
    this.#gateway = gateway;
    this.#chance = chance;
    this.#share = share;
    const { spacingMs, renewal } = adapterOf(alliance);
    this.#mishaps = renewal ? mishapsOfTokens : mishaps;
    // One more at each end: a call may be on its way for long, and the next follows its answer at once.
    const within = (ms: number) => Math.floor(ms / spacingMs) + 2;
    const allowed = {
      second: Math.min(within(second), documented[alliance] ?? Number.POSITIVE_INFINITY),
      minute: within(minute),
    };
    const most = { second: 0, minute: 0 };
    this.watched = { calls: 0, faults: 0, ways: {}, most, allowed, over: 0 };
  }

  /** `null`: the connection broke. */
  answer(given: Given, at: number): Answer | null {
    // A refresh token is good once: where its answer is lost, an account must be authorised again, in truth too.
    if (isRenewal(given)) return this.#gateway.answer(given, at);
    this.lastAt = at;
    this.watched.calls += 1;
    if (this.#isTooOften(at)) {
      this.watched.over += 1;
      return this.#failing("throttled", given, at);
    }
    if (this.#chance() >= this.#share) return this.#gateway.answer(given, at);
    const way = this.#mishaps[Math.floor(this.#chance() * this.#mishaps.length)] ?? "busy";
    this.watched.faults += 1;
    this.watched.ways[way] = (this.watched.ways[way] ?? 0) + 1;
    return this.#failing(way, given, at);
  }

  #failing(way: Mishap, given: Given, at: number): Answer | null {
    if (way === "broken") return null;
    if (way === "lost") {
      this.#gateway.answer(given, at);
      return null;
    }
    this.#gateway.faults.push(way);
    return this.#gateway.answer(given, at);
  }

  #isTooOften(at: number): boolean {
    const { most, allowed } = this.watched;
    this.#recent = [...this.#recent.filter((time) => time > at - minute), at];
    const inSecond = this.#recent.filter((time) => time > at - second).length;
    most.second = Math.max(most.second, inSecond);
    most.minute = Math.max(most.minute, this.#recent.length);
    return inSecond > allowed.second || this.#recent.length > allowed.minute;
  }
}

const isRenewal = ({ url, body }: Given): boolean =>
  /refresh_?token|token[./]refresh|stable_token/i.test(url + body);
