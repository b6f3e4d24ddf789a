/**
 * Runs the service with its embedded stores: workerd driven directly with the options of wrangler.toml,
 * since `wrangler dev` puts a proxy before it that is 20 to 30 times slower.
 *
 * Reads PORT (8787), DATA_DIR (.data), ADMIN_KEY (else made, kept and printed) and every setting of
 * wrangler.toml from the environment. SIGTERM and SIGINT: no new opens, what is counted is delivered, stop.
 */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { join, relative, resolve } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { recordOf } from "../src/lib/records.ts";
import { bundle, bundledModules, bundleFolder, consoleFolder } from "./bundle.ts";

const settings = [
  "PUBLIC_URL",
  "EXTRA_DESTINATION_HOSTS",
  "COUNT_WINDOW_MS",
  "PUBLISH_SECONDS",
  "COUNT_TRANSPORT",
  "CLIENT_ADDRESS_HEADER",
  "DEFAULT_TIMEZONE",
  "WECHAT_APP_ID",
  "WECHAT_APP_SECRET",
  "WECHAT_API_BASE",
  "DOMAIN_PROOFS",
  "NOTIFY_HOSTS",
  "RETAIN_AUDIT_DAYS",
  "RETAIN_DELETED_DAYS",
  "RETAIN_VISITORS_DAYS",
];

const host = "127.0.0.1";
const port = readPort(process.env.PORT);
const dataFolder = resolve(process.env.DATA_DIR ?? ".data");

function fail(message: string): never {
  console.error(`moongate: ${message}`);
  process.exit(1);
}

function readPort(text = "8787"): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 && number < 65_536
    ? number
    : fail(`PORT is ${JSON.stringify(text)}; expected a number from 1 to 65535.`);
}

/** The key of the environment; else the one kept in the data folder; else a new one, kept there. */
function adminKey(): { key: string; isKept: boolean } {
  const given = process.env.ADMIN_KEY?.trim();
  if (given) return { key: given, isKept: false };
  const file = join(dataFolder, "admin-key");
  if (existsSync(file)) return { key: readFileSync(file, "utf8").trim(), isKept: true };
  const key = `mg_${randomBytes(24).toString("base64url")}`;
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return { key, isKept: true };
}

async function refuseTakenPort(): Promise<void> {
  await new Promise<void>((done) => {
    const probe = createServer()
      .once("error", () => fail(`port ${port} is in use; choose another with PORT=…`))
      .once("listening", () => probe.close(() => done()))
      .listen(port, host);
  });
}

/** workerd dies with this process even when that is killed: else it keeps the port. Linux only. */
function tieWorkerdToThisProcess(): void {
  const wrapper = resolve("scripts/workerd-tied.sh");
  if (process.platform === "linux" && existsSync("/usr/bin/setpriv")) {
    process.env.MINIFLARE_WORKERD_PATH ??= wrapper;
  }
}

mkdirSync(dataFolder, { recursive: true });
await refuseTakenPort();
const { key, isKept } = adminKey();
const isBuilt = existsSync(bundleFolder) && existsSync(consoleFolder);
if (process.env.MOONGATE_SKIP_BUILD !== "1" || !isBuilt) bundle("pipe");
tieWorkerdToThisProcess();

const { workerOptions } = unstable_getMiniflareWorkerOptions("wrangler.toml") as {
  workerOptions: { bindings?: object };
};
const given = recordOf(
  settings.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);
const socket = (entrypoint: string, at: number) => ({ host, port: at, entrypoint });
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    host,
    port: 0,
    cf: false,
    resourcePersistencePath: dataFolder,
    workers: [
      {
        ...workerOptions,
        name: "moongate",
        modules: bundledModules(),
        bindings: { ...workerOptions.bindings, ...given, ADMIN_KEY: key },
        unsafeDirectSockets: [socket("Main", port), socket("Operator", 0)],
      },
    ],
  } as never),
);
await miniflare.ready;

/** A full disk refuses changes and holds counts up; who runs this should hear of it before. */
const freeAtLeast = 256 * 1_048_576;
let isLow = false;
async function watchDisk(): Promise<void> {
  const { bavail, bsize } = await statfs(dataFolder);
  const free = bavail * bsize;
  const wasLow = isLow;
  isLow = free < freeAtLeast;
  if (isLow !== wasLow) {
    console.log(JSON.stringify({ event: isLow ? "disk_nearly_full" : "disk_has_room", free }));
  }
}
const lookAtDisk = () =>
  void watchDisk().catch((error: unknown) => console.error(`disk not read: ${String(error)}`));
lookAtDisk();
setInterval(lookAtDisk, 10_000).unref();

const operator = await miniflare.unsafeGetDirectURL("moongate", "Operator");
// Miniflare would exit at once, before what is counted is delivered.
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.removeAllListeners(signal);
  process.once(signal, () => void stop(signal));
}

async function stop(signal: string): Promise<void> {
  console.log(`${signal}: taking no new opens, delivering what is counted`);
  try {
    const answer = await fetch(operator, { method: "POST" });
    if (!answer.ok) console.error(`not everything was delivered: ${await answer.text()}`);
  } catch (error) {
    console.error(`the drain failed: ${String(error)}`);
  }
  await miniflare.dispose();
  process.exit(0);
}

const url = `http://localhost:${port}`;
const shown = isKept ? key : "$ADMIN_KEY";
console.log(`ready ${url}
key   ${isKept ? `${key}  (kept in ${join(relative(process.cwd(), dataFolder) || ".", "admin-key")})` : "ADMIN_KEY from the environment"}
console ${url}/console/

Try it:
  curl -s ${url}/api/links -H 'Authorization: Bearer ${shown}' -H 'Content-Type: application/json' \\
    -d '{"url":"https://tbzb.taobao.com/live?liveId=532359023188","slug":"hello","title":"My first live"}'
  curl -si ${url}/hello -A 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/19H332 AliApp(TB/10.23.20)'
  curl -s ${url}/api/links/hello/stats -H 'Authorization: Bearer ${shown}'
`);
