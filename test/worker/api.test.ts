import { describe, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { agents } from "../agents.ts";
import destinations from "../fixtures/destinations.json" with { type: "json" };
import shareTexts from "../fixtures/share-texts.json" with { type: "json" };
import { api, fetchRaw, open, origin, quickLink, taobaoUrl } from "./client.ts";

describe("keys", () => {
  it("asks for a key before anything else is looked at", async ({ expect }) => {
    for (const [method, path] of [
      ["POST", "/api/links"],
      ["GET", "/api/streams"],
      ["GET", "/api/nothing"],
    ] as const) {
      const response = await fetchRaw(path, {
        method,
        ...(method === "POST" ? { body: "{" } : {}),
      });
      expect(response.status).toBe(401);
      expect(response.headers.get("Content-Type")).toBe("application/problem+json");
      expect(response.headers.get("WWW-Authenticate")).toContain("Bearer");
    }
    expect(
      (await api("GET", "/api/streams", undefined, { Authorization: "Bearer wrong" })).status,
    ).toBe(401);
    expect((await api("GET", "/api/streams")).status).toBe(200);
  });
});

describe("inspect", () => {
  it("understands every destination of the fixtures, and refuses the tricks with a reason", async ({
    expect,
  }) => {
    for (const { url, expect: expected } of destinations) {
      const { status, body } = await api("POST", "/api/inspect", { text: url });
      if (expected === "other" || expected === "invalid") {
        expect(status).toBe(422);
        expect(body.errors[0].pointer).toBe("/text");
        expect(body.detail.length).toBeGreaterThan(10);
      } else {
        const [found] = body.destinations;
        expect(`${found.platform}/${found.kind}/${found.id}`).toBe(expected);
        expect(Array.isArray(found.warnings)).toBe(true);
      }
    }
  });

  it("understands every share text, and links can be made of each", async ({ expect }) => {
    for (const { app, text, url } of shareTexts) {
      const inspected = await api("POST", "/api/inspect", { text });
      expect(inspected.body.destinations[0]).toMatchObject({ platform: app, url });
      const { status, body } = await api("POST", "/api/links", { text });
      expect(status).toBe(201);
      expect(body.stream.destinations).toHaveLength(1);
      expect(body.stream.destinations[0]).toMatchObject({ url, shareText: text });
      expect(body.link.shortUrl).toBe(`${origin}/${body.link.slug}`);
      expect(body.link.slug).toMatch(/^[23456789abcdefghijkmnpqrstuvwxyz]{7}$/);
    }
  });
});

describe("what is refused", () => {
  const refused: [string, unknown, number, string, string?][] = [
    ["no JSON", "{bad", 400, "malformed_json"],
    ["an unknown field", { url: taobaoUrl, titel: "x" }, 400, "invalid_request", "/titel"],
    [
      "an unknown field within",
      { url: taobaoUrl, creator: { id: "a", nam: "b" } },
      400,
      "invalid_request",
      "/creator/nam",
    ],
    ["neither text nor url", {}, 400, "invalid_request"],
    ["both text and url", { text: taobaoUrl, url: taobaoUrl }, 400, "invalid_request"],
    ["a slug of a wrong shape", { url: taobaoUrl, slug: "a_b" }, 400, "invalid_request", "/slug"],
    ["a slug that is too short", { url: taobaoUrl, slug: "ab" }, 400, "invalid_request", "/slug"],
    ["a reserved slug", { url: taobaoUrl, slug: "healthz" }, 400, "invalid_request", "/slug"],
    [
      "a time without an offset",
      { url: taobaoUrl, startsAt: "2026-11-20T20:00:00" },
      400,
      "invalid_request",
      "/startsAt",
    ],
    [
      "an end before the start",
      { url: taobaoUrl, startsAt: "2026-11-20T20:00:00Z", endsAt: "2026-11-20T19:00:00Z" },
      400,
      "invalid_request",
      "/endsAt",
    ],
    [
      "an unknown time zone",
      { url: taobaoUrl, timezone: "Mars/Base" },
      400,
      "invalid_request",
      "/timezone",
    ],
    ["too many shards", { url: taobaoUrl, shards: 65 }, 400, "invalid_request", "/shards"],
    [
      "a primary without its destination",
      { url: taobaoUrl, primary: "jd" },
      400,
      "invalid_request",
      "/primary",
    ],
    ["a host that is not allowed", { url: "https://evil.test/" }, 422, "host_not_allowed", "/url"],
    ["user information", { url: "https://u@live.douyin.com/1" }, 422, "url_userinfo", "/url"],
    [
      "an `after` that is not allowed",
      { url: taobaoUrl, after: "https://evil.test/" },
      422,
      "host_not_allowed",
      "/after",
    ],
    [
      "a cover of an unknown host",
      { url: taobaoUrl, cover: "https://evil.test/a.png" },
      422,
      "host_not_allowed",
      "/cover",
    ],
    [
      "two destinations on one platform",
      { url: taobaoUrl, destinations: [{ url: taobaoUrl }] },
      422,
      "platform_twice",
      "/destinations/0",
    ],
    ["a text without a link", { text: "来看直播" }, 422, "no_destination", "/text"],
  ];
  for (const [what, body, status, code, pointer] of refused) {
    it(`${what}: ${status} ${code}`, async ({ expect }) => {
      const answer = await api("POST", "/api/links", body);
      expect(answer.status).toBe(status);
      expect(answer.headers.get("Content-Type")).toBe("application/problem+json");
      expect(answer.body).toMatchObject({ status, code, type: `urn:moongate:problem:${code}` });
      expect(answer.body.instance).toMatch(/^urn:uuid:/);
      if (pointer)
        expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(
          pointer,
        );
    });
  }

  it("another media type: 415; a huge body: 413; an unknown query: 400; an unknown route: 404", async ({
    expect,
  }) => {
    expect((await api("POST", "/api/links", "{}", { "Content-Type": "text/plain" })).status).toBe(
      415,
    );
    expect(
      (await api("POST", "/api/links", JSON.stringify({ text: "x".repeat(1_100_000) }))).status,
    ).toBe(413);
    expect((await api("GET", "/api/links?stream=1")).status).toBe(400);
    expect((await api("GET", "/api/links?limit=201")).status).toBe(400);
    expect((await api("GET", "/api/nothing")).status).toBe(404);
    expect((await api("GET", "/api/links/nothing-here")).status).toBe(404);
    expect((await api("GET", "/api/streams/st_nothing")).status).toBe(404);
  });
});

describe("streams", () => {
  it("are created, read, listed by phase and text, changed and deleted", async ({ expect }) => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const created = await api("POST", "/api/streams", {
      title: "双十一大场 100%",
      host: "李主播",
      startsAt: soon,
      destinations: [{ url: taobaoUrl }, { url: "https://lives.jd.com/#/48378944?origin=0" }],
      primary: "jd",
    });
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(created.body).toMatchObject({
      phase: "upcoming",
      primary: "jd",
      timezone: "Asia/Shanghai",
      shards: 1,
    });
    expect((await api("GET", `/api/streams/${id}`)).body).toEqual(created.body);

    const found = async (query: string) =>
      (await api("GET", `/api/streams?${query}`)).body.data.map(
        (stream: { id: string }) => stream.id,
      );
    expect(await found("phase=upcoming")).toContain(id);
    expect(await found("phase=live")).not.toContain(id);
    expect(await found(`q=${encodeURIComponent("100%")}`)).toEqual([id]);
    expect(await found(`q=${encodeURIComponent("100_")}`)).toEqual([]);

    const live = await api("PATCH", `/api/streams/${id}`, {
      phase: "live",
      host: null,
      title: "新标题",
    });
    expect(live.body).toMatchObject({
      endedAt: null,
      phase: "live",
      phaseOverride: "live",
      host: null,
      title: "新标题",
    });
    const back = await api("PATCH", `/api/streams/${id}`, { phase: null });
    expect(back.body).toMatchObject({ phase: "upcoming", phaseOverride: null });
    const before = Date.now();
    const ended = await api("PATCH", `/api/streams/${id}`, { phase: "ended" });
    const { endedAt } = ended.body;
    expect(Date.parse(endedAt) - before).toBeGreaterThanOrEqual(0);
    expect(Date.parse(endedAt) - before).toBeLessThan(5_000);
    await api("PATCH", `/api/streams/${id}`, { title: "新标题" });
    expect((await api("GET", `/api/streams/${id}`)).body.endedAt).toBe(endedAt);
    expect((await api("PATCH", `/api/streams/${id}`, { endedAt })).status).toBe(400);
    const again = await api("PATCH", `/api/streams/${id}`, { phase: null });
    expect(again.body).toMatchObject({ phase: "upcoming", endedAt: null });
    const replaced = await api("PATCH", `/api/streams/${id}`, {
      destinations: [{ url: "https://live.bilibili.com/320" }],
    });
    expect(replaced.body.destinations).toHaveLength(1);
    expect(replaced.body.primary).toBe("bilibili");
    expect((await api("PATCH", `/api/streams/${id}`, { primary: "jd" })).status).toBe(400);
    expect(
      (await api("PATCH", `/api/streams/${id}`, { endsAt: "2020-01-01T00:00:00Z" })).status,
    ).toBe(400);

    expect((await api("DELETE", `/api/streams/${id}`)).status).toBe(204);
    expect((await api("GET", `/api/streams/${id}`)).status).toBe(404);
  });

  it("take WeChat's mini programs and Channels accounts", async ({ expect }) => {
    const made = await api("POST", "/api/streams", {
      title: "视频号",
      destinations: [
        {
          platform: "wechat",
          miniProgram: { appId: "wx0123456789abcdef", path: "pages/live", query: "id=1" },
        },
      ],
    });
    expect(made.status).toBe(201);
    expect(made.body.destinations[0]).toMatchObject({ platform: "wechat", kind: "miniprogram" });
    const channels = await api("POST", "/api/streams", {
      title: "视频号",
      destinations: [{ platform: "wechat", finderUserName: "sphAbc123" }],
    });
    expect(channels.body.destinations[0]).toMatchObject({
      platform: "wechat",
      kind: "live",
      finderUserName: "sphAbc123",
    });
    const wrong = await api("POST", "/api/streams", {
      title: "x",
      destinations: [{ platform: "jd", finderUserName: "sphAbc123" }],
    });
    expect(wrong.body.errors[0].pointer).toBe("/destinations/0/platform");
  });

  it("page through their list without a gap or a repetition", async ({ expect }) => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push(
        (await api("POST", "/api/streams", { title: "paged", destinations: [{ url: taobaoUrl }] }))
          .body.id,
      );
    }
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await api("GET", `/api/streams?q=paged&limit=2${cursor}`);
      seen.push(...body.data.map((stream: { id: string }) => stream.id));
      cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
    } while (cursor !== "");
    expect(seen).toEqual(ids.reverse());
  });
});

