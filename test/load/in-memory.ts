/** @module A Worker of the benchmark's own that is built of the sources, with its objects in memory. */
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { workerBuild } from "../../scripts/worker-build.ts";
import { compatibility } from "./processes.ts";

/** @param objects name of a binding → class */
export async function started(
  entry: string,
  objects: Readonly<Record<string, string>>,
): Promise<Miniflare> {
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
  return miniflare;
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
