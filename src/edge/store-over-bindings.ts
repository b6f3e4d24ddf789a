/** @module The store of a Worker that has the objects and KV as bindings of its own. */
import type { Env } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import { type Spills, spillsInKv, transportOver } from "../counting/isolate/transport.ts";
import { type LinkRecord, linkKey, type StreamRecord, streamKey } from "../model/edge-records.ts";
import type { Absence, Cover, LinkRecords, RecordReader, Store } from "./store-port.ts";

/** The least that KV allows, in seconds. */
const recordCacheTtl = 30;
/** A cover's key changes with the picture. Seconds. */
const coverCacheTtl = 3_600;

/** The authority, as far as the edge asks it. */
export interface EdgeCatalog {
  edgeRecords(slug: string): Promise<LinkRecords | null>;
  /** Hastens the sweep. */
  noteSpill(streamId: string): Promise<void>;
}

export function recordsIn(kv: KVNamespace): RecordReader {
  const options = { type: "json", cacheTtl: recordCacheTtl } as const;
  return {
    link: (slug) => kv.get<LinkRecord>(linkKey(slug), options),
    stream: (id) => kv.get<StreamRecord>(streamKey(id), options),
  };
}

const stores = new WeakMap<Env, Store>();

const catalogOf = (env: Env) => stubOf<EdgeCatalog>(env.CATALOG, "catalog");
const inKv = (env: Env) => spillsInKv(env, (streamId) => catalogOf(env).noteSpill(streamId));

/** What a store that is another process's gives its edge beside the bindings. */
export interface BesideBindings {
  /** Where batches go that no Counter takes; by default KV. */
  spillsOf?: ((env: Env) => Spills) | undefined;
  absenceOf?: (env: Env) => Absence;
}

/** The same for every request with these bindings. */
export function storeOf(env: Env, { spillsOf = inKv, absenceOf }: BesideBindings = {}): Store {
  const known = stores.get(env);
  if (known) return known;
  const absence = absenceOf?.(env);
  const store: Store = {
    ...recordsIn(env.LINKS),
    ...(absence && { absence }),
    newest: async (slug) => catalogOf(env).edgeRecords(slug),
    transport: transportOver(env, spillsOf(env)),
    async cover(key): Promise<Cover | null> {
      const { value, metadata } = await env.LINKS.getWithMetadata<{ type: string }>(key, {
        type: "stream",
        cacheTtl: coverCacheTtl,
      });
      return value && { body: value, type: metadata?.type ?? "image/jpeg" };
    },
  };
  stores.set(env, store);
  return store;
}
