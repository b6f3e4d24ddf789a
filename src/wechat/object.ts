/**
 * @module The one owner of a WeChat account's token and ticket: a Durable Object, named by the app id, since
 * isolates that each fetched their own would use up the account's quota.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../config/env.ts";
import { OpenedStore } from "../lib/opened-store.ts";
import { wayOut } from "../outbound/way-out.ts";
import { wechatAccount } from "./account.ts";
import { wechatApi } from "./api.ts";
import { migrateWechat } from "./migrations.ts";
import { type Kept, type Ticket, TicketCache } from "./ticket-cache.ts";

export class WechatCredentials extends DurableObject<Env> {
  #cache: TicketCache | undefined;
  readonly #opened = new OpenedStore(this.ctx.storage, migrateWechat, () => this.ctx.storage.kv);

  /** The account's ticket of the JS-SDK; else why there is none, and until when not to ask again. */
  async ticket(): Promise<Ticket> {
    this.#cache ??= this.#open();
    return this.#cache.ticket();
  }

  /** Answers when this object works; for `/healthz`. */
  ping(): "ok" {
    this.#opened.opened();
    return "ok";
  }

  #open(): TicketCache {
    const kv = this.#opened.opened();
    const set = wechatAccount(this.env);
    if (!set.ok) throw new Error(`missing settings: ${set.missing.join(", ")}`);
    return new TicketCache({
      api: wechatApi(wayOut([new URL(set.account.apiBase).origin]), set.account),
      now: () => Date.now(),
      load: () => kv.get<Kept>("kept"),
      save: (kept) => kv.put("kept", kept),
    });
  }
}
