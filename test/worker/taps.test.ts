import { describe, it } from "vitest";
import { agents } from "../agents.ts";
import { api, fetchRaw, open, quickLink, taobaoUrl, until } from "./client.ts";

const jdUrl = "https://lives.jd.com/#/48378944";

/** An open page: its token, and the places of its ways by their method. */
interface Page {
  slug: string;
  token: string;
  text: string;
  ways: Map<string, number>;
}

function pageIn(slug: string, text: string): Page {
  const token = /"token":"([^"]+)"/.exec(text)?.[1] ?? "";
  const ways = new Map(
    [...text.matchAll(/data-method="([\w-]+)" data-way="(\d+)"/g)].map(([, method = "", place]) => [
      method,
      Number(place),
    ]),
  );
  return { slug, token, text, ways };
}

const openPage = async (slug: string): Promise<Page> =>
  pageIn(slug, await (await open(slug, agents.wechatIos)).text());

const report = (page: Page, type: string, way?: number) =>
  fetchRaw(`/${page.slug}/events`, {
    method: "POST",
    headers: { "User-Agent": agents.wechatIos },
    body: JSON.stringify({ type, token: page.token, way }),
  });

const statsOf = async (streamId: string) => {
  const { body } = await api("GET", `/api/streams/${streamId}/stats?groupBy=destination,method`);
  const clicks = (rows: { key: string; clicks: number }[]) =>
    rows.flatMap((row) => (row.clicks > 0 ? [[row.key, row.clicks]] : []));
  return {
    totals: body.totals,
    destinations: clicks(body.by.destination),
    methods: clicks(body.by.method),
  };
};
const clicked = (streamId: string, count: number) =>
  until(async () => (await statsOf(streamId)).totals.clicks === count);

/** What may become of a link while a page of it is open. */
const changes = {
  "when the stream has ended": async ({ streamId }: { streamId: string }) =>
    api("PATCH", `/api/streams/${streamId}`, { phase: "ended" }),
  "when the destination is another": async ({ streamId }: { streamId: string }) =>
    api("PATCH", `/api/streams/${streamId}`, { destinations: [{ url: jdUrl }], primary: "jd" }),
  "when the link was disabled": async ({ slug }: { slug: string }) =>
    api("PATCH", `/api/links/${slug}`, { disabled: true }),
  "when the link has expired": async ({ slug }: { slug: string }) =>
    api("PATCH", `/api/links/${slug}`, { expiresAt: "2020-01-01T00:00:00Z" }),
  "when the link was deleted": async ({ slug }: { slug: string }) =>
    api("DELETE", `/api/links/${slug}`),
};

describe("a tap on an open page", () => {
  for (const [name, change] of Object.entries(changes)) {
    it(`is counted, on what the page showed, ${name}`, async ({ expect }) => {
      const made = await quickLink({ landing: "always" });
      const page = await openPage(made.slug);
      const [method = "", way] = [...page.ways][0] ?? [];
      const changed = await change(made);
      expect(changed.status).toBeLessThan(300);
      for (const type of ["rendered", "click", "leave"]) await report(page, type, way);
      await clicked(made.streamId, 1);
      const { totals, destinations, methods } = await statsOf(made.streamId);
      expect(totals).toMatchObject({ views: 1, clicks: 1, rendered: 1, leaves: 1 });
      expect([destinations, methods]).toEqual([[["taobao", 1]], [[method, 1]]]);
    });
  }

  it("that names a way which its page did not offer is not one", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ landing: "always" });
    const page = await openPage(slug);
    await api("PATCH", `/api/streams/${streamId}`, {
      destinations: [{ url: taobaoUrl }, { url: jdUrl }, { url: "https://live.bilibili.com/320" }],
    });
    const offered = new Set(page.ways.values());
    const places = Array.from({ length: 30 }, (_, place) => place);
    for (const way of places.filter((place) => !offered.has(place))) {
      expect((await report(page, "click", way)).status).toBe(204);
    }
    await report(page, "click", page.ways.get("web"));
    await clicked(streamId, 1);
    expect((await statsOf(streamId)).methods).toEqual([["web", 1]]);
  });

  it("is booked on the new destination once the page shows that", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ landing: "always" });
    const page = await openPage(slug);
    await changes["when the destination is another"]({ streamId });
    const answer = await fetchRaw(`/${slug}/state?view=old&token=${page.token}`, {
      headers: { "User-Agent": agents.wechatIos },
    });
    const { token, html } = (await answer.json()) as { token: string; html: string };
    expect(html).not.toContain("<@");
    const shown = { ...pageIn(slug, html), token };
    const [, way] = [...shown.ways][0] ?? [];
    await report(shown, "click", way);
    // The same page, by its former token: it has reported its click.
    await report(page, "click", [...page.ways.values()][0]);
    await clicked(streamId, 1);
    expect((await statsOf(streamId)).destinations).toEqual([["jd", 1]]);
  });

  it("of a stream that is deleted is nobody's any more", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ landing: "always" });
    const page = await openPage(slug);
    await api("DELETE", `/api/streams/${streamId}`);
    expect((await report(page, "click", page.ways.get("web"))).status).toBe(204);
  });
});

describe("a page's link without script", () => {
  const hrefsOf = ({ text }: Page) =>
    [...text.matchAll(/href="(\/[^"]+\/go\?[^"]+)"/g)].map(([, href = ""]) =>
      href.replaceAll("&amp;", "&"),
    );
  const go = (href: string) => fetchRaw(href, { headers: { "User-Agent": agents.safariIos } });

  it("leads where the page said, after an edit too, and counts once", async ({ expect }) => {
    const { slug, streamId } = await quickLink({
      landing: "always",
      destinations: [{ url: jdUrl }],
    });
    const page = pageIn(slug, await (await open(slug, agents.safariIos)).text());
    const hrefs = hrefsOf(page);
    const ofJd = hrefs.filter((href) => /way=/.test(href)).at(-1) ?? "";
    expect(hrefs.every((href) => href.includes(`token=${page.token}`))).toBe(true);
    await api("PATCH", `/api/streams/${streamId}`, {
      primary: "jd",
      destinations: [{ url: jdUrl }, { url: "https://live.bilibili.com/320" }],
    });
    const first = await go(ofJd);
    expect(first.headers.get("Location")).toContain("jd.com");
    await go(ofJd);
    await clicked(streamId, 1);
    expect((await statsOf(streamId)).destinations).toEqual([["jd", 1]]);
  });

  it("whose destination is gone leads to what there is, and is booked on what the page showed", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({ landing: "always" });
    const page = pageIn(slug, await (await open(slug, agents.safariIos)).text());
    await changes["when the destination is another"]({ streamId });
    const [href = ""] = hrefsOf(page);
    expect((await go(href)).headers.get("Location")).toContain("jd.com");
    await clicked(streamId, 1);
    expect((await statsOf(streamId)).destinations).toEqual([["taobao", 1]]);
  });
});
