/**
 * @module An edge in a process of its own beside the store's (EDGES=1): what its redirects cost both together, and what
 * the API's calls cost that come by way of it.
 */
import type { Amounts } from "./amounts.ts";
import { besideBare, cpuRow } from "./beside.ts";
import { addressHeader, makeLinks, redirectOf } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { ownFolder, type RunningService, runService } from "./processes.ts";
import { atMost, type Report } from "./report.ts";
import { median, quotient } from "./rounds.ts";
import { pollOf } from "./stats-poll.ts";

/** ms, one call after the other. */
async function callOf({ api }: RunningService, times: number): Promise<number> {
  const taken: number[] = [];
  for (let call = 0; call < times; call += 1) {
    const began = performance.now();
    const { status } = await api("GET", "/api/streams?limit=1");
    if (status !== 200) throw new Error(`the API answered ${status}`);
    taken.push(performance.now() - began);
  }
  return median(taken);
}

export async function measureTwoProcesses(lab: Lab, amounts: Amounts): Promise<Report> {
  const one = await lab.service();
  const data = ownFolder();
  const two = await runService(data.path, { CLIENT_ADDRESS_HEADER: addressHeader, EDGES: "1" });
  const { slugs } = await makeLinks(two, 1);
  const poll = await pollOf(two, amounts.polledLinks);
  const samples = await besideBare(lab, amounts, (redirect) => [
    { ...redirect, name: "one" },
    redirectOf(two, slugs[0] ?? "", "two"),
  ]);
  const calls: { one: number[]; two: number[] } = { one: [], two: [] };
  for (let round = 0; round < amounts.speed.rounds; round += 1) {
    calls.one.push(await callOf(one, amounts.calls));
    calls.two.push(await callOf(two, amounts.calls));
  }
  const polls = await besideBare(lab, amounts, () => [poll]);
  await two.stop();
  data.remove();
  const [inOne, inTwo] = [quotient(samples, "cpu", "one"), quotient(samples, "cpu", "two")];
  const [direct, byEdge] = [median(calls.one), median(calls.two)];
  return {
    rows: [
      atMost(
        "redirect of an edge and its store ÷ bare workerd, CPU of both",
        inTwo,
        1.2,
        `${inTwo.toFixed(2)}  (one process: ${inOne.toFixed(2)})`,
      ),
      {
        name: "call of the API by way of an edge ÷ direct, p50",
        value: byEdge / direct,
        measured: `${(byEdge / direct).toFixed(2)}  (${byEdge.toFixed(2)} ÷ ${direct.toFixed(2)} ms)`,
      },
      cpuRow(polls, "stats poll by way of an edge, CPU of both ÷ bare", poll.name, 0.9),
    ],
    details: { twoProcesses: { samples, calls, polls } },
  };
}
