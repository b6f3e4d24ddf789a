/** @module Calls between isolates and objects: lost on the way there or back, repeated, delayed, or refused. */
import { here } from "./place.ts";

const never = <T>(): Promise<T> => new Promise(() => undefined);

const kinds = [
  "lost",
  "ack lost",
  "ack lost now",
  "repeated",
  "late",
  "overloaded",
  "slow",
  "slower",
  "hangs",
] as const;

/** How a call goes that must not reach its object at all. */
export type Outage = "refuses" | "hangs";

/**
 * @param faults the probability that the call goes wrong
 * @param run reaches the object
 */
export async function overNetwork<T>(
  faults: number,
  outage: Outage | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const { chance, clock } = here();
  await clock.wait(chance.between(0, 5));
  if (outage === "hangs") return never();
  if (outage !== undefined) throw new Error("the object does not start");
  if (!chance.is(faults)) return run();
  switch (chance.pick(kinds)) {
    case "lost":
      throw new Error("connection lost");
    case "hangs":
      return never();
    case "ack lost":
      await run();
      throw new Error("connection lost");
    case "ack lost now":
      run().catch(() => undefined);
      throw new Error("connection lost");
    case "repeated":
      for (const delay of [0, chance.between(1, 90_000)]) {
        clock.after(delay, () => void run().catch(() => undefined));
      }
      return run();
    case "slow":
      await clock.wait(chance.between(50, 3_900));
      return run();
    case "slower":
      // Longer than whoever calls waits for it, so that the answer comes into what was begun since.
      await clock.wait(chance.between(3_900, 9_000));
      return run();
    case "late":
      clock.after(chance.between(100, 90_000), () => void run().catch(() => undefined));
      throw new Error("timed out");
    default:
      throw Object.assign(new Error("overloaded"), { overloaded: true });
  }
}
