/**
 * @module When a message is sent, sent again, given up: pure. Times and pauses in ms.
 * The documented limits are 20 messages a minute and robot (DingTalk, WeCom), 100 (Feishu); we stay below all.
 */
import type { Health } from "./events.ts";

export const messagesAMinute = 15;
const minute = 60_000;
/** Feishu takes five a second; what is due together is one message anyway. */
const betweenMessages = 1_000;

/** Pauses after the first failure, the second, …: 23 h 51 min together. */
const pauses = [5, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 36_000].map(
  (seconds) => seconds * 1_000,
);
/** What waited this long is given up, however seldom it could be tried. */
export const lifeOfDelivery = 24 * 60 * minute;

/**
 * When a message that failed for the n-th time is tried again.
 *
 * @param failed how often it failed, from 1
 * @param random 0 to 1: pauses are up to a tenth shorter, so that messages do not march in step
 * @returns `null` when it is given up
 */
export function retryAt(failed: number, now: number, random: number): number | null {
  const pause = pauses[failed - 1];
  return pause === undefined ? null : now + Math.round(pause * (1 - random / 10));
}

/** The earliest moment at which a robot may be sent another message. */
export function nextSlot({ sent, pausedUntil }: Health, now: number): number {
  const last = lastMinute(sent, now);
  const oldest = last.at(-messagesAMinute);
  const newest = last.at(-1);
  return Math.max(
    now,
    pausedUntil,
    newest === undefined ? 0 : newest + betweenMessages,
    oldest === undefined ? 0 : oldest + minute,
  );
}

/** Sends of the last minute; those that a clock which was set back has put into the future don't count. */
export function lastMinute(sent: readonly number[], now: number): number[] {
  return sent.filter((at) => at > now - minute && at <= now);
}

/** Failures without a success between after which a notifier is switched off. */
const failuresAtMost = { wait: Number.POSITIVE_INFINITY, mend: 30, gone: 3, now: 1 };

/**
 * Whether a notifier is switched off: its address is gone, or nothing was delivered while a message was
 * tried for a day.
 *
 * @param isExhausted a message was given up
 */
export function isGivenUp(
  failures: number,
  severity: keyof typeof failuresAtMost,
  isExhausted: boolean,
): boolean {
  return failures >= failuresAtMost[severity] || (isExhausted && failures >= pauses.length);
}
