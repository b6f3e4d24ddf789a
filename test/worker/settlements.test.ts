import { reset } from "cloudflare:test";
import { beforeEach, describe, it } from "vitest";
import { api, fetchRaw, quickLink } from "./client.ts";

const admin = { Authorization: "Bearer test-key-of-the-administrator" };
const november = { from: "2026-11-01T00:00:00+08:00", to: "2026-12-01T00:00:00+08:00" };
const december = { from: november.to, to: "2027-01-01T00:00:00+08:00" };
let made = 0;
const newId = () => `7${Date.now()}${String(++made).padStart(5, "0")}`;

const order = (slug: string, fields: object = {}) => ({
  platform: "taobao",
  orderId: newId(),
  status: "paid",
  amount: 10_000,
  paidAt: "2026-11-11T20:30:00+08:00",
  slug,
  ...fields,
});
const tell = async (...orders: object[]) => {
  const { body } = await api("POST", "/api/conversions", orders);
  if (body.rejected.length > 0) throw new Error(JSON.stringify(body.rejected));
};

let promoters = 0;
/** A promoter with one link at 10 % and a slot fee. */
async function promoter() {
  const creator = `li-${Date.now()}-${++promoters}`;
  const { slug, streamId } = await quickLink({
    title: "双11专场",
    startsAt: "2026-11-11T12:00:00Z",
    creator: { id: creator, name: "李主播" },
  });
  await api("PUT", `/api/links/${slug}/costs`, { slotFee: 50_000, commissionRate: 1_000 });
  return { creator, slug, streamId };
}
const close = (body: object, headers = {}) => api("POST", "/api/settlements", body, headers);

