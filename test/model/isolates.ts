/**
 * @module Isolates of the real code: each is the module graph of `src` once more, with the state that its
 * modules keep. Node's module hooks give each graph a query of its own, resolve what only workerd has, and
 * serve a module with a planted fault in one of its exports.
 *
 * A graph is loaded once and serves all schedules of this process, since each makes streams and links that no
 * other knows.
 */
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { pathToFileURL } from "node:url";
import type * as catalog from "../../src/catalog/object.ts";
import type * as counter from "../../src/counting/counter/object.ts";
import type * as ring from "../../src/counting/counter/ring.ts";
import type * as recorder from "../../src/counting/isolate/recorder.ts";
import type * as read from "../../src/counting/query/read.ts";
import type * as links from "../../src/edge/link-cache.ts";
import type * as ports from "../../src/edge/ports.ts";
import type * as store from "../../src/edge/store-over-bindings.ts";
import type * as outbox from "../../src/own/outbox.ts";
import { type Planted, plantedIn } from "./planted.ts";

/** What the Worker runs in one isolate. */
export type EdgeCode = Pick<typeof recorder, "settled" | "drain"> &
  Pick<typeof ports, "Ports"> &
  Pick<typeof store, "storeOf"> &
  Pick<typeof read, "readCounts"> &
  Pick<typeof links, "linkCache">;
type ObjectCode = Pick<typeof catalog, "Catalog"> &
  Pick<typeof counter, "Counter"> &
  Pick<typeof outbox, "Outbox"> &
  Pick<typeof ring, "ringBounds">;

const edgeFiles = [
  ...["counting/isolate/recorder", "counting/query/read"],
  ...["edge/link-cache", "edge/ports", "edge/store-over-bindings"],
];
/** What the Catalog imports when it is first used, which must not take time in a schedule. */
const objectFiles = [
  ...["counting/sweep/sweep", "counting/sweep/provided-salts"],
  ...["catalog/store", "catalog/idempotency", "catalog/sessions", "catalog/archive"],
  ...["catalog/object", "counting/counter/object", "counting/counter/ring", "own/outbox"],
];

const shims = new Map<string, string>(
  (
    [
      ["cloudflare:workers", "workers"],
      ["node:crypto", "crypto"],
      ["nanoid", "nanoid"],
    ] as const
  ).map(([name, file]) => [name, new URL(`./shims/${file}.ts`, import.meta.url).href]),
);

/** A module as it is, beside the one of the same name that has a planted fault. */
const real = "real";

/**
 * Lets modules of a `src` folder be loaded, many times over.
 *
 * @param root the folder
 */
export function registerIsolates(root: string): void {
  const src = `${pathToFileURL(root).href}/`;
  const packageFile = new URL("../package.json", src).href;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const { parentURL = "" } = context;
      const isOurs = parentURL.startsWith(src);
      const shim = isOurs ? shims.get(specifier) : undefined;
      if (shim) return { url: shim, shortCircuit: true };
      const isolate = new URL(parentURL || src).searchParams.get("isolate");
      if (!isOurs || isolate === null || !specifier.startsWith(".")) {
        return nextResolve(specifier, context);
      }
      // Every import of a file names it whole, so nothing has to be looked for.
      const url = new URL(specifier, parentURL);
      url.searchParams.set("isolate", isolate);
      return { url: url.href, shortCircuit: true };
    },
    load(url, context, nextLoad) {
      const { protocol, href, pathname, searchParams } = new URL(url);
      if (protocol !== "file:" || !(href.startsWith(src) || href.startsWith(packageFile))) {
        return nextLoad(url, context);
      }
      if (pathname.endsWith(".sql")) {
        const source = `export default ${JSON.stringify(readFileSync(pathname, "utf8"))}`;
        return { format: "module", source, shortCircuit: true };
      }
      if (pathname.endsWith(".json")) {
        // As bundlers have it: whole, and by the names of its fields.
        const source = `const json = ${readFileSync(pathname, "utf8")};
          export default json;
          export const { version } = json;`;
        return { format: "module", source, shortCircuit: true };
      }
      const path = pathname.slice(new URL(src).pathname.length);
      const isolate = searchParams.get("isolate") ?? "";
      const names = plantedIn(isolate)?.exportsOf(path) ?? [];
      if (names.length === 0 || searchParams.has(real)) {
        if (!pathname.endsWith(".ts")) return nextLoad(url, context);
        return { format: "module", source: stripped(pathname), shortCircuit: true };
      }
      return { format: "module", source: wrapped(url, isolate, path, names), shortCircuit: true };
    },
  });
}

const sources = new Map<string, string>();

/** Without its types, once for all graphs. */
function stripped(path: string): string {
  let source = sources.get(path);
  if (source === undefined) {
    source = stripTypeScriptTypes(readFileSync(path, "utf8"));
    sources.set(path, source);
  }
  return source;
}

/** The module with some exports replaced by what `Planted` makes of them. */
function wrapped(url: string, isolate: string, path: string, names: readonly string[]): string {
  const from = JSON.stringify(`${url}&${real}=`);
  const lines = names.map((name) => {
    const args = [isolate, path, name].map((text) => JSON.stringify(text));
    return `export const ${name} = globalThis.moongatePlanted(${args.join(", ")}, real.${name});`;
  });
  return [`export * from ${from};`, `import * as real from ${from};`, ...lines].join("\n");
}

async function load<T>(root: string, isolate: string, files: readonly string[]): Promise<T> {
  const loaded: T[] = [];
  for (const file of files) {
    loaded.push(await import(`${pathToFileURL(root).href}/${file}.ts?isolate=${isolate}`));
  }
  return Object.assign({}, ...loaded) as T;
}

export interface Code {
  edges: readonly EdgeCode[];
  objects: ObjectCode;
}

/**
 * @param edges how many isolates of the Worker
 * @param planted a fault that all of them have
 */
export async function loadCode(root: string, edges: number, planted?: Planted): Promise<Code> {
  const of = planted ? `${planted.id}.` : "";
  const objects = await load<ObjectCode>(root, `${of}objects`, objectFiles);
  const loaded: EdgeCode[] = [];
  for (let index = 0; index < edges; index += 1) {
    loaded.push(await load<EdgeCode>(root, `${of}edge-${index}`, edgeFiles));
  }
  return { edges: loaded, objects };
}
