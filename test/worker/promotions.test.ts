/** Promoted links over the API, in workerd: asked of a gateway that verifies what it is sent, kept as links' own destinations. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { afterAll, beforeEach, describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, env, fetchRaw, until } from "./client.ts";

const credentials = { appKey: "12345678", appSecret: "a-secret-of-the-toy-gateway" };
/** Gateways of this file alone. */
const hosts = {
  "jd-union": "api.jd.com/of-promotions",
  "taobao-union": "eco.taobao.com/of-promotions",
} as const;
type Alliance = keyof typeof hosts;
const room = {
  jd: "https://lives.jd.com/#/100?origin=3",
  taobao: "https://tbzb.taobao.com/live?liveId=5001",
};

/** What the gateway of tests holds, and how it behaves. */
const gateway = (alliance: Alliance, settings: object = {}) =>
  fetch(`http://outside.test/alliance?host=${hosts[alliance]}`, {
    method: "POST",
    body: JSON.stringify({ host: hosts[alliance], ...settings }),
  });
const calls = async (alliance: Alliance): Promise<string[]> => {
  const asked = await fetch(`http://outside.test/alliance?host=${hosts[alliance]}`);
  const { calls } = (await asked.json()) as { calls: { method: string }[] };
  return calls.map(({ method }) => method).filter((method) => !method.includes("order"));
};

const connect = async (alliance: Alliance) =>
  (
    await api("POST", "/api/connections", {
      ...{ alliance, name: alliance, credentials },
      apiBase: `https://${hosts[alliance]}`,
    })
  ).body.id;

async function streamOn(platform: keyof typeof room, links: object[]) {
  const destinations = [{ url: room[platform] }];
  const stream = await api("POST", "/api/streams", { title: "双十一", destinations });
  const { id } = stream.body;
  const made = await api("POST", `/api/streams/${id}/links`, links);
  return { id, slugs: made.body.data.map(({ slug }: { slug: string }) => slug) as string[] };
}
const promote = (id: string, body: object, query = "") =>
  api("POST", `/api/streams/${id}/promotions${query}`, body);
const ownOf = async (slug: string) => (await api("GET", `/api/links/${slug}`)).body.destinations;

async function clear() {
  const { data } = (await api("GET", "/api/connections?limit=200")).body;
  for (const { id } of data) await api("DELETE", `/api/connections/${id}`);
}
afterAll(clear);
beforeEach(async () => {
  await clear();
  await Promise.all([
    gateway("jd-union", { credentials }),
    gateway("taobao-union", { credentials }),
  ]);
});

