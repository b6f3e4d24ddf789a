/** @module A WeChat account's token and ticket, asked for over its API and kept in an object's storage. */
import type { Env } from "../config/env.ts";
import { wayOut } from "../outbound/way-out.ts";
import { wechatAccount } from "./account.ts";
import { wechatApi } from "./api.ts";
import { type Kept, TicketCache } from "./ticket-cache.ts";

/** @throws where no account is set */
export function keeperIn(kv: SyncKvStorage, env: Env): TicketCache {
  const set = wechatAccount(env);
  if (!set.ok) throw new Error(`missing settings: ${set.missing.join(", ")}`);
  return new TicketCache({
    api: wechatApi(wayOut([new URL(set.account.apiBase).origin]), set.account),
    now: () => Date.now(),
    load: () => kv.get<Kept>("kept"),
    save: (kept) => kv.put("kept", kept),
  });
}
