/** @module Answers of the service beside those of a worker that does nothing else, in alternating rounds. */
import type { Amounts } from "./amounts.ts";
import type { Target } from "./drive.ts";
import { makeLinks, redirectOf } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { atMost, type Row } from "./report.ts";
import { alternate, errorOf, quotient, type Rounds, typical } from "./rounds.ts";

/** @returns the contenders, given the redirect of a link that was made for them */
export type Contenders = (redirect: Target, link: string) => Target[] | Promise<Target[]>;

/** Loads the contenders and the bare worker's redirect in turn. */
export async function besideBare(
  lab: Lab,
  { speed }: Amounts,
  contenders: Contenders,
): Promise<Rounds> {
  const [service, bare] = [await lab.service(), await lab.worker("bare")];
  const link = (await makeLinks(service, 1)).slugs[0] ?? "";
  const redirect = redirectOf(service, link);
  const reference: Target = { ...redirect, url: bare.url, pids: bare.pids, settlesAtOnce: true };
  return alternate(reference, await contenders(redirect, link), speed);
}

/** CPU of a contender over that of the reference, with its standard error, or over that of another contender. */
export function cpuRow(
  samples: Rounds,
  title: string,
  name: string,
  goal: number,
  by?: string,
): Row {
  const over = by === undefined ? 1 : quotient(samples, "cpu", by);
  const value = quotient(samples, "cpu", name) / over;
  const [cpu, least] = [typical(samples, "cpu", name), typical(samples, "cpu", by)];
  const error = by === undefined ? errorOf(samples, "cpu", name) : null;
  const shown = `${value.toFixed(2)}${error === null ? "" : ` ± ${error.toFixed(2)}`}`;
  const figures = `(${cpu.toFixed(1)} ÷ ${least.toFixed(1)} µs)`;
  return atMost(title, value, goal, `${shown}  ${figures}`);
}

/** A row without a goal. */
export function noted({ name, value, measured }: Row): Row {
  return { name, value, measured };
}
