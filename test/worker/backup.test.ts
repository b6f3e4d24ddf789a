import { reset, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, inject, it } from "vitest";
import operate from "../../docs/operate.md?raw";
import { connectionsOf } from "../../src/alliances/stub.ts";
import { archivedTables } from "../../src/counting/counter/archive.ts";
import { counterOf } from "../../src/counting/counter/stub.ts";
import { newWebhookSecret } from "../../src/notify/channels/webhook.ts";
import { notifierOf } from "../../src/notify/stub.ts";
import { webhookHost } from "../outside/robots.ts";
import { fc } from "../properties.ts";
import { api, env, fetchRaw, quickLink, taobaoUrl, until } from "./client.ts";
import { openAll } from "./read-back.ts";
import { make, published, read, world } from "./worlds.ts";

const admin = { Authorization: "Bearer test-key-of-the-administrator" };

interface Entry {
  actor: string;
  action: string;
  importId: string | null;
  after: Record<string, never>;
}

interface Line {
  type: string;
  /** The first and the last have none. */
  row: Record<string, unknown>;
}

async function exported(): Promise<string> {
  const answer = await fetchRaw("/api/export", { headers: admin });
  return new TextDecoder().decode(await answer.arrayBuffer());
}

async function imported(text: string) {
  const headers = { "Content-Type": "application/x-ndjson" };
  return (await api("POST", "/api/import", text, headers)).body as {
    id: string;
    imported: Record<string, number>;
    known: Record<string, number>;
    refused: number;
    rejected: { line: number; detail: string }[];
    complete: boolean;
  };
}

