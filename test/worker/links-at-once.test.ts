/** @module Many links changed in one request; streams copied; and what was deleted, brought back. */
import { runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, env, fetchRaw, open, quickLink, taobaoUrl, until } from "./client.ts";

const douyin = "https://live.douyin.com/261378947940";
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);

async function streamOf(names: readonly string[], fields: object = {}) {
  const made = await api("POST", "/api/streams", {
    title: "周三场",
    destinations: [{ url: taobaoUrl }],
    ...fields,
  });
  const links = await api(
    "POST",
    `/api/streams/${made.body.id}/links`,
    names.map((name) => ({ creator: { id: name, name } })),
  );
  const slugs: string[] = links.body.data.map(({ slug }: { slug: string }) => slug);
  return { id: made.body.id as string, slugs };
}

const pointersOf = ({ body }: { body: { errors?: { pointer: string }[] } }) =>
  body.errors?.map(({ pointer }) => pointer);

describe("PATCH /api/links", () => {
  it("changes all of them alike, in the order of the request, and what they open by", async ({
    expect,
  }) => {
    const { slugs } = await streamOf(["a", "b", "c"]);
    const asked = slugs.toReversed().map((slug) => slug.toUpperCase());
    const changed = await api("PATCH", "/api/links", {
      slugs: asked,
      set: { channel: "京东店铺", tags: ["九月"], destinations: [{ url: douyin }] },
    });
    expect(changed.status).toBe(200);
    expect(changed.body.data.map(({ slug }: { slug: string }) => slug)).toEqual(slugs.toReversed());
    for (const link of changed.body.data) {
      expect(link).toMatchObject({ channelClass: "commerce", tags: ["九月"] });
    }
    for (const slug of slugs) {
      const answer = await open(slug, agents.douyinIos);
      expect([answer.status, answer.headers.get("Location") ?? ""]).toEqual([
        302,
        expect.stringContaining("261378947940"),
      ]);
    }
    await api("PATCH", "/api/links", { slugs, set: { disabled: true } });
    expect(await Promise.all(slugs.map(async (slug) => (await open(slug, "x")).status))).toEqual([
      ...[410, 410, 410],
    ]);
    const log = (await api("GET", `/api/audit?target=${slugs[0]}`)).body.data;
    expect(log.map(({ action }: { action: string }) => action)).toEqual([
      ...["link.changed", "link.changed", "link.created"],
    ]);
  });

  it("takes an array in which each link has its own change", async ({ expect }) => {
    const { slugs } = await streamOf(["a", "b"]);
    const changed = await api("PATCH", "/api/links", [
      { slug: slugs[1], note: "二" },
      { slug: slugs[0], creator: { id: "a", name: "甲", tier: "KOC" }, channel: null },
    ]);
    expect(changed.body.data).toMatchObject([
      { slug: slugs[1], note: "二", creator: { name: "b" } },
      { slug: slugs[0], note: null, creator: { name: "甲", tier: "KOC" }, channelClass: null },
    ]);
  });

  it("is all or nothing, and names every link that is wrong", async ({ expect }) => {
    const { id, slugs } = await streamOf(["a", "b", "c"]);
    const [a, b, c] = slugs;
    await api("DELETE", `/api/links/${c}`);
    const missing = await api("PATCH", "/api/links", {
      slugs: [a, "nobodys", b, c],
      set: { note: "x" },
    });
    expect([missing.status, pointersOf(missing)]).toEqual([404, ["/slugs/1", "/slugs/3"]]);
    const refused = await api("PATCH", "/api/links", [
      { slug: a, note: "x" },
      { slug: b, primary: "jd" },
    ]);
    expect([refused.status, pointersOf(refused)]).toEqual([400, ["/1/primary"]]);
    const alike = await api("PATCH", "/api/links", { slugs: [a], set: { primary: "jd" } });
    expect(pointersOf(alike)).toEqual(["/set/primary"]);
    const twice = await api("PATCH", "/api/links", [
      { slug: a, note: "x" },
      { slug: a, note: "y" },
    ]);
    expect([twice.status, pointersOf(twice)]).toEqual([400, ["/1/slug"]]);
    const destination = await api("PATCH", "/api/links", [
      { slug: a, note: "x" },
      { slug: b, destinations: [{ url: "https://evil.example.com/" }] },
    ]);
    expect([destination.status, pointersOf(destination)]).toEqual([422, ["/1/destinations/0/url"]]);
    for (const body of [
      { slugs: [], set: {} },
      { slugs: [a] },
      { slugs: [a], set: { slug: "other" } },
      { slugs: Array(501).fill(a), set: {} },
      [],
      [{ note: "x" }],
    ]) {
      expect((await api("PATCH", "/api/links", body)).status).toBe(400);
    }
    const { data } = (await api("GET", `/api/links?streamId=${id}`)).body;
    expect(data.map(({ note }: { note: string | null }) => note)).toEqual([null, null]);
  });

  it("changes 500 at once", async ({ expect }) => {
    const names = Array.from({ length: 500 }, (_, index) => `p${index}`);
    const { slugs } = await streamOf(names);
    const changed = await api("PATCH", "/api/links", { slugs, set: { campaign: "双十一" } });
    expect([changed.status, changed.body.data.length]).toEqual([200, 500]);
    const { data } = (await api("GET", "/api/links?campaign=双十一&limit=200")).body;
    expect(data).toHaveLength(200);
  });
});

