/** @module What the runtime gives the Worker: the bindings of wrangler.toml, and the settings. */

import type { SettingName } from "./table.ts";

/** As they are given; what is taken of them says src/config/settings.ts alone. */
type GivenSettings = { [name in SettingName]?: string | null };

export interface Env extends GivenSettings {
  LINKS: KVNamespace;
  COUNTS: KVNamespace;
  /** The objects: each room that calls one says by which methods (objects.ts). */
  CATALOG: DurableObjectNamespace;
  COUNTER: DurableObjectNamespace;
  ORDERS: DurableObjectNamespace;
  /** Files that the Worker serves beside its own answers: the console, `/docs`. */
  ASSETS: Fetcher;
  WECHAT: DurableObjectNamespace;
  /** The edges in processes beside this one, where there are any (src/edge/beside.ts). */
  EDGES?: Fetcher;
  NOTIFIER: DurableObjectNamespace;
  CONNECTIONS: DurableObjectNamespace;
  /** The table of provinces of a server of one's own (src/http/provinces.ts), empty where none was made. */
  PROVINCES?: ArrayBuffer;
  /** Limits (src/http/limits.ts); where a binding is missing, this isolate counts by itself. */
  API_LIMIT?: RateLimit;
  REFUSAL_LIMIT?: RateLimit;
  SIGN_IN_LIMIT?: RateLimit;
  BEACON_LIMIT?: RateLimit;
  STATE_LIMIT?: RateLimit;
  PICTURE_LIMIT?: RateLimit;
  UNKNOWN_LIMIT?: RateLimit;
}
