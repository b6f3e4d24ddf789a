/**
 * `npm run dev [-- wrangler's options]`: wrangler's own server, which follows the sources, with a key that is kept in
 * `.wrangler/` and printed once it answers. A key in `.dev.vars` or in the environment goes before it.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { parseArgs, parseEnv } from "node:util";
import { buildAssets } from "./bundle.ts";
import { adminKey, keyFile } from "./start/admin-key.ts";
import { hello } from "./start/hello.ts";

const folder = ".wrangler";
const options = process.argv.slice(2);
const { values } = parseArgs({
  args: options,
  options: { port: { type: "string" } },
  strict: false,
});
const port = typeof values.port === "string" ? values.port : (process.env.PORT ?? "8787");

interface Key {
  /** To be given to wrangler, which reads `.dev.vars` itself. */
  given: string | undefined;
  /** `undefined` when it came from the environment. */
  shown: string | undefined;
  keptIn: string;
}

/** wrangler's own file goes before the environment, and that before what is kept here. */
function keyOfStart(): Key {
  const vars = existsSync(".dev.vars") ? parseEnv(readFileSync(".dev.vars", "utf8")) : {};
  if (vars.ADMIN_KEY) return { given: undefined, shown: vars.ADMIN_KEY, keptIn: ".dev.vars" };
  const { key, isKept } = adminKey(folder, process.env.ADMIN_KEY);
  return { given: key, shown: isKept ? key : undefined, keptIn: `${folder}/${keyFile}` };
}

mkdirSync(folder, { recursive: true });
if (!existsSync("build/console/index.html")) buildAssets("inherit");
const key = keyOfStart();

const server = spawn(
  process.execPath,
  [
    "node_modules/wrangler/bin/wrangler.js",
    "dev",
    ...(values.port === undefined ? ["--port", port] : []),
    ...(key.given === undefined ? [] : ["--var", `ADMIN_KEY:${key.given}`]),
    ...options,
  ],
  { stdio: "inherit", env: { ...process.env, WRANGLER_SEND_METRICS: "false" } },
);
server.once("exit", (code) => {
  stopped = true;
  process.exit(code ?? 0);
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));

let stopped = false;
const url = `http://localhost:${port}`;
while (!stopped) {
  const isReady = await fetch(`${url}/healthz`).then(
    ({ status }) => status === 200,
    () => false,
  );
  if (isReady) {
    console.log(hello(url, key.shown, key.keptIn));
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
}
