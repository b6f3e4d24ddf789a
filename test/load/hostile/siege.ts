/** @module Honest visitors before, while and after hostile requests come, and the service's memory beside. */
import type { Amounts } from "../amounts.ts";
import { load, pause } from "../drive.ts";
import { addressHeader, inTaobao, inWechat, makeLinks } from "../fixture.ts";
import type { OwnService } from "../lab.ts";
import { quantile } from "../rounds.ts";
import type { Attacked } from "./attacker.ts";
import { Memory } from "./memory.ts";
import { attackers, honestVisitors, type Phases } from "./sides.ts";

export interface Siege {
  /** MiB; before and after are settled. */
  memory: { before: number; after: number; peak: number };
  phases: Phases;
  attacked: Attacked;
  /** s from the last hostile request until a link opened within a second again. */
  recovered: number;
}

/** Links that the visitors open. */
const links = 5;
const seed = 11;
/** Small requests of every kind, so that what is loaded on first use is there before memory is looked at. */
const small = { amount: 300, long: 200, large: 1_000, within: 20, patience: 1_000 };

/** No visitor waits yet. */
const aside = { seed: seed + 1, isAside: true, perSecond: 1_000, within: 60 };

/** @param only kinds of requests; all without it */
export async function besiege(
  service: OwnService,
  settings: Amounts["hostile"],
  only?: readonly string[],
): Promise<Siege> {
  const { alone, push: amount, honestPerSecond: perSecond, requests, patience } = settings;
  const { slugs } = await makeLinks(service, links);
  const attack = attackers(service.url, {
    ...settings,
    slugs,
    seed,
    addressHeader,
    isAside: false,
    ...(only && { only }),
  });
  await attack({ ...small, patience: Math.min(small.patience, patience) });
  // What the runtime itself takes for such requests, whoever answers, is not the service's.
  await attack({ amount: settings.aside, ...aside });
  await push(service, slugs, amount);

  const visitors = honestVisitors(service.url, { perSecond, slugs, addressHeader });
  const memory = new Memory(service);
  visitors.begin("warm-up");
  await pause(alone * 200);
  const before = await memory.settled();
  visitors.begin("before");
  await pause(alone * 1_000);
  visitors.begin("meanwhile");
  const attacked = await attack({ amount: requests });
  visitors.begin("settling");
  const recovered = await opensAgain(`${service.url}/${slugs[0]}`);
  await push(service, slugs, amount);
  await pause(alone * 200);
  const after = await memory.settled();
  visitors.begin("after");
  await pause(alone * 1_000);
  memory.stop();
  const phases = await visitors.end();
  return { memory: { before, after, peak: memory.peak }, phases, attacked, recovered };
}

/** Redirects, pages, and calls that reach the store's process, so that what each can free is freed. */
async function push(service: OwnService, slugs: readonly string[], amount: number) {
  await load({
    url: service.url,
    connections: 8,
    amount,
    headers: { Authorization: `Bearer ${service.key}` },
    requests: [{ path: "/api/streams?limit=1" }],
  });
  for (const headers of [inTaobao, inWechat]) {
    const requests = slugs.map((slug) => ({ path: `/${slug}` }));
    await load({ url: service.url, connections: 8, amount, headers, requests });
  }
}

const recoversWithin = 90;

async function opensAgain(url: string): Promise<number> {
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1_000;
  while (elapsed() < recoversWithin) {
    const asked = fetch(url, {
      headers: inTaobao,
      redirect: "manual",
      signal: AbortSignal.timeout(1_000),
    });
    if ((await asked.catch(() => null))?.status === 302) return elapsed();
    await pause(100);
  }
  throw new Error(`no link opened for ${recoversWithin} s after the hostile requests`);
}

/** ms, of the visitors of some phases together. */
export function p99Of(phases: Phases, ...names: string[]): number {
  return quantile(
    names.flatMap((name) => phases[name]?.took ?? []),
    0.99,
  );
}
