/**
 * The internet of the tests in workerd, by Miniflare's hook for outbound requests. What no table knows is
 * a bad gateway: the hook cannot leave a request without an answer.
 */
import { FakeAlliances, type GatewaySettings } from "./alliances.ts";
import { platforms, timesAsked } from "./platforms.ts";
import { FakeRobots, type RobotSettings } from "./robots.ts";
import { type AccountSettings, FakeWechat } from "./wechat.ts";

const wechat = new FakeWechat();
const robots = new FakeRobots();
const alliances = new FakeAlliances();

/** What the tests ask this side: what was asked of it, and how WeChat's API and the robots are to behave. */
const control: Record<string, (request: Request, query: URLSearchParams) => Promise<Response>> = {
  "/asked": async (_request, query) =>
    Response.json({ times: timesAsked(query.get("address") ?? "") }),
  "/wechat": async (request, query) => {
    const appId = query.get("appId") ?? "";
    if (request.method === "POST") wechat.set(appId, (await request.json()) as AccountSettings);
    return Response.json(wechat.calls(appId) ?? {});
  },
  "/alliance": async (request, query) => {
    if (request.method === "POST") alliances.set((await request.json()) as GatewaySettings);
    return Response.json({ calls: alliances.calls(query.get("host") ?? "") });
  },
  "/robot": async (request, query) => {
    const key = query.get("key") ?? "";
    if (request.method === "POST") robots.set(key, (await request.json()) as RobotSettings);
    return Response.json(robots.seen(key) ?? {});
  },
};

export async function outside(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const answer =
    url.hostname === "outside.test"
      ? await control[url.pathname]?.(request, url.searchParams)
      : url.hostname === "api.weixin.qq.com"
        ? await wechat.handle(request)
        : robots.serves(url.hostname)
          ? await robots.handle(request)
          : alliances.serves(url.hostname)
            ? await alliances.handle(request)
            : await platforms(url);
  return answer ?? new Response(null, { status: 502 });
}
