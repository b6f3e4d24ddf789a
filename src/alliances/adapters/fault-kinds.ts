/** @module Codes of gateways → what a fault means for whoever called. */
import type { Fault, FaultKind } from "../adapter.ts";
import { fault } from "../raw.ts";

type Kinds = ReadonlyMap<string, FaultKind>;

/** @param codes by kind, parted by spaces */
export const kindsBy = (codes: { readonly [kind in FaultKind]?: string }): Kinds =>
  new Map(
    Object.entries(codes).flatMap(([kind, all]) =>
      all.split(" ").map((code) => [code, kind as FaultKind] as const),
    ),
  );

/**
 * @param codes that the answer names, the most exact first; the first that is known decides
 * @param otherwise where none is known
 */
export function faultBy(
  kinds: Kinds,
  codes: readonly string[],
  words: string,
  otherwise: FaultKind = "retry",
): Fault {
  const named = codes.find((code) => code !== "") ?? "unknown";
  const kind = codes.map((code) => kinds.get(code)).find((one) => one !== undefined) ?? otherwise;
  // A clock that is off is set by the gateway's once it has answered: the same call is right the next time.
  const isOfClock = (kind === "denied" || kind === "refused") && /timestamp|时间戳/i.test(words);
  return fault(isOfClock ? "retry" : kind, named, words);
}
