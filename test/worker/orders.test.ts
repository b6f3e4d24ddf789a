import { describe, it } from "vitest";
import { workbookOf } from "../workbooks.ts";
import { zipOf } from "../zips.ts";
import { api, env, fetchRaw, open, quickLink, until } from "./client.ts";

const inTaobao = "Mozilla/5.0 (iPhone) Mobile/19H332 AliApp(TB/10.23.20)";
let made = 0;
/** Order ids that no other test has. */
const newId = () => `4${String(Date.now())}${String(++made).padStart(5, "0")}`;

function order(fields: Record<string, unknown> = {}) {
  return {
    platform: "taobao",
    orderId: newId(),
    status: "paid",
    amount: 10_000,
    paidAt: "2026-11-20T20:30:00+08:00",
    ...fields,
  };
}

const tell = (body: unknown, headers = {}) => api("POST", "/api/conversions", body, headers);
const totalsOf = async (streamId: string) =>
  (await api("GET", `/api/streams/${streamId}/stats?nocache=1`.replace("?nocache=1", ""))).body
    .totals;

/** Waits past the 400 ms for which an isolate remembers what it read. */
async function sold(streamId: string, orders: number, within = 5_000) {
  await until(async () => (await totalsOf(streamId)).orders === orders, within);
  return totalsOf(streamId);
}

