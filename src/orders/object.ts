/**
 * @module The Orders object: the one Durable Object that keeps orders, the sums of what each link sold, and
 * costs. It is not the Catalog, so that no import stalls the making of links and no number of orders fills
 * the object that links live in (docs/decisions/0010-orders-object.md). What it does is the ledger's, which is read
 * at its first call, so that the isolate of a redirect never loads it.
 */
import { DurableObject } from "cloudflare:workers";
import type { OrderKeeper } from "../catalog/followers.ts";
import type { Catalog } from "../catalog/object.ts";
import type { Env } from "../config/env.ts";
import { stubOf } from "../config/objects.ts";
import type { OrderRows, Taken } from "./archive.ts";
import type { SalesLedger } from "./sales-ledger.ts";

type Given<Name extends keyof SalesLedger> = Parameters<SalesLedger[Name]>;

export class Orders extends DurableObject<Env> implements OrderKeeper {
  #ledger: SalesLedger | undefined;

  async #open(): Promise<SalesLedger> {
    const { SalesLedger } = await import("./sales-ledger.ts");
    this.#ledger ??= new SalesLedger(this.ctx.storage, () =>
      stubOf<Pick<Catalog, "changesSince">>(this.env.CATALOG, "catalog"),
    );
    return this.#ledger;
  }

  async apply(...given: Given<"apply">) {
    return (await this.#open()).apply(...given);
  }

  async attribute(...given: Given<"attribute">) {
    return (await this.#open()).attribute(...given);
  }

  async linesOf(...given: Given<"linesOf">) {
    return (await this.#open()).linesOf(...given);
  }

  async addSpend(...given: Given<"addSpend">) {
    return (await this.#open()).addSpend(...given);
  }

  async putCosts(...given: Given<"putCosts">) {
    return (await this.#open()).putCosts(...given);
  }

  async patchCosts(...given: Given<"patchCosts">) {
    return (await this.#open()).patchCosts(...given);
  }

  async listAudit(...given: Given<"listAudit">) {
    return (await this.#open()).listAudit(...given);
  }

  async dumpAudit(...given: Given<"dumpAudit">) {
    return (await this.#open()).dumpAudit(...given);
  }

  async costsOf(...given: Given<"costsOf">) {
    return (await this.#open()).costsOf(...given);
  }

  async salesOfStream(...given: Given<"salesOfStream">) {
    return (await this.#open()).salesOfStream(...given);
  }

  async salesByStream(...given: Given<"salesByStream">) {
    return (await this.#open()).salesByStream(...given);
  }

  async salesOfLinks(...given: Given<"salesOfLinks">) {
    return (await this.#open()).salesOfLinks(...given);
  }

  async salesInPeriod(...given: Given<"salesInPeriod">) {
    return (await this.#open()).salesInPeriod(...given);
  }

  async salesByItem(...given: Given<"salesByItem">) {
    return (await this.#open()).salesByItem(...given);
  }

  async timeline(...given: Given<"timeline">) {
    return (await this.#open()).timeline(...given);
  }

  async list(...given: Given<"list">) {
    return (await this.#open()).list(...given);
  }

  async unknownOf(...given: Given<"unknownOf">) {
    return (await this.#open()).unknownOf(...given);
  }

  async settle(...given: Given<"settle">) {
    return (await this.#open()).settle(...given);
  }

  async previewSettlement(...given: Given<"previewSettlement">) {
    return (await this.#open()).previewSettlement(...given);
  }

  async voidSettlement(...given: Given<"voidSettlement">) {
    return (await this.#open()).voidSettlement(...given);
  }

  async settlement(...given: Given<"settlement">) {
    return (await this.#open()).settlement(...given);
  }

  async settlementLines(...given: Given<"settlementLines">) {
    return (await this.#open()).settlementLines(...given);
  }

  async listSettlements(...given: Given<"listSettlements">) {
    return (await this.#open()).listSettlements(...given);
  }

  async hasSettled(...given: Given<"hasSettled">) {
    return (await this.#open()).hasSettled(...given);
  }

  async dumpSettlements(...given: Given<"dumpSettlements">) {
    return (await this.#open()).dumpSettlements(...given);
  }

  async dumpLines(...given: Given<"dumpLines">) {
    return (await this.#open()).dumpLines(...given);
  }

  async dumpCosts() {
    return (await this.#open()).dumpCosts();
  }

  async dumpSpend() {
    return (await this.#open()).dumpSpend();
  }

  async restore<K extends keyof OrderRows>(
    kind: K,
    rows: OrderRows[K],
    by: { by: string; importId: string },
  ): Promise<Taken> {
    return (await this.#open()).restore(kind, rows, by);
  }

  async forget(...given: Given<"forget">) {
    return (await this.#open()).forget(...given);
  }

  async purge(...given: Given<"purge">) {
    return (await this.#open()).purge(...given);
  }

  async eraseIds(...given: Given<"eraseIds">) {
    return (await this.#open()).eraseIds(...given);
  }

  async forgetAudit(...given: Given<"forgetAudit">) {
    return (await this.#open()).forgetAudit(...given);
  }

  async ping() {
    return (await this.#open()).ping();
  }
}
