/**
 * `npm run test:synced`: whether what is acknowledged is on the disk, by the system calls of workerd's processes themselves:
 * between a request and its answer every write to the store that it is about must be followed by a sync that has ended.
 * So a power cut takes nothing of what somebody was told. Needs `strace`, and the right to trace.
 */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pause } from "./drive.ts";
import { inTaobao, liveRoom } from "./fixture.ts";
import { ownFolder, type RunningService, runService } from "./processes.ts";
import { hasStrace, traced } from "./strace.ts";

if (!hasStrace()) {
  console.error("synced: strace is not here (Debian: apt install strace)");
  process.exit(1);
}

/** ms. Between two acknowledgements, so that what one leaves behind is none of the next. */
const apart = 1_500;

/** One system call: when it began and ended, of which file. Epoch seconds. */
interface Call {
  name: string;
  path: string;
  text: string;
  began: number;
  ended: number;
}

/** @param text of `strace -f -y -ttt -T` */
function callsIn(text: string): Call[] {
  const calls: Call[] = [];
  const open = new Map<string, Call>();
  for (const line of text.split("\n")) {
    const [, pid = "", at = "", rest = ""] = /^(\d+) +(\d+\.\d+) (.*)$/.exec(line) ?? [];
    if (rest.startsWith("<... ")) {
      const call = open.get(pid);
      if (call) calls.push({ ...call, ended: Number(at) });
      open.delete(pid);
      continue;
    }
    const [, name = "", path = "", more = ""] = /^(\w+)\(\d+<([^>]*)>(.*)$/.exec(rest) ?? [];
    if (name === "") continue;
    const took = Number(/<(\d+\.\d+)>$/.exec(rest)?.[1] ?? 0);
    const began = Number(at);
    const call = { name, path, text: more, began, ended: began + took };
    if (rest.endsWith("<unfinished ...>")) open.set(pid, call);
    else calls.push(call);
  }
  return calls.sort((a, b) => a.began - b.began);
}

const isSync = ({ name }: Call): boolean => name === "fsync" || name === "fdatasync";

interface Acknowledged {
  what: string;
  /** A part of the way to the database that it is in. */
  store: string;
  status: number;
  began: number;
}

/** @returns what is wrong, in words, and what was seen */
function look(calls: readonly Call[], { what, store, status, began }: Acknowledged) {
  const answer = calls.find(
    ({ name, text, began: at }) =>
      at >= began && /^(?:write|send)/.test(name) && text.includes(`HTTP/1.1 ${status}`),
  );
  if (!answer) return { what, wrong: `no answer with ${status} was seen` };
  const between = calls.filter(
    (call) => call.path.includes(store) && call.began >= began && call.began < answer.began,
  );
  // A database's index of its log is made anew of the log: it need not be on disk.
  const writes = between.filter(
    ({ name, path }) => name.startsWith("pwrite") && !path.endsWith("-shm"),
  );
  const unsynced = writes.filter(
    ({ path, ended }) =>
      !between.some(
        (call) =>
          isSync(call) && call.path === path && call.began >= ended && call.ended <= answer.began,
      ),
  );
  const amounts = `${writes.length} writes, ${between.filter(isSync).length} syncs`;
  const wrong =
    writes.length === 0
      ? "nothing was written before the answer"
      : unsynced.length > 0
        ? `${unsynced.length} writes were not synced before the answer: ${unsynced[0]?.path}`
        : null;
  return { what, wrong, amounts };
}

async function acknowledge(service: RunningService): Promise<Acknowledged[]> {
  const done: Acknowledged[] = [];
  const tell = async (what: string, store: string, status: number, ask: () => Promise<number>) => {
    await pause(apart);
    const began = Date.now() / 1_000;
    const answered = await ask();
    if (answered !== status) throw new Error(`${what}: answered ${answered}`);
    done.push({ what, store, status, began });
  };
  const open = async () =>
    (await fetch(`${service.url}/synced`, { headers: inTaobao, redirect: "manual" })).status;
  const call = async (method: string, path: string, body: unknown) =>
    (await service.api(method, path, body)).status;
  const another = { url: liveRoom, slug: "another" };
  await tell("a link is made", "-Catalog/", 201, () => call("POST", "/api/links", another));
  const note = { note: "changed" };
  await tell("a link is changed", "-Catalog/", 200, () =>
    call("PATCH", "/api/links/another", note),
  );
  await tell("costs are written", "-Orders/", 200, () =>
    call("PUT", "/api/links/another/costs", { slotFee: 100 }),
  );
  await tell("a strict open", "-Counter/", 302, open);
  const [store = 0] = service.pids;
  process.kill(store, "SIGSTOP");
  await tell("a strict open while the store is away", "/outbox/", 302, open);
  process.kill(store, "SIGCONT");
  return done;
}

const folder = ownFolder();
const service = await runService(folder.path, { EDGES: "1" });
const file = join(folder.path, "calls");
await service.api("POST", "/api/links", { url: liveRoom, slug: "synced", durability: "strict" });
await fetch(`${service.url}/synced`, { headers: inTaobao, redirect: "manual" });
await pause(2 * apart);
const calls = "pwrite64,pwritev,fsync,fdatasync,write,writev,sendto,sendmsg";
const end = await traced(service.pids, [
  ...["-y", "-ttt", "-T", "-s", "64", "-e", `trace=${calls}`, "-o", file],
]);
const acknowledged = await acknowledge(service);
await end();
const seen = callsIn(readFileSync(file, "utf8"));
const found = acknowledged.map((one) => look(seen, one));
for (const { what, wrong, amounts } of found) {
  console.log(`${wrong === null ? "synced" : "NOT SYNCED"}  ${what}: ${wrong ?? amounts}`);
}
rmSync(file);
await service.stop();
folder.remove();
if (found.some(({ wrong }) => wrong !== null)) process.exitCode = 1;
