/**
 * @module An edge elsewhere as its tests run it: the bundle of a target in workerd, without Node's built-ins and with what
 * the strictest of the platforms lacks taken away; a network between it and its origin that loses what it is told to; and
 * the platform's KV.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Embed, type Struct } from "../../scripts/start/capnp.ts";
import { configurationText } from "../../scripts/start/configuration.ts";
import { freePort } from "../free-port.ts";

const workerd: string = createRequire(import.meta.url)("workerd").default;

export type TargetName = "workerd-edge" | "esa" | "edgeone";

const listening = (server: Server): Promise<number> =>
  new Promise((done) => {
    server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port));
  });

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

/** What becomes of a request on its way: it arrives; or does not; or its answer is lost; or something in front answers. */
type Fate = "arrives" | "is lost" | "loses its answer" | "is answered by another" | "is refused";

/** Between an edge and its origin. */
export async function network(originUrl: () => string) {
  const asked: string[] = [];
  let fate: (path: string, body: string) => Fate = () => "arrives";
  const server = createServer(async (message, answer) => {
    const { method = "", url = "", headers } = message;
    asked.push(`${method} ${url}`);
    const body = await bodyOf(message);
    const becomes = fate(url, String(body));
    if (becomes === "is lost") return void message.socket.destroy();
    if (becomes === "is answered by another") {
      answer.writeHead(200, { "Content-Type": "application/json" }).end('{"code":0}');
      return;
    }
    if (becomes === "is refused") return void answer.writeHead(413).end("<h1>413</h1>");
    const { hostname, port } = new URL(originUrl());
    const on = request(
      { hostname, port, method, path: url, headers: { ...headers, host: "origin" } },
      (came) => {
        if (becomes === "loses its answer") {
          came.resume().once("end", () => message.socket.destroy());
          return;
        }
        answer.writeHead(came.statusCode ?? 500, came.headers);
        came.pipe(answer);
      },
    );
    on.once("error", () => message.socket.destroy());
    on.end(body);
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    /** What the edge asked for, in order. */
    asked,
    set: (next: typeof fate) => {
      fate = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A platform's KV as the strictest of them has it: names of letters, digits and `_`; texts of 128 KB; no list, no expiry. */
export async function strictKv() {
  const kept = new Map<string, string>();
  const server = createServer(async (message: IncomingMessage, answer: ServerResponse) => {
    const name = (message.url ?? "").slice(1);
    if (message.method === "PUT") {
      kept.set(name, String(await bodyOf(message)));
      answer.end();
      return;
    }
    const text = kept.get(name);
    answer.writeHead(text === undefined ? 404 : 200).end(text);
  });
  const port = await listening(server);
  return { kept, url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

/** Evaluated before the edge: takes away what platforms lack, and gives what a platform of this kind has. */
const prelude = (kvUrl: string) => `
  for (const [of, names] of [
    [Response, ["json"]],
    [globalThis, ["scheduler", "Buffer", "process", "caches", "HTMLRewriter", "WebSocketPair", "navigator"]],
    [Array, ["fromAsync"]],
    [Array.prototype, ["toSorted", "toReversed", "toSpliced", "with", "findLast", "findLastIndex"]],
    [Object, ["groupBy"]],
    [Map, ["groupBy"]],
    [Promise, ["withResolvers", "try"]],
    [Set.prototype, ["union", "intersection", "difference", "isSubsetOf", "isSupersetOf"]],
    [String.prototype, ["isWellFormed", "toWellFormed"]],
    [AbortSignal, ["any", "timeout"]],
    [Uint8Array, ["fromBase64", "fromHex"]],
    [Uint8Array.prototype, ["toBase64", "toHex"]],
    [Object.getPrototypeOf(Object.getPrototypeOf([].values())), ["map", "filter", "take", "drop", "flatMap", "reduce", "toArray", "forEach", "some", "every", "find"]],
  ]) {
    for (const name of names) {
      delete of[name];
      if (of[name] !== undefined) Object.defineProperty(of, name, { value: undefined, writable: true });
    }
  }
  const ask = fetch;
  const checked = (name) => {
    if (!/^[A-Za-z0-9_]{1,512}$/.test(name)) throw new Error("the name of a key: " + name);
    return ${JSON.stringify(kvUrl)} + "/" + name;
  };
  class StrictKv {
    async get(name) {
      const answer = await ask(checked(name));
      return answer.status === 404 ? void (await answer.text()) : answer.text();
    }
    async put(name, text, ...more) {
      if (typeof text !== "string" || text.length > 128_000 || more.length > 0) throw new Error("put");
      await ask(checked(name), { method: "PUT", body: text });
    }
  }
  globalThis.EdgeKV = class EdgeKV extends StrictKv {
    constructor({ namespace }) {
      if (namespace !== "moongate") throw new Error("no such namespace");
      super();
    }
  };
  globalThis.MOONGATE = new StrictKv();
`;

/** The platform's way of calling the bundle. */
const callers: Record<TargetName, string> = {
  "workerd-edge": `export { default } from "./edge.js";`,
  esa: `export { default } from "./edge.js";`,
  edgeone: `
    import { onRequest } from "./edge.js";
    export default {
      fetch(request, env, context) {
        Object.defineProperty(request, "eo", {
          value: { geo: { countryCodeAlpha2: "CN", regionCode: "CN-ZJ" } },
        });
        return onRequest({ request, params: {}, env, waitUntil: (work) => context.waitUntil(work) });
      },
    };`,
};

interface Run {
  target: TargetName;
  /** The built module. */
  file: string;
  /** A folder for the configuration. */
  folder: string;
  settings: Record<string, string>;
  kvUrl: string;
}

export interface RunningEdge {
  url: string;
  process: ChildProcess;
  output: () => string;
  /** @returns the exit code, or the signal */
  end: (signal: NodeJS.Signals) => Promise<number | string | null>;
}

/** Runs a target's bundle, as its platform would. */
export async function runElsewhere({
  target,
  file,
  folder,
  settings,
  kvUrl,
}: Run): Promise<RunningEdge> {
  const port = await freePort();
  const esModule = (name: string, text: string | Embed): Struct => ({ name, esModule: text });
  const modules = [
    esModule("main.js", `import "./prelude.js";\n${callers[target]}`),
    esModule("prelude.js", prelude(kvUrl)),
    esModule("edge.js", new Embed(file)),
  ];
  const bindings =
    target === "esa" ? [] : Object.entries(settings).map(([name, text]) => ({ name, text }));
  const worker = {
    compatibilityDate: "2026-10-01",
    modules,
    bindings,
    globalOutbound: { name: "network" },
  };
  const text = configurationText({
    services: [
      { name: "edge", worker },
      { name: "network", network: { allow: ["public", "private"] } },
    ],
    sockets: [{ name: "http", address: `127.0.0.1:${port}`, http: {}, service: { name: "edge" } }],
  });
  const configuration = join(folder, `${target}-${port}.capnp`);
  writeFileSync(configuration, text);
  const child = spawn(workerd, ["serve", "--import-path=/", configuration], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk;
    });
  }
  const exited = new Promise<number | string | null>((done) => {
    child.once("exit", (code, signal) => done(code ?? signal));
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const isThere = await fetch(`${url}/`).then(
      async (answer) => (await answer.text()) !== "",
      () => false,
    );
    if (isThere) break;
    if (child.exitCode !== null || tries > 200)
      throw new Error(`the edge did not begin: ${output}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  return {
    url,
    process: child,
    output: () => output,
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
  };
}
