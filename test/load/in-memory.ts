/** @module A Worker of the benchmark's own that is built of the sources, with its objects in memory. */
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { workerBuild } from "../../scripts/worker-build.ts";
import { compatibility, workerdsOf } from "./processes.ts";

export interface Started {
  miniflare: Miniflare;
  /** Of its workerd. */
  pid: number;
}

/** One begins after the other, so that each knows which workerd is its own. */
let before: Promise<unknown> = Promise.resolve();

/** @param objects name of a binding → class */
export function started(
  entry: string,
  objects: Readonly<Record<string, string>>,
): Promise<Started> {
  const ours = before.then(() => start(entry, objects));
  before = ours.catch(() => undefined);
  return ours;
}

async function start(entry: string, objects: Readonly<Record<string, string>>): Promise<Started> {
  const others = new Set(workerdsOf(process));
  const { outputFiles } = await build({
    ...workerBuild(entry),
    splitting: false,
    minify: false,
    outdir: "/in-memory",
    write: false,
  });
  const durableObjects = Object.fromEntries(
    Object.entries(objects).map(([name, className]) => [name, { className, useSQLite: true }]),
  );
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "in-memory",
      ...compatibility(),
      modules: outputFiles.map(({ path, text }) => ({
        type: "ESModule",
        path: path.slice(1),
        contents: text,
      })),
      kvNamespaces: ["COUNTS", "LINKS"],
      durableObjects,
      bindings: { ADMIN_KEY: "an-admin-key-in-memory" },
    } as never),
  );
  await miniflare.ready;
  const pid = workerdsOf(process).find((one) => !others.has(one));
  if (pid === undefined) throw new Error("no workerd was started");
  return { miniflare, pid };
}

/** @throws what the Worker answered, where that is no success */
export async function posted<T>(miniflare: Miniflare, body: unknown): Promise<T> {
  const answer = await miniflare.dispatchFetch("http://worker/", {
    method: "POST",
    body: JSON.stringify(body),
  });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
