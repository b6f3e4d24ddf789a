import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, fetchRaw, quickLink } from "./client.ts";

interface Document {
  paths: Record<string, Record<string, unknown>>;
}
const methods = ["get", "post", "put", "patch", "delete"];

async function apiRoutes(): Promise<[method: string, path: string][]> {
  const document = (await (await fetchRaw("/openapi.json")).json()) as Document;
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations)
      .filter((method) => methods.includes(method))
      .map((method): [string, string] => [method.toUpperCase(), path]),
  );
}

const key = { Authorization: "Bearer test-key-of-the-administrator" };
const framed = (headers: Headers) =>
  /frame-ancestors 'none'/.test(headers.get("Content-Security-Policy") ?? "") ||
  headers.get("X-Frame-Options") === "DENY";

/** What holds of every answer of the service, here over https. */
function lacking({ status, headers }: Response): string[] {
  const isRedirect = status >= 300 && status < 400;
  const holds: Record<string, boolean> = {
    nosniff: headers.get("X-Content-Type-Options") === "nosniff",
    transport: /^max-age=31536000/.test(headers.get("Strict-Transport-Security") ?? ""),
    referrer: headers.has("Referrer-Policy"),
    cache: headers.has("Cache-Control"),
    frames: isRedirect || framed(headers),
    once: !(headers.get("X-Content-Type-Options") ?? "").includes(","),
  };
  return Object.entries(holds).flatMap(([name, isThere]) => (isThere ? [] : [name]));
}

describe("every answer has the security headers", () => {
  it("of the API, whoever asks and whatever comes of it", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const routes = await apiRoutes();
    expect(routes.length).toBeGreaterThan(30);
    for (const [method, shape] of routes) {
      const good = shape.replace("{slug}", slug).replace("{id}", streamId);
      for (const [path, headers] of [
        [good, key],
        [good, {}],
        [shape.replace(/\{[^}]+\}/g, "none-such"), key],
      ] as [string, Record<string, string>][]) {
        const body = ["GET", "DELETE"].includes(method) ? {} : { body: "{}" };
        const type = { "Content-Type": "application/json" };
        const answer = await fetchRaw(path, { method, headers: { ...type, ...headers }, ...body });
        const seen = `${method} ${path} ${answer.status}`;
        expect([seen, ...lacking(answer)]).toEqual([seen]);
        const cached = answer.headers.get("Cache-Control");
        expect([seen, cached]).toEqual([
          seen,
          /\/stats$/.test(shape) && answer.ok ? "no-cache" : "no-store",
        ]);
        await answer.body?.cancel();
        if (method === "DELETE") break;
      }
    }
  });

  it("of everything else: pages, pictures, files, redirects, errors", async ({ expect }) => {
    const fields = { title: "月门", startsAt: new Date(Date.now() + 86_400_000).toISOString() };
    const upcoming = await quickLink(fields);
    const live = await quickLink();
    const { slug } = live;
    await api("PATCH", `/api/links/${(await quickLink({ slug: "closed-one" })).slug}`, {
      disabled: true,
    });
    const script = /src="(\/console\/files\/[^"]+\.js)"/.exec(
      await (await fetchRaw("/console/")).text(),
    )?.[1];
    const asked: [path: string, status: number, init?: RequestInit][] = [
      ["/", 200],
      ["/", 405, { method: "POST" }],
      [`/${slug}`, 302, { headers: { "User-Agent": agents.taobaoIos } }],
      [`/${slug}`, 302, { method: "HEAD", headers: { "User-Agent": agents.taobaoIos } }],
      [`/${slug}`, 200, { headers: { "User-Agent": agents.wechatIos } }],
      [`/${slug}`, 200, { headers: { "User-Agent": "Googlebot/2.1" } }],
      [`/${slug}`, 405, { method: "PUT" }],
      [`/${slug}/go`, 302, { headers: { "User-Agent": agents.wechatIos } }],
      [`/${slug}/qr.svg`, 200],
      [`/${slug}/poster.svg`, 200],
      [`/${slug}/cover`, 404],
      [`/${slug}/state`, 200],
      [`/${slug}/events`, 204, { method: "POST", body: "{}" }],
      [`/${slug}/none-such`, 404],
      [`/${upcoming.slug}/calendar.ics`, 200],
      ["/none-such-slug", 404],
      ["/none-such-slug", 404, { headers: { Accept: "application/json" } }],
      ["/closed-one", 410],
      ["/MP_verify_none.txt", 404],
      ["/docs", 200],
      ["/docs/none-such.js", 404],
      ["/console", 308],
      ["/console/", 200],
      ["/console/", 405, { method: "POST" }],
      [script ?? "", 200],
      ["/console/files/none-00000000.js", 404],
      ["/console/session", 200],
      ["/console/session", 403, { method: "DELETE" }],
      ["/healthz", 200],
      ["/openapi.json", 200],
      ["/metrics", 401],
      ["/metrics", 200, { headers: key }],
      ["/api/none-such", 404, { headers: key }],
      ["/api/streams", 405, { method: "DELETE", headers: key }],
    ];
    for (const [path, status, init] of asked) {
      const answer = await fetchRaw(path, init);
      const seen = `${init?.method ?? "GET"} ${path} ${answer.status}`;
      expect(seen).toBe(`${init?.method ?? "GET"} ${path} ${status}`);
      expect([seen, ...lacking(answer)]).toEqual([seen]);
      await answer.body?.cancel();
    }
  });

  it("of 304, by the poll's shortcut and by the routes", async ({ expect }) => {
    const { streamId } = await quickLink();
    const path = `/api/streams/${streamId}/stats`;
    const first = await fetchRaw(path, { headers: key });
    const headers = { ...key, "If-None-Match": first.headers.get("ETag") ?? "" };
    const again = await fetchRaw(path, { headers });
    expect([again.status, ...lacking(again)]).toEqual([304]);
    expect(again.headers.get("Cache-Control")).toBe("no-cache");
  });
});
