/**
 * Writes dist/service.json: the services that workerd runs for `npm start`, as Miniflare makes them of
 * wrangler.toml, so that a start needs workerd alone. Miniflare is asked once, here; of what it makes stay
 * the Worker, KV, the Durable Objects' storage and the files, and none of its own doors, caches and limiters.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { bundledModules } from "./bundle.ts";
import { type Bytes, type Plan, type PlannedService, planFile, worker } from "./start/plan.ts";

/** What this process of Miniflare's would answer itself; nothing here needs an answer of it. */
const silent: PlannedService = {
  name: "loopback",
  worker: {
    compatibilityDate: "2026-01-01",
    serviceWorkerScript:
      "addEventListener('fetch', (event) => event.respondWith(new Response(null, { status: 204 })));",
  },
};

/** The configuration that Miniflare gives to workerd, which it writes down when asked to. */
async function configuration(dataFolder: string): Promise<Plan> {
  const file = join(dataFolder, "config.json");
  process.env.MINIFLARE_WORKERD_CONFIG_DEBUG = file;
  const { workerOptions } = unstable_getMiniflareWorkerOptions("wrangler.toml") as {
    workerOptions: { ratelimits?: unknown };
  };
  // Miniflare's limiters keep their keys, visitors' addresses, on disk. The Worker counts in memory instead.
  const { ratelimits: _, ...options } = workerOptions;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      resourcePersistencePath: dataFolder,
      workers: [{ ...options, name: "moongate", modules: bundledModules() }],
    } as never),
  );
  await miniflare.ready;
  await miniflare.dispose();
  return JSON.parse(readFileSync(file, "utf8"), (_, value) => bytes(value) ?? value);
}

/** Bytes as JSON has them: a Buffer's own form, or an object of indices, which a plain array of bytes becomes. */
function bytes(value: unknown): Bytes | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { type, data } = value as { type?: unknown; data?: unknown };
  if (type === "Buffer" && Array.isArray(data)) {
    return { base64: Buffer.from(data).toString("base64") };
  }
  const entries = Object.entries(value);
  const isIndexed = entries.every(
    ([key, byte], at) => key === String(at) && Number.isInteger(byte),
  );
  return entries.length > 0 && isIndexed
    ? { base64: Buffer.from(Object.values(value)).toString("base64") }
    : undefined;
}

/** Names of the services that a value speaks of. */
function named(value: unknown, all: ReadonlyMap<string, PlannedService>): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => named(item, all));
  if (typeof value !== "object" || value === null) return [];
  const { name, serviceName } = value as { name?: unknown; serviceName?: unknown };
  const localDisk = (value as { localDisk?: unknown }).localDisk;
  const found = [name, serviceName, localDisk].filter(
    (text): text is string => typeof text === "string" && all.has(text),
  );
  return [...found, ...Object.values(value).flatMap((item) => named(item, all))];
}

/** The Worker and what it needs, by way of what that needs. */
function needed(services: readonly PlannedService[]): PlannedService[] {
  const all = new Map(services.map((service) => [service.name, service]));
  const reached = new Set<string>();
  const queue = [worker];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue;
    const service = all.get(name);
    if (!service) throw new Error(`Miniflare's configuration has no service ${name}`);
    reached.add(name);
    queue.push(...named({ worker: service.worker }, all));
  }
  return services.filter(({ name }) => reached.has(name));
}

/** Data folders by their names in the data folder, the files by their way from here. */
function placed(service: PlannedService, dataFolder: string): PlannedService {
  if (!service.disk) return service;
  const { path } = service.disk;
  const inData = relative(dataFolder, path);
  const isData = !inData.startsWith("..");
  return {
    ...service,
    disk: {
      ...service.disk,
      path: isData ? inData : relative(process.cwd(), path),
      writable: isData,
    },
  };
}

export async function writeService(): Promise<void> {
  const dataFolder = mkdtempSync(join(tmpdir(), "moongate-build-"));
  try {
    const { services, extensions } = await configuration(dataFolder);
    const own = services.map((service) => {
      if (service.name === silent.name) return silent;
      if (service.name !== worker || !service.worker) return service;
      // The way out is the start's (scripts/start/network.ts); nothing is cached by the Cache API.
      const {
        globalOutbound: _out,
        cacheApiOutbound: _cache,
        containerEngine: _engine,
        ...rest
      } = service.worker;
      return { ...service, worker: rest };
    });
    const kept = needed(own).map((service) => placed(service, dataFolder));
    const text = JSON.stringify(kept);
    const used = extensions.filter(({ modules }) =>
      modules.some(({ name }) => text.includes(JSON.stringify(name).slice(1, -1))),
    );
    const plan: Plan = { services: kept, extensions: used };
    writeFileSync(join("dist", planFile), JSON.stringify(plan));
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
}
