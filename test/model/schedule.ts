/** @module One schedule: what its seed makes of it, by its kind. */
import { Chance, Clock } from "./clock.ts";
import { crossing } from "./crossing.ts";
import { days } from "./days.ts";
import type { Code } from "./isolates.ts";
import { outage } from "./outage.ts";
import { storm, type Weather } from "./storm.ts";
import { noFaults, World } from "./world.ts";

export interface Outcome {
  /** What is wrong; nothing, when the counts are right. */
  wrong: string[];
  /** Of everything that happened. */
  digest: string;
  story: readonly string[];
}

const kinds = { storm, crossing, outage, days } as const;
type Kind = keyof typeof kinds;

export interface Wanted {
  kind?: Kind | undefined;
  transport?: "do" | "kv" | undefined;
  /** Of a storm. */
  weather?: Weather | undefined;
  /** Keeps the story of what happened. */
  tells?: boolean;
}

const hour = 3_600_000;

/** The kind of a seed: eight of ten are storms. */
function kindOf(seed: number): Kind {
  if (seed % 10 === 7) return "crossing";
  if (seed % 20 === 8) return "outage";
  return seed % 20 === 18 ? "days" : "storm";
}

/** @param wanted what is not left to the seed */
export async function runSchedule(code: Code, seed: number, wanted: Wanted = {}): Promise<Outcome> {
  const chance = new Chance(seed);
  const clock = new Clock();
  const { kind = kindOf(seed), tells = false } = wanted;
  const drawn = chance.is(0.25) ? "kv" : "do";
  const transport = wanted.transport ?? (kind === "storm" ? drawn : "do");
  // Some near the end of an hour, and some near that of a day in Shanghai.
  clock.now += chance.pick([0, 0, hour - 30_000, 4 * hour - 40_000]);
  const hasOutboxes = transport === "do" && seed % 3 === 1;
  const callsAtMost = transport === "do" && seed % 3 === 2 ? 2 + (seed % 2) : undefined;
  const faults = { ...noFaults };
  const options = { faults, transport, tells, hasOutboxes, callsAtMost };
  const world = new World(code, clock, chance, options);
  try {
    const wrong = await kinds[kind](world, wanted.weather);
    const outcome = { digest: world.digest(), story: world.story ?? [] };
    await bury(world);
    return { wrong: [...new Set([...wrong, ...world.wrong])], ...outcome };
  } finally {
    world.close();
  }
}

/** What an isolate still holds must not reach the next schedule of the pool: this world takes it, and is over. */
async function bury(world: World): Promise<void> {
  Object.assign(world.faults, noFaults);
  world.outages.clear();
  for (const isolate of world.isolates) {
    isolate.isAlive = true;
    const operator = { atMost: 120_000, mayVanish: false };
    await world.until(isolate.request(() => isolate.code.drain(60_000), operator));
  }
}
