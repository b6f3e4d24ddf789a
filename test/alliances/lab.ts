/**
 * @module The machine that pulls orders with everything around it real but the network and the clock: its store is SQLite, its
 * gateways are fakes that check what they are sent, and time passes as the machine waits.
 */
import type { Adapter, AllianceName, SignedRequest } from "../../src/alliances/adapter.ts";
import { Skews } from "../../src/alliances/caller.ts";
import { ConnectionService } from "../../src/alliances/connection-service.ts";
import { migrateConnections } from "../../src/alliances/migrations.ts";
import { type PullPorts, run } from "../../src/alliances/pull.ts";
import { fault } from "../../src/alliances/raw.ts";
import { Sealer } from "../../src/alliances/secrets.ts";
import { ConnectionsStore } from "../../src/alliances/store.ts";
import type { OrderEvent } from "../../src/orders/order-line.ts";
import { Database } from "../model/database.ts";
import type { Answer, Given } from "./gateway.ts";

export const connectionsKey = "a key of connections, for tests, long enough";

export interface Lab {
  now: number;
  ports: PullPorts;
  service: ConnectionService;
  database: Database;
  /** Everything that was booked, in its order. */
  events: OrderEvent[];
  /** Lets time pass, running the machine whenever it is due, as its alarm does. */
  pass: (ms: number) => Promise<void>;
  /** A process that begins anew on the same store. */
  restart: () => void;
}

interface Parts {
  adapters: readonly Adapter[];
  /** It answers nothing where the connection breaks. */
  gatewayOf: (alliance: AllianceName) => { answer: (given: Given, at: number) => Answer | null };
  now: number;
  live?: () => ReadonlySet<string>;
  book?: PullPorts["book"];
  /** By how much our clock is behind the gateways', ms. */
  behindMs?: number;
}

export function labOf({ adapters, gatewayOf, now, live, book, behindMs = 0 }: Parts): Lab {
  const database = new Database();
  database.transaction(() => migrateConnections(database.sql, now));
  const lab = { now, database, events: [] as OrderEvent[] } as Lab;

  const send = async ({ url, method, headers, body = "" }: SignedRequest) => {
    const adapter = adapters.find(({ base }) => url.startsWith(base));
    if (!adapter) return fault("retry", "not_reached", `There is nothing at ${url}.`);
    // As they arrive: a name of a header has no capitals.
    const named = Object.entries(headers).map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    );
    const given = { method, url, headers: new Map(named), body };
    const at = lab.now + behindMs;
    const answer = gatewayOf(adapter.name).answer(given, at);
    if (!answer) return fault("retry", "not_reached", "The gateway can't be reached.");
    return { status: answer.status, text: answer.body, date: answer.date ?? at };
  };

  const begin = () => {
    lab.ports = {
      store: new ConnectionsStore(database.sql),
      transaction: (work) => database.transaction(work),
      sealer: new Sealer(connectionsKey),
      adapterOf: (name) => {
        const found = adapters.find((one) => one.name === name);
        if (!found) throw new Error(`no adapter ${name}`);
        return found;
      },
      send,
      now: () => lab.now,
      wait: async (ms) => {
        lab.now += ms;
      },
      book:
        book ??
        (async (events) => {
          lab.events.push(...events);
          return { accepted: events.length, updated: 0, duplicates: 0 };
        }),
      livePlatforms: async () => live?.() ?? new Set(),
      skews: new Skews(),
      freeAt: new Map(),
      renewing: new Map(),
      renewAfter: new Map(),
    };
    lab.service = new ConnectionService(lab.ports);
  };
  lab.restart = begin;
  lab.pass = async (ms) => {
    const end = lab.now + ms;
    for (;;) {
      const due = lab.ports.store.nextDue();
      if (due === null || due > end) break;
      lab.now = Math.max(lab.now, due);
      await run(lab.ports, () => false);
    }
    lab.now = Math.max(lab.now, end);
  };
  begin();
  return lab;
}
