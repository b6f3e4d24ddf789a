/**
 * @module `npm run test:crash [-- --rounds 10]`: a stream with `durability: "strict"`, a load of opens from outside, and
 * `kill -9` in the middle: of all processes where one is the whole service, of the store beside an edge, of the edge
 * beside the store. Once all is there again: acknowledged ≤ counted ≤ sent. So many rounds of each, one unless it is said;
 * needs the bundle of `npm run build`. A kill at a moment at which every open had its answer, which a busy machine brings
 * about, shows nothing of what is cut: that round is done again.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pause } from "./drive.ts";
import { makeLinks, settledViews } from "./fixture.ts";
import { openUntilBroken } from "./opens.ts";
import { ownFolder, type RunningService, runService } from "./processes.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "1" } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds takes a number from 1");
const connections = 32;
/** A batch that was spilled waits for the sweep, which comes every minute. */
const settling = { still: 3_000, within: 90_000 };
/** ms of load after a kill that not everybody noticed. */
const goesOnFor = 2_000;

interface Kill {
  name: string;
  edges: number;
  /** By the name of its configuration; all, and who started them, where there is none. */
  killed?: string;
  /** Connections break by it, which shows that opens were cut. */
  isFelt: boolean;
}

const kills: readonly Kill[] = [
  { name: "everything", edges: 0, isFelt: true },
  { name: "the store", edges: 1, killed: "store", isFelt: false },
  { name: "the edge", edges: 1, killed: "edge-1", isFelt: true },
];

const isOf = (pid: number, configuration: string): boolean =>
  readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`/${configuration}.capnp`);

function kill({ pids, process: parent }: RunningService, { killed }: Kill): void {
  const all = pids.filter((pid) => killed === undefined || isOf(pid, killed));
  if (all.length === 0) throw new Error(`no process of ${killed}`);
  for (const pid of all) process.kill(pid, "SIGKILL");
  if (killed === undefined) parent.kill("SIGKILL");
}

async function crash(round: number, way: Kill): Promise<{ holds: boolean; isCut: boolean }> {
  const folder = ownFolder();
  const env = { EDGES: String(way.edges) };
  const before = await runService(folder.path, env);
  const { streamId, slugs } = await makeLinks(before, 10, { durability: "strict" });
  const load = openUntilBroken(before.url, slugs, connections);
  // At any moment of the batches' time, so each round cuts another step.
  const after = 2_000 + Math.random() * 1_000;
  await pause(after);
  kill(before, way);
  if (!way.isFelt) await pause(goesOnFor);
  await load.stop();
  const { sent, acknowledged, refused, broken } = load.opens;

  const service = way.killed === undefined ? await runService(folder.path, env) : before;
  const counted = await settledViews(service, streamId, acknowledged, settling);
  await service.stop();
  folder.remove();
  const holds = acknowledged > 0 && acknowledged <= counted && counted <= sent;
  const isCut = broken > 0 || !way.isFelt;
  console.log(
    `${way.name}, round ${round}: killed after ${after.toFixed(0)} ms; acknowledged ${acknowledged} ≤ counted ${counted} ≤ sent ${sent} (${refused} refused, ${broken} broken off): ${holds ? "holds" : "VIOLATED"}`,
  );
  return { holds, isCut };
}

process.chdir(join(import.meta.dirname, "../.."));
let violated = 0;
let uncut = 0;
for (const way of kills) {
  let cut = 0;
  for (let round = 1; cut < rounds && round <= 3 * rounds; round += 1) {
    const { holds, isCut } = await crash(round, way);
    if (!holds) violated += 1;
    if (isCut) cut += 1;
  }
  uncut += rounds - cut;
}
if (violated > 0) console.error(`${violated} rounds violated the promise of strict`);
if (uncut > 0) console.error(`${uncut} kills cut no open`);
process.exit(violated === 0 && uncut === 0 ? 0 : 1);
