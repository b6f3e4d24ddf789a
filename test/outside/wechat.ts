/**
 * WeChat's API as its documentation has it: `stable_token` and `getticket`, their lives, limits and errors.
 * An account is made by its first setting; an unknown app id is refused, as theirs is.
 *
 * @see https://developers.weixin.qq.com/doc/service/en/api/base/api_getstableaccesstoken.html
 */

/** What goes wrong, of an account. */
export type Trouble =
  | "none"
  | "busy"
  | "address"
  | "minute-limit"
  | "day-limit"
  | "bad-gateway"
  | "not-json"
  | "slow"
  | "ticket-busy"
  | "ticket-never";

export interface AccountSettings {
  secret?: string;
  trouble?: Trouble;
  /** Withdraws the token, as a reset of the secret does. */
  withdraw?: boolean;
  /** Lets the server count the withdrawn token as good still: only force makes another. */
  isStubborn?: boolean;
}

interface Account {
  secret: string;
  trouble: Trouble;
  token?: { value: string; until: number; isWithdrawn: boolean };
  forcedAt: number[];
  isStubborn: boolean;
  calls: { token: number; ticket: number; forced: number; atOnce: number; mostAtOnce: number };
}

const life = 7_200;
const slowness = 8_000;
/** In the last five minutes a call makes a new token, and both are good. */
const renewal = 300_000;

const troubles: Partial<Record<Trouble, () => Response>> = {
  busy: () => error(-1, "system error"),
  address: () =>
    error(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6550-1"),
  "minute-limit": () =>
    error(45011, "api minute-quota reach limit, must slower, retry next minute"),
  "day-limit": () => error(45009, "reach max api daily quota limit"),
  "bad-gateway": () => new Response("<html>502</html>", { status: 502 }),
  "not-json": () => new Response("<html>welcome</html>"),
};

function error(errcode: number, errmsg: string): Response {
  return Response.json({ errcode, errmsg });
}

export class FakeWechat {
  readonly #accounts = new Map<string, Account>();
  #made = 0;

  set(appId: string, { secret, trouble, withdraw, isStubborn }: AccountSettings): void {
    let account = this.#accounts.get(appId);
    if (!account) {
      const calls = { token: 0, ticket: 0, forced: 0, atOnce: 0, mostAtOnce: 0 };
      account = { secret: "", trouble: "none", forcedAt: [], isStubborn: false, calls };
      this.#accounts.set(appId, account);
    }
    account.secret = secret ?? account.secret;
    account.trouble = trouble ?? account.trouble;
    account.isStubborn = isStubborn ?? account.isStubborn;
    if (withdraw && account.token) account.token.isWithdrawn = true;
  }

  calls(appId: string): Account["calls"] | undefined {
    return this.#accounts.get(appId)?.calls;
  }

  async handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/cgi-bin/stable_token") return this.#token(request);
    if (url.pathname === "/cgi-bin/ticket/getticket") return this.#ticket(url.searchParams);
    return error(40066, "invalid url");
  }

  async #token(request: Request): Promise<Response> {
    if (request.method !== "POST") return error(43002, "require POST method");
    let body: Record<string, unknown>;
    try {
      body = (await request.json()) as Record<string, unknown>;
    } catch {
      return error(47001, "data format error");
    }
    if (body.grant_type !== "client_credential") return error(40002, "invalid grant_type");
    const account = this.#accounts.get(String(body.appid));
    if (!account) return error(40013, "invalid appid rid: 6550-2");
    const forced = body.force_refresh === true;
    account.calls.token += 1;
    if (forced) account.calls.forced += 1;
    return this.#during(account, () => {
      if (body.secret !== account.secret) return error(40125, "invalid appsecret, rid: 6550-3");
      const now = Date.now();
      const last = account.forcedAt.at(-1) ?? 0;
      const isNew = forced
        ? now - last >= 30_000
        : !account.token ||
          now > account.token.until - renewal ||
          (account.token.isWithdrawn && !account.isStubborn);
      if (forced && account.forcedAt.length >= 20) return error(45009, "reach max api daily quota");
      if (isNew) {
        if (forced) account.forcedAt.push(now);
        this.#made += 1;
        const value = `${this.#made}_${"t".repeat(136)}`;
        account.token = { value, until: now + life * 1_000, isWithdrawn: false };
      }
      const { value, until } = account.token ?? { value: "", until: 0 };
      return Response.json({
        access_token: value,
        expires_in: Math.floor((until - now) / 1_000),
      });
    });
  }

  async #ticket(query: URLSearchParams): Promise<Response> {
    const token = query.get("access_token");
    const account = [...this.#accounts.values()].find((one) => one.token?.value === token);
    if (!account?.token) return error(40001, "invalid credential, access_token is invalid");
    account.calls.ticket += 1;
    return this.#during(account, () => {
      if (query.get("type") !== "jsapi") return error(40097, "invalid args");
      if (account.trouble === "ticket-busy") return error(-1, "system error");
      if (account.trouble === "ticket-never" || account.token?.isWithdrawn) {
        return error(40001, "invalid credential, access_token is invalid or not latest");
      }
      if (Date.now() > (account.token?.until ?? 0)) return error(42001, "access_token expired");
      this.#made += 1;
      const ticket = `ticket-${this.#made}-${"k".repeat(70)}`;
      return Response.json({ errcode: 0, errmsg: "ok", ticket, expires_in: life });
    });
  }

  /** Answers after the time that a network takes, and knows how many calls are under way. */
  async #during(account: Account, answer: () => Response): Promise<Response> {
    const { calls } = account;
    calls.atOnce += 1;
    calls.mostAtOnce = Math.max(calls.mostAtOnce, calls.atOnce);
    const wait = account.trouble === "slow" ? slowness : 30;
    await new Promise((resolve) => setTimeout(resolve, wait));
    calls.atOnce -= 1;
    return troubles[account.trouble]?.() ?? answer();
  }
}
