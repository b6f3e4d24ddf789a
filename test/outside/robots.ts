/**
 * The group robots of DingTalk, Feishu, Lark and WeCom as their documentation has them: security, limits,
 * codes inside an answer of status 200; and a webhook's receiver. A robot is made by its first setting.
 */
import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";

type RobotTrouble =
  | "none"
  | "server-error"
  | "slow"
  | "no-answer"
  | "gone"
  | "address"
  | "throttled"
  | "moved"
  | "not-json"
  | "abuse"
  | "retry-after";

export interface RobotSettings {
  secret?: string | null;
  keyword?: string;
  trouble?: RobotTrouble;
  /** Messages a minute after which it is too fast. */
  limit?: number;
}

export interface Received {
  at: number;
  /** What the group sees; of a webhook, its body. */
  text: string;
  /** Of a webhook. */
  id?: string;
}

interface RobotState {
  secret: string | null;
  keyword: string;
  trouble: RobotTrouble;
  limit: number;
  received: Received[];
  /** Times of all requests, taken or not. */
  asked: number[];
  refused: number;
}

const slowness = 14_000;
const hour = 3_600_000;

type Body = Record<string, unknown>;

interface Platform {
  keyOf: (url: URL) => string;
  /** Why a request is refused; `null` when it is taken. */
  refuse: (robot: RobotState, url: URL, body: Body, text: string) => Body | null;
  textOf: (body: Body) => string | null;
  ok: Body;
  tooFast: Body;
  gone: Body;
  address: Body;
}

const bytes = (text: string) => new TextEncoder().encode(text).length;

const dingtalk: Platform = {
  keyOf: (url) => (url.pathname === "/robot/send" && url.searchParams.get("access_token")) || "",
  textOf: (body) => {
    const markdown = Object(body.markdown) as Body;
    return body.msgtype === "markdown" && markdown.title ? String(markdown.text) : null;
  },
  refuse({ secret, keyword }, url, body, text) {
    const refused = (errmsg: string) => ({ errcode: 310000, errmsg });
    if (secret !== null) {
      const timestamp = url.searchParams.get("timestamp") ?? "";
      if (Math.abs(Date.now() - Number(timestamp)) > hour) return refused("invalid timestamp");
      const expected = createHmac("sha256", secret).update(`${timestamp}\n${secret}`);
      if (url.searchParams.get("sign") !== expected.digest("base64"))
        return refused("sign not match");
    }
    if (!text.includes(keyword)) return refused("keywords not in content, more: [https://…]");
    if (bytes(JSON.stringify(body)) > 20_000) {
      return { errcode: 460101, errmsg: "message too long, exceed 20000 bytes" };
    }
    return null;
  },
  ok: { errcode: 0, errmsg: "ok" },
  tooFast: { errcode: 130101, errmsg: "send too fast, exceed 20 times per minute" },
  gone: { errcode: 300005, errmsg: "token is not exist" },
  address: { errcode: 310000, errmsg: "ip 203.0.113.7 not in whitelist" },
};

const feishu: Platform = {
  keyOf: (url) => /^\/open-apis\/bot\/v2\/hook\/([\w-]+)$/.exec(url.pathname)?.[1] ?? "",
  textOf(body) {
    if (body.msg_type !== "post") return null;
    const { post } = Object(body.content) as {
      post?: { zh_cn?: { title: string; content: { tag: string; text: string }[][] } };
    };
    const shown = post?.zh_cn;
    return shown
      ? [shown.title, ...shown.content.map((line) => line.map(({ text }) => text).join(""))].join(
          "\n",
        )
      : null;
  },
  refuse({ secret, keyword }, _url, body, text) {
    if (secret !== null) {
      const age = Date.now() / 1_000 - Number(body.timestamp);
      const expected = createHmac("sha256", `${body.timestamp}\n${secret}`).digest("base64");
      if (!(Math.abs(age) <= 3_600) || body.sign !== expected) {
        return {
          code: 19021,
          msg: "sign match fail or timestamp is not within one hour from current time",
        };
      }
    }
    if (!text.includes(keyword)) return { code: 19024, msg: "Key Words Not Found" };
    return bytes(JSON.stringify(body)) > 20_480 ? { code: 9499, msg: "Bad Request" } : null;
  },
  ok: { code: 0, msg: "success", data: {}, StatusCode: 0, StatusMessage: "success" },
  tooFast: { code: 11232, msg: "frequency limited" },
  gone: { code: 19001, msg: "param invalid: incoming webhook access token invalid" },
  address: { code: 19022, msg: "Ip Not Allowed" },
};

