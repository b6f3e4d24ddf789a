import { describe, it } from "vitest";
import { issueToken } from "../../src/edge/page-token.ts";
import { type StreamRecord, streamKey } from "../../src/model/edge-records.ts";
import { agents } from "../agents.ts";
import { api, env, fetchRaw, open, quickLink, taobaoUrl, until } from "./client.ts";

const script = `"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}`;
const bidi = "猫\u202Egnp.exe\u202C\u200B\u2066\uFEFF舍";

/** A stream and link whose every text is hostile. */
async function hostileLink(text: string) {
  const made = await api("POST", "/api/links", {
    url: taobaoUrl,
    title: text,
    host: text.slice(0, 100),
    startsAt: "2099-11-20T20:00:00+08:00",
    creator: { id: text.slice(0, 64), name: text.slice(0, 100), tier: "KOL" },
    channel: text.slice(0, 64),
    campaign: text.slice(0, 100),
    tags: [text.slice(0, 50)],
    note: text,
    externalId: text.slice(0, 128),
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  return { slug: made.body.link.slug as string, streamId: made.body.stream.id as string };
}

const textOf = async (path: string, userAgent: string = agents.wechatIos) => {
  const response = await fetchRaw(path, {
    headers: { "User-Agent": userAgent, Authorization: "Bearer test-key-of-the-administrator" },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe("markup in every stored field", () => {
  it("is text on the page, its state, the preview, the poster and the QR code", async ({
    expect,
  }) => {
    const { slug } = await hostileLink(script);
    for (const [path, agent] of [
      [`/${slug}`, agents.wechatIos],
      [`/${slug}`, agents.desktop],
      [`/${slug}`, "DingTalkBot-LinkService/1.0"],
      [`/${slug}/poster.svg`, agents.desktop],
      [`/${slug}/qr.svg`, agents.desktop],
    ] as const) {
      const { status, headers, text } = await textOf(path, agent);
      expect(status).toBe(200);
      expect(text).not.toContain("<script>alert");
      expect(text).not.toContain("<img src=x");
      expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
      expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    }
    const { html } = JSON.parse((await textOf(`/${slug}/state`)).text) as { html: string };
    expect(html).not.toContain("<script>alert");
    expect(html).not.toContain("<img src=x");
  });

  it("is text in Markdown, where neither HTML nor a link nor a table's border survives", async ({
    expect,
  }) => {
    const hostile = `${script} | [a](javascript:alert(1)) \`x\`\n# h`;
    const { streamId } = await hostileLink(hostile);
    const { status, text } = await textOf(`/api/streams/${streamId}/report?format=markdown`);
    expect(status).toBe(200);
    expect(text).not.toMatch(/(?<!\\)<script/);
    expect(text).not.toMatch(/(?<!\\)<img/);
    expect(text).not.toMatch(/(?<!\\)\[a\]\(javascript:/);
    expect(text).not.toMatch(/^# h/m);
  });

  it("is text in a spreadsheet: no cell begins as a formula", async ({ expect }) => {
    for (const sign of ["=", "+", "-", "@", "\t", "\r"]) {
      const { status, body } = await api("POST", "/api/links", {
        url: taobaoUrl,
        creator: { id: `x${sign}`, name: `${sign}cmd|'/c calc'!A0` },
        channel: `${sign}1+1`,
        campaign: `${sign}HYPERLINK("http://evil.test")`,
        tags: [`${sign}2`],
      });
      expect(status).toBe(201);
      const { text } = await textOf(`/api/streams/${body.stream.id}/stats.csv`);
      const [, row = ""] = text.split("\r\n");
      const cells = row.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((cell) => cell.replace(/^"/, ""));
      expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    }
  });

  it("ends no line of a calendar and adds none", async ({ expect }) => {
    const { slug } = await hostileLink("a\r\nATTENDEE:mailto:x@evil.test\r\nBEGIN:VALARM\r\nb");
    const { text } = await textOf(`/${slug}/calendar.ics`);
    expect(text).not.toMatch(/^ATTENDEE/m);
    expect(text.match(/^BEGIN:VALARM/gm)).toHaveLength(1);
    expect(text).toContain("END:VCALENDAR");
  });
});

describe("bidirectional and zero-width text", () => {
  it("comes back as it was given, and stays within its element on the page", async ({ expect }) => {
    const { slug, streamId } = await hostileLink(bidi);
    expect((await api("GET", `/api/streams/${streamId}`)).body.title).toBe(bidi);
    const { text } = await textOf(`/${slug}`);
    // Of a block of its own: what overrides the direction ends with it.
    expect(text).toContain(`<h1>${bidi}</h1>`);
  });

  it("is no text where a code is expected, nor a lone surrogate anywhere", async ({ expect }) => {
    for (const body of [
      { url: taobaoUrl, slug: "cat\u200Bs" },
      { url: taobaoUrl, slug: "cat\u202Es" },
      { url: `https://tbzb.taobao.com/live?liveId=1\u202E2` },
      { url: "https://tbzb.taobao\u200B.com/live?liveId=1" },
      { url: taobaoUrl, title: "\uD800" },
      { url: taobaoUrl, note: "a\uDC00b" },
    ]) {
      expect([400, 422]).toContain((await api("POST", "/api/links", body)).status);
    }
  });
});

describe("headers through destinations", () => {
  it("can't be injected: a line break is refused, and the rest goes out as plain ASCII", async ({
    expect,
  }) => {
    for (const tail of [
      "\r\nSet-Cookie: a=b",
      "\nLocation: https://evil.test",
      "%0d%0aSet-Cookie:%20a=b/..",
      "\u560d\u560aSet-Cookie:a",
      "\u0000",
      " x",
    ]) {
      const { status, body } = await api("POST", "/api/links", { url: `${taobaoUrl}${tail}` });
      if (status === 201) {
        // In the query it is data of the destination's, percent-encoded, or left behind as words of a sentence.
        const opened = await open(body.link.slug, agents.taobaoIos);
        const { pathname, search } = new URL(opened.headers.get("Location") ?? "");
        expect(`${pathname}${search}`).toMatch(
          /^\/live\?liveId=532359023188(?:%0d%0aSet-Cookie:%20a=b\/)?$/,
        );
        expect(opened.headers.get("Set-Cookie")).toBeNull();
      } else expect([400, 422]).toContain(status);
    }
    const { status, body } = await api("POST", "/api/links", {
      url: `${taobaoUrl}&x=%0d%0aSet-Cookie:a`,
    });
    expect(status).toBe(201);
    const opened = await open(body.link.slug, agents.taobaoIos);
    expect(opened.headers.get("Set-Cookie")).toBeNull();
    expect(opened.headers.get("Location")).toContain("%0d%0aSet-Cookie:a");
  });

  it("nor by a visitor's query, fragment or headers", async ({ expect }) => {
    const { slug } = await quickLink();
    const opened = await fetchRaw(
      `/${slug}?url=https://evil.test/&destination=jd&to=%0d%0aSet-Cookie:a=b`,
      {
        headers: {
          "User-Agent": agents.taobaoIos,
          "X-Forwarded-Host": "evil.test",
          Referer: "https://evil.test/",
        },
      },
    );
    expect(opened.headers.get("Location")).toBe(taobaoUrl);
    expect(opened.headers.get("Set-Cookie")).toBeNull();
  });
});

describe("paths", () => {
  it("that try to be another's are 404, never the API nor a file", async ({ expect }) => {
    const { slug } = await quickLink({ slug: "path-cats" });
    for (const path of [
      "/API/keys",
      "/api%2Fkeys",
      "/%61pi/keys",
      "/api/../api%2fkeys",
      `/${slug}/../../etc/passwd%00`,
      "/..%2f..%2fetc/passwd",
      "//evil.test/a",
      "/\\evil.test",
      "/__proto__",
      "/constructor",
      `/${slug}/constructor`,
      `/${"a".repeat(8_000)}`,
      "/.well-known/none",
      "/build/docs/index.html",
      "/wrangler.toml",
      "/src/worker.ts",
    ]) {
      const { status, text } = await textOf(path);
      expect([path.slice(0, 60), status]).toEqual([path.slice(0, 60), 404]);
      expect(text).not.toContain("test-key-of-the-administrator");
    }
    expect((await open(slug.toUpperCase(), agents.taobaoIos)).status).toBe(302);
  });

  it("that go on behind a slug are the link's, as chats mangle them, and nothing else", async ({
    expect,
  }) => {
    const { slug } = await quickLink();
    for (const rest of [
      "%00",
      ";x=1",
      "%2f..%2fapi",
      ".json",
      "//api/keys",
      "/__proto__",
      "/../api",
    ]) {
      const { status, headers } = await fetchRaw(`/${slug}${rest}`, {
        headers: { "User-Agent": agents.taobaoIos },
        redirect: "manual",
      });
      const location = headers.get("Location");
      expect([
        [302, taobaoUrl],
        [401, null],
      ]).toContainEqual([status, location]);
      // The URL standard resolves `..` before anybody sees the path.
      expect(status === 401).toBe(rest === "/../api");
    }
  });

  it("of reserved words are never a link's", async ({ expect }) => {
    for (const word of ["api", "console", "docs", "metrics", "openapi", "API", "Well-Known"]) {
      const { status } = await api("POST", "/api/links", { url: taobaoUrl, slug: word });
      expect(status).toBe(400);
    }
  });
});

describe("beacons", () => {
  it("forged, of another link, expired or replayed are 204 and count nothing", async ({
    expect,
  }) => {
    const [mine, other] = [await quickLink(), await quickLink()];
    const record = async (streamId: string) => {
      const stream = await env.LINKS.get<StreamRecord>(streamKey(streamId), "json");
      if (!stream) throw new Error("no stream");
      return stream;
    };
    const [own, foreign] = [await record(mine.streamId), await record(other.streamId)];
    const now = Date.now();
    const answered = { standing: "viewed", offer: "Tcguw" } as const;
    const good = issueToken(own, mine.slug, answered, now);
    const tail = good.at(-1) === "A" ? "B" : "A";
    const forged = [
      `${good.slice(0, -1)}${tail}`,
      good.replace(/^[^.]+/, (now + 60 * 60_000).toString(36)),
      issueToken(foreign, other.slug, answered, now),
      issueToken(foreign, mine.slug, answered, now),
      issueToken({ ...own, secret: "" }, mine.slug, answered, now),
      issueToken(own, mine.slug, answered, now - 11 * 60_000),
      issueToken(own, mine.slug, answered, now + 60 * 60_000),
      `${good}${good}`,
      "..",
      "",
      "x".repeat(5_000),
    ];
    const send = (body: unknown, agent: string = agents.wechatIos) =>
      fetchRaw(`/${mine.slug}/events`, {
        method: "POST",
        headers: { "User-Agent": agent },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
    for (const token of forged) {
      expect((await send({ type: "click", token })).status).toBe(204);
    }
    for (const body of [
      "",
      "{",
      "null",
      "[]",
      { type: "views", token: good },
      { type: "click", token: good, way: 99 },
      { type: "click", token: good, way: -1 },
      { type: "click", token: good, way: 1e300 },
      { type: "click", token: [good] },
      { type: "__proto__", token: good },
    ]) {
      expect((await send(body)).status).toBe(204);
    }
    expect((await send({ type: "click", token: good }, "Baiduspider")).status).toBe(204);
    for (let again = 0; again < 5; again += 1) {
      expect((await send({ type: "click", token: good })).status).toBe(204);
    }
    await until(
      async () => (await api("GET", `/api/links/${mine.slug}/stats`)).body.totals.clicks === 1,
    );
    await scheduler.wait(700);
    const { body } = await api("GET", `/api/links/${mine.slug}/stats`);
    expect(body.totals).toMatchObject({ views: 0, clicks: 1, rendered: 0 });
  });
});

describe("requests of ours to other hosts", () => {
  it("go to listed hosts only, whatever a body names", async ({ expect }) => {
    for (const url of [
      "http://127.0.0.1:8787/api/keys",
      "https://localhost/",
      "https://169.254.169.254/latest/meta-data/",
      "https://[::1]/",
      "https://0x7f.1/",
      "https://2130706433/",
      "https://m.tb.cn.evil.test/h.x",
      "https://m.tb.cn@evil.test/h.x",
      "https://m.tb.cn:8443/h.x",
      "https://evil.test#m.tb.cn",
      "https://evil.test\\@m.tb.cn/",
      "file:///etc/passwd",
      "data:text/html,x",
      "javascript:alert(1)",
      "gopher://m.tb.cn/",
    ]) {
      for (const body of [
        { url },
        { url: taobaoUrl, cover: url },
        { url: taobaoUrl, after: url },
        { url: taobaoUrl, destinations: [{ url }] },
      ]) {
        const { status } = await api("POST", "/api/links", body);
        expect([url, Object.keys(body), [400, 422].includes(status)]).toEqual([
          url,
          Object.keys(body),
          true,
        ]);
      }
      expect((await api("POST", "/api/inspect", { text: url })).status).toBe(422);
    }
  });
});

describe("numbers and nesting", () => {
  it("beyond what a field takes are 400, and the field is named", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    for (const [method, path, body, pointer] of [
      ["PATCH", `/api/streams/${streamId}`, '{"shards":1e99}', "/shards"],
      ["PATCH", `/api/streams/${streamId}`, '{"shards":9007199254740993}', "/shards"],
      ["PUT", `/api/links/${slug}/costs`, '{"slotFee":1e400}', "/slotFee"],
      ["PUT", `/api/links/${slug}/costs`, '{"slotFee":0.5}', "/slotFee"],
      ["PUT", `/api/links/${slug}/costs`, '{"slotFee":-1}', "/slotFee"],
      ["PATCH", `/api/streams/${streamId}`, '{"startsAt":"+275760-09-13T00:00:00Z"}', "/startsAt"],
      ["PATCH", `/api/links/${slug}`, '{"creator":{"id":{"id":{"id":1}}}}', "/creator/id"],
      ["PATCH", `/api/links/${slug}`, '{"__proto__":{"disabled":true}}', "/__proto__"],
    ] as const) {
      const answer = await api(method, path, body);
      expect([body, answer.status, answer.body.errors?.[0]?.pointer]).toEqual([body, 400, pointer]);
    }
    expect((await api("GET", `/api/links/${slug}`)).body.disabled).toBe(false);
  });
});
