/** @module A fake of Xiaohongshu's gateway of shops (ark), with the orders of a shop and their CPS settlement. */
import { createHash } from "node:crypto";
import { FakeTokens } from "./fake-tokens.ts";
import { dayMs, FakeUnion, isOnTime, json, type Kept, type LetIn } from "./fake-union.ts";
import type { Answer, FaultName, Given } from "./gateway.ts";

const minuteMs = 60_000;

const ok = (data: object): Answer => json({ success: true, error_code: 0, error_msg: "", data });
const error = (code: number, words: string): Answer =>
  json({ success: false, error_code: code, error_msg: words, data: null });

const badArgument = (name: string) => error(-2_000_400, `请求参数错误: ${name}`);
const badToken = error(-1_001, "accessToken已过期");

export class XiaohongshuGateway extends FakeUnion {
  readonly tokens = new FakeTokens(7 * dayMs);
  windowMs = 30 * minuteMs;
  /** Orders of a page, at most what is asked for. */
  pageSize = 100;
  readonly settleMethod = "bill.queryCpsSettle";
  /** Whether the account may see settlements. */
  maySettle = true;
  /** When this was answered, by method and order. */
  readonly asked: string[] = [];

  get credentials(): Readonly<Record<string, string>> {
    const { accessToken, refreshToken } = this.tokens;
    return {
      appKey: "xhs-test-app",
      appSecret: "xiaohongshu-secret-of-tests",
      accessToken,
      refreshToken,
    };
  }

  protected letIn({ url, method, headers, body }: Given, at: number): LetIn | Answer {
    const type = [...headers].find(([name]) => name.toLowerCase() === "content-type")?.[1];
    if (!url.endsWith("/ark/open_api/v3/common_controller") || method !== "POST") {
      return { status: 404, body: "" };
    }
    if (!type?.startsWith("application/json")) return badArgument("content-type");
    const sent = JSON.parse(body) as Record<string, unknown>;
    const { appKey, appSecret = "" } = this.credentials;
    const { method: name, appId, timestamp, version, sign, accessToken } = sent;
    if (appId !== appKey) return error(-1_002, "appId 不存在");
    if (!/^\d{10}$/.test(String(timestamp)) || !isOnTime(Number(timestamp) * 1_000, at)) {
      return badArgument("timestamp");
    }
    const base = `${name}?appId=${appKey}&timestamp=${timestamp}&version=2.0${appSecret}`;
    const right = createHash("md5").update(base, "utf8").digest("hex");
    if (version !== "2.0" || sign !== right) return error(-1_003, "签名错误");
    const isRenewal = name === "oauth.refreshToken";
    if (!isRenewal && !this.tokens.isGood(String(accessToken), at)) return badToken;
    return { method: String(name), asked: new Map([["body", body]]) };
  }

  protected failed(fault: FaultName): Answer {
    if (fault === "expired") return badToken;
    if (fault === "denied") return error(-1_004, "应用没有该接口的权限");
    if (fault === "busy") return error(-1, "系统开小差了");
    return fault === "quota"
      ? error(-1_005, "已达到当天调用额度")
      : error(-1_006, "接口限流，请稍后重试");
  }

  protected served({ method, asked }: LetIn, at: number): Answer {
    const body = JSON.parse(asked.get("body") ?? "{}") as Record<string, unknown>;
    this.asked.push(`${method} ${body.orderId ?? body.pageNo ?? ""}`.trim());
    if (method === "oauth.refreshToken") return this.#renewed(body, at);
    if (method === "order.getOrderList") return this.#list(body);
    const rows = [...this.changed(0, Number.MAX_SAFE_INTEGER)].filter(
      ({ id }) => id === body.orderId,
    );
    if (rows.length === 0) return error(-2_000_101, "包裹不存在");
    if (method === "order.getOrderDetail") return ok(detailOf(rows));
    if (method !== this.settleMethod) return badArgument("method");
    if (!this.maySettle) return error(-1_004, "应用没有该接口的权限");
    const [first] = rows;
    // Not before it is 48 hours old.
    if (first && at - first.paidAt < 2 * dayMs) return ok({ cpsUserSettleDetails: [] });
    return ok({ cpsUserSettleDetails: rows.filter(({ ids }) => ids?.kolUserId).map(settledOf) });
  }