const linesOf = (text: string): Line[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

/** The fields in one order: a row's own is of no meaning. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, inner]) => [name, sorted(inner)])
      : value;

/**
 * What two exports may differ by: the log's entries of the moving itself, and when a key was last used.
 */
function comparable(text: string) {
  return linesOf(text)
    .slice(1, -1)
    .filter(({ row }) => row.action !== "imported" && row.action !== "export.read")
    .map(({ type, row: { lastUsedAt: _, ...row } }) => JSON.stringify([type, sorted(row)]));
}

/** The log as it is read, without what the moving itself left in it. */
async function log() {
  const { body } = await api("GET", "/api/audit?limit=200");
  return body.data
    .filter(({ action }: { action: string }) => action !== "imported" && action !== "export.read")
    .map(({ importId: _, ...entry }: Record<string, unknown>) => entry);
}

describe("a backup", () => {
  it("has whatever the API accepts, and answers the same in a service that never knew it", {
    timeout: 180_000,
  }, async ({ expect }) => {
    await fc.assert(
      fc.asyncProperty(world, async (drawn) => {
        await reset();
        const made = await make(drawn);
        expect(made.streams.length).toBeGreaterThan(0);
        expect(made.forms.length).toBeGreaterThan(40);
        await published(made);
        const before = await read(made);
        const logBefore = await log();
        const text = await exported();
        for (const secret of made.keys) expect(text).not.toContain(secret);
        expect(text).not.toMatch(/whsec_|access_token|0123456789abcdef0123456789abcdef/);

        await reset();
        const report = await imported(text);
        expect(report.rejected).toEqual([]);
        expect(report).toMatchObject({ refused: 0, complete: true });
        expect(comparable(await exported())).toEqual(comparable(text));
        await published(made);
        const after = await read(made);
        for (const [asked, answer] of before)
          expect([asked, after.get(asked)]).toEqual([asked, answer]);
        expect(await log()).toEqual(logBefore);

        const again = await imported(text);
        expect(again).toMatchObject({ refused: 0 });
        expect(Object.values(again.imported).filter((count) => count > 0)).toEqual([]);
      }),
      // A world takes seconds: the seed draws it again, and no smaller one is looked for.
      { numRuns: inject("worlds"), endOnFailure: true },
    );
  });

  it("is refused line by line where a request would be, each by its number and field", async ({
    expect,
  }) => {
    await reset();
    const { lines, streamId, slug } = await small();
    const of = (type: string) => {
      const found = lines.find((line) => line.type === type);
      if (!found) throw new Error(`the export has no line of ${type}`);
      return found.row;
    };
    const [destination] = of("stream").destinations as object[];
    const counted = (table: string) => {
      const found = lines.find(({ type, row }) => type === "counts" && row.table === table);
      if (!found) throw new Error(`the export has no counts of ${table}`);
      return { ...found.row, streamId: "st_other", rows: found.row.rows as unknown[][] };
    };
    const cell = (table: string, place: number, value: unknown) => {
      const row = counted(table);
      const [first = []] = row.rows;
      return { ...row, rows: [first.map((old, index) => (index === place ? value : old))] };
    };
    const elsewhere = "https://evil.test/";
    const later = Date.now() + 3 * 86_400_000;
    const connection = { ...of("connection"), id: "cn_x" };
    const feed = { feed: "orders", through: 1, left: null };
    const [sheet, settled] = [of("settlement") as { sums?: object }, of("settlementLines")];
    const stream = { ...of("stream"), id: "st_other" };
    const link = { ...of("link"), slug: "other", streamId: "st_other" };
    const order = { ...of("line"), orderId: "other", link: "", streamId: "", by: null };
    const at = (change: object) => ({ ...stream, destinations: [{ ...destination, ...change }] });
    const mini = { platform: "wechat", kind: "miniprogram", id: "wx0123456789abcdef" };
    /** What is wrong, and the field that is named. */
    const forged: [type: string, row: object, field: string][] = [
      ["stream", { ...stream, id: "st_" }, "/row/id"],
      ["stream", { ...stream, title: 7 }, "/row/title"],
      ["stream", { ...stream, title: "x".repeat(201) }, "/row/title"],
      ["stream", { ...stream, title: "" }, "/row/title"],
      ["stream", { ...stream, timezone: "Mars/Base" }, "/row/timezone"],
      ["stream", { ...stream, shards: 3, shardsEver: 2 }, "/row/shardsEver"],
      ["stream", { ...stream, shards: 65, shardsEver: 65 }, "/row/shards"],
      ["stream", { ...stream, version: 0 }, "/row/version"],
      ["stream", { ...stream, createdAt: later }, "/row/createdAt"],
      ["stream", { ...stream, updatedAt: -1 }, "/row/updatedAt"],
      ["stream", { ...stream, startsAt: 8e15 }, "/row/startsAt"],
      ["stream", { ...stream, startsAt: 2, endsAt: 1 }, "/row/endsAt"],
      ["stream", { ...stream, startsAt: 0.5 }, "/row/startsAt"],
      ["stream", { ...stream, purgedAt: 1 }, "/row/purgedAt"],
      ["stream", { ...stream, endedAt: later }, "/row/endedAt"],
      ["stream", { ...stream, cover: elsewhere }, "/row/cover"],
      ["stream", { ...stream, primary: "jd" }, "/row/primary"],
      ["stream", { ...stream, destinations: [destination, destination] }, "/row/destinations/1"],
      ["stream", { ...stream, secret: "mine" }, "/row/secret"],
      ["stream", { ...stream, after: { ...destination, url: elsewhere } }, "/row/after/url"],
      [
        "stream",
        { ...stream, after: { ...mini, miniProgram: { appId: mini.id, path: "a" } } },
        "/row/after",
      ],
      ["stream", at({ url: elsewhere }), "/row/destinations/0/url"],
      ["stream", at({ url: "javascript:alert(1)" }), "/row/destinations/0/url"],
      ["stream", at({ url: "https://lives.jd.com/#/48378944" }), "/row/destinations/0/platform"],
      [
        "stream",
        at({ url: "https://login.taobao.com/?redirectURL=https://evil.test" }),
        "/row/destinations/0/url",
      ],
      ["stream", at({ replay: elsewhere }), "/row/destinations/0/replay"],
      ["stream", at({ replay: "https://lives.jd.com/#/48378944" }), "/row/destinations/0/replay"],
      ["stream", at({ resolvedFrom: elsewhere }), "/row/destinations/0/resolvedFrom"],
      ["stream", at({ copy: elsewhere }), "/row/destinations/0/copy"],
      ["stream", at({ shareText: "x".repeat(4_001) }), "/row/destinations/0/shareText"],
      ["stream", at({ url: undefined }), "/row/destinations/0"],
      ["stream", at({ finderUserName: "sphAbc123" }), "/row/destinations/0"],
      [
        "stream",
        {
          ...at({ ...mini, url: "weixin://dl/business/?t=a&x=https://evil.test" }),
          primary: "wechat",
        },
        "/row/destinations/0/url",
      ],
      [
        "stream",
        at({ ...mini, url: undefined, miniProgram: { appId: "evil", path: "a" } }),
        "/row/destinations/0/miniProgram/appId",
      ],
      ...["api", "healthz", "console", "openapi", "moongate"].map(
        (word): [string, object, string] => ["link", { ...link, slug: word }, "/row/slug"],
      ),
      ["link", { ...link, slug: "a/b" }, "/row/slug"],
      ["link", { ...link, slug: "ab" }, "/row/slug"],
      ["link", { ...link, streamId: "st_none" }, "/row/streamId"],
      ["link", { ...link, creator: { id: "a", role: "x" } }, "/row/creator/role"],
      ["link", { ...link, tags: Array.from({ length: 21 }, () => "a") }, "/row/tags"],
      ["link", { ...link, promotion: { taobao: { any: "1" } } }, "/row/promotion/taobao/any"],
      [
        "link",
        { ...link, destinations: [{ ...destination, url: elsewhere }] },
        "/row/destinations/0/url",
      ],
      ["link", { ...link, disabled: 1 }, "/row/disabled"],
      ["key", { ...of("key"), id: "key_forged", scopes: ["root"] }, "/row/scopes/0"],
      ["key", { ...of("key"), id: "key_forged", scopes: ["admin", "admin"] }, "/row/scopes"],
      ["key", { ...of("key"), id: "key_forged", digest: "00" }, "/row/digest"],
      ["key", { ...of("key"), id: "key_forged", name: "" }, "/row/name"],
      ["key", { ...of("key"), id: "key_forged", createdAt: later }, "/row/createdAt"],
      ["audit", { ...of("audit"), id: "forged", at: later }, "/row/at"],
      ["audit", { ...of("audit"), id: "forged", actor: "somebody" }, "/row/actor"],
      ["audit", { ...of("audit"), id: "forged", action: "all.done" }, "/row/action"],
      ["audit", { ...of("audit"), id: "forged", after: ["x"] }, "/row/after"],
      ["line", { ...order, amount: -1 }, "/row/amount"],
      ["line", { ...order, amount: 0.5 }, "/row/amount"],
      ["line", { ...order, amount: null }, "/row/amount"],
      ["line", { ...order, refund: { value: -1, at: 1 } }, "/row/refund/value"],
      ["line", { ...order, state: "stolen" }, "/row/state"],
      ["line", { ...order, state: null }, "/row/amount"],
      ["line", { ...order, state: "unknown" }, "/row/said"],
      ["line", { ...order, said: { value: "x".repeat(101), at: 1 } }, "/row/said/value"],
      ["line", { ...order, itemId: { value: "1".repeat(65), at: 1 } }, "/row/itemId/value"],
      ["line", { ...order, itemTitle: { value: "长".repeat(201), at: 1 } }, "/row/itemTitle/value"],
      ["line", { ...order, quantity: { value: 0, at: 1 } }, "/row/quantity/value"],
      ["line", { ...order, at: 8e15 }, "/row/at"],
      ["line", { ...order, currency: "yuan" }, "/row/currency"],
      ["line", { ...order, platform: "evil" }, "/row/platform"],
      ["line", { ...order, evidence: { value: "{", at: 1 } }, "/row/evidence/value"],
      ["line", { ...order, evidence: { value: '{"ids":{"a":1}}', at: 1 } }, "/row/evidence/value"],
      ["line", { ...order, link: slug }, "/row/streamId"],
      ["line", { ...order, by: "slug" }, "/row/by"],
      ["line", { ...order, link: "none", streamId, by: "slug" }, "/row/link"],
      [
        "line",
        { ...order, orderId: "more", link: slug, streamId: "st_none", by: "slug" },
        "/row/streamId",
      ],
      ["costs", { slug: "none", costs: { slotFee: 1 } }, "/row/slug"],
      ["costs", { slug, costs: { slotFee: -1 } }, "/row/costs/slotFee"],
      ["costs", { slug, costs: { commissionRate: 10_001 } }, "/row/costs/commissionRate"],
      ["spend", { ...of("spend"), scene: "x", amount: -1 }, "/row/amount"],
      ["spend", { ...of("spend"), scene: "x", amount: 0.1 }, "/row/amount"],
      ["spend", { ...of("spend"), scene: "x", day: "2026-13-40" }, "/row/day"],
      ["spend", { ...of("spend"), scene: "x", link: "none" }, "/row/link"],
      ["settlement", { ...sheet, sums: { ...sheet.sums, total: 0.5 } }, "/row/sums/total"],
      ["settlement", { ...sheet, sums: { total: 1 } }, "/row/sums/amount"],
      ["settlement", { ...sheet, payable: "someday" }, "/row/payable"],
      ["settlement", { ...sheet, closedAt: later }, "/row/closedAt"],
      ["settlement", { ...sheet, closedBy: "me" }, "/row/closedBy"],
      ["settlement", { ...sheet, id: "set_other" }, "/row/number"],
      ["settlementLines", { ...settled, sheet: "set_none" }, "/row/sheet"],
      ["settlementLines", { ...settled, first: 2 }, "/row/first"],
      ["settlementLines", { ...settled, lines: [{ kind: "gift" }] }, "/row/lines/0/kind"],
      ["cover", { ...of("cover"), streamId: "st_other", data: btoa("<script>") }, "/row/data"],
      ["cover", { ...of("cover"), streamId: "st_none" }, "/row/streamId"],
      ["counts", { ...counted("link"), streamId: "st_none" }, "/row/streamId"],
      ["counts", { ...counted("link"), streamId, shard: 7 }, "/row/shard"],
      ["counts", { ...counted("link"), lost: -1 }, "/row/lost"],
      ["counts", { ...counted("link"), timezone: "Mars/Base" }, "/row/timezone"],
      ["counts", { ...counted("link"), rows: [["a", 1]] }, "/row/rows/0"],
      ["counts", cell("link", 1, -1), "/row/rows/0/views"],
      ["counts", cell("link", 1, 0.5), "/row/rows/0/views"],
      ["counts", cell("link", 1, "1"), "/row/rows/0/views"],
      ["counts", cell("link", 0, ""), "/row/rows/0/slug"],
      ["counts", cell("breakdown", 1, "[]"), "/row/rows/0/keys"],
      ["counts", cell("breakdown", 1, '{"app":{"taobao":[1,-1]}}'), "/row/rows/0/keys"],
      ["counts", cell("breakdown", 1, '{"colour":{"red":[1,1]}}'), "/row/rows/0/keys"],
      ["counts", cell("hour", 4, '{"60":[1,1]}'), "/row/rows/0/minutes"],
      ["counts", cell("hour", 4, "{"), "/row/rows/0/minutes"],
      ["counts", cell("hour", 1, 0.5), "/row/rows/0/hour"],
      ["counts", cell("sketch", 2, btoa("short")), "/row/rows/0/registers"],
      ["counts", cell("sketch", 2, btoa("\xff".repeat(16_384))), "/row/rows/0/registers"],
      ["counts", cell("sketch", 1, "for ever"), "/row/rows/0/epoch"],
      ["notifier", { ...of("notifier"), id: "nt_x", url: elsewhere }, "/row/url"],
      ["notifier", { ...of("notifier"), id: "nt_x", events: ["all"] }, "/row/events/0"],
      ["notifier", { ...of("notifier"), id: "nt_x", streams: ["st_none"] }, "/row/streams"],
      [
        "notifier",
        { ...of("notifier"), id: "nt_x", kind: "webhook", hasSecret: false },
        "/row/hasSecret",
      ],
      ["connection", { ...connection, id: "nt_x" }, "/row/id"],
      ["connection", { ...connection, alliance: "evil" }, "/row/alliance"],
      ["connection", { ...connection, apiBase: elsewhere }, "/row/apiBase"],
      ["connection", { ...connection, apiBase: "http://api.jd.com.evil.test" }, "/row/apiBase"],
      ["connection", { ...connection, credentials: {} }, "/row/credentials"],
      ["connection", { ...connection, sealed: "x" }, "/row/sealed"],
      ["connection", { ...connection, createdAt: later }, "/row/createdAt"],
      ["connection", { ...connection, feeds: [{ ...feed, through: 0.5 }] }, "/row/feeds/0/through"],
      [
        "connection",
        { ...connection, feeds: [{ ...feed, left: { from: 2, to: 1 } }] },
        "/row/feeds/0/left/to",
      ],
      ["nothing", {}, "/type"],
    ];
    const [head = ""] = (await exported()).split("\n");
    const good = [
      { type: "stream", row: stream },
      { type: "link", row: link },
    ];
    const rows = forged.map(([type, row]) => ({ type, row }));
    const before = comparable(await exported());
    const report = await imported(
      [head, ...[...rows, ...good].map((row) => JSON.stringify(row))].join("\n"),
    );
    const told = new Map(report.rejected.map(({ line, detail }) => [line, detail]));
    const wrong = forged.flatMap(([type, row, field], index) => {
      const detail = told.get(index + 2);
      return detail?.startsWith(field)
        ? []
        : [[type, field, detail, JSON.stringify(row).slice(0, 300)]];
    });
    expect(wrong).toEqual([]);
    expect(report.refused).toBe(forged.length);
    // The link's stream comes in a line after it, but both are there, and nothing of what was refused.
    const others = (line: string) => !line.includes("st_other");
    expect(comparable(await exported()).filter(others)).toEqual(before);
    expect((await fetchRaw("/other", { method: "HEAD" })).status).toBe(200);
    expect(report.imported).toMatchObject({ stream: 1, link: 1 });
    expect((await api("GET", "/api/conversions?limit=200")).status).toBe(200);
    expect((await api("GET", "/api/streams/st_other/stats")).body.totals.views).toBe(0);
  });

  it("is named in the log: each key and stream that came, and no entry of the file passes for one of here", async ({
    expect,
  }) => {
    await reset();
    const { lines, streamId, key } = await small();
    const [head = "", ...rest] = (await exported()).trimEnd().split("\n");
    const forged = lines.find(({ row }) => row?.action === "stream.created")?.row;
    await reset();
    await api("POST", "/api/links", { url: taobaoUrl, slug: "one-of-here" });
    const entry = {
      ...forged,
      id: "forged",
      actor: "admin",
      target: "one-of-here",
      at: Date.now(),
    };
    const report = await imported(
      [head, JSON.stringify({ type: "audit", row: entry }), ...rest].join("\n"),
    );
    expect(report).toMatchObject({ refused: 0, complete: true });
    const { data } = (await api("GET", `/api/audit?target=${report.id}`)).body;
    expect(
      data.every(({ actor, action }: Entry) => actor === "admin" && action === "imported"),
    ).toBe(true);
    const said = Object.assign({}, ...data.map(({ after }: Entry) => after));
    expect(said).toMatchObject({
      stream: [streamId],
      key: [{ id: key, name: "组", scopes: ["stats:read"] }],
      notifier: [{ kind: "wecom", name: "群" }],
      connection: [{ alliance: "jd-union", name: "旗舰店" }],
      ...{ link: 1, line: 1, costs: 1, spend: 1, cover: 1, refused: 0, isComplete: true },
      ...{ settlement: 1, settlementLines: 1 },
    });
    expect(said.counts).toBeGreaterThan(0);
    const of = async (query: string) =>
      (await api("GET", `/api/audit?${query}`)).body.data as Entry[];
    const here = (await of("target=one-of-here")).map(({ action, importId }) => [action, importId]);
    expect(here).toEqual([
      ["stream.created", report.id],
      ["link.created", null],
    ]);
    expect((await of(`target=${streamId}`)).every(({ importId }) => importId === report.id)).toBe(
      true,
    );
    expect((await of(`target=${key}`)).map(({ importId }) => importId)).toEqual([report.id]);
  });

  it("names thousands of keys in several entries, and every one", async ({ expect }) => {
    await reset();
    const row = (index: number) => ({
      ...{ id: `key_${index}`, name: "k", scopes: ["stats:read"], createdAt: 1, expiresAt: null },
      ...{ digest: index.toString(16).padStart(64, "0"), lastUsedAt: null },
    });
    const rows = Array.from({ length: 450 }, (_, index) => ({ type: "key", row: row(index) }));
    const head = { type: "moongate", format: 1 };
    const report = await imported([head, ...rows].map((line) => JSON.stringify(line)).join("\n"));
    expect(report.imported).toEqual({ key: 450 });
    const { data } = (await api("GET", `/api/audit?limit=200&target=${report.id}`)).body;
    const named = data
      .flatMap(({ after }: Entry) => after.key ?? [])
      .map(({ id }: { id: string }) => id);
    expect(new Set(named).size).toBe(450);
    expect(Math.max(...data.map((entry: Entry) => JSON.stringify(entry).length))).toBeLessThan(
      20_000,
    );
  });

  it("in the order of older exports is whole too, and what is nobody's goes out again", async ({
    expect,
  }) => {
    await reset();
    const { slug, streamId } = await small();
    const [head = "", ...rest] = (await exported()).trimEnd().split("\n");
    const places = ["counts", "cover", "line", "costs", "spend", "audit", "key", "notifier"];
    const placeOf = (line: string) => {
      const place = places.indexOf(JSON.parse(line).type);
      return place === -1 ? places.length : place;
    };
    const older = rest
      .toSorted((a, b) => placeOf(a) - placeOf(b))
      .filter((line) => !line.includes('"notifier"'));
    const before = comparable([head, ...rest].join("\n")).filter(
      (line) => !line.startsWith('["notifier'),
    );
    const totals = async () => (await api("GET", `/api/streams/${streamId}/stats`)).body.totals;
    // What is sold is remembered for a moment.
    await until(async () => (await totals()).orders === 1);
    const stats = await totals();

    await reset();
    const without = older.filter((line) => !/^\{"type":"(?:stream|link)"/.test(line));
    const orphans = await imported([head, ...without].join("\n"));
    const owned = without.filter((line) =>
      /^\{"type":"(?:counts|cover|line|costs|spend)"/.test(line),
    );
    expect(orphans.refused).toBe(owned.length);
    expect(orphans.rejected[0]?.detail).toBe(
      `/row/streamId: There is no stream ${streamId}, here or in the file.`,
    );
    expect(Object.values(orphans.imported).every((count) => count >= 0)).toBe(true);
    // Nobody's: entries of the log, keys, connections, and papers of what was paid.
    const own = /^\["(?:audit|key|connection|settlement(?:Lines)?)"/;
    expect(comparable(await exported()).filter((line) => !own.test(line))).toEqual([]);
    expect((await fetchRaw(`/${slug}/cover`)).status).toBe(404);

    const report = await imported([head, ...older].join("\n"));
    expect(report).toMatchObject({ refused: 0, complete: true });
    expect(comparable(await exported()).sort()).toEqual(before.sort());
    expect((await api("GET", `/api/streams/${streamId}/stats`)).body.totals).toEqual(stats);
  });

  it("has notifiers without their secrets: they are off, say what is to be set again, and then go on", async ({
    expect,
  }) => {
    await reset();
    const url = `https://${webhookHost}/key-of-a-backup-0123456789`;
    const secret = newWebhookSecret();
    const control = "https://outside.test/robot?key=key-of-a-backup-0123456789";
    await fetch(control, { method: "POST", body: JSON.stringify({ secret }) });
    const fields = { kind: "webhook", name: "hook", url, secret, events: ["stream.live"] };
    const { id } = (await api("POST", "/api/notifiers", fields)).body;
    const text = await exported();
    expect(text).not.toContain("key-of-a-backup");
    expect(text).not.toContain(secret);
    await reset();
    expect((await imported(text)).refused).toBe(0);
    const view = async () => (await api("GET", "/api/notifiers")).body.data[0];
    const received = async () =>
      (await (await fetch(control)).json<{ received: unknown[] }>()).received;
    const { streamId } = await quickLink({ startsAt: "2026-11-01T00:00:00Z" });
    expect(await view()).toMatchObject({
      ...{ id, needs: ["url", "secret"], hasSecret: false, url: `https://${webhookHost}/…` },
      disabledAt: expect.any(String),
      lastError: { code: "to_be_set_again" },
    });
    const path = `/api/notifiers/${id}`;
    const on = await api("PATCH", path, { disabled: false, secret });
    expect([on.status, on.body.code, on.body.errors[0].pointer]).toEqual([
      422,
      "to_be_set_again",
      "/url",
    ]);
    const test = await api("POST", `${path}/test`);
    expect(test.body).toMatchObject({ delivered: false, error: { code: "to_be_set_again" } });
    expect((await api("PATCH", path, { secret })).body).toMatchObject({
      needs: ["url"],
      hasSecret: true,
    });
    expect(await received()).toEqual([]);
    const set = await api("PATCH", path, { url });
    expect(set.body).toMatchObject({ needs: [], disabledAt: null, lastError: null });
    expect((await api("POST", `${path}/test`)).body).toEqual({ delivered: true });
    await api("PATCH", `/api/streams/${streamId}`, { phase: "ended" });
    await api("PATCH", `/api/streams/${streamId}`, { phase: "live" });
    await until(async () => (await received()).length === 2, 8_000);
  });

  it("has connections without their credentials: they ask nothing, say so, and then go on where they were", async ({
    expect,
  }) => {
    await reset();
    const host = "api.jd.com";
    const credentials = { appKey: "key-of-a-backup-9876", appSecret: "secret-of-a-backup" };
    const gateway = (settings?: object) =>
      fetch(`http://outside.test/alliance?host=${host}`, {
        method: settings ? "POST" : "GET",
        ...(settings ? { body: JSON.stringify({ host, ...settings }) } : {}),
      }).then((answer) => answer.json<{ calls: object[] }>());
    await gateway({ credentials });
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const fields = { alliance: "jd-union", name: "旗舰店", credentials, since };
    const apiBase = "https://api.jd.com/routerjson";
    const { id } = (await api("POST", "/api/connections", { ...fields, apiBase })).body;
    const path = `/api/connections/${id}`;
    const shown = async () => (await api("GET", path)).body;
    const pulled = async () => {
      await api("POST", `${path}/pull`);
      await until(async () => {
        await runDurableObjectAlarm(connectionsOf(env));
        const { through, error } = await shown();
        return through !== null || error !== null;
      }, 20_000);
    };
    await pulled();
    const before = await shown();
    expect(before).toMatchObject({ error: null, through: expect.any(String) });
    const text = await exported();
    for (const secret of [...Object.values(credentials), "keyId"]) {
      expect(text).not.toContain(secret);
    }

    await reset();
    expect((await imported(text)).rejected).toEqual([]);
    const { calls } = await gateway();
    await runDurableObjectAlarm(connectionsOf(env));
    expect(await shown()).toMatchObject({
      ...{ id, name: "旗舰店", apiBase: before.apiBase, enabled: true, since: before.since },
      ...{ through: before.through, createdAt: before.createdAt, updatedAt: before.updatedAt },
      ...{ isStopped: true, nextPullAt: null, credentials: { appKey: "" } },
      error: { code: "credentials_missing", detail: expect.stringContaining("give them again") },
    });
    expect(comparable(await exported())).toEqual(comparable(text));
    const test = await api("POST", `${path}/test`);
    expect(test.body).toMatchObject({ ok: false, code: "credentials_missing" });
    expect((await gateway()).calls).toHaveLength(calls.length);

    const put = await api("PATCH", path, { credentials });
    expect(put.body).toMatchObject({
      ...{ isStopped: false, error: null, credentials: { appKey: "…9876" } },
    });
    await pulled();
    expect(await shown()).toMatchObject({ error: null, lastPull: { refused: 0 } });
    const again = await imported(text);
    expect(again).toMatchObject({ refused: 0, known: { connection: 1 } });
    expect(await shown()).toMatchObject({ error: null, credentials: { appKey: "…9876" } });
  });

  it("says how many batches of counts were still on their way", async ({ expect }) => {
    await reset();
    const last = async () => linesOf(await exported()).at(-1);
    expect(await last()).not.toHaveProperty("waiting");
    await env.COUNTS.put("spill:st_any:p:1", "{}");
    expect(await last()).toMatchObject({ type: "end", waiting: 1 });
    await env.COUNTS.delete("spill:st_any:p:1");
  });

  it("has or leaves out each table and each kind of key as docs/operate.md says", async ({
    expect,
  }) => {
    await reset();
    const { streamId } = await small();
    const rows = operate
      .split("\n")
      .flatMap((line) => {
        const cells =
          /^\| (Catalog|Counter|Orders|Notifier|Connections|KV `\w+`) \| (.*) \| (.*) \|$/.exec(
            line,
          );
        return cells ? [cells.slice(1) as [string, string, string]] : [];
      })
      .map(([store, has, lacks]) => [store, { has: codes(has), lacks: codes(lacks) }] as const);
    const documented = new Map(rows);
    const objects = {
      Catalog: env.CATALOG.getByName("catalog"),
      Counter: counterOf(env, streamId, 0),
      Orders: env.ORDERS.getByName("orders"),
      Notifier: notifierOf(env),
      Connections: connectionsOf(env),
    };
    for (const [store, stub] of Object.entries(objects)) {
      const tables = await runInDurableObject(stub as DurableObjectStub, (_, { storage }) =>
        storage.sql
          .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
          .toArray()
          .map(({ name }) => name)
          .filter((name) => !/^(?:_cf|sqlite)_/.test(name)),
      );
      const { has = [], lacks = [] } = documented.get(store) ?? {};
      const undocumented = tables.filter((name) => !has.includes(name) && !lacks.includes(name));
      expect([store, undocumented]).toEqual([store, []]);
      expect([store, has.filter((name) => lacks.includes(name))]).toEqual([store, []]);
      // Only a store that had no numbers may lack the table of them.
      const gone = [...has, ...lacks].filter(
        (name) => !tables.includes(name) && name !== "migration",
      );
      expect([store, gone]).toEqual([store, []]);
    }
    expect(documented.get("Counter")?.has).toEqual(Object.keys(archivedTables));
    for (const [store, kv] of [
      ["KV `LINKS`", env.LINKS],
      ["KV `COUNTS`", env.COUNTS],
    ] as const) {
      const { has = [], lacks = [] } = documented.get(store) ?? {};
      const { keys } = await kv.list();
      const kinds = new Set(keys.map(({ name }) => name.replace(/:.*/, ":")));
      expect([...kinds].filter((kind) => !has.includes(kind) && !lacks.includes(kind))).toEqual([]);
    }
  });
});

/** The names in a cell of a table of the docs. */
const codes = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

/** A little of everything, and its export. */
async function small() {
  const { slug, streamId } = await quickLink({ shards: 2, creator: { id: "li" } });
  const headers = { ...admin, "Content-Type": "image/png" };
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);
  await fetchRaw(`/api/streams/${streamId}/cover`, { method: "PUT", headers, body: png });
  await openAll({ streamId, slugs: [slug], shards: 2 });
  await api("POST", "/api/conversions", {
    ...{ platform: "taobao", orderId: "1", slug, status: "paid", amount: 900 },
    paidAt: "2026-11-20T20:00:00+08:00",
  });
  await api("PUT", `/api/links/${slug}/costs`, { slotFee: 1 });
  const spend = `日期,花费,场景ID,场景名字\n2026-11-20,12.34,${slug},直通车\n`;
  const csv = { ...admin, "Content-Type": "text/csv" };
  await fetchRaw("/api/conversions/import", { method: "POST", headers: csv, body: spend });
  const period = { from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z" };
  await api("POST", "/api/settlements", { creator: "li", ...period });
  const key = await api("POST", "/api/keys", { name: "组", scopes: ["stats:read"] });
  const url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789abcdef";
  const notifier = { kind: "wecom", name: "群", url, events: ["report.hourly"] };
  await api("POST", "/api/notifiers", notifier);
  const credentials = { appKey: "key-of-a-backup-9876", appSecret: "secret-of-a-backup" };
  const connection = { alliance: "jd-union", name: "旗舰店", credentials };
  await api("POST", "/api/connections", connection);
  return { slug, streamId, key: key.body.id as string, lines: linesOf(await exported()) };
}
