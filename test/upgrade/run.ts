/**
 * @module `npm run test:upgrade [commit]`: the upgrade, and the way back, before a release. Builds the last
 * released commit (or the one named; or a folder where one is built) apart, lets it make data under load and
 * ends it by SIGTERM while opens are running; starts this code on the same folder and compares every figure
 * of every read route; counts on; and starts the old code again, which goes on or refuses in words.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { keptAside } from "../../scripts/start/move-kv.ts";
import { agents } from "../agents.ts";
import { dataFolder, eventually, type Service } from "../e2e/service.ts";
import { type Opens, openUntilBroken } from "../load/opens.ts";
import { built, type Checkout, lastReleased } from "./checkout.ts";
import { missingLines, unnamed } from "./differences.ts";
import { differences, exported, figuresOf } from "./figures.ts";
import { ask, makeWorld, settle, starter } from "./world.ts";

process.chdir(join(import.meta.dirname, "../.."));
const adminKey = "an-admin-key-for-the-upgrade";
const visitors = 40;
/** At rest the sweep looks every five minutes, in ms. */
const sweptWithin = 330_000;
const failures: string[] = [];

function check(what: string, isSo: boolean, details: unknown = ""): void {
  console.log(`${isSo ? "holds   " : "VIOLATED"} ${what}`);
  if (isSo) return;
  failures.push(what);
  console.log(JSON.stringify(details, null, 1).slice(0, 4_000));
}

const goBack = (dataFolder: string): string => {
  const env = { ...process.env, DATA_DIR: dataFolder };
  return execFileSync(process.execPath, ["scripts/run.js", "scripts/kv-back.ts"], {
    env,
    encoding: "utf8",
  });
};

const viewsOf = async (service: Service, id: string): Promise<number> =>
  (await ask(service, "GET", `/api/streams/${id}/stats`)).totals.views;

/** A stream that opens are running on while its service ends: each answered one is counted, none that was not sent. */
interface Loaded {
  id: string;
  slug: string;
  durability: "fast" | "strict";
}

async function makeLoaded(service: Service): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  for (const durability of ["fast", "strict"] as const) {
    const title = `Under load, ${durability}`;
    const { stream, link } = await ask(service, "POST", "/api/links", {
      url: "https://tbzb.taobao.com/live?liveId=532359023188",
      title,
      shards: 2,
      durability,
    });
    loaded.push({ id: stream.id, slug: link.slug, durability });
  }
  // The notifier hears of them.
  await new Promise((done) => setTimeout(done, 1_500));
  return loaded;
}

/** Ends the service by SIGTERM while the links are opened on many connections; @returns what became of the opens */
async function stopUnderLoad(service: Service, loaded: readonly Loaded[]): Promise<Opens[]> {
  const loads = loaded.map(({ slug }) => openUntilBroken(service.url, [slug], 8));
  await new Promise((done) => setTimeout(done, 3_000));
  const code = await service.stop();
  await Promise.all(loads.map((load) => load.stop()));
  check("the old release ends by SIGTERM under load", code === 0, {
    code,
    output: service.output(),
  });
  return loads.map(({ opens }) => opens);
}

/** Events that isolates have put to KV or an edge's outbox, since no Counter took them. */
async function spilledBy(service: Service): Promise<number> {
  const answer = await fetch(`${service.url}/metrics`, {
    headers: { Authorization: `Bearer ${adminKey}` },
  });
  const each = (await answer.text()).matchAll(
    /^moongate_isolate_events_spilled_total(?:\{.*\})? (\d+)$/gm,
  );
  return [...each].reduce((sum, [, events]) => sum + Number(events), 0);
}

