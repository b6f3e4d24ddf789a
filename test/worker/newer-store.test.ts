/** Code that is older than a store: each object refuses in words and writes nothing, and the rest goes on. */
import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { afterEach, describe, it } from "vitest";
import { counterOf } from "../../src/counting/read.ts";
import { agents } from "../agents.ts";
import { api, env, fetchRaw, open, quickLink, until } from "./client.ts";

type Stub = DurableObjectStub<undefined>;
const one = (name: "CATALOG" | "ORDERS" | "NOTIFIER") =>
  env[name].getByName(name.toLowerCase(), { locationHint: "apac" }) as unknown as Stub;
const counter = (id: string) => counterOf(env, id, 0) as unknown as Stub;

const later = {
  byNumber: "INSERT INTO migration (number, name, at) VALUES (99, 'of a later release', 1)",
  byTag: "INSERT INTO migration (tag) VALUES ('0098_later')",
};
const earlier = {
  byNumber: "DELETE FROM migration WHERE number = 99",
  byTag: "DELETE FROM migration WHERE tag = '0098_later'",
};

/** Everything that is in an object's tables. */
const contents = (stub: Stub): Promise<string> =>
  runInDurableObject(stub, (_, { storage: { sql } }) => {
    const tables = sql
      .exec<{ name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\' ORDER BY name",
      )
      .toArray();
    return JSON.stringify(
      tables.map((table) => [table, sql.exec(`SELECT * FROM "${table.name}"`).raw().toArray()]),
    );
  });

let undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const run of undo) await run();
  undo = [];
});

/** As if a later release had written the object's store; @returns what is in it, and what takes it back */
async function madeNewer(stub: Stub, kept: keyof typeof later) {
  await runInDurableObject(stub, (_, { storage }) => void storage.sql.exec(later[kept]));
  await evictDurableObject(stub).catch(() => undefined);
  const before = await contents(stub);
  let isBack = false;
  const back = async () => {
    if (isBack) return;
    isBack = true;
    await runInDurableObject(stub, (_, { storage }) => void storage.sql.exec(earlier[kept]));
  };
  undo.push(back);
  return { before, back };
}

const refused = (store: string) => ({
  code: "store_newer",
  status: 503,
  detail: expect99(store),
});
const expect99 = (store: string) => words(store);
const words = (store: string) =>
  new RegExp(
    `^The store of ${store} is at migration 99, and this release knows \\d+ at most: run the release that wrote it, or a later one\\.$`,
  );
