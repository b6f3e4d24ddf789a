/**
 * @module `npm run test:store -- <commit>`: has a commit write a store for test/fixtures/stores, with what it
 * says of it beside it. Once for each released commit. What it leaves undone is there too: a spilled batch
 * and a cumulative state in KV, an edge copy that is due, deliveries that wait.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { agents } from "../agents.ts";
import { dataFolder, type Service } from "../e2e/service.ts";
import { workerdOf } from "../load/processes.ts";
import { built } from "./checkout.ts";
import { writeCounting } from "./counting.ts";
import { figuresOf } from "./figures.ts";
import { ask, makeWorld, settle, starter } from "./world.ts";

process.chdir(join(import.meta.dirname, "../.."));
const fixtures = "test/fixtures/stores";
const visitors = 6;
const opens = 3;

/** A strict stream's batch is a spill at once, and a fast one's a cumulative state, where there are no objects. */
const throughKv = { COUNT_TRANSPORT: "kv" };
const unfinished = [
  { slug: "spilled", durability: "strict" },
  { slug: "cumulative", durability: "fast" },
] as const;

async function makeUnfinished(service: Service): Promise<string[]> {
  const ids: string[] = [];
  for (const fields of unfinished) {
    const url = "https://tbzb.taobao.com/live?liveId=532359023188";
    const { stream } = await ask(service, "POST", "/api/links", {
      url,
      title: fields.slug,
      ...fields,
    });
    ids.push(stream.id);
  }
  await settle(service, ids);
  return ids;
}

async function leaveUnfinished(service: Service): Promise<void> {
  for (const { slug } of unfinished) {
    for (let open = 0; open < opens; open += 1) {
      const answer = await fetch(`${service.url}/${slug}`, {
        redirect: "manual",
        headers: { "User-Agent": agents.taobaoIos, "X-Real-IP": `10.9.0.${open}` },
      });
      if (answer.status !== 302) throw new Error(`${slug} answered ${answer.status}`);
    }
  }
  // Until KV has what was counted.
  await new Promise((done) => setTimeout(done, 5_000));
  const runtime = workerdOf(service.process);
  // The second of two changes within a second waits for its put, and the end comes first.
  for (const note of ["first", "second"]) {
    await ask(service, "PATCH", "/api/links/spilled", { note });
  }
  process.kill(runtime, "SIGKILL");
  service.process.kill("SIGKILL");
  await new Promise((done) => setTimeout(done, 500));
}

/** Each database in one file, as SQLite leaves it when it is closed. */
function close(path: string): void {
  for (const entry of readdirSync(path, { recursive: true, encoding: "utf8" })) {
    if (!entry.endsWith(".sqlite")) continue;
    const database = new DatabaseSync(join(path, entry));
    database.exec(
      "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; PRAGMA journal_mode = WAL",
    );
    database.close();
    for (const rest of ["-wal", "-shm"]) rmSync(join(path, entry + rest), { force: true });
  }
}

const [wanted] = process.argv.slice(2);
if (!wanted) throw new Error("usage: npm run test:store -- <commit>");
const checkout = built(wanted);
const { commit } = checkout;
const folder = dataFolder();
const adminKey = `store-written-by-${commit}`;
try {
  const { world, service } = await makeWorld(
    starter(checkout.path, folder.path, adminKey),
    visitors,
  );
  const streams = await makeUnfinished(service);
  const figures = await figuresOf(service, world);
  await service.stop();
  const last = await starter(checkout.path, folder.path, adminKey, throughKv)();
  await leaveUnfinished(last);

  // What tests look up by a stream's id or a slug, beside every answer by its path; lists of all know what came after.
  const pages = new Map([...figures].filter(([path]) => !/^\/api\/(?:links|audit)$/.test(path)));
  for (const id of world.streams) pages.set(id, figures.get(`/api/streams/${id}/stats`));
  for (const slug of world.slugs) pages.set(slug, figures.get(`/api/links/${slug}/stats`));
  const said = {
    ...world,
    unfinished: unfinished.map(({ slug }, index) => ({
      slug,
      streamId: streams[index],
      views: opens,
    })),
    pages: Object.fromEntries(pages),
  };
  const place = mkdtempSync(join(tmpdir(), "moongate-store-"));
  cpSync(folder.path, join(place, "data"), { recursive: true });
  for (const name of ["run", "admin-key", "connections-key"])
    rmSync(join(place, "data", name), { recursive: true, force: true });
  close(join(place, "data"));
  mkdirSync(fixtures, { recursive: true });
  execFileSync("tar", ["czf", join(fixtures, `${commit}.tgz`), "-C", place, "data"]);
  rmSync(place, { recursive: true, force: true });
  writeFileSync(join(fixtures, `${commit}.json`), `${JSON.stringify(said)}\n`);
  await writeCounting(checkout, fixtures);
  console.log(
    `${fixtures}/${commit}: what it wrote (.tgz), what it says of it (.json), how it counts (.counting.js)`,
  );
} finally {
  folder.remove();
  checkout.remove();
}
