import { describe, it } from "vitest";
import { isRefundDone, stateOf } from "./states.ts";

describe("a status word", () => {
  const words: [state: string, words: string][] = [
    ["split", "拆单 已拆分"],
    [
      "paid",
      "退款中 售后失败 维权关闭 退款取消 售后待处理 维权申请 部分退款 有退款 待收货 待发货 部分发货 待配货 备货 已付款 支付成功 已发货 已成团 进行中 配货 pay_succ PAYSUCC Paid",
    ],
    [
      "invalid",
      "失效 无效 取消 关闭 违规 处罚 审核失败 作废 INVALID Cancelled closed 未付款已取消 流量异常 赠品",
    ],
    ["created", "待付款 未付款 待支付 未支付 等待买家付款 待成团 CREATED unpaid"],
    ["refunded", "已退款 退款成功 退货退款 全额退款 退款完成 REFUND 订单退款 退款"],
    ["settled", "已结算 SETTLED"],
    ["received", "待结算 未结算 已收货 订单成功 交易成功 审核成功 已完成 完成 CONFIRMED received"],
  ];
  for (const [state, texts] of words) {
    it(`means ${state}: ${texts}`, ({ expect }) => {
      for (const word of texts.split(" ")) {
        expect([word, stateOf(word, "xiaohongshu")]).toEqual([word, state]);
      }
    });
  }

  it("is read without its spaces, in any width", ({ expect }) => {
    expect(stateOf(" 已 付\t款 ", "tmall")).toBe("paid");
    expect(stateOf("ＰＡＩＤ", "douyin")).toBe("paid");
    expect(stateOf("退 款 中", "tmall")).toBe("paid");
  });

  it("means nothing where nothing fits", ({ expect }) => {
    expect(stateOf("火星", "taobao")).toBe(null);
    // A refund that something more is said of is not known to be one.
    for (const word of ["火星订单退款", "订单退款火星", "火星退款", "退款火星"]) {
      expect([word, stateOf(word, "taobao")]).toEqual([word, null]);
    }
    expect(stateOf("", "taobao")).toBe(null);
  });

  it("of a file's own table comes first", ({ expect }) => {
    const own = new Map([["12", "settled"] as const]);
    expect(stateOf("1 2", "taobao", own)).toBe("settled");
    expect(stateOf("14", "taobao", own)).toBe("received");
  });
});

describe("a status code", () => {
  const codes: [platform: string, state: string, codes: string][] = [
    ["taobao", "created", "11"],
    ["taobao", "paid", "12 12.0"],
    ["tmall", "settled", "3"],
    ["taobao", "received", "14"],
    ["taobao", "settled", "3"],
    ["taobao", "invalid", "13"],
    ["jd", "split", "2"],
    ["jd", "created", "15 24"],
    ["jd", "paid", "16"],
    ["jd", "received", "17"],
    ["jd", "settled", "18"],
    ["jd", "invalid", "3 4 5 6 7 8 9 11 13 14 19 20 21 22 23 25 26 27 28 29 30"],
    ["douyin", "paid", "PAY_SUCC"],
    ["douyin", "received", "CONFIRM"],
    ["douyin", "settled", "SETTLE"],
    ["douyin", "refunded", "REFUND"],
    ["kuaishou", "paid", "30 40"],
    ["kuaishou", "received", "50"],
    ["kuaishou", "settled", "60"],
    ["kuaishou", "invalid", "80"],
    ["pinduoduo", "paid", "0 1"],
    ["pinduoduo", "received", "2 3"],
    ["pinduoduo", "settled", "5"],
    ["pinduoduo", "invalid", "4 8 10"],
    ["wechat", "created", "10"],
    ["wechat", "paid", "12 13 17 20 21 30"],
    ["wechat", "received", "100"],
    ["wechat", "invalid", "190 200 250"],
    ["xiaohongshu", "created", "1"],
    ["xiaohongshu", "paid", "2 3 4 5 6 10"],
    ["xiaohongshu", "received", "7"],
    ["xiaohongshu", "invalid", "8 9"],
  ];
  for (const [platform, state, texts] of codes) {
    it(`of ${platform} means ${state}: ${texts}`, ({ expect }) => {
      for (const code of texts.split(" ")) expect(stateOf(code, platform)).toBe(state);
    });
  }

  it("means nothing on another platform", ({ expect }) => {
    expect(stateOf("250", "taobao")).toBe(null);
    expect(stateOf("12", "douyin")).toBe(null);
    // Only a spreadsheet's zero at the end is taken off.
    expect(stateOf("12.05", "taobao")).toBe(null);
    expect(stateOf("1.07", "jd")).toBe(null);
  });
});

it("knows from an after-sales word whether the money went back", ({ expect }) => {
  for (const word of ["退款成功", "售后完成", "已退款", "售后完结"]) {
    expect([word, isRefundDone(word)]).toEqual([word, true]);
  }
  for (const word of ["退款", "退款未完成", "待退款成功", "退款成功后关闭", "已退失败", "售后中"]) {
    expect([word, isRefundDone(word)]).toEqual([word, false]);
  }
});

describe("states", () => {
  it("are read from either form of their words, and from codes", ({ expect }) => {
    const cases: [string, string, string | null][] = [
      ["taobao", "已付款", "paid"],
      ["taobao", "订单付款", "paid"],
      ["taobao", "已收货", "received"],
      ["taobao", "订单成功", "received"],
      ["taobao", "已结算", "settled"],
      ["taobao", "订单结算", "settled"],
      ["taobao", "已失效", "invalid"],
      ["taobao", "订单失效", "invalid"],
      ["taobao", "12", "paid"],
      ["taobao", "13", "invalid"],
      ["taobao", "订单有退款", "paid"],
      ["taobao", "订单已取消", "invalid"],
      ["tmall", "等待买家付款", "created"],
      ["tmall", "买家已付款，等待卖家发货", "paid"],
      ["tmall", "交易成功", "received"],
      ["tmall", "交易关闭", "invalid"],
      ["jd", "无效-拆单", "split"],
      ["jd", "2", "split"],
      ["jd", "待付款", "created"],
      ["jd", "无效-取消", "invalid"],
      ["jd", "已完成", "received"],
      ["douyin", "PAY_SUCC", "paid"],
      ["douyin", "CONFIRM", "received"],
      ["douyin", "SETTLE", "settled"],
      ["douyin", "REFUND", "refunded"],
      ["douyin", "订单退货退款", "refunded"],
      ["kuaishou", "80", "invalid"],
      ["pinduoduo", "10", "invalid"],
      ["pinduoduo", "已成团", "paid"],
      ["wechat", "待收货", "paid"],
      ["wechat", "250", "invalid"],
      ["xiaohongshu", "待配货", "paid"],
      ["xiaohongshu", "未付款已取消", "invalid"],
      ["taobao", "火星", null],
    ];
    for (const [platform, word, state] of cases) {
      expect([platform, word, stateOf(word, platform)]).toEqual([platform, word, state]);
    }
  });
});
