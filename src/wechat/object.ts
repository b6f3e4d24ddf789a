/**
 * @module The one owner of a WeChat account's token and ticket: a Durable Object, named by the app id, since
 * isolates that each fetched their own would use up the account's quota.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../config/env.ts";
import { OpenedStore } from "../lib/opened-store.ts";
import { migrateWechat } from "./migrations.ts";
import type { Ticket, TicketCache } from "./ticket-cache.ts";

export class WechatCredentials extends DurableObject<Env> {
  #cache: TicketCache | undefined;
  readonly #opened = new OpenedStore(this.ctx.storage, migrateWechat, () => this.ctx.storage.kv);

  /** The account's ticket of the JS-SDK; else why there is none, and until when not to ask again. */
  async ticket(): Promise<Ticket> {
    const kv = this.#opened.opened();
    // On its first use: nobody who opens a link needs it.
    const { keeperIn } = await import("./keeper.ts");
    this.#cache ??= keeperIn(kv, this.env);
    return this.#cache.ticket();
  }

  /** Answers when this object works; for `/healthz`. */
  ping(): "ok" {
    this.#opened.opened();
    return "ok";
  }
}
