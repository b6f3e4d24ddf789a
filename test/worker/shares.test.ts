/** @module Read-only links: what each shows, and nothing besides; until when; and that none of it is a key. */
import { runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, env, fetchRaw, open, taobaoUrl, until } from "./client.ts";

interface Made {
  id: string;
  ann: string;
  bob: string;
}
async function make(): Promise<Made> {
  const { body } = await api("POST", "/api/streams", {
    title: "分享场",
    destinations: [{ url: taobaoUrl }],
  });
  const links = await api("POST", `/api/streams/${body.id}/links`, [
    {
      creator: { id: "ann", name: "安" },
      channel: "wechat-group",
      note: "机密备注",
      promotion: { taobao: { relationId: "771" } },
    },
    { creator: { id: "bob", name: "鲍" } },
  ]);
  const [ann, bob] = links.body.data.map(({ slug }: { slug: string }) => slug);
  const sell = (slug: string, amount: number) => ({
    ...{ platform: "taobao", orderId: `s-${slug}`, slug, status: "paid", amount },
    paidAt: "2026-11-20T20:00:00+08:00",
  });
  await api("POST", "/api/conversions", [sell(ann, 11_100), sell(bob, 77_700)]);
  await api("PATCH", `/api/links/${bob}/costs`, { slotFee: 55_500 });
  for (const slug of [ann, ann, bob]) await open(slug, agents.taobaoIos);
  await until(
    async () => (await api("GET", `/api/streams/${body.id}/stats`)).body.totals.views === 3,
  );
  return { id: body.id, ann, bob };
}

const share = (body: object) => api("POST", "/api/shares", body);
const pathOf = ({ body }: { body: { url: string } }) => new URL(body.url).pathname;
const dataOf = async (path: string) => {
  const answer = await fetchRaw(`${path}/data`);
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, body: JSON.parse(text) };
};