describe("promoted links", () => {
  it("are made for each link with its own sub-id, as its own destination and share text, and open", async ({
    expect,
  }) => {
    const connection = await connect("jd-union");
    const { id, slugs } = await streamOn("jd", [{ slug: "jd-li" }, { slug: "jd-wang" }]);
    const dry = await promote(id, { connection }, "?dryRun=true");
    expect(dry.body).toMatchObject({ made: 2, kept: 0, failed: [], remaining: 0 });
    expect([await calls("jd-union"), await ownOf("jd-li")]).toEqual([[], null]);

    const done = await promote(id, { connection });
    expect([done.status, done.body.made, done.body.kept, done.body.failed]).toEqual([
      200,
      2,
      0,
      [],
    ]);
    expect(done.body.data.map(({ slug }: { slug: string }) => slug).sort()).toEqual(slugs.sort());
    const url = "https://union-click.jd.com/jdc?e=&u=jd-li&p=&pos=";
    expect(await ownOf("jd-li")).toEqual([
      {
        ...{ platform: "jd", kind: "affiliate", id: expect.any(String), url },
        shareText: "！jd-li！ 京东",
        promoted: {
          ...{ connection, madeAt: expect.any(String), expiresAt: null },
          of: { kind: "live", id: "100", url: room.jd },
        },
        warnings: [],
      },
    ]);
    await until(async () => {
      const opened = await fetchRaw("/jd-li", { headers: { "User-Agent": agents.jdIos } });
      return (opened.headers.get("Location") ?? "").includes("u=jd-li");
    });
    const text = await api("GET", "/api/links/jd-li/share-text");
    expect(text.body.text).toContain("！jd-li！");
    const log = await api("GET", "/api/audit?target=jd-li");
    expect(log.body.data[0]).toMatchObject({ action: "link.promoted" });
    // No mark on the curve for each of hundreds: viewers land where they did.
    const { data } = (await api("GET", `/api/streams/${id}/events`)).body;
    expect(data.filter(({ type }: { type: string }) => type === "destination.changed")).toEqual([]);
  });

  it("that are there are kept, and replaced on request; what somebody pasted too", async ({
    expect,
  }) => {
    const connection = await connect("jd-union");
    const pasted = "https://u.jd.com/pasted1";
    const { id } = await streamOn("jd", [
      { slug: "jd-kept", destinations: [{ url: pasted, platform: "jd" }] },
      { slug: "jd-item", destinations: [{ url: "https://item.jd.com/100012043978.html" }] },
      { slug: "jd-none" },
    ]);
    const first = await promote(id, { connection });
    expect(first.body).toMatchObject({ made: 1, kept: 2 });
    expect((await ownOf("jd-kept"))[0].url).toBe(pasted);
    const second = await promote(id, { connection });
    expect(second.body).toMatchObject({ made: 0, kept: 3 });
    const replaced = await promote(id, {
      connection,
      replace: true,
      slugs: ["jd-kept", "jd-item"],
    });
    expect(replaced.body).toMatchObject({ made: 2, kept: 0 });
    const [kept] = await ownOf("jd-kept");
    expect([kept.url, kept.promoted.of.id]).toEqual([
      "https://union-click.jd.com/jdc?e=&u=jd-kept&p=&pos=",
      "100",
    ]);
    // An item of the link's own stays what its promoter shows.
    const [item] = await ownOf("jd-item");
    expect(item.promoted.of).toMatchObject({ kind: "item", id: "100012043978" });
  });

  it("are told link by link where they fail, what was made stays, and the next request goes on", async ({
    expect,
  }) => {
    const connection = await connect("taobao-union");
    const taobao = (adzoneId: string) => ({ promotion: { taobao: { adzoneId } } });
    const { id } = await streamOn("taobao", [
      { slug: "tb-one", ...taobao("111") },
      { slug: "tb-two" },
      { slug: "tb-three", ...taobao("333") },
      { slug: "tb-four", ...taobao("444") },
    ]);
    await gateway("taobao-union", { faults: ["throttled", "html"] });
    const slugs = ["tb-one", "tb-two", "tb-gone"];
    const part = await promote(id, { connection, slugs });
    expect(part.body).toMatchObject({ made: 1, kept: 0, remaining: 0 });
    expect(
      part.body.failed.map(({ slug, code }: { slug: string; code: string }) => [slug, code]),
    ).toEqual([
      ["tb-two", "adzone_missing"],
      ["tb-gone", "not_found"],
    ]);
    const chinese = await api(
      "POST",
      `/api/streams/${id}/promotions?dryRun=true`,
      { connection, slugs: ["tb-two"] },
      { "Accept-Language": "zh-CN" },
    );
    expect(chinese.body.failed[0].detail).toContain("推广位");

    await gateway("taobao-union", { faults: ["quota"] });
    const stopped = await promote(id, { connection });
    expect(stopped.body).toMatchObject({ made: 0, kept: 1 });
    expect(stopped.body.failed.at(-1)).toMatchObject({ slug: "tb-three" });
    expect(stopped.body.remaining).toBe(1);
    const rest = await promote(id, { connection });
    expect(rest.body).toMatchObject({ made: 2, kept: 1, remaining: 0 });
    const [own] = await ownOf("tb-four");
    expect(own.url).toContain("pid=mm_1_2_444");
    expect(own.shareText).toContain("￥444￥");
    expect(Date.parse(own.promoted.expiresAt) - Date.now()).toBeGreaterThan(29 * 86_400_000);
  });

  it("take the ids that are set of a creator", async ({ expect }) => {
    const connection = await connect("taobao-union");
    await api("PUT", "/api/creators/li", { name: "李", ids: { taobao: { adzoneId: "777" } } });
    const { id } = await streamOn("taobao", [{ slug: "tb-li", creator: { id: "li" } }]);
    expect((await promote(id, { connection })).body).toMatchObject({ made: 1, failed: [] });
    expect((await ownOf("tb-li"))[0].url).toContain("pid=mm_1_2_777");
  });

  it("stay a connection's when a link is saved as it is, and not when it leads elsewhere; a copy has none", async ({
    expect,
  }) => {
    const connection = await connect("jd-union");
    const { id } = await streamOn("jd", [{ slug: "jd-saved" }]);
    await promote(id, { connection });
    const [own] = await ownOf("jd-saved");
    const { url, shareText } = own;
    await api("PATCH", "/api/links/jd-saved", { destinations: [{ url, shareText }], note: "x" });
    expect((await ownOf("jd-saved"))[0].promoted).toEqual(own.promoted);
    const copy = await api("POST", `/api/streams/${id}/copy`, { title: "下一场" });
    expect(copy.body.links[0].destinations).toBe(null);
    await api("PATCH", "/api/links/jd-saved", { destinations: [{ url: `${url}x`, shareText }] });
    expect((await ownOf("jd-saved"))[0].promoted).toBe(undefined);
  });

  it("that a stream left behind are said to be so, and lead to its new room once replaced", async ({
    expect,
  }) => {
    const connection = await connect("jd-union");
    const { id } = await streamOn("jd", [{ slug: "jd-moved" }]);
    await promote(id, { connection });
    await api("PATCH", `/api/streams/${id}`, {
      destinations: [{ url: "https://lives.jd.com/#/200?origin=3" }],
    });
    const looked = await promote(id, { connection }, "?dryRun=true");
    expect(looked.body.data).toMatchObject([{ outcome: "kept", outdated: true }]);
    const replaced = await promote(id, { connection, replace: true });
    expect(replaced.body.data).toMatchObject([{ outcome: "made", outdated: false }]);
    expect((await ownOf("jd-moved"))[0].promoted.of.id).toBe("200");
  });

  it("that end are made anew a week before, by the connection's alarm", async ({ expect }) => {
    const connection = await connect("taobao-union");
    const { id } = await streamOn("taobao", [
      { slug: "tb-ends", promotion: { taobao: { adzoneId: "5" } } },
      { slug: "tb-venue", promotion: { taobao: { adzoneId: "6" } } },
    ]);
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    await promote(id, { connection, slugs: ["tb-ends"] });
    await promote(id, { connection, slugs: ["tb-venue"], expiresAt: inDays(3) });
    const venue = (await ownOf("tb-venue"))[0].promoted;
    // As it is three weeks and two days later.
    await env.CATALOG.getByName("catalog").putPromoted(
      await promotedAgo("tb-ends", 24 * 86_400_000),
      "test",
    );
    const before = (await ownOf("tb-ends"))[0].promoted;
    expect(Date.parse(before.expiresAt) - Date.now()).toBeLessThan(8 * 86_400_000);
    await until(async () => {
      await runDurableObjectAlarm(env.CONNECTIONS.getByName("connections"));
      return (await ownOf("tb-ends"))[0].promoted.madeAt !== before.madeAt;
    }, 20_000);
    const after = (await ownOf("tb-ends"))[0].promoted;
    expect(Date.parse(after.expiresAt) - Date.now()).toBeGreaterThan(29 * 86_400_000);
    // No new link outlives a venue.
    expect((await ownOf("tb-venue"))[0].promoted).toEqual(venue);
  });

  it.for([
    [{ connection: "cn_nobody" }, 400, "invalid_request"],
    [{}, 400, "invalid_request"],
    [{ slugs: [] }, 400, "invalid_request"],
    [{ replace: "yes" }, 400, "invalid_request"],
    [{ expiresAt: "2020-01-01T00:00:00Z" }, 400, "invalid_request"],
  ] as const)(
    "are refused for %j, by the field's name",
    async ([more, status, code], { expect }) => {
      const connection = await connect("jd-union");
      const { id } = await streamOn("jd", [{}]);
      const body = Object.keys(more).length === 0 ? {} : { connection, ...more };
      const refused = await promote(id, body);
      expect([refused.status, refused.body.code]).toEqual([status, code]);
      expect(refused.body.errors.length).toBeGreaterThan(0);
    },
  );

  it("are made by no connection that is paused, and for no stream that is not there", async ({
    expect,
  }) => {
    const connection = await connect("jd-union");
    expect((await promote("st_nobody", { connection })).status).toBe(404);
    const { id } = await streamOn("jd", [{}]);
    await api("PATCH", `/api/connections/${connection}`, { enabled: false });
    const paused = await promote(id, { connection });
    expect([paused.status, paused.body.code]).toEqual([422, "connection_paused"]);
  });
});

/** A link's own destination, as it was made so long before. */
async function promotedAgo(slug: string, ms: number) {
  const [link] = await env.CATALOG.getByName("catalog").linksNamed([slug]);
  return (link?.destinations ?? []).flatMap((destination) => {
    const { promoted } = destination;
    if (!promoted?.expiresAt) return [];
    const { at, expiresAt } = promoted;
    const ago = { ...promoted, at: at - ms, expiresAt: expiresAt - ms };
    return [{ slug, destination: { ...destination, promoted: ago }, before: destination }];
  });
}
