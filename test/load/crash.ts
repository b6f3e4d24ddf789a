/**
 * @module `npm run test:crash`: a stream with `durability: "strict"`, a load of opens from outside, and
 * `kill -9` of workerd and of its parent in the middle. After a restart on the same data:
 * acknowledged ≤ counted ≤ sent. Three times; needs the bundle of `npm run build`. A kill at a moment at which every open
 * had its answer, which a busy machine brings about, shows nothing of what is cut: that round is done again.
 */
import { join } from "node:path";
import { pause } from "./drive.ts";
import { makeLinks, settledViews } from "./fixture.ts";
import { openUntilBroken } from "./opens.ts";
import { ownFolder, runService } from "./processes.ts";

const rounds = 3;
const roundsAtMost = 9;
const connections = 32;
/** A batch that was spilled waits for the sweep, which comes every minute. */
const settling = { still: 3_000, within: 90_000 };

async function crash(round: number): Promise<{ holds: boolean; isCut: boolean }> {
  const folder = ownFolder();
  const before = await runService(folder.path);
  const { streamId, slugs } = await makeLinks(before, 10, { durability: "strict" });
  const load = openUntilBroken(before.url, slugs, connections);
  // At any moment of the batches' time, so each round cuts another step.
  const after = 2_000 + Math.random() * 1_000;
  await pause(after);
  for (const pid of before.pids) process.kill(pid, "SIGKILL");
  before.process.kill("SIGKILL");
  await load.stop();
  const { sent, acknowledged, refused, broken } = load.opens;

  const service = await runService(folder.path);
  const counted = await settledViews(service, streamId, acknowledged, settling);
  await service.stop();
  folder.remove();
  const holds = acknowledged > 0 && acknowledged <= counted && counted <= sent;
  const isCut = broken > 0;
  console.log(
    `round ${round}: killed after ${after.toFixed(0)} ms; acknowledged ${acknowledged} ≤ counted ${counted} ≤ sent ${sent} (${refused} refused, ${broken} broken off): ${holds ? "holds" : "VIOLATED"}`,
  );
  return { holds, isCut };
}

process.chdir(join(import.meta.dirname, "../.."));
let violated = 0;
let cut = 0;
for (let round = 1; cut < rounds && round <= roundsAtMost; round += 1) {
  const { holds, isCut } = await crash(round);
  if (!holds) violated += 1;
  if (isCut) cut += 1;
}
if (violated > 0) console.error(`${violated} rounds violated the promise of strict`);
if (cut < rounds) console.error(`only ${cut} of ${roundsAtMost} kills cut an open`);
process.exit(violated === 0 && cut >= rounds ? 0 : 1);
