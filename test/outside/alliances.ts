/** The gateways of alliances, by their hosts, as test/alliances has them. Each test says what is in one, and how it fails. */
import type { FakeOrder, FaultName, Gateway } from "../alliances/gateway.ts";
import { FakeJd } from "../alliances/jd.ts";
import { FakePinduoduo } from "../alliances/pinduoduo.ts";
import { FakeTaobao } from "../alliances/taobao.ts";

export interface GatewaySettings {
  /** With what a path begins with that tells it apart, where it does. */
  host: string;
  /** Whom it lets in; a new gateway, with nothing in it. */
  credentials?: Record<string, string>;
  orders?: FakeOrder[];
  faults?: FaultName[];
  /** Of Taobao's, by 口令: who came back. Methods that the account has no permission for. */
  returned?: Record<string, { pv: number; uv: number }>;
  withheld?: string[];
}

/** One test's own beside those of tests that run at the same time: `api.jd.com/of-promotions`. */
const nameIn = (url: URL): string =>
  `${url.hostname}${/^\/of-[a-z]+(?=\/|$)/.exec(url.pathname)?.[0] ?? ""}`;
const hostOf = (name: string): string => name.split("/")[0] ?? "";

type Make = (credentials: Record<string, string>) => Gateway;
const kinds = new Map<string, Make>([
  ["api.jd.com", (credentials) => new FakeJd(credentials)],
  ["eco.taobao.com", (credentials) => new FakeTaobao(credentials)],
  ["gw-api.pinduoduo.com", (credentials) => new FakePinduoduo(credentials)],
]);

export class FakeAlliances {
  readonly #gateways = new Map<string, Gateway>();

  serves(host: string): boolean {
    return kinds.has(host);
  }

  set({ host, credentials, orders = [], faults, returned = {}, withheld }: GatewaySettings): void {
    const make = kinds.get(hostOf(host));
    if (!make) throw new Error(`${host} is no gateway's`);
    if (credentials) this.#gateways.set(host, make(credentials));
    const gateway = this.#of(host);
    for (const order of orders) gateway.put(order);
    if (faults) gateway.faults.splice(0, gateway.faults.length, ...faults);
    if (!(gateway instanceof FakeTaobao)) return;
    for (const [tpwd, told] of Object.entries(returned)) gateway.returned.set(tpwd, told);
    if (withheld) gateway.withheld.clear();
    for (const method of withheld ?? []) gateway.withheld.add(method);
  }

  calls(host: string): Gateway["calls"] {
    return this.#of(host).calls;
  }

  async handle(request: Request): Promise<Response> {
    const given = {
      method: request.method,
      url: request.url,
      headers: new Map(request.headers),
      body: await request.text(),
    };
    const at = Date.now();
    const answer = this.#of(nameIn(new URL(request.url))).answer(given, at);
    const headers = {
      "Content-Type": answer.type ?? "text/html",
      Date: new Date(answer.date ?? at).toUTCString(),
    };
    return new Response(answer.body, { status: answer.status, headers });
  }

  #of(host: string): Gateway {
    const gateway = this.#gateways.get(host) ?? kinds.get(hostOf(host))?.({});
    if (!gateway) throw new Error(`${host} is no gateway's`);
    this.#gateways.set(host, gateway);
    return gateway;
  }
}
