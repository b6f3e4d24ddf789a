import { describe, it, vi } from "vitest";
import { log } from "../../src/lib/log.ts";
import { agents } from "../agents.ts";
import { api, env, fetchRaw, open, quickLink, until } from "./client.ts";

const read = async () => {
  const response = await fetchRaw("/metrics", {
    headers: { Authorization: "Bearer test-key-of-the-administrator" },
  });
  return { headers: response.headers, text: await response.text() };
};

/** The sum of a metric's samples whose labels have these. */
function sum(text: string, name: string, labels: Record<string, string> = {}): number {
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) =>
      Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)),
    )
    .reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);
}

describe("GET /metrics", () => {
  it("is Prometheus text for keys with the scope admin", async ({ expect }) => {
    expect((await fetchRaw("/metrics")).status).toBe(401);
    const { body } = await api("POST", "/api/keys", { name: "a", scopes: ["stats:read"] });
    const headers = { Authorization: `Bearer ${body.secret}` };
    expect((await fetchRaw("/metrics", { headers })).status).toBe(403);
    await quickLink();
    const answer = await read();
    expect(answer.headers.get("Content-Type")).toContain("text/plain; version=0.0.4");
    const lines = answer.text.trimEnd().split("\n");
    for (const line of lines) {
      expect(line).toMatch(
        /^(?:# HELP moongate_\w+ .+|# TYPE moongate_\w+ (?:counter|gauge)|moongate_\w+(?:\{\w+="[^"\n]*"(?:,\w+="[^"\n]*")*\})? -?\d+(?:\.\d+)?(?:e-?\d+)?)$/,
      );
    }
    const names = lines.flatMap((line) => /^# TYPE (\w+)/.exec(line)?.[1] ?? []);
    expect(new Set(names).size).toBe(names.length);
  });

  it("has the opens by outcome, and counted against offered", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const before = (await read()).text;
    for (let index = 0; index < 6; index += 1) await open(slug, agents.taobaoIos);
    await open(slug, "DingTalkBot-LinkService/1.0");
    await open(slug, "curl/8.0");
    await until(
      async () => (await api("GET", `/api/streams/${streamId}/stats`)).body.totals.bots === 1,
    );
    const { text } = await read();
    const opens = (outcome: string) =>
      sum(text, "moongate_opens_total", { stream: streamId, outcome });
    expect([opens("view"), opens("preview"), opens("bot"), opens("prefetch")]).toEqual([
      6, 1, 1, 0,
    ]);
    expect(sum(text, "moongate_events_total", { stream: streamId, event: "clicks" })).toBe(6);
    const grown = (name: string) => sum(text, name) - sum(before, name);
    // Six redirects are a view and a click each, beside a preview and a robot.
    expect(grown("moongate_isolate_events_offered_total")).toBe(14);
    expect(grown("moongate_isolate_events_acknowledged_total")).toBe(14);
    expect(grown("moongate_isolate_events_lost_total")).toBe(0);
    expect(grown("moongate_isolate_batches_total")).toBeGreaterThan(0);
    expect(sum(text, "moongate_publish_lag_seconds", { stream: streamId })).toBeLessThan(30);
  });

  it("has the spills that wait", async ({ expect }) => {
    const before = sum((await read()).text, "moongate_spills_pending");
    await env.CATALOG.getByName("catalog").noteSpill("st_spilled");
    expect(sum((await read()).text, "moongate_spills_pending")).toBe(before + 1);
  });
});

describe("the log", () => {
  it("has no address, user agent, key or secret in it, whatever is asked and refused", async ({
    expect,
  }) => {
    const written = vi.spyOn(console, "log");
    const headers = {
      "CF-Connecting-IP": "198.51.100.77",
      "User-Agent": "Private/1.0 MicroMessenger",
    };
    const { slug } = await quickLink();
    await fetchRaw(`/${slug}`, { headers });
    await fetchRaw("/none-such", { headers });
    await fetchRaw("/api/links", { headers: { ...headers, Authorization: "Bearer mg_hidden" } });
    await api("POST", "/api/links", "{", headers);
    await fetchRaw(`/${slug}/events`, {
      method: "POST",
      headers,
      body: '{"token":"hidden-token"}',
    });
    log("probe", { at: 1 });
    const lines = written.mock.calls.map(([line]) => String(line));
    expect(lines).toContain('{"event":"probe","at":1}');
    expect(lines.join("\n")).not.toMatch(
      /198\.51|Private|mg_hidden|hidden-token|test-key-of-the-administrator/,
    );
    written.mockRestore();
  });

  it("writes ten lines a second of an event, and how many it left out", async ({ expect }) => {
    const written = vi.spyOn(console, "log").mockImplementation(() => undefined);
    for (let index = 0; index < 500; index += 1) log("flood", { index });
    const burst = written.mock.calls.length;
    await scheduler.wait(1_100);
    log("flood", {});
    const omitted = written.mock.calls.map(
      ([line]) => (JSON.parse(String(line)) as { omitted?: number }).omitted ?? 0,
    );
    // Twenty where a second ends meanwhile: the first of the next one says what it left out.
    expect(burst).toBeLessThanOrEqual(20);
    expect(omitted.length + omitted.reduce((sum, some) => sum + some, 0)).toBe(501);
    written.mockRestore();
  });
});