  #list(asked: Record<string, unknown>): Answer {
    const { startTime: start, endTime: end, timeType, pageNo, pageSize } = asked;
    if (typeof start !== "number" || typeof end !== "number") return badArgument("startTime");
    if (!/^\d{10}$/.test(String(start)) || timeType !== 2) return badArgument("timeType");
    if (typeof pageNo !== "number" || pageNo < 1 || pageNo > 100) return badArgument("pageNo");
    if (typeof pageSize !== "number" || pageSize < 1 || pageSize > 100) {
      return badArgument("pageSize");
    }
    if ((end - start) * 1_000 > this.windowMs) return error(-1_007, "查询时间跨度不能超过30分钟");
    // The newest first: an order that changes leaves the window, and those behind it move forward.
    const ids = this.changed(start * 1_000, end * 1_000).map(({ id }) => id);
    const found = [...new Set(ids.reverse())];
    const size = Math.min(pageSize, this.pageSize);
    const orderList = found
      .slice((pageNo - 1) * size, pageNo * size)
      .map((orderId) => ({ orderId, orderStatus: 4, receiverProvinceName: "某省" }));
    const maxPageNo = Math.max(1, Math.ceil(found.length / size));
    return ok({ total: found.length, pageNo, pageSize, maxPageNo, orderList });
  }

  #renewed({ refreshToken }: Record<string, unknown>, at: number): Answer {
    const { tokens } = this;
    if (!tokens.renew(refreshToken, at)) return error(-1_008, "refreshToken无效");
    return ok({
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken,
      accessTokenExpiresAt: tokens.expiresAt,
      refreshTokenExpiresAt: tokens.expiresAt + 7 * dayMs,
      sellerId: "5f0000000000000000000001",
    });
  }
}

function detailOf(rows: readonly Kept[]): object {
  const [first] = rows;
  const whole = rows.reduce((sum, { amount }) => sum + amount, 0);
  return {
    orderId: first?.id,
    orderType: 1,
    orderStatus: Number(first?.state),
    orderAfterSalesStatus: 1,
    createdTime: (first?.paidAt ?? 0) - minuteMs,
    paidTime: first?.paidAt,
    updateTime: Math.max(...rows.map(({ updatedAt }) => updatedAt)),
    finishTime: 0,
    totalPayAmount: whole,
    merchantActualReceiveAmount: whole,
    ...{ receiverProvinceName: "某省", openAddressId: "address", userId: "the buyer" },
    skuList: rows.map((row) => ({
      skuId: skuOf(row),
      skuName: row.item?.title ?? "某商品",
      erpcode: row.part ?? "",
      skuSpec: "10kg",
      skuQuantity: row.item?.quantity ?? 1,
      totalPaidAmount: row.amount,
      totalRedDiscount: 0,
      kolId: row.ids?.kolId ?? "",
    })),
    ...first?.fields,
  };
}

const skuOf = ({ item, part }: Kept): string => item?.id ?? `sku-${part ?? ""}`;

const settledOf = (row: Kept): object => ({
  packageId: row.id,
  returnIds: row.refund ? [`R${row.id.slice(1)}`] : [],
  goodsId: skuOf(row),
  goodsName: row.item?.title ?? "某商品",
  goodsTotal: 1,
  kolUserId: row.ids?.kolUserId,
  kolUserName: "李佳",
  dealTotalAmount: row.amount,
  returnTotalAmount: row.refund ?? 0,
  kolUserCommissionAmount: row.commission ?? 0,
  settleStatus: "WAIT_SETTLE",
  orderTime: row.paidAt,
});
