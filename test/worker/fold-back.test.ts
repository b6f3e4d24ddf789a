/** Going back to an earlier release: the Counters are folded, and nothing that is counted meanwhile is lost. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { it } from "vitest";
import { counterOf } from "../../src/counting/counter/stub.ts";
import { agents } from "../agents.ts";
import { batchOf, cellOf } from "../batches.ts";
import { api, env, errorOf, open, quickLink, sweepNow, until } from "./client.ts";

const views = async (streamId: string): Promise<number> =>
  (await api("GET", `/api/streams/${streamId}/stats`)).body.totals.views;

it("folds every Counter, which then waits for the earlier release while counts are spilled", async ({
  expect,
}) => {
  // A strict stream's batch is spilled after two seconds.
  const { slug, streamId } = await quickLink({ durability: "strict" });
  await open(slug, agents.taobaoIos);
  await until(async () => (await views(streamId)) === 1);
  // The first commit is in the tables, the second in the ring.
  const batch = batchOf([[cellOf(Date.now(), { slug }), 4]], { streamId, producer: "in-the-ring" });
  await counterOf(env, streamId, 0).add(batch);
  const stub = counterOf(env, streamId, 0) as unknown as DurableObjectStub<undefined>;
  const tables = () =>
    runInDurableObject(stub, (_, { storage: { sql } }) => ({
      ring: sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'ring'").toArray().length,
      number: sql.exec("SELECT max(number) AS number FROM migration").one().number,
      views: sql.exec("SELECT views FROM link").one().views,
    }));
  expect(await tables()).toEqual({ ring: 1, number: 4, views: 1 });

  // Who asks again, as after some have failed, finds those done that are done.
  for (let times = 0; times < 2; times += 1) {
    const { status, body } = await api("POST", "/api/counters/fold-back");
    expect(status).toBe(200);
    expect(body).toMatchObject({ failed: [], nextCursor: null });
    expect(body.counters).toBeGreaterThan(0);
    expect(await tables()).toEqual({ ring: 0, number: 3, views: 5 });
  }

  const refused = "was folded back for an earlier release";
  expect(await errorOf(() => counterOf(env, streamId, 0).add({ ...batch, seq: 2 }))).toMatch(
    refused,
  );
  expect((await open(slug, agents.taobaoIos)).status).toBe(302);
  await until(async () => {
    const { keys } = await env.COUNTS.list({ prefix: `spill:${streamId}:` });
    return keys.length === 1;
  }, 20_000);
  // Its alarm lives, and nothing was migrated meanwhile.
  await runDurableObjectAlarm(stub);
  expect(await tables()).toEqual({ ring: 0, number: 3, views: 5 });

  // No earlier release came in a quarter of an hour.
  await runInDurableObject(stub, (_, { storage: { sql } }) =>
    sql.exec("UPDATE meta SET value = value - 900000 WHERE name = 'folded_back_at'").toArray(),
  );
  await sweepNow();
  await until(async () => (await views(streamId)) === 6);
  expect(await tables()).toMatchObject({ ring: 1, number: 4 });
});

it("asks for the administrator's key, and for a number", async ({ expect }) => {
  expect((await api("POST", "/api/counters/fold-back?after=x")).status).toBe(400);
  const made = await api("POST", "/api/keys", { name: "writes", scopes: ["links:write"] });
  const answer = await api("POST", "/api/counters/fold-back", undefined, {
    Authorization: `Bearer ${made.body.secret}`,
  });
  expect(answer.status).toBe(403);
});
