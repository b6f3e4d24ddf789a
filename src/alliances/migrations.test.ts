/** A store that an earlier release wrote, with its first migration alone, under this code. */
import { it } from "vitest";
import { Database } from "../../test/model/database.ts";
import { schemaOf } from "../../test/stores.ts";
import { type Connection, tellConnection } from "./connection.ts";
import { migrateConnections } from "./migrations.ts";
import { ReturnedStore } from "./returns/store.ts";
import { ConnectionsStore } from "./store.ts";

const at = Date.parse("2026-11-25T12:00:00Z");

/** As the release before wrote it. */
function oldStore(): Database {
  const database = new Database();
  for (const statement of [
    "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL)",
    "CREATE TABLE connection (id TEXT PRIMARY KEY, due_at INTEGER, value TEXT NOT NULL, sealed TEXT NOT NULL)",
    "CREATE TABLE job (connection TEXT NOT NULL, feed TEXT NOT NULL, range TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (connection, feed, range))",
    "CREATE TABLE waiting (connection TEXT NOT NULL, feed TEXT NOT NULL, id TEXT NOT NULL, as_of INTEGER, version INTEGER NOT NULL, PRIMARY KEY (connection, feed, id))",
    "CREATE INDEX connection_due ON connection (due_at)",
  ]) {
    database.sql.exec(statement);
  }
  database.sql.exec("INSERT INTO migration VALUES (1, 'connections', ?)", at);
  const { returnsRefused: _, ...old } = connection;
  const values = [old.id, at, JSON.stringify(old), '{"keyId":"k","iv":"i","data":"d"}'];
  database.sql.exec("INSERT INTO connection VALUES (?, ?, ?, ?)", ...values);
  return database;
}

const connection: Connection = {
  ...{ id: "cn_1", alliance: "taobao-union", name: "淘宝联盟", enabled: true, apiBase: null },
  ...{ since: at, createdAt: at, updatedAt: at, lastPull: null, roundBegan: null },
  ...{ nextRoundAt: at, error: null, stoppedAt: null, tries: 0, failingSince: null },
  ...{ keyEnd: "5678", told: [], renewedAt: null, expiresAt: null, authorizeBy: null },
};

it("a store of before has the tables of a new one, its connections with their credentials, and no returns", ({
  expect,
}) => {
  const [old, fresh] = [oldStore(), new Database()];
  for (const one of [old, fresh]) one.transaction(() => migrateConnections(one.sql, at));
  expect(schemaOf(old)).toEqual(schemaOf(fresh));
  const store = new ConnectionsStore(old.sql);
  expect(store.connections()).toEqual([connection]);
  expect(store.sealed("cn_1")).toEqual({ keyId: "k", iv: "i", data: "d" });
  expect(store.dueAt("cn_1")).toBe(at);
  const told = tellConnection({ ...connection, through: null, nextPullAt: null });
  expect(told.returnsError).toBe(null);
  expect(new ReturnedStore(old.sql).ofStream("st_1")).toEqual([]);
});