async function health(service: Service): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${service.url}/healthz`);
  return { status: answer.status, text: await answer.text() };
}

async function upgrade(old: Checkout): Promise<void> {
  const folder = dataFolder();
  const startOld = starter(old.path, folder.path, adminKey);
  const startNew = starter(process.cwd(), folder.path, adminKey);
  try {
    const { world, service } = await makeWorld(startOld, visitors);
    const loaded = await makeLoaded(service);
    const before = await figuresOf(service, world);
    const exportedBefore = await exported(service);
    console.log(
      `${old.commit} made ${world.streams.length} streams; ${before.size} answers, ${exportedBefore.length} exported lines`,
    );
    const opens = await stopUnderLoad(service, loaded);

    const now = await startNew();
    check("/healthz of this code is well", (await health(now)).status === 200, await health(now));
    await settle(now, [...world.streams, ...loaded.map(({ id }) => id)]);
    const paths = [...before.keys()];
    const after = await figuresOf(now, world, paths);
    const found = unnamed(differences(before, after));
    check(`${paths.length} answers say what the old release said`, found.length === 0, found);
    const missing = missingLines(exportedBefore, await exported(now));
    check("every exported line is exported again", missing.length === 0, missing);
    for (const [index, { id, durability }] of loaded.entries()) {
      const { sent = 0, acknowledged = 0 } = opens[index] ?? {};
      const views = await viewsOf(now, id);
      const what = `${durability}, opened while it stopped: acknowledged ${acknowledged} ≤ counted ${views} ≤ sent ${sent}`;
      check(what, acknowledged > 0 && acknowledged <= views && views <= sent);
    }

    for (const slug of world.slugs)
      await fetch(`${now.url}/${slug}`, {
        redirect: "manual",
        headers: { "User-Agent": agents.taobaoIos, "X-Real-IP": "10.250.0.1" },
      });
    await settle(now, world.streams);
    const sum = async (service: Service) => {
      const views = await Promise.all(world.streams.map((id) => viewsOf(service, id)));
      return views.reduce((total, one) => total + one, 0);
    };
    const totals = before as Map<string, { totals: { views: number } }>;
    const viewsBefore = world.streams.reduce(
      (total, id) => total + (totals.get(`/api/streams/${id}/stats`)?.totals.views ?? 0),
      0,
    );
    const counted = await sum(now);
    check(
      `this code counts on: ${viewsBefore} views, then ${counted}`,
      counted === viewsBefore + world.slugs.length,
    );
    check("this code ends", (await now.stop()) === 0);

    if (existsSync(join(folder.path, keptAside))) {
      const said = goBack(folder.path);
      check(`the way back: KV as ${old.commit} keeps it: ${said}`, /\d keys of LINKS/.test(said));
    }
    const back = await startOld();
    const opened = await fetch(`${back.url}/one-shard`, {
      redirect: "manual",
      headers: { "User-Agent": agents.taobaoIos, "X-Real-IP": "10.250.0.2" },
    });
    check("back: links open", opened.status === 302, opened.status);
    const { status, text } = await health(back);
    // A release that says nothing of it by itself does where all is read.
    const said = await fetch(`${back.url}/api/export`, {
      headers: { Authorization: `Bearer ${adminKey}` },
    })
      .then((answer) => answer.text())
      .catch(String);
    const refused = async () =>
      new Set(
        `${text} ${said} ${back.output()}`.match(
          /The store of [^:]+? is at migration \d+, and this release knows \d+ at most/g,
        ) ?? [],
      );
    // Its log comes by another way than its answers.
    const refusals = await eventually(refused, ({ size }) => size > 0, 5_000).catch(refused);
    if (refusals.size > 0 || status !== 200) {
      const words = [...refusals].join("; ");
      const details = { status, text, said: said.slice(-400), output: back.output() };
      check(`back: ${old.commit} refuses in words: ${words}`, words !== "", details);
      // Of another store than the Counter's counts are taken as ever.
      if (/store of a Counter/.test(words)) {
        await eventually(
          () => spilledBy(back),
          (spilled) => spilled > 0,
          60_000,
        );
      }
      await back.stop();
      const again = await startNew();
      const views = await eventually(
        () => sum(again),
        (views) => views > counted,
        sweptWithin,
      ).catch(() => counted);
      check(`forward again: the open of meanwhile is counted: ${views}`, views === counted + 1);
      await again.stop();
    } else {
      await settle(back, world.streams);
      const views = await sum(back);
      check(
        `back: ${old.commit} has the same figures and counts on: ${views}`,
        views === counted + 1,
      );
      await back.stop();
    }
  } finally {
    folder.remove();
  }
}

const old = built(process.argv[2] ?? lastReleased());
console.log(`from ${old.commit} to ${process.cwd()}`);
try {
  await upgrade(old);
} finally {
  old.remove();
}
if (failures.length > 0) console.error(`${failures.length} do not hold`);
process.exit(failures.length === 0 ? 0 : 1);