describe("telling of orders", () => {
  it("books an order on its link, and the stats say so with another ETag", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    // A process that has just begun reads modules for longer than stats wait for orders.
    await sold(streamId, 0, 20_000);
    const before = await api("GET", `/api/streams/${streamId}/stats`);
    expect(before.body.totals).toMatchObject({ orders: 0, gmv: 0, refunds: 0, netGmv: 0 });
    const told = await tell(order({ slug, refundAmount: 2_500 }));
    expect(told.status).toBe(200);
    expect(told.body).toEqual({ accepted: 1, updated: 0, duplicates: 0, rejected: [] });
    expect(await sold(streamId, 1)).toMatchObject({ gmv: 10_000, refunds: 2_500, netGmv: 7_500 });
    const etag = before.headers.get("ETag") ?? "";
    const after = await fetchRaw(`/api/streams/${streamId}/stats`, {
      headers: { Authorization: "Bearer test-key-of-the-administrator", "If-None-Match": etag },
    });
    expect(after.status).toBe(200);
    const same = await fetchRaw(`/api/streams/${streamId}/stats`, {
      headers: {
        Authorization: "Bearer test-key-of-the-administrator",
        "If-None-Match": after.headers.get("ETag") ?? "",
      },
    });
    expect([200, 304]).toContain(same.status);
    const link = await api("GET", `/api/links/${slug}/stats`);
    expect(link.body.totals).toMatchObject({ orders: 1, gmv: 10_000 });
  });

  it("counts an order of two lines once, and the same again as duplicates", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const orderId = newId();
    const lines = [
      order({ slug, orderId, subOrderId: "1", amount: 100 }),
      order({ slug, orderId, subOrderId: "2", amount: 250 }),
    ];
    expect((await tell(lines)).body).toMatchObject({ accepted: 2 });
    expect((await tell(lines)).body).toMatchObject({ accepted: 0, updated: 0, duplicates: 2 });
    expect(await sold(streamId, 1)).toMatchObject({ gmv: 350 });
  });

  it("refuses a wrong row by its place and reason, and takes the others", async ({ expect }) => {
    const { slug } = await quickLink();
    const { status, body } = await tell([
      order({ slug }),
      order({ slug, status: "shipped" }),
      order({ slug, orderId: 4_123_456_789_012_345 }),
      order({ slug, amount: 1.5 }),
      order({ slug, colour: "red" }),
      order({ slug, orderId: "1.23E+18" }),
      order({ slug, refundAmount: 10_001 }),
    ]);
    expect(status).toBe(200);
    expect(body.accepted).toBe(1);
    expect(body.rejected.map(({ index }: { index: number }) => index)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(body.rejected[3].detail).toContain("/colour");
    expect(body.rejected[4].detail).toContain("lost digits");
  });

  it("refuses more than a thousand, and what is no order at all", async ({ expect }) => {
    expect((await tell(Array.from({ length: 1_001 }, () => ({})))).status).toBe(400);
    expect((await tell('"text"')).status).toBe(400);
    expect((await tell("{")).status).toBe(400);
  });

  it("finds the link by its promotion ids, by its slug as sub-id, and later by a link made later", async ({
    expect,
  }) => {
    const relationId = newId();
    const { slug, streamId } = await quickLink({
      promotion: { taobao: { adzoneId: "a1", relationId } },
    });
    await tell([
      order({ promotion: { taobao: { adzoneId: "a1", relationId } } }),
      order({ platform: "jd", promotion: { jd: { subUnionId: slug.toUpperCase() } } }),
    ]);
    expect(await sold(streamId, 2)).toMatchObject({ gmv: 20_000 });

    const later = newId();
    const orphan = order({ promotion: { taobao: { relationId: later } }, amount: 777 });
    await tell(orphan);
    const listed = await api("GET", "/api/conversions?unattributed&limit=1");
    expect(listed.body.data[0]).toMatchObject({ orderId: orphan.orderId, slug: null });
    const other = await quickLink({ promotion: { taobao: { relationId: later } } });
    expect(await sold(other.streamId, 1)).toMatchObject({ gmv: 777 });
  });

  it("keeps an unpaid and an invalid order out, and a refunded one in", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const [a, b, c] = [order({ slug }), order({ slug }), order({ slug })];
    await tell([
      { ...a, status: "created" },
      { ...b, status: "invalid" },
      { ...c, status: "refunded" },
    ]);
    expect(await sold(streamId, 1)).toMatchObject({ gmv: 10_000, refunds: 10_000, netGmv: 0 });
    await tell({ ...b, status: "settled", updatedAt: "2026-11-30T00:00:00Z" });
    await tell({ ...a, status: "paid", updatedAt: "2026-11-21T00:00:00Z" });
    expect(await sold(streamId, 2)).toMatchObject({ gmv: 20_000 });
  });

  it("keeps what was bought, newest first, and refuses what can't be", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const cats = { itemId: "680123456789", itemTitle: " 猫粮\n10kg ", quantity: 2 };
    const one = order({ slug, ...cats });
    await tell([one, order({ slug, itemTitle: "杯子" }), order({ slug })]);
    // A later event that does not speak of it takes nothing away.
    const { itemTitle: _, ...later } = one as typeof one & typeof cats;
    await tell({ ...later, quantity: 1, status: "received", updatedAt: "2026-11-25T00:00:00Z" });
    const listed = async () =>
      (await api("GET", `/api/conversions?streamId=${streamId}`)).body.data.map(
        ({ itemId, itemTitle, quantity }: Record<string, unknown>) => [itemId, itemTitle, quantity],
      );
    expect(await listed()).toEqual([
      [null, null, null],
      [null, "杯子", null],
      ["680123456789", "猫粮 10kg", 1],
    ]);
    const { body } = await tell([
      order({ slug, itemId: "1".repeat(65) }),
      order({ slug, itemTitle: "" }),
      order({ slug, quantity: 0 }),
      order({ slug, quantity: 1_000_001 }),
      order({ slug, quantity: 1.5 }),
    ]);
    expect(body.accepted).toBe(0);
    expect(
      body.rejected.map(({ detail }: { detail: string }) => /\/\w+/.exec(detail)?.[0]),
    ).toEqual(["/itemId", "/itemTitle", "/quantity", "/quantity", "/quantity"]);
  });

  it("gives the first answer again for an Idempotency-Key", async ({ expect }) => {
    const { slug } = await quickLink();
    const body = order({ slug });
    const headers = { "Idempotency-Key": newId() };
    expect((await tell(body, headers)).body.accepted).toBe(1);
    expect((await tell(body, headers)).body.accepted).toBe(1);
    expect((await tell(body)).body.duplicates).toBe(1);
  });

  it("lists a stream's orders page by page, without what a buyer is", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const rows = Array.from({ length: 5 }, (_, index) =>
      order({ slug, paidAt: `2026-11-20T20:0${index}:00` }),
    );
    await tell(rows);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: { body: { data: { orderId: string }[]; nextCursor: string | null } } = await api(
        "GET",
        `/api/conversions?streamId=${streamId}&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...page.body.data.map(({ orderId }) => orderId));
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual(rows.map(({ orderId }) => orderId).reverse());
    const { body } = await api("GET", `/api/conversions?streamId=${streamId}&limit=1`);
    expect(body.data[0]).toMatchObject({
      paidAt: "2026-11-20T12:04:00.000Z",
      slug,
      attributedBy: "slug",
    });
  });

  it("needs its scope, and names what it does not know", async ({ expect }) => {
    const paths = [
      ["POST", "/api/conversions"],
      ["POST", "/api/conversions/import"],
      ["GET", "/api/conversions"],
      ["GET", "/api/reports/roas?streamId=x"],
      ["GET", "/api/reports/roas.csv?streamId=x"],
      ["GET", "/api/streams/x/stats.csv"],
      ["GET", "/api/streams/x/report"],
      ["PUT", "/api/links/x/costs"],
      ["PATCH", "/api/links/x/costs"],
      ["GET", "/api/links/x/costs"],
      ["GET", "/api/streams/x/costs"],
    ] as const;
    for (const [method, path] of paths) {
      const { status } = await fetchRaw(path, { method });
      expect([method, path, status]).toEqual([method, path, 401]);
    }
    expect((await api("GET", "/api/reports/roas")).status).toBe(400);
    expect((await api("GET", "/api/reports/roas?streamId=st_none")).status).toBe(404);
    expect((await api("GET", "/api/streams/st_none/report")).status).toBe(404);
    expect((await api("GET", "/api/streams/st_none/stats.csv".slice(0))).status).toBe(404);
    expect((await api("PUT", "/api/links/none-such/costs", {})).status).toBe(404);
    expect((await api("PATCH", "/api/links/none-such/costs", {})).status).toBe(404);
    expect((await api("GET", "/api/streams/st_none/costs")).status).toBe(404);
    expect((await api("PUT", "/api/links/none-such/costs", { slotFee: -1 })).status).toBe(400);
  });
});

const head =
  "订单编号,子订单编号,付款时间,创建时间,订单状态,付款金额,佣金金额,推广位ID,渠道关系ID,收货人";
const send = (body: BodyInit, query = "", type = "text/csv") =>
  fetchRaw(`/api/conversions/import${query}`, {
    method: "POST",
    body,
    headers: { Authorization: "Bearer test-key-of-the-administrator", "Content-Type": type },
  });

describe("importing a file", () => {
  it("takes it once: the same file again changes nothing, and a dry run says the same", async ({
    expect,
  }) => {
    const relationId = newId();
    const { streamId } = await quickLink({ promotion: { taobao: { relationId } } });
    const [one, two] = [newId(), newId()];
    const file = `${head}\n\t${one}\t,${one}1,2026-11-20 20:00:00,2026-11-20 19:59:00,订单付款,199.90,9.99,5,${relationId},张三\n${two},${two}1,2026-11-20 20:01:00,,已收货,"1,000.10",-,5,${relationId},李四\n9.9E+17,2,2026-11-20 20:01:00,,已收货,1,-,5,1,王五\n`;
    const dry = await (await send(file, "?dryRun=true")).json();
    expect(dry).toMatchObject({ accepted: 2, rejectedCount: 1, dryRun: true, encoding: "utf-8" });
    expect(await totalsOf(streamId)).toMatchObject({ orders: 0 });
    const real = (await (await send(file)).json()) as Record<string, unknown>;
    expect({ ...real, dryRun: true }).toEqual(dry);
    expect(real.rejected).toMatchObject([{ line: 4, code: "id_lost_digits" }]);
    expect(await sold(streamId, 2)).toMatchObject({ gmv: 120_000 });
    expect(await (await send(file)).json()).toMatchObject({
      accepted: 0,
      updated: 0,
      duplicates: 2,
      rejectedCount: 1,
    });
    const { body } = await api("GET", `/api/conversions?streamId=${streamId}`);
    expect(JSON.stringify(body)).not.toMatch(/张三|李四/);
  });

  it("books a file that names no promoter on the link of the request", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const file = `订单号,订单创建时间,支付时间,订单状态,商品名称,商家应收金额(元)（支付金额）\nP${newId()},2026-11-20 20:00,2026-11-20 20:01,待配货,猫粮,88\n`;
    expect(await (await send(file)).json()).toMatchObject({
      unattributed: 1,
      kind: "xiaohongshu-orders",
    });
    expect(await (await send(file, `?slug=${slug}`)).json()).toMatchObject({
      updated: 1,
      unattributed: 0,
    });
    expect(await sold(streamId, 1)).toMatchObject({ gmv: 8_800 });
    expect((await send(file, "?slug=none-such")).status).toBe(404);
  });

  it("refuses what is no table, an unknown table and another platform's file, each by name", async ({
    expect,
  }) => {
    const problem = async (response: Response) => ({
      status: response.status,
      ...((await response.json()) as { code: string; detail: string }),
    });
    const refused: [Uint8Array, number, string][] = [
      [new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), 415, "spreadsheet"],
      [new Uint8Array([0x1f, 0x8b, 8, 0]), 415, "archive"],
      [zipOf([{ name: "a.csv", content: `${head}\n`, isEncrypted: true }]), 415, "encrypted"],
      [
        zipOf([{ name: "a.csv", content: `${head}\n${`${",".repeat(999)}\n`.repeat(12_000)}` }]),
        413,
        "too_large",
      ],
      [new Uint8Array([0x50, 0x4b, 3, 4, 20, 0, 6, 0]), 422, "malformed_file"],
      [new TextEncoder().encode("%PDF-1.7"), 422, "not_text"],
    ];
    for (const [file, status, code] of refused) {
      expect(await problem(await send(file))).toMatchObject({ status, code });
    }
    const unknown = await problem(await send("甲,乙,丙\n1,2,3\n"));
    expect(unknown).toMatchObject({ status: 422, code: "no_header" });
    expect(unknown.detail).toContain("甲, 乙, 丙");
    const wrong = await problem(await send(`${head}\n`, "?platform=jd"));
    expect(wrong).toMatchObject({ status: 422 });
    expect(wrong.detail).toContain("taobao");
    expect((await send("{}", "", "application/json")).status).toBe(415);
    expect((await send("")).status).toBeGreaterThanOrEqual(400);
    expect((await send(`${head}\n"1,2`)).status).toBe(422);
    expect((await send(`${head}\n`, "?platform=ebay")).status).toBe(400);
    expect((await send(`${head}\n`, "?dryrun=1")).status).toBe(400);
  });

  it("takes a workbook, alone or in a zip, as any type", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const columns = ["orderId", "platform", "status", "amount", "paidAt", "slug"];
    const sheetOf = (...ids: string[]) => ({
      name: "订单",
      rows: [
        columns,
        ...ids.map((id) => [id, "jd", "paid", "1000", { date: "46182.5", style: 1 }, slug]),
      ],
    });
    const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    const [one, two, three] = [newId(), newId(), newId()];
    const alone = workbookOf([sheetOf(one)], { texts: "shared", isLate: true });
    const packed = zipOf([{ name: "订单.xlsx", content: workbookOf([sheetOf(one, two)]) }]);
    const dry = await (await send(alone, "?dryRun=true", xlsx)).json();
    expect(dry).toMatchObject({ kind: "moongate", encoding: "xlsx", sheet: "订单", accepted: 1 });
    expect(await (await send(alone, "", xlsx)).json()).toEqual({
      ...(dry as object),
      dryRun: false,
    });
    expect(await (await send(packed, "", "application/zip")).json()).toMatchObject({
      accepted: 1,
      duplicates: 1,
      entry: "订单.xlsx",
      lines: { read: 3, taken: 2, refused: 0, skipped: 1, insideCells: 0 },
    });
    const form = new FormData();
    form.set("file", new File([workbookOf([sheetOf(three)])], "orders.xlsx"));
    const response = await fetchRaw("/api/conversions/import", {
      method: "POST",
      body: form,
      headers: { Authorization: "Bearer test-key-of-the-administrator" },
    });
    expect(await response.json()).toMatchObject({ accepted: 1, rejectedCount: 0 });
    expect(await sold(streamId, 3)).toMatchObject({ gmv: 3_000 });
    const { body } = await api("GET", `/api/conversions?streamId=${streamId}`);
    expect(body.data.map((row: { paidAt: string }) => row.paidAt)).toEqual(
      [1, 2, 3].map(() => "2026-06-09T04:00:00.000Z"),
    );
  });

  it("keeps an order whose state is not known, lists it and counts it nowhere until one is", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const id = `P${newId()}`;
    const file = (status: string, at = "2026-11-20 20:01") =>
      `订单号,订单创建时间,支付时间,订单状态,商品名称,商家应收金额(元)\n${id},${at},${at},${status},猫粮,88\n`;
    const report = async () =>
      (await api("GET", `/api/reports/roas?streamId=${streamId}&groupBy=link`)).body;
    const waiting = async () =>
      (await api("GET", `/api/conversions?streamId=${streamId}&uncounted`)).body.data;
    expect(await (await send(file("审计中"), `?slug=${slug}`)).json()).toMatchObject({
      accepted: 1,
      rejectedCount: 0,
      uncountedCount: 1,
      uncounted: [{ line: 2, code: "status_unknown", status: "审计中" }],
    });
    expect(await waiting()).toMatchObject([
      { orderId: id, status: "unknown", statusSaid: "审计中", amount: 8_800, slug },
    ]);
    expect(await report()).toMatchObject({
      totals: { orders: 0, gmv: 0 },
      uncounted: [{ platform: "xiaohongshu", status: "审计中", orders: 1 }],
    });
    // One that is known replaces it, also of an earlier day; and gives way to no other unknown one.
    expect(
      await (await send(file("已签收", "2026-11-19 20:01"), `?slug=${slug}`)).json(),
    ).toMatchObject({ updated: 1, uncountedCount: 0 });
    await send(file("复核中", "2026-11-22 20:01"), `?slug=${slug}`);
    expect(await waiting()).toEqual([]);
    expect(await report()).toMatchObject({ totals: { orders: 1, gmv: 8_800 }, uncounted: [] });
    expect((await api("GET", `/api/conversions?streamId=${streamId}`)).body.data).toMatchObject([
      { status: "received", statusSaid: null },
    ]);
  });

  it("takes a form's file", async ({ expect }) => {
    const form = new FormData();
    form.set("file", new File([`${head}\n`], "orders.csv"));
    const response = await fetchRaw("/api/conversions/import", {
      method: "POST",
      body: form,
      headers: { Authorization: "Bearer test-key-of-the-administrator" },
    });
    expect(await response.json()).toMatchObject({ kind: "taobao-publisher", rows: 0 });
  });
});