describe("settlements", () => {
  it("are closed, read and listed; later refunds go to the next one, and the first stays", async ({
    expect,
  }) => {
    const { creator, slug, streamId } = await promoter();
    const first = order(slug, { commission: 1_500 });
    await tell(
      first,
      order(slug, { orderId: first.orderId, subOrderId: "2", refundAmount: 2_500 }),
    );
    const { status, body } = await close({ creator, ...november });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      creator,
      creatorName: "李主播",
      number: 1,
      from: "2026-10-31T16:00:00.000Z",
      to: "2026-11-30T16:00:00.000Z",
      currency: "CNY",
      payable: "paid",
      lineCount: 2,
      amount: 20_000,
      refunds: 2_500,
      netAmount: 17_500,
      agreedCommission: 1_750,
      allianceCommission: 1_500,
      commission: 1_750,
      slotFee: 50_000,
      refundsOfEarlier: 0,
      total: 51_750,
      closedBy: "admin",
      voidedAt: null,
      nextCursor: null,
      slotFees: [{ kind: "fee", slug, streamId, title: "双11专场", amount: 50_000 }],
      streams: [{ streamId, title: "双11专场", lines: 2, commission: 1_750, slotFee: 50_000 }],
    });
    expect(body.lines[0]).toMatchObject({
      kind: "order",
      orderId: first.orderId,
      slug,
      status: "paid",
      commissionRate: 1_000,
      agreedCommission: 1_000,
      allianceCommission: 1_500,
      commission: 1_000,
    });
    await tell({ ...first, refundAmount: 5_000, updatedAt: "2026-12-02T10:00:00+08:00" });
    const read = await api("GET", `/api/settlements/${body.id}`);
    expect(read.body).toEqual(body);
    const next = await close({ creator, ...december });
    expect(next.body).toMatchObject({
      number: 2,
      commission: 0,
      slotFee: 0,
      refundedOfEarlier: 5_000,
      refundsOfEarlier: 500,
      total: -500,
      lines: [{ kind: "change", orderId: first.orderId, refundsSince: 5_000, commission: -500 }],
    });
    const list = await api("GET", `/api/settlements?creator=${creator}&limit=1`);
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual([next.body.id]);
    expect(list.body.data[0]).not.toHaveProperty("lines");
    const more = await api(
      "GET",
      `/api/settlements?creator=${creator}&limit=1&cursor=${list.body.nextCursor}`,
    );
    expect([more.body.data[0].id, more.body.nextCursor]).toEqual([body.id, null]);
    const log = await api("GET", `/api/audit?target=${next.body.id}`);
    expect(log.body.data).toMatchObject([
      { action: "settlement.closed", after: { creator, number: 2, total: -500 } },
    ]);
  });

  it("are previewed as they would be closed, by either way, and then nothing is closed", async ({
    expect,
  }) => {
    const { creator, slug } = await promoter();
    await tell(order(slug), order(slug));
    const asked = new URLSearchParams({ creator, ...november }).toString();
    const shown = await api("GET", `/api/settlements/preview?${asked}`);
    expect(shown.status).toBe(200);
    expect(shown.body).toMatchObject({ id: null, closedAt: null, number: 1, total: 52_000 });
    const tried = await api("POST", "/api/settlements?dryRun=true", { creator, ...november });
    expect([tried.status, tried.body]).toEqual([200, shown.body]);
    const page = await api("GET", `/api/settlements/preview?${asked}&limit=1&cursor=1`);
    expect(page.body.lines).toEqual(shown.body.lines.slice(1));
    expect((await api("GET", `/api/settlements?creator=${creator}`)).body.data).toEqual([]);
    const { body } = await close({ creator, ...november });
    const own = { id: null, closedAt: null, closedBy: null };
    expect({ ...body, ...own }).toEqual(shown.body);
  });

  it("are a spreadsheet for programs, and one for people in their language, whole", async ({
    expect,
  }) => {
    const { creator, slug, streamId } = await promoter();
    const orders = Array.from({ length: 1_000 }, (_, index) =>
      order(slug, { amount: 100 + index }),
    );
    const last = order(slug, { paidAt: "2026-11-12T00:00:00+08:00", status: "received" });
    await tell(...orders);
    await tell(last);
    const { body } = await close({ creator, ...november });
    expect([body.lines.length, body.lineCount, body.nextCursor]).toEqual([1_000, 1_001, "1000"]);
    const path = `/api/settlements/${body.id}`;
    const rest = await api("GET", `${path}?cursor=${body.nextCursor}`);
    expect(rest.body.lines).toMatchObject([{ orderId: last.orderId }]);
    const plain = await fetchRaw(path, { headers: { ...admin, Accept: "text/csv" } });
    expect(plain.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    const bytes = new Uint8Array(await plain.arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const rows = new TextDecoder().decode(bytes).trimEnd().split("\r\n");
    expect(rows.length).toBe(1 + 1_001 + 1 + 1);
    expect(rows[0]).toContain("kind,platform,orderId,subOrderId,slug,streamId");
    expect(rows[1_001]).toBe(
      `order,taobao,${last.orderId},,${slug},${streamId},双11专场,,,,2026-11-11T16:00:00.000Z,received,10000,0,10000,1000,1000,,0,0,1000,,1000`,
    );
    expect(rows.at(-2)).toMatch(/^slotFee,.*,双11专场,.*50000,50000$/);
    expect(rows.at(-1)).toMatch(new RegExp(`^total,.*,50000,${body.total}$`));
    const people = await fetchRaw(`${path}?format=csv&language=zh-CN`, { headers: admin });
    const text = await people.text();
    expect(text).toContain("类型,平台,订单号");
    expect(text).toContain(`本期订单,淘宝,"=""${last.orderId}""",,${slug}`);
    expect(text).toMatch(/2026-11-12 00:00.*,已收货,100,0,100,0\.1,10,/);
    const preview = new URLSearchParams({ creator, ...december, format: "csv" }).toString();
    const none = await fetchRaw(`/api/settlements/preview?${preview}`, { headers: admin });
    expect((await none.text()).trimEnd().split("\r\n").length).toBe(2);
  });

  it("say what was bought, and call the promoter as is set of them when they are closed", async ({
    expect,
  }) => {
    const { creator, slug } = await promoter();
    const cats = { itemId: "681234567890", itemTitle: "猫粮 🐱, 2kg", quantity: 3 };
    const first = order(slug, cats);
    await tell(first);
    const path = `/api/creators/${creator}`;
    await api("PUT", path, { name: "李佳" });
    const { body } = await close({ creator, ...november });
    expect(body).toMatchObject({ creatorName: "李佳", lines: [{ ...cats }] });
    const csv = async (query: string) =>
      (await fetchRaw(`/api/settlements/${body.id}?${query}`, { headers: admin })).text();
    expect(await csv("format=csv")).toContain(`双11专场,681234567890,"猫粮 🐱, 2kg",3,2026-11-11T`);
    expect(await csv("format=csv&language=zh-CN")).toContain("商品编号,商品,件数");
    await tell({ ...first, itemTitle: "别的", updatedAt: "2026-12-02T10:00:00+08:00" });
    await api("PATCH", path, { name: "别名" });
    expect((await api("GET", `/api/settlements/${body.id}`)).body).toEqual(body);
    await api("DELETE", path);
    const asked = new URLSearchParams({ creator, ...december }).toString();
    const preview = await api("GET", `/api/settlements/preview?${asked}`);
    expect(preview.body.creatorName).toBe("李主播");
  });

  it("are closed once for an Idempotency-Key, and by an administrator alone", async ({
    expect,
  }) => {
    const { creator, slug } = await promoter();
    await tell(order(slug));
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const first = await close({ creator, ...november }, key);
    const again = await close({ creator, ...november }, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    const reader = await api("POST", "/api/keys", { name: "r", scopes: ["stats:read"] });
    const headers = { Authorization: `Bearer ${reader.body.secret}` };
    const path = `/api/settlements/${first.body.id}`;
    expect((await api("GET", path, undefined, headers)).status).toBe(200);
    expect((await close({ creator, ...december }, headers)).status).toBe(403);
    expect((await api("POST", `${path}/void`, {}, headers)).status).toBe(403);
  });

  it("are voided with a reason, the newest first, and stay to be read", async ({ expect }) => {
    const { creator, slug } = await promoter();
    await tell(order(slug));
    const first = await close({ creator, ...november });
    const second = await close({ creator, ...december });
    const voidOf = (id: string) => api("POST", `/api/settlements/${id}/void`, { reason: "算错了" });
    const early = await voidOf(first.body.id);
    expect([early.status, early.body.code]).toEqual([409, "not_newest"]);
    expect((await voidOf(second.body.id)).body).toMatchObject({ voidReason: "算错了" });
    const voided = await voidOf(first.body.id);
    expect(voided.body).toMatchObject({ voidedBy: "admin", total: 51_000 });
    expect((await voidOf(first.body.id)).body.code).toBe("already_voided");
    const read = await api("GET", `/api/settlements/${first.body.id}`);
    expect(read.body).toEqual({ ...first.body, ...voided.body });
    expect((await close({ creator, ...november })).body).toMatchObject({
      number: 3,
      total: 51_000,
    });
  });

  it("are refused where the request is wrong, and in words", async ({ expect }) => {
    const { creator } = await promoter();
    const answers = await Promise.all([
      close({ creator, from: november.to, to: november.from }),
      close({ creator, ...november, until: "x" }),
      close({ creator: `${creator}-none`, ...november }),
      api("GET", "/api/settlements/set_none"),
      api("POST", "/api/settlements/set_none/void", {}),
      api("GET", "/api/settlements/preview?creator=x"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 404, 404, 404, 400]);
    expect(answers[2]?.body.errors).toMatchObject([{ pointer: "/creator" }]);
    // Nothing was sold: a sheet of nothing is one.
    const empty = await close({ creator, ...december });
    expect([empty.status, empty.body.lines]).toEqual([201, []]);
  });
});

describe("settlements in an export", () => {
  beforeEach(() => reset());

  it("are in the restored service, which pays nothing again", async ({ expect }) => {
    const { creator, slug } = await promoter();
    await tell(...Array.from({ length: 450 }, () => order(slug)));
    const { body } = await close({ creator, ...november });
    const exported = await fetchRaw("/api/export", { headers: admin });
    const text = new TextDecoder().decode(await exported.arrayBuffer());
    await reset();
    const headers = { "Content-Type": "application/x-ndjson" };
    const report = (await api("POST", "/api/import", text, headers)).body;
    expect(report).toMatchObject({ refused: 0, imported: { settlement: 1, settlementLines: 3 } });
    expect((await api("GET", `/api/settlements/${body.id}`)).body).toEqual(body);
    const next = await close({ creator, from: november.from, to: december.to });
    expect(next.body).toMatchObject({ number: 2, lines: [], slotFees: [], total: 0 });
    expect((await api("POST", "/api/import", text, headers)).body).toMatchObject({
      refused: 0,
      known: { settlement: 1, settlementLines: 3 },
    });
  });
});
