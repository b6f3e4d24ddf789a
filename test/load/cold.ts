/**
 * @module The first redirect of a fresh process. The service's entry is imported before its socket opens,
 * so the import is timed apart: in a worker that imports it at its first request, against the bare
 * worker's first request. Likewise KV: here it is a worker that starts with its first read, on Cloudflare
 * it runs already; the naive worker, asked for a link it does not have, reads it twice, as a redirect does.
 */
import { cpSync } from "node:fs";
import { connect } from "node:net";
import type { Amounts } from "./amounts.ts";
import { pause } from "./drive.ts";
import { inTaobao, makeLinks } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { ownFolder, type Running, runService } from "./processes.ts";
import { atMost, type Report } from "./report.ts";
import { median } from "./rounds.ts";
import { type Startups, startups } from "./startup.ts";

type Settings = Amounts["cold"];

interface Times {
  first: number;
  warm: number;
}

export async function measureColdStart(lab: Lab, { cold: settings }: Amounts): Promise<Report> {
  const { processes, alarmsDone } = settings;
  const folder = ownFolder();
  const made = await runService(folder.path);
  const path = `/${(await makeLinks(made, 1)).slugs[0]}`;
  await pause(alarmsDone);
  await made.stop();
  const service: Times[] = [];
  const bare: Times[] = [];
  const importing: Times[] = [];
  const reading: Times[] = [];
  for (let index = 0; index < processes; index += 1) {
    const fresh = ownFolder();
    cpSync(folder.path, fresh.path, { recursive: true });
    service.push(await timesOf(await runService(fresh.path), path, settings));
    fresh.remove();
    bare.push(await timesOf(await lab.freshWorker("bare"), path, settings));
    importing.push(await timesOf(await lab.freshWorker("importing"), path, settings));
    reading.push(await timesOf(await lab.freshWorker("naive"), path, settings, 404));
  }
  folder.remove();
  const startedIn = await startups(settings.startups);
  const beyond = (kind: keyof Startups) => startedIn[kind] - startedIn.bare;
  const typical = (times: Times[], name: keyof Times) => median(times.map((time) => time[name]));
  const imported = typical(importing, "first") - typical(bare, "first");
  const first = typical(service, "first") - typical(service, "warm");
  const kv = typical(reading, "first") - typical(bare, "first");
  const sum = imported + first;
  const parts = `${imported.toFixed(1)} + ${first.toFixed(1)}`;
  return {
    rows: [
      {
        ...atMost(
          "cold start: import + first redirect",
          sum,
          15,
          `${sum.toFixed(1)} ms  (${parts})`,
        ),
        goal: "≤ 15 ms",
      },
      {
        name: "of that, KV's first two reads",
        value: kv,
        measured: `${kv.toFixed(1)} ms`,
      },
      {
        name: "start of a process, beyond a bare Worker's: the service",
        value: beyond("service"),
        measured: `${beyond("service").toFixed(1)} ms  (the bare one's ${startedIn.bare.toFixed(1)})`,
      },
      {
        name: "of that, compiling all modules, also those that nobody asked for",
        value: beyond("uploaded"),
        measured: `${beyond("uploaded").toFixed(1)} ms`,
      },
      {
        name: "start of a process, beyond a bare Worker's: the edge alone",
        value: beyond("edge"),
        measured: `${beyond("edge").toFixed(1)} ms`,
      },
    ],
    details: {
      cold: { imported, first, kv, service, bare, importing, reading, startups: startedIn },
    },
  };
}

/** Of one connection that is open before the clock starts, in ms. */
async function timesOf(
  running: Running,
  path: string,
  { startsUpIn, warm }: Settings,
  expects = 302,
): Promise<Times> {
  await pause(startsUpIn);
  const { hostname, port } = new URL(running.url);
  const socket = connect(Number(port), hostname).setNoDelay();
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const headers = Object.entries({ Host: `${hostname}:${port}`, ...inTaobao })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join("");
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      const started = performance.now();
      socket.once("data", (chunk) => {
        if (chunk.subarray(9, 12).toString() === String(expects))
          resolve(performance.now() - started);
        else reject(new Error(`the first redirect was answered ${chunk.toString()}`));
      });
      socket.write(`GET ${path} HTTP/1.1\r\n${headers}\r\n`);
    });
  const first = await ask();
  const later: number[] = [];
  for (let index = 0; index < warm; index += 1) later.push(await ask());
  socket.destroy();
  await running.stop();
  return { first, warm: median(later) };
}