const wecom: Platform = {
  keyOf: (url) => (url.pathname === "/cgi-bin/webhook/send" && url.searchParams.get("key")) || "",
  textOf: (body) =>
    body.msgtype === "markdown" ? String((Object(body.markdown) as Body).content) : null,
  refuse: (_robot, _url, _body, text) =>
    bytes(text) > 4_096
      ? { errcode: 40058, errmsg: "markdown.content exceed max length 4096" }
      : null,
  ok: { errcode: 0, errmsg: "ok" },
  tooFast: { errcode: 45009, errmsg: "api freq out of limit" },
  gone: { errcode: 93000, errmsg: "invalid webhook url" },
  address: { errcode: -1, errmsg: "system busy" },
};

const platformAt: Record<string, Platform> = {
  "oapi.dingtalk.com": dingtalk,
  "open.feishu.cn": feishu,
  "open.larksuite.com": feishu,
  "qyapi.weixin.qq.com": wecom,
};

export const webhookHost = "hooks.receiver.cn";

export class FakeRobots {
  readonly #robots = new Map<string, RobotState>();

  serves(hostname: string): boolean {
    return hostname in platformAt || hostname === webhookHost;
  }

  set(key: string, settings: RobotSettings): void {
    const known = this.#robots.get(key) ?? {
      secret: null,
      keyword: "",
      trouble: "none" as const,
      limit: 20,
      received: [],
      asked: [],
      refused: 0,
    };
    this.#robots.set(key, { ...known, ...settings });
  }

  seen(key: string): Pick<RobotState, "received" | "asked" | "refused"> | undefined {
    const robot = this.#robots.get(key);
    return robot && { received: robot.received, asked: robot.asked, refused: robot.refused };
  }

  async handle(request: Request): Promise<Response | undefined> {
    const url = new URL(request.url);
    const platform = platformAt[url.hostname];
    const robot = this.#robots.get(platform ? platform.keyOf(url) : url.pathname.slice(1));
    if (url.protocol !== "https:" || request.method !== "POST") return undefined;
    if (!robot)
      return platform ? Response.json(platform.gone) : new Response(null, { status: 404 });
    robot.asked.push(Date.now());
    const body = await request.text();
    const answer = await trouble(robot.trouble, platform);
    if (answer) {
      robot.refused += 1;
      return answer === "none" ? undefined : answer;
    }
    return platform ? group(platform, robot, url, body) : receiver(robot, request.headers, body);
  }
}

async function trouble(
  kind: RobotTrouble,
  platform: Platform | undefined,
): Promise<Response | "none" | null> {
  switch (kind) {
    case "none":
      return null;
    case "server-error":
      return new Response("<html>502</html>", { status: 502 });
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, slowness));
      return new Response(null, { status: 200 });
    case "no-answer":
      return "none";
    case "gone":
      return platform ? Response.json(platform.gone) : new Response(null, { status: 410 });
    case "address":
      return platform ? Response.json(platform.address) : new Response(null, { status: 403 });
    case "throttled":
      return platform ? Response.json(platform.tooFast) : new Response(null, { status: 429 });
    case "moved":
      return new Response(null, { status: 307, headers: { Location: "https://169.254.169.254/" } });
    case "not-json":
      return new Response("<html>welcome</html>");
    case "abuse":
      return Response.json({ status: 1111, wait: 5, source: "x5", punish: "deny" });
    case "retry-after":
      return new Response(null, { status: 429, headers: { "Retry-After": "7" } });
  }
}

function group(platform: Platform, robot: RobotState, url: URL, text: string): Response {
  const body = JSON.parse(text) as Body;
  const shown = platform.textOf(body);
  const lately = robot.received.filter(({ at }) => at > Date.now() - 60_000);
  const refusal =
    shown === null
      ? { errcode: 40035, errmsg: "miss params", code: 9499, msg: "Bad Request" }
      : lately.length >= robot.limit
        ? platform.tooFast
        : platform.refuse(robot, url, body, shown);
  if (refusal) robot.refused += 1;
  else robot.received.push({ at: Date.now(), text: shown ?? "" });
  return Response.json(refusal ?? platform.ok);
}

/** As a consumer with the specification's own library takes a webhook. */
function receiver(robot: RobotState, headers: Headers, body: string): Response {
  try {
    new Webhook(robot.secret ?? "").verify(body, Object.fromEntries(headers));
  } catch {
    robot.refused += 1;
    return new Response(null, { status: 401 });
  }
  robot.received.push({ at: Date.now(), text: body, id: headers.get("webhook-id") ?? "" });
  return new Response(null, { status: 204 });
}
