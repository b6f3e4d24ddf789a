/**
 * @module The four ways in which an order comes, each through the service's own code down to the ledger's SQLite: pulled and pushed
 * through the machine, as a file and as a request through the API's own routes.
 */
import type { AllianceName, Credentials } from "../../src/alliances/adapter.ts";
import { adapterOf } from "../../src/alliances/registry.ts";
import { router } from "../../src/api/router.ts";
import { conversions } from "../../src/api/routes/conversions.ts";
import type { ApiEnv } from "../../src/auth/principal.ts";
import { Database } from "../model/database.ts";
import { ledgerOf } from "../settling.ts";
import { labOf } from "./lab.ts";
import { changedAt, now, platforms, rowOf, told, type Version } from "./versions.ts";
import type { WechatGateway } from "./wechat.ts";

const second = 1_000;
const minute = 60 * second;

export const ways = ["pull", "push", "file", "api"] as const;
export interface Arrival {
  way: (typeof ways)[number];
  of: Version;
}

const streamId = "st_arrivals";

/** A ledger with the links of ann and bob, and the ways to it. */
export async function openWays() {
  const ledger = ledgerOf(
    ["ann", "bob"].map((slug) => ({
      ...{ slug, streamId, names: [] },
      ids: {
        "wechat.finderId": `sph-${slug}`,
        "taobao.adzoneId": platforms.taobao.ids(slug).adzoneId ?? "",
      },
    })),
    new Database(),
  );
  const gateways = new Map(
    Object.values(platforms).map(({ alliance, gateway }) => [alliance, gateway()]),
  );
  const gatewayOf = (alliance: AllianceName) => {
    const found = gateways.get(alliance);
    if (!found) throw new Error(`no gateway of ${alliance}`);
    return found;
  };
  const lab = labOf({
    adapters: [...gateways.keys()].map(adapterOf),
    ...{ gatewayOf, now },
    book: (events) => ledger.apply(events),
  });
  const connections = new Map<AllianceName, string>();
  for (const [alliance, { credentials }] of gateways) {
    const made = await lab.service.create({
      ...{ alliance, name: alliance, apiBase: null, since: now },
      credentials: credentials as unknown as Credentials,
    });
    if (typeof made === "string" || !made.ok) throw new Error("not made");
    connections.set(alliance, made.value.id);
  }
  const api = router();
  api.use(async (c, next) => {
    c.set("principal", { id: "tests", scopes: new Set(), expiresAt: null });
    await next();
  });
  api.route("/", conversions);
  const env = { ORDERS: { getByName: () => ledger } } as unknown as ApiEnv["Bindings"];

  const post = async (path: string, type: string, body: string): Promise<void> => {
    const init = { method: "POST", headers: { "Content-Type": type }, body };
    const answer = await api.request(path, init, env);
    const text = await answer.text();
    // A row that is refused would be a way that tells nothing.
    if (answer.status !== 200 || /"rejected(?:Count)?":(?!0|\[\])/.test(text))
      throw new Error(text);
  };
  const connectionOf = (of: Version) => connections.get(platforms[of.platform].alliance) ?? "";
  /** The platform has this version by now, and no other. */
  const put = (of: Version) => gatewayOf(platforms[of.platform].alliance).put(rowOf(of));

  const take: Record<Arrival["way"], (of: Version) => Promise<void>> = {
    pull: async (of) => {
      put(of);
      const id = connectionOf(of);
      const at = changedAt(of);
      lab.service.pull(id, { from: at - 10 * second, to: at + 10 * second });
      while (lab.ports.store.jobs(id).some(({ range }) => range !== "")) await lab.pass(minute);
      await lab.pass(minute);
    },
    push: async (of) => {
      put(of);
      const gateway = gatewayOf("wechat-shop") as WechatGateway;
      const push = gateway.push(rowOf(of).id, { at: lab.now });
      const read = await lab.service.pushed(connectionOf(of), push);
      if (read?.kind !== "orders") throw new Error(JSON.stringify(read));
      await lab.pass(minute);
    },
    file: async (of) => {
      const { files, key } = platforms[of.platform];
      for (const row of files(of, key(of.order))) {
        const text = `${Object.keys(row).join(",")}\n${Object.values(row).join(",")}\n`;
        await post("/api/conversions/import", "text/csv", text);
      }
    },
    api: (of) => post("/api/conversions", "application/json", JSON.stringify([told(of)])),
  };
  return {
    arrive: async ({ way, of }: Arrival) => take[way](of),
    /** Lines by their keys, and what the links' sums are: what must not depend on the order of arrivals. */
    kept: async () => {
      const lines = ledger
        .dumpLines(0, 1_000)
        .map(({ id: _, ...line }) => line)
        .sort((a, b) => (a.platform + a.orderId < b.platform + b.orderId ? -1 : 1));
      const { totals } = await ledger.salesOfStream(streamId);
      const sums = totals
        .map(({ link, platform, orders, gmv, refunds, commission }) => ({
          ...{ link, platform, orders, gmv, refunds, commission },
        }))
        .filter(({ orders, gmv, refunds, commission }) => orders || gmv || refunds || commission)
        .sort((a, b) => (a.link + a.platform < b.link + b.platform ? -1 : 1));
      return { lines, sums };
    },
  };
}