describe("links", () => {
  it("are created in bulk, 500 at once, found by each filter", async ({ expect }) => {
    const { streamId } = await quickLink();
    const made = await api(
      "POST",
      `/api/streams/${streamId}/links`,
      Array.from({ length: 500 }, (_, index) => ({
        creator: { id: `c${index % 5}`, name: `达人${index % 5}`, tier: "KOC" },
        channel: index % 2 === 0 ? "wechat-group" : "jd-shop",
        campaign: "11.11",
        tags: index === 7 ? ["seven"] : [],
      })),
    );
    expect(made.status).toBe(201);
    expect(made.body.data).toHaveLength(500);
    expect(made.body.data[0].channelClass).toBe("social");
    expect(made.body.data[1].channelClass).toBe("commerce");
    const count = async (query: string) =>
      (await api("GET", `/api/links?limit=200&${query}`)).body.data.length;
    expect(await count(`streamId=${streamId}&creator=c1`)).toBe(100);
    expect(await count(`streamId=${streamId}&tag=seven`)).toBe(1);
    expect(await count(`streamId=${streamId}&channel=jd-shop&campaign=11.11`)).toBe(200);
    expect(await count(`streamId=${streamId}&q=${encodeURIComponent("达人3")}`)).toBe(100);
    const last = made.body.data[499].slug;
    expect((await open(last, agents.taobaoIos)).status).toBe(302);
    expect(
      (
        await api(
          "POST",
          `/api/streams/${streamId}/links`,
          Array.from({ length: 501 }, () => ({})),
        )
      ).status,
    ).toBe(400);
  });

  it("are all or nothing: one taken slug refuses them all and is named", async ({ expect }) => {
    const { streamId } = await quickLink({ slug: "taken-one" });
    const refused = await api("POST", `/api/streams/${streamId}/links`, [
      { slug: "fresh-one" },
      { slug: "TAKEN-one" },
      { slug: "twice" },
      { slug: "twice" },
    ]);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain("taken-one");
    expect(refused.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      "/1/slug",
      "/3/slug",
    ]);
    expect((await api("GET", "/api/links/fresh-one")).status).toBe(404);
    expect((await open("fresh-one", agents.safariIos)).status).toBe(404);
  });

  it("racing for one slug give one 201 and one 409, and no stream without a link", async ({
    expect,
  }) => {
    const before = (await api("GET", "/api/streams?q=race&limit=200")).body.data.length;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        api("POST", "/api/links", { url: taobaoUrl, slug: "race-me", title: "race" }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    expect((await api("GET", "/api/streams?q=race&limit=200")).body.data.length).toBe(before + 1);
  });

  it("are changed, disabled, opened again, deleted, and their slug never given out again", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink({ slug: "Only-Once" });
    expect(slug).toBe("only-once");
    const changed = await api("PATCH", `/api/links/${slug}`, {
      channel: "feishu-group",
      note: "n",
      destinations: [{ url: "https://tbzb.taobao.com/live?liveId=99999" }],
    });
    expect(changed.body).toMatchObject({
      channel: "feishu-group",
      channelClass: "work",
      note: "n",
    });
    expect((await open(slug, agents.taobaoIos)).headers.get("Location")).toContain("liveId=99999");

    await api("PATCH", `/api/links/${slug}`, { disabled: true });
    expect((await open(slug, agents.taobaoIos)).status).toBe(410);
    await api("PATCH", `/api/links/${slug}`, { disabled: false });
    expect((await open(slug, agents.taobaoIos)).status).toBe(302);

    expect((await api("DELETE", `/api/links/${slug}`)).status).toBe(204);
    expect((await api("GET", `/api/links/${slug}`)).status).toBe(404);
    expect((await open(slug, agents.taobaoIos)).status).toBe(410);
    expect((await api("POST", `/api/streams/${streamId}/links`, { slug })).status).toBe(409);
  });

  it("of a deleted stream are gone, and stay used", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ slug: "with-stream" });
    await api("DELETE", `/api/streams/${streamId}`);
    expect((await open(slug, agents.safariIos)).status).toBe(410);
    expect((await api("POST", "/api/links", { url: taobaoUrl, slug })).status).toBe(409);
  });

  it("explain what a user agent would get, without counting", async ({ expect }) => {
    const { slug, streamId } = await quickLink({
      startsAt: "2026-11-11T12:00:00Z",
      endsAt: "2026-11-11T14:00:00Z",
    });
    const explain = async (userAgent: string, at: string) =>
      (await api("POST", `/api/links/${slug}/explain`, { userAgent, at })).body;
    expect(await explain(agents.taobaoIos, "2026-11-11T21:00:00+08:00")).toMatchObject({
      visitor: { kind: "human", app: "taobao", os: "ios" },
      phase: "live",
      destination: "taobao",
      action: "redirect",
      location: taobaoUrl,
      rule: "own-app",
    });
    expect(await explain(agents.taobaoIos, "2026-11-11T10:00:00Z")).toMatchObject({
      phase: "upcoming",
      action: "page",
    });
    expect(await explain(agents.taobaoIos, "2026-11-11T15:00:00Z")).toMatchObject({
      phase: "ended",
      action: "page",
      ways: [],
      destination: null,
    });
    expect(await explain(agents.dingtalkPreview, "2026-11-11T13:00:00Z")).toMatchObject({
      action: "preview",
      visitor: { kind: "preview", bot: "dingtalk-preview" },
    });
    const { body } = await api("GET", `/api/streams/${streamId}/stats`);
    expect([body.totals.views, body.totals.previews]).toEqual([0, 0]);
  });
});

