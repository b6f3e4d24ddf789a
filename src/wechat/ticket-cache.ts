/**
 * @module Keeps one account's ticket: renewed before it ends, by one flight at a time, never hammering.
 * A ticket that is still good serves while its renewal is under way or fails.
 */

import { signalled } from "../lib/deadline.ts";
import { log } from "../lib/log.ts";
import { isAhead } from "../lib/moments.ts";
import type { Called, Grant, Refusal, WechatApi } from "./api.ts";
import { tokenErrors, type WechatFailure } from "./failures.ts";

/** What survives a restart. Times in UTC ms. */
export interface Kept {
  token: string;
  tokenUntil: number;
  ticket?: { value: string; renewAt: number; until: number };
}

export type Ticket =
  | { ok: true; ticket: string; until: number }
  /** `until`: no other call is made before. */
  | { ok: false; failure: WechatFailure; until: number };

export interface KeeperPorts {
  api: WechatApi;
  now: () => number;
  load: () => Kept | undefined;
  save: (kept: Kept) => void;
}

/** All calls of one renewal, in ms. */
const flightAtMost = 5_000;
/** A ticket is renewed this long before its end, in ms; a short-lived one in its last quarter. */
const renewAhead = 600_000;
/** A token is not used in its last minute. */
const tokenAhead = 60_000;
const longestPause = 60;
/** WeChat gives two hours. What is said to end later than this was written down by a clock that was set back. */
const longestLife = 4 * 3_600_000;

export class TicketCache {
  readonly #ports: KeeperPorts;
  #flight: Promise<Ticket> | undefined;
  #failed: (Ticket & { ok: false; pause: number; times: number }) | undefined;

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
  }

  async ticket(): Promise<Ticket> {
    const { load, now } = this.#ports;
    const at = now();
    const kept = load()?.ticket;
    const good: Ticket | undefined =
      kept && isAhead(kept.until, at, longestLife)
        ? { ok: true, ticket: kept.value, until: kept.until }
        : undefined;
    if (good && kept && isAhead(kept.renewAt, at, longestLife)) return good;
    if (this.#failed && isAhead(this.#failed.until, at, this.#failed.pause))
      return good ?? this.#failed;
    this.#flight ??= this.#renew().finally(() => {
      this.#flight = undefined;
    });
    return good ?? this.#flight;
  }

  async #renew(): Promise<Ticket> {
    const { now } = this.#ports;
    const called = await signalled(flightAtMost, (signal) => this.#call(signal));
    if (called.ok) {
      this.#failed = undefined;
      return { ok: true, ticket: called.value, until: called.until };
    }
    const { failure, errcode, message } = called;
    const times = (this.#failed?.times ?? 0) + 1;
    const pause = failure.pause ?? Math.min(2 ** (times - 1), longestPause);
    const pauseMs = pause * 1_000;
    this.#failed = { ok: false, failure, until: now() + pauseMs, pause: pauseMs, times };
    log("wechat_failed", { code: failure.code, errcode, message, retryInSeconds: pause });
    return this.#failed;
  }

  async #call(signal: AbortSignal): Promise<(Grant & { until: number }) | Refusal> {
    const { api, load, now, save } = this.#ports;
    const kept = load();
    let token: Called & { until?: number } =
      kept && isAhead(kept.tokenUntil - tokenAhead, now(), longestLife)
        ? { ok: true, value: kept.token, life: 0, until: kept.tokenUntil }
        : await this.#newToken(false, signal);
    if (!token.ok) return token;
    let began = now();
    let ticket = await api.ticket(token.value, signal);
    if (!ticket.ok && tokenErrors.has(ticket.errcode ?? 0)) {
      const refused = token.value;
      token = await this.#newToken(false, signal);
      // WeChat still counts the refused one as good: only force makes another.
      if (token.ok && token.value === refused) token = await this.#newToken(true, signal);
      if (!token.ok) return token;
      began = now();
      ticket = await api.ticket(token.value, signal);
    }
    if (!ticket.ok) return ticket;
    const { value } = ticket;
    const life = Math.min(ticket.life, longestLife);
    const until = began + life;
    save({
      token: token.value,
      tokenUntil: token.until ?? began + Math.min(token.life, longestLife),
      ticket: { value, until, renewAt: until - Math.min(renewAhead, life / 4) },
    });
    return { ...ticket, until };
  }

  /** A new token is kept at once: the next try may go on from it. */
  async #newToken(isForced: boolean, signal: AbortSignal): Promise<Called & { until?: number }> {
    const { api, load, now, save } = this.#ports;
    const began = now();
    const called = await api.token(isForced, signal);
    if (!called.ok) return called;
    const until = began + Math.min(called.life, longestLife);
    save({ ...load(), token: called.value, tokenUntil: until });
    return { ...called, until };
  }
}
