/**
 * Makes an edge for another place (docs/edges.md): `npm run build -- --target workerd-edge|esa|edgeone`, into
 * dist/elsewhere/. One module each, of the language and the interfaces that all of them have, without Node's built-ins.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { unstable_readConfig } from "wrangler";
import type { SettingName } from "../src/config/table.ts";
import { writePageScripts } from "./client.ts";
import { provincesFile } from "./provinces/file.ts";
import { Embed, type Struct } from "./start/capnp.ts";
import { configurationText } from "./start/configuration.ts";
import { wholeNetwork } from "./start/network.ts";
import { workerBuild } from "./worker-build.ts";

interface Target {
  /** In src/elsewhere/. */
  entry: string;
  /** In the target's folder. */
  file: string;
  /** Writes what else the place needs. */
  more?(folder: string): void;
  /** How it is brought there, in a line for each step. */
  next: readonly string[];
}

export const targets: ReadonlyMap<string, Target> = new Map<string, Target>([
  [
    "workerd-edge",
    {
      entry: "workerd",
      file: "edge.js",
      more: writeConfiguration,
      next: [
        "EDGE_ORIGIN=https://… EDGE_SECRET=name=… npx workerd serve edge.capnp   in that folder",
        "It listens on 127.0.0.1:8787; another place is --socket-addr http=10.0.0.5:8080",
      ],
    },
  ],
  [
    "esa",
    {
      entry: "esa",
      file: "index.js",
      next: [
        'Make the KV namespace `moongate`, with a key `settings`: {"EDGE_ORIGIN": "https://…", "EDGE_SECRET": "name=…"}',
        "Deploy index.js as a function, and give it the route of the short links' domain",
      ],
    },
  ],
  [
    "edgeone",
    {
      entry: "edgeone",
      file: "edge-functions/[[default]].js",
      next: [
        "Deploy the folder as a project of Pages, with the environment variables EDGE_ORIGIN and EDGE_SECRET",
        "Bind a KV namespace to it under the name MOONGATE",
      ],
    },
  ],
]);

/** hash.ts without Node's built-ins, in its place. */
const hashAnywhere: Plugin = {
  name: "hash-anywhere",
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/hash\.ts$/ }, ({ resolveDir, path }) =>
      join(resolveDir, path) === resolve("src/lib/hash.ts")
        ? { path: resolve("src/lib/hash-anywhere.ts") }
        : undefined,
    ),
};

/** How an entry of src/elsewhere/ is bundled. @param outfile where to */
export function elsewhereBuild(entry: string, outfile: string): BuildOptions {
  const {
    plugins = [],
    assetNames: _,
    chunkNames: __,
    ...of
  } = workerBuild(`src/elsewhere/${entry}.ts`);
  return {
    ...of,
    ...{ outfile, splitting: false, target: "es2022", external: [] },
    conditions: ["worker", "browser"],
    loader: { ".png": "binary" },
    plugins: [...plugins, hashAnywhere],
  };
}

/** What plain workerd runs; settings are variables of its environment. */
function writeConfiguration(folder: string): void {
  const { compatibility_date: compatibilityDate = "" } = unstable_readConfig({
    config: "wrangler.toml",
  });
  const provinces = "provinces.bin";
  const hasProvinces = existsSync(provincesFile);
  if (hasProvinces) copyFileSync(provincesFile, join(folder, provinces));
  const bindings: Struct[] = [
    { name: "HOSTING", text: "own" },
    ...ofEdges.map((name) => ({ name, fromEnvironment: name })),
    ...(hasProvinces ? [{ name: "PROVINCES", data: new Embed(provinces) }] : []),
  ];
  const modules = [{ name: "edge.js", esModule: new Embed("edge.js") }];
  const text = configurationText({
    services: [
      {
        name: "edge",
        worker: { compatibilityDate, modules, bindings, globalOutbound: { name: "network" } },
      },
      wholeNetwork("network", []),
    ],
    sockets: [{ name: "http", address: "127.0.0.1:8787", http: {}, service: { name: "edge" } }],
  });
  writeFileSync(join(folder, "edge.capnp"), text);
}

/** The settings that an edge reads. */
const ofEdges: readonly SettingName[] = [
  ...(["EDGE_ORIGIN", "EDGE_SECRET", "PUBLIC_URL", "COUNT_WINDOW_MS", "OPEN_LIMIT"] as const),
  ...(["CLIENT_ADDRESS_HEADER", "CLIENT_ADDRESS_FROM_END", "CLIENT_COUNTRY_HEADER"] as const),
  ...(["CLIENT_REGION_HEADER", "ESTIMATE_PROVINCES", "DOMAIN_PROOFS", "WECHAT_APP_ID"] as const),
  ...(["BRAND_NAME", "BRAND_LOGO", "BRAND_COLOR", "OPERATOR_NAME", "FILING_NUMBER"] as const),
];

/** @returns the folder that was made, or `null` where there is no such target */
export async function buildElsewhere(
  name: string,
  below = "dist/elsewhere",
): Promise<string | null> {
  const target = targets.get(name);
  if (!target) return null;
  const folder = join(below, name);
  rmSync(folder, { recursive: true, force: true });
  const outfile = join(folder, target.file);
  mkdirSync(dirname(outfile), { recursive: true });
  await writePageScripts();
  await build(elsewhereBuild(target.entry, outfile));
  target.more?.(folder);
  return folder;
}

/** For whoever builds by hand. @returns the exit code */
export async function buildTarget(name: string): Promise<number> {
  const folder = await buildElsewhere(name);
  if (folder === null) {
    console.error(`--target ${name}: expected one of ${[...targets.keys()].join(", ")}`);
    return 1;
  }
  console.log([`made ${folder}`, ...(targets.get(name)?.next ?? [])].join("\n  "));
  return 0;
}