describe("Idempotency-Key", () => {
  it("gives the first answer again, refuses another request, and forgets a refusal", async ({
    expect,
  }) => {
    const key = { "Idempotency-Key": "k-1" };
    const body = { url: taobaoUrl, title: "once" };
    const first = await api("POST", "/api/links", body, key);
    const again = await api("POST", "/api/links", body, key);
    expect(first.status).toBe(201);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("Idempotent-Replayed")).toBe("true");
    expect((await api("GET", "/api/streams?q=once")).body.data).toHaveLength(1);
    expect((await api("POST", "/api/links", { ...body, title: "two" }, key)).status).toBe(422);

    const other = { "Idempotency-Key": "k-2" };
    expect((await api("POST", "/api/links", { url: "https://evil.test/" }, other)).status).toBe(
      422,
    );
    expect((await api("POST", "/api/links", { url: "https://evil.test/" }, other)).body.code).toBe(
      "host_not_allowed",
    );
  });

  it("makes one of two requests that race", async ({ expect }) => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        api(
          "POST",
          "/api/links",
          { url: taobaoUrl, title: "racing-key" },
          { "Idempotency-Key": "k-3" },
        ),
      ),
    );
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect((await api("GET", "/api/streams?q=racing-key")).body.data).toHaveLength(1);
  });
});