describe("a read-only link", () => {
  it("of a board shows the stream's figures and who brought them, without money by promoter, costs, ids, notes", async ({
    expect,
  }) => {
    const { id, ann } = await make();
    const made = await share({ streamId: id, view: "board" });
    expect(made.status).toBe(201);
    expect(made.headers.get("Cache-Control")).toBe("no-store");
    expect(made.body).toMatchObject({
      streamId: id,
      view: "board",
      creator: null,
      expiresAt: null,
    });
    expect(made.body.url).toMatch(/^https:\/\/go\.example\.cn\/s\/[\w-]{43}$/);
    const { status, body, text, headers } = await dataOf(pathOf(made));
    expect([status, headers.get("Cache-Control"), headers.get("Referrer-Policy")]).toEqual([
      ...[200, "no-store", "no-referrer"],
    ]);
    expect(body.stream).toMatchObject({ id, title: "分享场", phase: "live" });
    expect(body.stats.totals).toMatchObject({ views: 3, orders: 2, gmv: 88_800 });
    expect(Object.keys(body).sort()).toEqual(["expiresAt", "links", "stats", "stream", "view"]);
    expect(Object.keys(body.stats).sort()).toEqual([
      ...["asOf", "by", "rates", "recent", "series", "totals"],
    ]);
    expect(Object.keys(body.stats.by)).toEqual(["link"]);
    expect(body.stats.by.link[0]).toMatchObject({ key: ann, views: 2, creator: "ann" });
    expect(body.links.map((link: object) => Object.keys(link).sort())).toEqual([
      ["channel", "creator", "slug"],
      ["channel", "creator", "slug"],
    ]);
    for (const secret of ["机密备注", "771", "55500", "77700", "11100", "liveId", "secret"]) {
      expect(text).not.toContain(secret);
    }
  });

  it("of a promoter shows his own links and sales, and nobody else's", async ({ expect }) => {
    const { id, ann, bob } = await make();
    const made = await share({ streamId: id, view: "promoter", creator: "ann" });
    const { body, text } = await dataOf(pathOf(made));
    expect(body).toMatchObject({
      ...{ view: "promoter", creator: { id: "ann", name: "安" } },
      totals: { views: 2, clicks: 2, orders: 1, gmv: 11_100, refunds: 0, netGmv: 11_100 },
      links: [{ slug: ann, channel: "wechat-group", views: 2, orders: 1, netGmv: 11_100 }],
    });
    expect(body.links).toHaveLength(1);
    for (const other of [bob, "鲍", "bob", "77700", "88800", "55500", "cost", "roas"]) {
      expect(text).not.toContain(other);
    }
  });

  it("ends when it expires, is revoked, or its stream is deleted; and is in the audit log", async ({
    expect,
  }) => {
    const { id } = await make();
    const soon = await share({
      streamId: id,
      view: "wall",
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
    });
    expect((await dataOf(pathOf(soon))).body.view).toBe("wall");
    await runInDurableObject(env.CATALOG.getByName("catalog"), (_, { storage }) => {
      storage.sql.exec("UPDATE share SET expires_at = 1 WHERE id = ?", soon.body.id);
    });
    await until(async () => (await dataOf(pathOf(soon))).status === 404);

    const revoked = await share({ streamId: id, view: "board" });
    expect((await dataOf(pathOf(revoked))).status).toBe(200);
    expect((await api("DELETE", `/api/shares/${revoked.body.id}`)).status).toBe(204);
    expect((await dataOf(pathOf(revoked))).status).toBe(404);
    expect((await api("DELETE", `/api/shares/${revoked.body.id}`)).status).toBe(404);

    const kept = await share({ streamId: id, view: "board" });
    await api("DELETE", `/api/streams/${id}`);
    await until(async () => (await dataOf(pathOf(kept))).status === 404);
    await api("POST", `/api/streams/${id}/restore`);
    await until(async () => (await dataOf(pathOf(kept))).status === 200);

    const log = (await api("GET", `/api/audit?target=${revoked.body.id}`)).body.data;
    expect(log.map(({ action }: { action: string }) => action)).toEqual([
      ...["share.deleted", "share.created"],
    ]);
    const listed = (await api("GET", `/api/shares?streamId=${id}`)).body.data;
    expect(listed.map((one: { id: string }) => one.id)).toEqual([kept.body.id, soon.body.id]);
    const token = pathOf(kept).slice(3);
    expect(JSON.stringify([log, listed])).not.toContain(token);
    const stored = await runInDurableObject(env.CATALOG.getByName("catalog"), (_, { storage }) =>
      JSON.stringify(storage.sql.exec("SELECT * FROM share").toArray()),
    );
    expect(stored).not.toContain(token);
  });

  it("is no key, and no key is one; what is wrong with it is named", async ({ expect }) => {
    const { id } = await make();
    const made = await share({ streamId: id, view: "board" });
    const token = pathOf(made).slice(3);
    for (const path of ["/api/streams", `/api/streams/${id}/stats`, "/api/shares", "/api/me"]) {
      const answer = await api("GET", path, undefined, { Authorization: `Bearer ${token}` });
      expect([path, answer.status]).toEqual([path, 401]);
    }
    for (const wrong of [`${token}x`, token.slice(1), "a".repeat(43), "..%2f", "test-key"]) {
      expect((await fetchRaw(`/s/${wrong}/data`)).status, wrong).toBe(404);
    }
    const pointer = async (body: object) => {
      const { status, body: problem } = await share(body);
      return [status, problem.errors?.[0].pointer];
    };
    expect(await pointer({ streamId: id, view: "promoter" })).toEqual([400, "/creator"]);
    expect(await pointer({ streamId: id, view: "board", creator: "ann" })).toEqual([
      400,
      "/creator",
    ]);
    expect(await pointer({ streamId: id, view: "promoter", creator: "who" })).toEqual([
      400,
      "/creator",
    ]);
    expect(
      await pointer({ streamId: id, view: "board", expiresAt: "2020-01-01T00:00:00Z" }),
    ).toEqual([400, "/expiresAt"]);
    expect((await share({ streamId: "st_none", view: "board" })).status).toBe(404);
    expect((await share({ streamId: id, view: "all" })).status).toBe(400);
    const { body } = await api("POST", "/api/keys", { name: "x", scopes: ["links:write"] });
    const other = { Authorization: `Bearer ${body.secret}` };
    expect((await api("GET", "/api/shares", undefined, other)).status).toBe(403);
  });
});