describe("links from a pasted table", () => {
  it("are made as from a list, and a mistake is named by its row", async ({ expect }) => {
    const { streamId } = await quickLink();
    const paste = (text: string) =>
      api("POST", `/api/streams/${streamId}/links`, text, {
        "Content-Type": "text/tab-separated-values",
      });
    const slug = `p-${newId().slice(-12)}`;
    const made = await paste(`达人\t渠道\t短链\n李主播\twechat-group\t${slug}\n小红\tweibo\t\n`);
    expect(made.status).toBe(201);
    expect(made.body.data).toMatchObject([
      { slug, creator: { name: "李主播" }, channel: "wechat-group", channelClass: "social" },
      { creator: { id: "小红" }, channel: "weibo" },
    ]);
    expect((await paste(`达人\t短链\n小红\t${slug}\n`)).status).toBe(409);
    const wrong = await paste("达人\t颜色\n小红\t红\n");
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: "row 1, 颜色" }] } });
    const workbook = await fetchRaw(`/api/streams/${streamId}/links`, {
      method: "POST",
      body: workbookOf([{ name: "a", rows: [["达人"]] }]),
      headers: {
        Authorization: "Bearer test-key-of-the-administrator",
        "Content-Type": "text/csv",
      },
    });
    expect([workbook.status, await workbook.text()]).toEqual([
      400,
      expect.stringContaining("This is a workbook"),
    ]);
    const invalid = await paste("达人\t短链\n小红\tAPI\n");
    expect(invalid).toMatchObject({ status: 400, body: { errors: [{ pointer: "/0/slug" }] } });
  });
});

