/**
 * `npm run dev [-- wrangler's options]`: wrangler's own server, which follows the sources, with a key that is kept in
 * `.wrangler/` and printed once it answers. A key in `.dev.vars` or in the environment goes before it.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs, parseEnv } from "node:util";
import { buildAssets } from "./bundle.ts";
import { hello } from "./start/hello.ts";
import { adminKeyFile, keysOf } from "./start/kept-keys.ts";
import { endWithNpm } from "./start/parent.ts";

const folder = ".wrangler";
const options = process.argv.slice(2);
const { values } = parseArgs({
  args: options,
  options: { port: { type: "string" } },
  strict: false,
});
const port = typeof values.port === "string" ? values.port : (process.env.PORT ?? "8787");

interface Keys {
  /** By their settings, to be given to wrangler, which reads `.dev.vars` itself. */
  given: ReadonlyMap<string, string>;
  /** The first API key; `undefined` when it came from the environment. */
  shown: string | undefined;
  keptIn: string;
}

/** wrangler's own file goes before the environment, and that before what is kept here. */
function keysOfStart(): Keys {
  const file = ".dev.vars";
  const vars = new Map(
    Object.entries(existsSync(file) ? parseEnv(readFileSync(file, "utf8")) : {}),
  );
  const keys = keysOf(folder, (name) => vars.get(name) ?? process.env[name]);
  const given = new Map(
    [...keys].flatMap(([name, { key }]) => (vars.get(name) ? [] : [[name, key] as const])),
  );
  const admin = keys.get("ADMIN_KEY");
  const isInFile = !given.has("ADMIN_KEY");
  return {
    given,
    shown: isInFile || admin?.isKept ? admin?.key : undefined,
    keptIn: isInFile ? file : `${folder}/${adminKeyFile}`,
  };
}

/** In a file, since everyone on the machine sees the arguments of a process; wrangler's own file is named beside it. */
function variables(given: ReadonlyMap<string, string>): string[] {
  const file = `${folder}/dev.vars`;
  const lines = Array.from(given, ([name, key]) => `${name}=${JSON.stringify(key)}\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
  const files = existsSync(".dev.vars") ? [".dev.vars", file] : [file];
  return files.flatMap((name) => ["--env-file", name]);
}

mkdirSync(folder, { recursive: true });
if (!existsSync("build/console/index.html")) buildAssets("inherit");
const keys = keysOfStart();

const server = spawn(
  process.execPath,
  [
    "node_modules/wrangler/bin/wrangler.js",
    "dev",
    ...(values.port === undefined ? ["--port", port] : []),
    ...(keys.given.size === 0 ? [] : variables(keys.given)),
    ...options,
  ],
  { stdio: "inherit", env: { ...process.env, WRANGLER_SEND_METRICS: "false" } },
);
server.once("exit", (code) => {
  stopped = true;
  process.exit(code ?? 0);
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
endWithNpm(() => server.kill("SIGTERM"));

let stopped = false;
const url = `http://localhost:${port}`;
while (!stopped) {
  const isReady = await fetch(`${url}/healthz`).then(
    ({ status }) => status === 200,
    () => false,
  );
  if (isReady) {
    console.log(hello(url, keys.shown, keys.keptIn));
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
}
