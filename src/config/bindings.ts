/** @module What the runtime gives the Worker: the bindings of wrangler.toml, and the settings. */

import type { Catalog } from "../catalog/object.ts";
import type { Counter } from "../counting/counter/object.ts";
import type { Notifier } from "../notify/object.ts";
import type { Orders } from "../orders/object.ts";
import type { WechatCredentials } from "../wechat/object.ts";
import type { SettingName } from "./table.ts";

/** As they are given; what is taken of them says src/config/settings.ts alone. */
type GivenSettings = { [name in SettingName]?: string | null };

export interface Env extends GivenSettings {
  LINKS: KVNamespace;
  COUNTS: KVNamespace;
  CATALOG: DurableObjectNamespace<Catalog>;
  COUNTER: DurableObjectNamespace<Counter>;
  ORDERS: DurableObjectNamespace<Orders>;
  /** Files that the Worker serves beside its own answers: the console, `/docs`. */
  ASSETS: Fetcher;
  WECHAT: DurableObjectNamespace<WechatCredentials>;
  NOTIFIER: DurableObjectNamespace<Notifier>;
  /** Limits (src/http/limits.ts); where a binding is missing, this isolate counts by itself. */
  API_LIMIT?: RateLimit;
  REFUSAL_LIMIT?: RateLimit;
  SIGN_IN_LIMIT?: RateLimit;
  BEACON_LIMIT?: RateLimit;
  STATE_LIMIT?: RateLimit;
  PICTURE_LIMIT?: RateLimit;
  UNKNOWN_LIMIT?: RateLimit;
}
