import { existsSync } from "node:fs";
import { join } from "node:path";
import { it } from "vitest";
import { agents } from "../agents.ts";
import { commits, oldStore } from "../stores.ts";
import { byAge, named, unnamed } from "../upgrade/differences.ts";
import { differences, figuresOf } from "../upgrade/figures.ts";
import { settings } from "../upgrade/world.ts";
import { eventually, startService } from "./service.ts";

it.for(commits)(
  "a data folder that %s wrote says the same in every route, is counted on, and what it left undone is done",
  async (commit, { expect, onTestFinished }) => {
    const store = oldStore(commit);
    onTestFinished(store.remove);
    const service = await startService(store.path, { ...settings, ADMIN_KEY: store.adminKey });
    onTestFinished(() => void service.process.kill());
    // Where earlier versions kept addresses of visitors.
    expect(existsSync(join(store.path, "ratelimit"))).toBe(false);
    const read = async (path: string) =>
      // biome-ignore lint/suspicious/noExplicitAny: answers of an API, compared whole
      (await service.api("GET", path)).body as any;
    // Of series and reports, what is told depends on how long ago it was: `npm run test:upgrade` compares them.
    const said = new Map(
      Object.entries(store.pages).filter(
        ([path]) => path.startsWith("/") && !/[?&]interval=|\/report$/.test(path),
      ),
    );
    expect(said.size).toBeGreaterThan(50);
    const figures = await figuresOf(service, store, [...said.keys()]);
    expect(unnamed(differences(said, figures), [...named, ...byAge])).toEqual([]);

    const before = store.pages["two-shards"].totals;
    // Its broadcast is long over, so it is said to go on.
    const endsAt = new Date(Date.now() + 3_600_000).toISOString();
    const path = `/api/streams/${store.streams[1]}`;
    expect((await service.api("PATCH", path, { endsAt })).status).toBe(200);
    const opened = await fetch(`${service.url}/two-shards`, {
      headers: { "User-Agent": agents.taobaoIos },
      redirect: "manual",
    });
    expect(opened.status).toBe(302);
    await eventually(
      async () => (await read("/api/links/two-shards/stats")).totals.views,
      (views) => views === before.views + 1,
    );
    // A spilled batch and a state that the sweep finds in KV, each counted once; an edge copy that was due.
    for (const { slug, views } of store.unfinished) {
      await eventually(
        async () => (await read(`/api/links/${slug}/stats`)).totals.views,
        (counted) => counted === views,
        20_000,
      );
    }
    const metrics = await fetch(`${service.url}/metrics`, {
      headers: { Authorization: `Bearer ${service.key}` },
    });
    expect(await metrics.text()).toMatch(/^moongate_outbox_pending 0$/m);
    expect((await read("/api/links/spilled")).note).toBe("second");
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
  },
);