describe("a copy of a stream", () => {
  it("has its destinations, cover and promoters with new slugs, and nothing of its broadcast", async ({
    expect,
  }) => {
    const { id, slugs } = await streamOf(["a", "b", "c", "d"], {
      host: "李主播",
      startsAt: "2026-09-02T12:00:00Z",
      endsAt: "2026-09-02T16:00:00Z",
      destinations: [{ url: taobaoUrl, replay: `${taobaoUrl}1` }, { url: douyin }],
      primary: "douyin",
      landing: "always",
    });
    const [a, b, c] = slugs;
    await api("PATCH", `/api/links/${a}`, {
      channel: "wechat-group",
      tags: ["老友"],
      note: "n",
      externalId: "e-1",
      promotion: { taobao: { relationId: "77" } },
      expiresAt: "2026-09-03T00:00:00Z",
    });
    await api("PATCH", `/api/links/${b}`, { disabled: true });
    await api("DELETE", `/api/links/${c}`);
    await fetchRaw(`/api/streams/${id}/cover`, {
      method: "PUT",
      headers: {
        Authorization: "Bearer test-key-of-the-administrator",
        "Content-Type": "image/png",
      },
      body: png,
    });
    await api("PATCH", `/api/streams/${id}`, { phase: "ended" });

    const copied = await api("POST", `/api/streams/${id}/copy`, {
      title: "周四场",
      startsAt: "2046-09-03T12:00:00Z",
    });
    expect(copied.status).toBe(201);
    const { stream, links } = copied.body;
    expect(stream).toMatchObject({
      ...{ title: "周四场", host: "李主播", primary: "douyin", landing: "always" },
      ...{ startsAt: "2046-09-03T12:00:00.000Z", endsAt: null, endedAt: null },
      ...{ phase: "upcoming", phaseOverride: null },
      destinations: [{ url: taobaoUrl }, { platform: "douyin" }],
    });
    expect(stream.id).not.toBe(id);
    expect(stream.destinations[0].replay).toBeUndefined();
    expect(links).toMatchObject([
      {
        streamId: stream.id,
        creator: { id: "a", name: "a" },
        ...{ channel: "wechat-group", channelClass: "social", tags: ["老友"], note: "n" },
        ...{ externalId: "e-1", promotion: { taobao: { relationId: "77" } }, expiresAt: null },
      },
      { creator: { id: "d" }, disabled: false },
    ]);
    for (const { slug } of links) {
      expect(slugs).not.toContain(slug);
      const cover = await fetchRaw(`/${slug}/cover`);
      expect(new Uint8Array(await cover.arrayBuffer())).toEqual(png);
      expect((await open(slug, agents.safariIos)).status).toBe(200);
    }
    const viewsOf = async (of: string) =>
      (await api("GET", `/api/streams/${of}/stats`)).body.totals.views;
    await until(async () => (await viewsOf(stream.id)) === 2);
    expect(await viewsOf(id)).toBe(0);
  });

  it("is refused by field, and not made twice by one Idempotency-Key", async ({ expect }) => {
    const { id } = await streamOf(["a"]);
    const path = `/api/streams/${id}/copy`;
    const times = { startsAt: "2046-09-03T12:00:00Z", endsAt: "2046-09-03T11:00:00Z" };
    expect(pointersOf(await api("POST", path, { title: "x", ...times }))).toEqual(["/endsAt"]);
    expect(pointersOf(await api("POST", path, {}))).toEqual(["/title"]);
    expect((await api("POST", "/api/streams/st_none/copy", { title: "x" })).status).toBe(404);
    const copies = await Promise.all(
      [1, 2].map(() => api("POST", path, { title: "y" }, { "Idempotency-Key": `copy-${id}` })),
    );
    const made = copies.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.stream.id)).size).toBe(1);
  });
});

