/**
 * Runs the service with its embedded stores: workerd alone, by the services that the build made of
 * wrangler.toml. `wrangler dev` would put a proxy before it that is 20 to 30 times slower. With EDGE_ORIGIN it is an edge of
 * that origin's, without a store (docs/edges.md).
 *
 * Reads HOST (127.0.0.1), PORT (8787), DATA_DIR (.data), EDGES (cores but one), EDGE_OUTBOX_MB (256), ADMIN_KEY (else
 * made, kept and printed), CONNECTIONS_KEY (else made and kept) and every setting of src/config/table.ts from the environment. SIGTERM, SIGINT, and the end
 * of the npm that started it: no new opens, what is counted is delivered, stop.
 */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { buildWhereNeeded } from "./start/build.ts";
import { mainSocket, outboxesOf, storageFolders } from "./start/configuration.ts";
import { hasStores, keepPrivate, openDataFolder, outboxesBeyond } from "./start/data-folder.ts";
import { watchDisk } from "./start/disk.ts";
import { fail, orFail } from "./start/fail.ts";
import { hello, helloOfEdge } from "./start/hello.ts";
import { inheritedSocket } from "./start/inherited.ts";
import { adminKeyFile, keysOf } from "./start/kept-keys.ts";
import { canHandOver, Listener, type Listeners, listen, NotListening } from "./start/listener.ts";
import { lockDataFolder } from "./start/lock.ts";
import { restoringFile } from "./start/manifest.ts";
import { moveKv } from "./start/move-kv.ts";
import { endWithNpm } from "./start/parent.ts";
import { readPlan, toOriginFolder } from "./start/plan.ts";
import { runProcesses } from "./start/processes.ts";
import { openRunFolder } from "./start/run-folder.ts";
import {
  givenSettings,
  inUrl,
  ofAnEdge,
  ofAService,
  readEdges,
  readElsewhere,
  readHost,
  readKey,
  readOutbox,
  readPort,
  shownUrl,
} from "./start/settings.ts";

const root = join(import.meta.dirname, "..");
const dataFolder = resolve(process.env.DATA_DIR || ".data");

const host = orFail(readHost(process.env.HOST || undefined));
const port = orFail(readPort(process.env.PORT));
const askedEdges = orFail(readEdges(process.env.EDGES || undefined));
const outboxBytes = orFail(readOutbox(process.env.EDGE_OUTBOX_MB || undefined));
for (const name of ["ADMIN_KEY", "CONNECTIONS_KEY"] as const) {
  orFail(readKey(name, process.env[name]));
}
const elsewhere = orFail(readElsewhere(process.env.EDGE_ORIGIN, process.env.EDGE_SECRET));
const edges = elsewhere ? Math.max(1, askedEdges) : askedEdges;
if (elsewhere && !canHandOver) fail("EDGE_ORIGIN: an edge elsewhere runs on Linux and macOS only");

/** Before anything else is touched: who comes from now on waits until the service answers. */
async function openPort(): Promise<Listeners | null> {
  const inherited = canHandOver ? inheritedSocket(mainSocket) : null;
  if (typeof inherited === "string") fail(inherited);
  if (inherited) return inherited;
  try {
    const listeners = await listen(new Map([[mainSocket, { host, port }]]));
    if (canHandOver) return listeners;
    await listeners.close();
    return null;
  } catch (error) {
    if (!(error instanceof NotListening)) throw error;
    return fail(
      error.code === "EADDRINUSE"
        ? `port ${port} is in use; choose another with PORT=…`
        : `HOST ${host}, PORT ${port}: can't listen there (${error.message})`,
    );
  }
}

function movedKv(): string[] {
  try {
    return moveKv(dataFolder, Date.now());
  } catch (error) {
    return fail(
      `KV of an earlier release could not be moved: ${String(error)}. It is as it was; once that is mended, start again.`,
    );
  }
}

const opening = openPort();
const listener = edges > 0 && canHandOver ? new Listener() : null;
const open = await opening;
keepPrivate();
const inUse = await lockDataFolder(dataFolder, port);
if (inUse !== null) fail(inUse);
if (existsSync(join(dataFolder, restoringFile))) {
  fail(
    `DATA_DIR ${dataFolder} has a copy that was not restored to its end: run \`npm run restore\` again`,
  );
}
if (elsewhere && hasStores(dataFolder)) fail(ofAService(dataFolder));
if (!elsewhere && existsSync(join(dataFolder, toOriginFolder))) fail(ofAnEdge(dataFolder));
buildWhereNeeded(root);
const plan = readPlan(root);
const isElsewhere = elsewhere !== null;
const folders = storageFolders(plan, edges, isElsewhere);
for (const words of openDataFolder(dataFolder, folders)) console.error(`moongate: ${words}`);
if (!elsewhere) for (const words of movedKv()) console.log(words);
const keys = elsewhere ? null : keysOf(dataFolder, (name) => process.env[name]);
const given = givenSettings((name) => process.env[name]);
const runFolder = openRunFolder(dataFolder);
process.once("exit", runFolder.remove);

const processes = await runProcesses({
  root,
  dataFolder,
  plan,
  edges,
  outboxBytes,
  leftOutboxes: outboxesBeyond(edges, dataFolder, outboxesOf(isElsewhere)),
  runFolder: runFolder.path,
  settings: new Map([
    ...given,
    ...Array.from(keys ?? [], ([name, { key }]) => [name, key] as const),
  ]),
  main: { host, port, address: `${inUrl(host)}:${port}` },
  open,
  listener,
  isElsewhere,
});
if (!processes) fail("workerd did not start; its own words are above.");
const { stop: stopProcesses } = processes;
watchDisk(dataFolder);

let isStopping = false;
async function stop(why: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  console.log(`${why}: taking no new opens, delivering what is counted`);
  for (const words of await stopProcesses()) console.error(words);
  process.exit(0);
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
endWithNpm(() => void stop("npm has ended"));

const url = shownUrl(host, port);
if (elsewhere) console.log(helloOfEdge(url, elsewhere));
const admin = keys?.get("ADMIN_KEY");
if (admin) {
  const keptIn = join(relative(process.cwd(), dataFolder) || ".", adminKeyFile);
  console.log(hello(url, admin.isKept ? admin.key : undefined, keptIn));
}
