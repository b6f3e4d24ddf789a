import { describe, it } from "vitest";
import { api, taobaoUrl, until } from "./client.ts";

interface Told {
  at: string;
  type: string;
  [field: string]: unknown;
}
const eventsOf = async (streamId: string) =>
  (await api("GET", `/api/streams/${streamId}/events`)).body.data as Told[];
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const hour = 3_600_000;

const stream = async (fields: Record<string, unknown> = {}) =>
  (
    await api("POST", "/api/streams", {
      title: "双11",
      destinations: [{ url: taobaoUrl }],
      startsAt: inMs(-3 * hour),
      endsAt: inMs(3 * hour),
      ...fields,
    })
  ).body.id as string;

describe("what happened during a broadcast", () => {
  it("is its start, changed destinations of the stream and of links, and its end by hand, in order", async ({
    expect,
  }) => {
    const id = await stream();
    const made = await api("POST", `/api/streams/${id}/links`, { creator: { id: "lin" } });
    const { slug } = made.body.data[0];
    await api("PATCH", `/api/streams/${id}`, { title: "another title" });
    await api("PATCH", `/api/streams/${id}`, {
      destinations: [{ url: "https://item.jd.com/1.html" }],
    });
    await api("PATCH", `/api/links/${slug}`, { note: "nothing to mark" });
    await api("PATCH", `/api/links/${slug}`, { destinations: [{ url: taobaoUrl }] });
    await api("PATCH", `/api/streams/${id}`, { phase: "ended" });
    const events = await eventsOf(id);
    expect(events.map(({ at: _, ...event }) => event)).toEqual([
      { type: "stream.live", cause: "clock" },
      {
        type: "destination.changed",
        slug: null,
        platforms: { before: ["taobao"], after: ["jd"] },
      },
      { type: "destination.changed", slug, platforms: { before: [], after: ["taobao"] } },
      { type: "stream.ended", cause: "hand" },
    ]);
    const times = events.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("is of this stream and its links alone, and of none that is to come", async ({ expect }) => {
    const other = await stream();
    await api("PATCH", `/api/streams/${other}`, {
      destinations: [{ url: "https://item.jd.com/2.html" }],
    });
    const ahead = await stream({ startsAt: inMs(hour), endsAt: inMs(2 * hour) });
    expect(await eventsOf(ahead)).toEqual([]);
    await api("PATCH", `/api/streams/${ahead}`, { phase: "live" });
    expect(await eventsOf(ahead)).toMatchObject([{ type: "stream.live", cause: "hand" }]);
    expect((await api("GET", "/api/streams/st_none/events")).status).toBe(404);
  });

  it("has the first order of each hour, to the minute, and no unpaid one", async ({ expect }) => {
    const id = await stream();
    const made = await api("POST", `/api/streams/${id}/links`, { creator: { id: "wang" } });
    const { slug } = made.body.data[0];
    const base = Math.floor((Date.now() - 2 * hour) / hour) * hour;
    const order = (orderId: string, minutes: number, status = "paid") => ({
      platform: "taobao",
      orderId,
      slug,
      status,
      amount: 19_900,
      paidAt: new Date(base + minutes * 60_000 + 20_000).toISOString(),
    });
    const told = await api("POST", "/api/conversions", [
      order("unpaid", 1, "created"),
      order("b", 25),
      order("a", 7),
      order("c", 66),
      order("d", 80),
    ]);
    expect(told.body).toMatchObject({ accepted: 5, rejected: [] });
    const firsts = async () => (await eventsOf(id)).filter(({ type }) => type === "order.first");
    await until(async () => (await firsts()).length === 2);
    expect((await firsts()).map(({ at }) => Date.parse(at) - base)).toEqual([
      7 * 60_000,
      66 * 60_000,
    ]);
  });

  it("has what notifiers were told, while there is one", async ({ expect }) => {
    const made = await api("POST", "/api/notifiers", {
      kind: "wecom",
      name: "group",
      url: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-of-events-1234",
    });
    expect(made.status).toBe(201);
    const id = await stream({ startsAt: inMs(-60_000) });
    await api("PATCH", `/api/streams/${id}`, {
      destinations: [{ url: "https://item.jd.com/404.html" }],
    });
    const failing = async () =>
      (await eventsOf(id)).filter(({ type }) => type === "destination.error");
    await until(async () => (await failing()).length > 0, 10_000);
    expect((await failing())[0]).toMatchObject({ slug: null, platform: "jd", status: 404 });
    await api("DELETE", `/api/notifiers/${made.body.id}`);
  });
});

describe("destinations that fail", () => {
  const failing = async (id: string) =>
    (await api("GET", `/api/streams/${id}/failing-destinations`)).body;

  it("are named, the stream's and those of links, each looked at once; who refuses robots is none", async ({
    expect,
  }) => {
    const id = await stream({ destinations: [{ url: "https://item.jd.com/200.html" }] });
    expect(await failing(id)).toEqual({ data: [], looked: 1 });
    const made = await api("POST", `/api/streams/${id}/links`, [
      { destinations: [{ url: "https://item.jd.com/404.html" }] },
      { destinations: [{ url: "https://item.jd.com/403.html" }] },
    ]);
    const { data, looked } = await failing(id);
    expect(data).toEqual([
      {
        slug: made.body.data[0].slug,
        platform: "jd",
        url: "https://item.jd.com/404.html",
        status: 404,
        at: expect.any(String),
      },
    ]);
    expect(looked).toBe(3);
    const again = await failing(id);
    expect(again.data[0].at).toBe(data[0].at);
    await api("PATCH", `/api/links/${made.body.data[0].slug}`, { disabled: true });
    expect((await failing(id)).data).toEqual([]);
  });

  it("of an ended stream are not looked at", async ({ expect }) => {
    const id = await stream({
      destinations: [{ url: "https://item.jd.com/40400.html" }],
      endsAt: inMs(-60_000),
    });
    expect(await failing(id)).toEqual({ data: [], looked: 0 });
  });
});
