/**
 * @module The edge as a Worker of its own beside the whole Worker: what its redirects cost, and what the API's calls
 * cost that come by way of it. Its objects are the other Worker's (`script_name`, as wrangler calls it), and what is
 * no link it hands to that Worker by a service binding.
 */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Plan, type PlannedBinding, planFile, worker } from "../../scripts/start/plan.ts";
import { builtOfFile, inputs } from "../../scripts/start/sources.ts";
import { startService } from "../e2e/service.ts";
import type { Amounts } from "./amounts.ts";
import type { Target } from "./drive.ts";
import { addressHeader, inTaobao, makeLinks } from "./fixture.ts";
import type { Lab } from "./lab.ts";
import { keep, ownFolder, type RunningService, workerdOf } from "./processes.ts";
import type { Report } from "./report.ts";
import { alternate, median, quotient } from "./rounds.ts";
import { edgeModules } from "./startup.ts";

const control = "control";

/** An object is the other Worker's. */
const ofControl = (binding: PlannedBinding): PlannedBinding => {
  const { durableObjectNamespace: className } = binding;
  return typeof className === "string"
    ? { ...binding, durableObjectNamespace: { className, serviceName: control } }
    : binding;
};

/** What the start's sockets ask for is the edge; the Worker that it was goes on behind it. */
async function inTwo({ services }: Plan, root: string): Promise<Plan> {
  const whole = services.find(({ name }) => name === worker);
  if (!whole?.worker) throw new Error(`dist/${planFile} has no Worker`);
  const {
    durableObjectNamespaces: _objects,
    durableObjectStorage: _storage,
    ...edge
  } = whole.worker;
  const modules = (await edgeModules()).map(({ path, contents }) => {
    const file = join("dist/edge", path);
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), contents);
    return { name: path, [path.endsWith(".js") ? "esModule" : "data"]: { file } };
  });
  // By the names that the sockets ask for; the operator's door counts no open of this isolate.
  const entry = {
    name: "entry.js",
    esModule: `import edge from "./edge.js"; export default edge; export const Main = edge;
      export const Operator = { fetch: () => Response.json({ left: null }) };`,
  };
  const bindings = [
    ...(edge.bindings ?? []).filter(({ name }) => name !== "ASSETS").map(ofControl),
    { name: "CONTROL", service: { name: control } },
  ];
  // The start gives the settings to the Worker of the sockets alone.
  const settings = [
    { name: "HOSTING", text: "own" },
    ...["ADMIN_KEY", "CLIENT_ADDRESS_HEADER"].map((name) => ({ name, fromEnvironment: name })),
  ];
  const behind = { ...whole.worker, bindings: [...(whole.worker.bindings ?? []), ...settings] };
  return {
    services: [
      ...services.filter(({ name }) => name !== worker),
      { name: control, worker: behind },
      { name: worker, worker: { ...edge, bindings, modules: [entry, ...modules] } },
    ],
  };
}

/** Started from a folder that has another plan, and else what this one has. */
async function runTwo(data: string, root: string): Promise<RunningService> {
  for (const name of ["node_modules", ...inputs]) symlinkSync(resolve(name), join(root, name));
  mkdirSync(join(root, "dist"));
  // As text, in which bytes stay what the start reads them from.
  const built = JSON.parse(readFileSync(join("dist", planFile), "utf8")) as Plan;
  const plan = JSON.stringify(await inTwo(built, root));
  writeFileSync(join(root, "dist", planFile), plan);
  for (const name of ["files", "own", "worker", builtOfFile])
    symlinkSync(resolve("dist", name), join(root, "dist", name));
  const command = [
    process.execPath,
    "--preserve-symlinks",
    "--preserve-symlinks-main",
    join(root, "scripts/start.ts"),
  ];
  const service = await startService(
    data,
    { CLIENT_ADDRESS_HEADER: addressHeader },
    { command, cwd: root },
  );
  keep(service.process);
  return { ...service, pid: workerdOf(service.process) };
}

const opened = async (name: string, service: RunningService): Promise<Target> => {
  const { slugs } = await makeLinks(service, 1);
  const { url, pid } = service;
  return { name, url, pid, path: `/${slugs[0]}`, headers: inTaobao, expects: 302 };
};

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

export async function measureTwoWorkers(lab: Lab, amounts: Amounts): Promise<Report> {
  const one = await lab.service();
  const [data, root] = [ownFolder(), ownFolder()];
  const two = await runTwo(data.path, root.path);
  const samples = await alternate(
    await opened("one", one),
    [await opened("two", two)],
    amounts.speed,
  );
  const calls: { one: number[]; two: number[] } = { one: [], two: [] };
  for (let round = 0; round < amounts.speed.rounds; round += 1) {
    calls.one.push(await callOf(one, amounts.calls));
    calls.two.push(await callOf(two, amounts.calls));
  }
  await two.stop();
  data.remove();
  root.remove();
  const cpu = quotient(samples, "cpu", "two");
  const [direct, byEdge] = [median(calls.one), median(calls.two)];
  return {
    rows: [
      {
        name: "redirect of an edge Worker ÷ of the whole one, CPU",
        value: cpu,
        measured: cpu.toFixed(2),
      },
      {
        name: "call of the API by way of an edge Worker ÷ direct, p50",
        value: byEdge / direct,
        measured: `${(byEdge / direct).toFixed(2)}  (${byEdge.toFixed(2)} ÷ ${direct.toFixed(2)} ms)`,
      },
    ],
    details: { twoWorkers: { samples, calls } },
  };
}
