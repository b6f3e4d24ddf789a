import { build } from "esbuild";
import { it } from "vitest";

/** Every source that is evaluated before the first request: what the entry reaches by static imports. */
async function loadedAtStart(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: ["src/worker.ts"],
    bundle: true,
    splitting: true,
    format: "esm",
    outdir: "unused",
    write: false,
    metafile: true,
    conditions: ["workerd", "worker"],
    external: ["cloudflare:*", "node:*"],
    loader: { ".sql": "text", ".png": "binary" },
  });
  const [entry] =
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === "src/worker.ts") ??
    [];
  const loaded = new Set<string>();
  const queue = entry ? [entry] : [];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const output = metafile.outputs[path];
    if (!output || loaded.has(path)) continue;
    loaded.add(path);
    for (const { kind, path: imported } of output.imports) {
      if (kind === "import-statement") queue.push(imported);
    }
  }
  return [...loaded].flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}));
}

it("a cold isolate loads the edge for a redirect, and nothing of the control plane", async ({
  expect,
}) => {
  const sources = await loadedAtStart();
  expect(sources).toContain("src/decision/decide.ts");
  expect(sources).toContain("src/counting/isolate/lane.ts");
  const control =
    /^src\/api\/(?!poll\.ts)|node_modules\/(?:zod|drizzle-orm|@hono\/zod-openapi)\/|hono\/dist\/hono/;
  expect(sources.filter((path) => control.test(path))).toEqual([]);
});
