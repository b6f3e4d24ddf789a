import { build, type Metafile } from "esbuild";
import { describe, it } from "vitest";
import { elsewhereBuild } from "../../scripts/elsewhere.ts";
import { workerBuild } from "../../scripts/worker-build.ts";

async function bundleOf(entry: string) {
  const { metafile, outputFiles } = await build({
    ...workerBuild(entry),
    outdir: "unused",
    write: false,
    metafile: true,
  });
  return { metafile, bytes: outputFiles.reduce((sum, { contents }) => sum + contents.length, 0) };
}

/** What is evaluated before the first request: what the entry reaches by static imports. */
function loadedAtStart({ outputs }: Metafile, entry: string) {
  const first = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === entry) ?? "";
  const loaded = new Set<string>();
  const queue = [first];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const output = outputs[path];
    if (!output || loaded.has(path)) continue;
    loaded.add(path);
    for (const { kind, path: imported } of output.imports) {
      if (kind === "import-statement") queue.push(imported);
    }
  }
  return {
    sources: [...loaded].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {})),
    bytes: [...loaded].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0),
  };
}

const control =
  /^src\/(?:catalog|orders|reports|backup|auth|outbound|wechat|notify|api)\/|node_modules\/(?:zod|drizzle-orm|@hono\/zod-openapi)\/|hono\/dist\/hono/;

it("a cold isolate loads the edge for a redirect, and nothing of the control plane but its objects", async ({
  expect,
}) => {
  const { metafile } = await bundleOf("src/worker.ts");
  const { sources, bytes } = loadedAtStart(metafile, "src/worker.ts");
  expect(sources).toContain("src/decision/decide.ts");
  expect(sources).toContain("src/counting/isolate/lane.ts");
  const unwanted =
    /^src\/api\/(?!poll\.ts)|^src\/platforms\/[^/]+\/(?:orders|pages|words)\.ts|node_modules\/(?:zod|drizzle-orm|@hono\/zod-openapi)\/|hono\/dist\/hono/;
  expect(sources.filter((path) => unwanted.test(path))).toEqual([]);
  // The edge, the counters, and the doors of the other objects. Brands, labels and the page of 503 are 3 KB of it;
  // the doors of connections, settlements, creators and promoted links, by which objects are called, 7 KB.
  expect(bytes).toBeLessThanOrEqual(209_000);
});

describe("the edge alone", async () => {
  const { metafile, bytes } = await bundleOf("src/edge.ts");
  const sources = Object.keys(metafile.inputs);

  it("opens links, with nothing of the control plane, not even on use", ({ expect }) => {
    expect(sources).toContain("src/edge/open.ts");
    expect(sources).toContain("src/counting/isolate/lane.ts");
    expect(sources.filter((path) => control.test(path))).toEqual([]);
    expect(sources.filter((path) => /src\/counting\/(?:counter|query|sweep)\//.test(path))).toEqual(
      ["src/counting/counter/stub.ts"],
    );
  });

  it("weighs at most 140 KB at its start", ({ expect }) => {
    expect(loadedAtStart(metafile, "src/edge.ts").bytes).toBeLessThanOrEqual(140_000);
    // With what it reads on use: drawings, QR codes as PNG, the calendar, the picture. Brands and labels are 3 KB of it,
    // and a sentence in two languages for each kind of problem is in it too.
    expect(bytes).toBeLessThanOrEqual(157_000);
  });

  it("takes Node's built-ins, and Cloudflare's, in one module alone", ({ expect }) => {
    const builtIn = /^(?:node|cloudflare):/;
    const takers = Object.entries(metafile.inputs)
      .filter(([, { imports }]) => imports.some(({ path }) => builtIn.test(path)))
      .map(([path]) => path);
    expect(takers).toEqual(["src/lib/hash.ts"]);
  });
});

describe.each(["workerd", "esa", "edgeone"])(
  "an edge elsewhere, by the entry %s",
  async (entry) => {
    const { metafile, outputFiles } = await build({
      ...elsewhereBuild(entry, "unused.js"),
      write: false,
      metafile: true,
    });

    it("is one module of the same data plane, with nothing that not every platform has", ({
      expect,
    }) => {
      const sources = Object.keys(metafile.inputs);
      expect(sources).toContain("src/edge/open.ts");
      expect(sources).toContain("src/counting/isolate/lane.ts");
      expect(sources.filter((path) => control.test(path))).toEqual([]);
      expect(sources).toContain("src/lib/hash-anywhere.ts");
      expect(sources).not.toContain("src/lib/hash.ts");
      const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
      expect([outputFiles.length, imported]).toEqual([1, []]);
      // Of Volcengine, the strictest, a function's code has at most 2 MB; the picture in base64 is 17 KB of it.
      expect(outputFiles[0]?.contents.length).toBeLessThanOrEqual(180_000);
    });

    it("differs from the others by its entry alone", ({ expect }) => {
      const shared = ["background", "copies", "edge", "lacking", "origin", "store-over-https"];
      const files = Object.keys(metafile.inputs).flatMap(
        (path) => /^src\/elsewhere\/(.+)\.ts$/.exec(path)?.[1] ?? [],
      );
      expect(files.filter((name) => ![...shared, "records", "transport"].includes(name))).toEqual([
        entry,
      ]);
    });
  },
);