describe("covers", () => {
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
  const put = (streamId: string, body: Uint8Array) =>
    fetchRaw(`/api/streams/${streamId}/cover`, {
      method: "PUT",
      headers: {
        Authorization: "Bearer test-key-of-the-administrator",
        "Content-Type": "image/png",
      },
      body,
    });

  it("are kept, shown on the page and the preview, and served from our own host", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    expect((await fetchRaw(`/${slug}/cover`)).status).toBe(404);
    expect((await put(streamId, png)).status).toBe(200);
    const cover = await fetchRaw(`/${slug}/cover`);
    expect(cover.headers.get("Content-Type")).toBe("image/png");
    expect(new Uint8Array(await cover.arrayBuffer())).toEqual(png);
    expect(await (await open(slug, agents.wechatIos)).text()).toContain(`src="/${slug}/cover?v=`);
    expect(await (await open(slug, agents.dingtalkPreview)).text()).toContain(
      `property="og:image" content="${origin}/${slug}/cover?v=`,
    );
  });

  it("are refused when too large or no picture", async ({ expect }) => {
    const { streamId } = await quickLink();
    expect((await put(streamId, new TextEncoder().encode("<svg onload=alert(1)>"))).status).toBe(
      415,
    );
    const large = new Uint8Array(512 * 1024 + 1);
    large.set(png);
    expect((await put(streamId, large)).status).toBe(413);
  });
});

it("/healthz says that KV and every object answer", async ({ expect }) => {
  const response = await fetchRaw("/healthz");
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: "ok" });
});

it("the version is package.json's, in /healthz, in the API's description and in the export's head", async ({
  expect,
}) => {
  const { version } = packageJson;
  expect(await (await fetchRaw("/healthz")).json()).toMatchObject({ version });
  expect(await (await fetchRaw("/openapi.json")).json()).toMatchObject({ info: { version } });
  const exported = await fetchRaw("/api/export", {
    headers: { Authorization: "Bearer test-key-of-the-administrator" },
  });
  const [head = ""] = (await exported.text()).split("\n");
  expect(JSON.parse(head)).toMatchObject({ type: "moongate", version });
});

it("/openapi.json names every route with its /api prefix", async ({ expect }) => {
  const document: { openapi: string; paths: Record<string, unknown> } = await (
    await fetchRaw("/openapi.json")
  ).json();
  expect(document.openapi).toBe("3.1.0");
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      "/api/inspect",
      "/api/links",
      "/api/links/{slug}/explain",
      "/api/streams/{id}/stats",
    ]),
  );
});