describe("costs and reports", () => {
  it("takes costs in parts: others stay, null takes one away, and no part is lost to another request", async ({
    expect,
  }) => {
    const { slug, streamId } = await quickLink();
    const path = `/api/links/${slug}/costs`;
    const patch = (body: object) => api("PATCH", path, body);
    expect((await patch({ slotFee: 100 })).body).toEqual({ slotFee: 100, importedAdSpend: 0 });
    const parts = { commissionRate: 1_500, adSpend: 3, coupons: 0, samples: 5 };
    await Promise.all(Object.entries(parts).map(([name, value]) => patch({ [name]: value })));
    const whole = { slotFee: 100, ...parts, importedAdSpend: 0 };
    expect((await api("GET", path)).body).toEqual(whole);
    expect((await patch({})).body).toEqual(whole);
    const { coupons: _, ...rest } = whole;
    expect((await patch({ coupons: null, adSpend: 4 })).body).toEqual({ ...rest, adSpend: 4 });
    for (const [wrong, pointer] of [
      [{ slotFee: -1 }, "/slotFee"],
      [{ slotFee: "5000" }, "/slotFee"],
      [{ commissionRate: 10_001 }, "/commissionRate"],
      [{ importedAdSpend: 1 }, "/importedAdSpend"],
    ] as const) {
      const { status, body } = await patch(wrong);
      expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
    }
    const { body } = await api("GET", `/api/streams/${streamId}/costs`);
    expect(body).toEqual({ data: [{ slug, ...rest, adSpend: 4 }] });
    const entries = (await api("GET", `/api/audit?target=${slug}`)).body.data;
    expect(entries[0]).toMatchObject({
      action: "costs.changed",
      before: { adSpend: 3, coupons: 0 },
      after: { adSpend: 4 },
    });
    expect((await api("PUT", path, { samples: 1 })).body).toEqual({
      samples: 1,
      importedAdSpend: 0,
    });
  });

  it("sets social against e-commerce, sums equal to the totals", async ({ expect }) => {
    const first = await quickLink({
      channel: "wechat-group",
      creator: { id: "li", name: "李主播" },
      campaign: "双11",
    });
    const { body } = await api("POST", `/api/streams/${first.streamId}/links`, [
      { channel: "jd-shop", creator: { id: "li", name: "李主播" } },
      { channel: "weibo" },
    ]);
    const [shop, weibo] = body.data.map(({ slug }: { slug: string }) => slug);
    for (const slug of [first.slug, first.slug, shop]) await open(slug, inTaobao);
    await tell([
      order({ slug: first.slug, amount: 30_000, commission: 600 }),
      order({ slug: first.slug, amount: 10_000, refundAmount: 10_000, commission: 200 }),
      order({ slug: shop, amount: 5_000, platform: "jd" }),
      order({ slug: shop, amount: 5_000, currency: "USD" }),
    ]);
    await api("PUT", `/api/links/${first.slug}/costs`, { slotFee: 10_000, commissionRate: 1_000 });
    expect((await api("GET", `/api/links/${first.slug}/costs`)).body).toEqual({
      slotFee: 10_000,
      commissionRate: 1_000,
      importedAdSpend: 0,
    });
    await api("PUT", `/api/links/${weibo}/costs`, { samples: 500, adSpend: 1_500 });
    const path = `/api/reports/roas?streamId=${first.streamId}&language=zh-CN`;
    await until(async () => (await api("GET", path)).body.totals.views === 3);
    const report = (await api("GET", `${path}&groupBy=channelClass`)).body;
    // By hand: social 2 views, 2 clicks, 40000 sold, 10000 back; 10000 slot + 10 % of 30000 net,
    // and the samples and ads of the other link: 10000 + 3000 + 500 + 1500 = 15000.
    expect(report.data[0]).toMatchObject({
      key: "social",
      name: "社交平台",
      views: 2,
      clicks: 2,
      orders: 2,
      gmv: 40_000,
      refunds: 10_000,
      netGmv: 30_000,
      cost: {
        total: 15_000,
        slotFee: 10_000,
        commission: 3_000,
        adSpend: 1_500,
        samples: 500,
        coupons: 0,
      },
      roas: 40_000 / 15_000,
      netRoas: 2,
      conversionRate: 1,
      gpm: 20_000_000,
      small: true,
    });
    expect(report.data[1]).toMatchObject({ key: "commerce", orders: 1, gmv: 5_000, roas: null });
    expect(report.otherCurrencies).toEqual(["USD"]);
    for (const groupBy of [
      "creator",
      "link",
      "channel",
      "channelClass",
      "destination",
      "campaign",
    ]) {
      const { data, totals } = (await api("GET", `${path}&groupBy=${groupBy}`)).body;
      for (const name of ["views", "clicks", "orders", "gmv", "refunds", "netGmv"]) {
        const sum = data.reduce(
          (all: number, row: Record<string, number>) => all + (row[name] ?? 0),
          0,
        );
        expect([groupBy, name, sum]).toEqual([groupBy, name, totals[name]]);
      }
      const cost = data.reduce(
        (all: number, row: { cost: { total: number } }) => all + row.cost.total,
        0,
      );
      expect(cost).toBe(totals.cost.total);
    }
    const creators = (await api("GET", `${path}&groupBy=creator`)).body.data;
    expect(creators.map(({ key }: { key: string }) => key)).toEqual(["li", "none"]);
    const byCampaign = (
      await api(
        "GET",
        `/api/reports/roas?campaign=${encodeURIComponent("双11")}&streamId=${first.streamId}`,
      )
    ).body;
    expect(byCampaign.totals.gmv).toBe(40_000);
    const destinations = (await api("GET", `${path}&groupBy=destination`)).body.data;
    expect(destinations.find(({ key }: { key: string }) => key === "taobao")).toMatchObject({
      views: 3,
      gmv: 40_000,
      visitors: null,
    });
    const csv = await fetchRaw(`${path}&groupBy=channelClass&format=csv`, {
      headers: { Authorization: "Bearer test-key-of-the-administrator" },
    });
    const bytes = new Uint8Array(await csv.clone().arrayBuffer());
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(await csv.text()).toContain("social,社交平台,2,2,");
  });

  it("says what each item sold, sums equal to the totals, as CSV and in the post-live report too", async ({
    expect,
  }) => {
    const first = await quickLink({ creator: { id: "li", name: "李主播" } });
    const { body } = await api("POST", `/api/streams/${first.streamId}/links`, [{}]);
    const other = body.data[0].slug;
    await open(first.slug, inTaobao);
    const cats = { itemId: "680123456789", itemTitle: "猫粮 10kg", quantity: 2 };
    const orderId = newId();
    await tell([
      order({ slug: first.slug, orderId, subOrderId: "1", amount: 30_000, ...cats }),
      order({ slug: first.slug, orderId, subOrderId: "2", amount: 10_000, itemTitle: "杯子" }),
      order({ slug: other, amount: 5_000, refundAmount: 1_000, commission: 300, ...cats }),
      order({ slug: other, platform: "jd", amount: 7_000, itemId: cats.itemId }),
      order({ slug: other, amount: 999 }),
    ]);
    await api("PUT", `/api/links/${first.slug}/costs`, { slotFee: 10_000, commissionRate: 1_000 });
    const path = `/api/reports/roas?streamId=${first.streamId}&language=zh-CN`;
    await until(async () => (await api("GET", path)).body.totals.views === 1);
    const report = (await api("GET", `${path}&groupBy=item`)).body;
    expect(report.groupBy).toBe("item");
    // By hand: of the cats' 35,000 1,000 came back; 10 % of 30,000 and the 300 that the other order names.
    expect(report.data).toMatchObject([
      {
        ...{ key: "taobao:680123456789", name: "猫粮 10kg", quantity: 4, views: 0, clicks: 0 },
        ...{ orders: 2, gmv: 35_000, refunds: 1_000, netGmv: 34_000 },
        cost: { total: 3_300, commission: 3_300, slotFee: 0 },
        ...{ roas: 35_000 / 3_300, netRoas: 34_000 / 3_300, conversionRate: null, gpm: null },
      },
      // Of the same order, which counts once.
      { key: "taobao::杯子", name: "杯子", quantity: null, orders: 0, gmv: 10_000 },
      { key: "jd:680123456789", name: "680123456789", orders: 1, gmv: 7_000, roas: null },
      {
        ...{ key: "none", name: "不属于任何商品", views: 1, clicks: 1, orders: 1, gmv: 999 },
        ...{ cost: { slotFee: 10_000, commission: 0 }, roas: null, conversionRate: null },
      },
    ]);
    expect(report.data[3]).not.toHaveProperty("quantity");
    expect(report.totals).toEqual((await api("GET", `${path}&groupBy=link`)).body.totals);
    const one = (await api("GET", `${path}&groupBy=item&limit=1`)).body;
    expect(one.data.map(({ key, gmv }: { key: string; gmv: number }) => [key, gmv])).toEqual([
      ["taobao:680123456789", 35_000],
      ["other", 17_000],
      ["none", 999],
    ]);
    expect(one.totals).toEqual(report.totals);
    const period = (
      await api("GET", `${path}&groupBy=item&start=2026-11-21T00:00:00Z&end=2026-11-22T00:00:00Z`)
    ).body;
    expect(period.data.map(({ key }: { key: string }) => key)).toEqual(["none"]);
    expect((await api("GET", `${path}&groupBy=link&limit=1`)).status).toBe(400);
    expect((await api("GET", `${path}&groupBy=item&limit=1001`)).status).toBe(400);

    const headers = { Authorization: "Bearer test-key-of-the-administrator" };
    const csv = await (await fetchRaw(`${path}&groupBy=item&format=csv`, { headers })).text();
    expect(csv).toContain("编号,名称,件数,浏览,点击");
    expect(csv).toContain("taobao:680123456789,猫粮 10kg,4,0,0,");
    const made = (await api("GET", `/api/streams/${first.streamId}/report?language=zh-CN`)).body;
    expect(made.items.map(({ key }: { key: string }) => key)).toEqual([
      "taobao:680123456789",
      "taobao::杯子",
      "jd:680123456789",
    ]);
    expect(made.funnel).toMatchObject({ orders: 4, gmv: 52_999, refunds: 1_000 });
    const text = await fetchRaw(
      `/api/streams/${first.streamId}/report?language=zh-CN&format=markdown`,
      { headers },
    );
    expect(await text.text()).toContain(
      "| 猫粮 10kg | 4 | 2 | ¥350.00 | ¥340.00 | ¥33.00 |\n| 杯子 | — | 0 |",
    );
  });

  it("books refunds when the order was paid, or when they were made", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const sale = order({ slug, paidAt: "2026-10-01T12:00:00Z" });
    await tell(sale);
    await tell({ ...sale, refundAmount: 4_000, updatedAt: "2026-11-05T12:00:00Z" });
    const refunds = async (month: string, convention: string) => {
      const path = `/api/reports/roas?streamId=${streamId}&convention=${convention}&start=2026-${month}-01T00:00:00Z&end=2026-${month}-28T00:00:00Z`;
      const { totals } = (await api("GET", path)).body;
      return [totals.gmv, totals.refunds];
    };
    expect(await refunds("10", "pay")).toEqual([10_000, 4_000]);
    expect(await refunds("11", "pay")).toEqual([0, 0]);
    expect(await refunds("10", "refund")).toEqual([10_000, 0]);
    expect(await refunds("11", "refund")).toEqual([0, 4_000]);
  });

  it("imports what advertising cost, once", async ({ expect }) => {
    const { slug, streamId } = await quickLink();
    const file =
      "日期,场景ID,场景名字,花费,总成交金额,总成交笔数\n2026-11-20,11,直播推广,123.45,1,1\n20261121,11,直播推广,0.55,1,1\n合计,,,124,,\n";
    expect(await (await send(file)).json()).toMatchObject({ accepted: 0, rejectedCount: 2 });
    expect(await (await send(file, `?slug=${slug}`)).json()).toMatchObject({
      accepted: 2,
      kind: "tmall-spend",
    });
    expect(await (await send(file, `?slug=${slug}`)).json()).toMatchObject({ duplicates: 2 });
    const { body } = await api("GET", `/api/reports/roas?streamId=${streamId}`);
    expect(body.totals.cost).toMatchObject({ adSpend: 12_400, total: 12_400 });
  });

  it("writes the stats of a stream as a spreadsheet that runs no formulas", async ({ expect }) => {
    const { slug, streamId } = await quickLink({ creator: { id: "x", name: "=HYPERLINK(1)" } });
    const csv = async (query = "") => {
      const response = await fetchRaw(`/api/streams/${streamId}/stats.csv${query}`, {
        headers: { Authorization: "Bearer test-key-of-the-administrator" },
      });
      expect(response.headers.get("Content-Type")).toContain("text/csv");
      return new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(
        await response.arrayBuffer(),
      );
    };
    await tell(order({ slug, amount: 12_345 }));
    const [header, row] = (await csv()).split("\r\n");
    expect(header?.startsWith("\ufeffslug,shortUrl,")).toBe(true);
    expect(row).toContain(`${slug},https://go.example.cn/${slug},x,'=HYPERLINK(1),`);
    expect(row).toContain(",1,12345,0,12345,");
    expect(await csv("?language=zh-CN")).toContain("成交额(元)");
    expect((await csv("?language=en")).split("\r\n")[1]).toContain(",1,123.45,0,123.45,");
  });
});

