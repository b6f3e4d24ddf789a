/** @module A Worker of a test's own, run as scripts/start.ts runs the service, with a namespace of KV as the build has it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Struct } from "../../scripts/start/capnp.ts";
import { storageFolders, storeConfiguration } from "../../scripts/start/configuration.ts";
import { type Plan, readPlan, wayOut, worker } from "../../scripts/start/plan.ts";
import { runWorkerd } from "../../scripts/start/workerd.ts";

const root = join(import.meta.dirname, "../..");

/**
 * @param dataFolder where the namespace is kept
 * @param modules the first one exports `Main` and `Operator`, by which the start's sockets ask for it, and has `KV`
 */
export async function runBesideKv(
  dataFolder: string,
  modules: readonly Struct[],
): Promise<{ url: string; stop: () => Promise<void> }> {
  const { services } = readPlan(root).store;
  const service = services.find(({ name }) => name === worker)?.worker;
  const namespace = { name: "kv", props: { json: '{"namespace":"TRIED"}' } };
  const own = {
    compatibilityDate: service?.compatibilityDate,
    modules,
    bindings: [{ name: "KV", kvNamespace: namespace }],
  };
  const plan: Plan = {
    store: {
      services: [
        { name: worker, worker: own },
        ...services.filter(({ name }) => ["kv", "objects", wayOut].includes(name)),
      ],
      sockets: [],
    },
    edge: { services: [], outbox: [] },
    elsewhere: { services: [], outbox: [], copies: { services: [], kv: {} } },
    leftOutbox: [],
  };
  for (const name of storageFolders(plan, 0))
    mkdirSync(join(dataFolder, name), { recursive: true });
  const around = { ownAddresses: [], certificates: [] };
  const none = { edges: 0, outboxBytes: 0, leftOutboxes: [], around, hearsLogs: true };
  const place = { root, dataFolder, addressOf: () => "127.0.0.1:0", ...none };
  const runtime = await runWorkerd({
    file: join(dataFolder, "service.capnp"),
    configuration: storeConfiguration(plan, place, new Map()),
    settings: new Map(),
    sockets: ["main"],
    handedOver: new Map(),
    socketFiles: [],
  });
  if (!runtime) throw new Error("workerd did not start");
  const url = `http://127.0.0.1:${runtime.ports.get("main")}`;
  return { url, stop: async () => void (await runtime.stop(() => Promise.resolve(null))) };
}