describe("what was deleted", () => {
  it("is listed apart, and comes back: a stream with the links that were deleted with it", async ({
    expect,
  }) => {
    const { id, slugs } = await streamOf(["a", "b"]);
    const [a = "", b = ""] = slugs;
    await open(a, agents.taobaoIos);
    await api("DELETE", `/api/links/${b}`);
    await api("DELETE", `/api/streams/${id}`);
    expect((await open(a, agents.taobaoIos)).status).toBe(410);
    const { data } = (await api("GET", "/api/streams?deleted=true")).body;
    const listed = data.find((one: { id: string }) => one.id === id);
    expect(Date.parse(listed.purgesAt) - Date.parse(listed.deletedAt)).toBe(30 * 86_400_000);
    expect((await api("GET", `/api/links?deleted=true&streamId=${id}`)).body.data).toHaveLength(2);
    // Of a link whose stream is deleted, the stream comes back first.
    expect((await api("POST", `/api/links/${a}/restore`)).status).toBe(404);

    const restored = await api("POST", `/api/streams/${id}/restore`);
    expect([restored.status, restored.body.id, restored.body.deletedAt]).toEqual([
      200,
      id,
      undefined,
    ]);
    expect((await open(a, agents.taobaoIos)).status).toBe(302);
    expect((await open(b, agents.taobaoIos)).status).toBe(410);
    await until(async () => (await api("GET", `/api/streams/${id}/stats`)).body.totals.views === 2);
    // Once more changes nothing.
    expect((await api("POST", `/api/streams/${id}/restore`)).status).toBe(200);

    const link = await api("POST", `/api/links/${b}/restore`);
    expect([link.status, link.body.slug]).toEqual([200, b]);
    expect((await open(b, agents.taobaoIos)).status).toBe(302);
    const log = (await api("GET", `/api/audit?target=${b}`)).body.data;
    expect(log[0].action).toBe("link.restored");
    expect((await api("GET", "/api/links?deleted=maybe")).status).toBe(400);
  });

  it("stays deleted once its data may be purged at any moment", async ({ expect }) => {
    const { id, slugs } = await streamOf(["a"]);
    await api("DELETE", `/api/streams/${id}`);
    await runInDurableObject(env.CATALOG.getByName("catalog"), (_, { storage }) => {
      const at = Date.now() - 31 * 86_400_000;
      storage.sql.exec("UPDATE stream SET deleted_at = ? WHERE id = ?", at, id);
      storage.sql.exec("UPDATE link SET deleted_at = ? WHERE stream_id = ?", at, id);
    });
    expect((await api("POST", `/api/streams/${id}/restore`)).status).toBe(404);
    expect((await open(slugs[0] ?? "", agents.taobaoIos)).status).toBe(410);
  });

  it("is nothing where it was never there", async ({ expect }) => {
    const { slug } = await quickLink();
    expect((await api("POST", `/api/links/${slug}/restore`)).status).toBe(200);
    expect((await api("POST", "/api/links/nobodys/restore")).status).toBe(404);
    expect((await api("POST", "/api/streams/st_none/restore")).status).toBe(404);
  });
});