describe("the post-live report", () => {
  it("tells the funnel, the tops and the session before, as data and as Markdown", async ({
    expect,
  }) => {
    const host = `李主播${newId()}`;
    const hour = 3_600_000;
    const at = (offset: number) => new Date(Date.now() + offset).toISOString();
    const before = await quickLink({
      host,
      startsAt: at(-30 * hour),
      endsAt: at(-28 * hour),
      after: undefined,
    });
    await tell(order({ slug: before.slug, amount: 20_000, paidAt: at(-29 * hour) }));
    const { slug, streamId } = await quickLink({
      host,
      title: "双11|专场",
      startsAt: at(-hour),
      channel: "wechat-group",
      creator: { id: "li", name: "李_主播" },
    });
    await open(slug, inTaobao);
    await tell(order({ slug, amount: 30_000, paidAt: at(-0.5 * hour) }));
    await until(async () => (await totalsOf(streamId)).views === 1);
    await sold(streamId, 1);
    const { body } = await api("GET", `/api/streams/${streamId}/report`);
    expect(body.funnel).toMatchObject({
      views: 1,
      clicks: 1,
      orders: 1,
      gmv: 30_000,
      conversion: 1,
    });
    expect(body.curve.step).toBe(600);
    expect(body.curve.gmv.reduce((sum: number, value: number) => sum + value, 0)).toBe(30_000);
    expect(body.creators[0]).toMatchObject({ key: "li", gmv: 30_000 });
    expect(body.compare).toMatchObject({
      minutes: 60,
      previous: { streamId: before.streamId, gmv: 20_000, orders: 1 },
      current: { gmv: 30_000 },
      change: { gmv: 0.5, orders: 0, views: null },
    });
    expect(body.language).toBe("zh-CN");
    const compared = () => api("GET", `/api/streams/${streamId}/stats?compare=${before.streamId}`);
    let stats = await compared();
    await until(async () => {
      stats = await compared();
      return stats.body.compare.totals.orders !== null;
    });
    expect(stats.body.compare.totals).toMatchObject({ orders: 1, gmv: 20_000, refunds: 0 });
    const get = async (query: string, headers: Record<string, string>) => {
      const response = await fetchRaw(`/api/streams/${streamId}/report${query}`, {
        headers: { Authorization: "Bearer test-key-of-the-administrator", ...headers },
      });
      return { type: response.headers.get("Content-Type"), text: await response.text() };
    };
    const zh = await get("", { Accept: "text/markdown" });
    expect(zh.type).toContain("text/markdown");
    expect(zh.text).toContain("# 直播战报｜双11\\|专场");
    expect(zh.text).toContain("| 李\\_主播（样本少） | 1 | 1 | 1 | ¥300.00 |");
    expect(zh.text).toContain("▲ 50.0%");
    const en = await get("?format=markdown", { "Accept-Language": "en-GB,zh;q=0.5" });
    expect(en.text).toContain("# Post-live report");
    expect(en.text).toContain("- GMV: ¥300.00");
    expect((await api("GET", `/api/streams/${streamId}/report?compare=st_none`)).status).toBe(404);
    expect((await api("GET", `/api/streams/${streamId}/report?language=fr`)).status).toBe(400);
  });

  it("has no numbers to divide by before anything happened", async ({ expect }) => {
    const { streamId } = await quickLink();
    const { status, body } = await api("GET", `/api/streams/${streamId}/report?language=en`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ minutes: 0, roas: null, gpm: null, compare: null, curve: null });
    expect(body.curveText).toEqual(["Nobody has opened a link yet."]);
  });
});

it("the Orders object answers", async ({ expect }) => {
  expect(await env.ORDERS.getByName("orders").ping()).toBe("ok");
});
