/** @module What a reader of the post-live report must know of its figures. */
import type { Language } from "../lib/said.ts";

export interface NoteFacts {
  /** Over how many epochs `visitors` is a sum. */
  epochs: number;
  isLive: boolean;
  isHourly: boolean;
  isOngoing: boolean;
  hasUnattributed: boolean;
  lost: number;
  /** Opens past the limit of one address. */
  limited: number;
  /** Clickers who never viewed, an estimate. */
  clicksWithoutView: number;
  otherCurrencies: readonly string[];
  /** Orders whose state is not known. */
  uncounted: number;
  hasOrders: boolean;
  hasCosts: boolean;
}

type Note = { holds: (facts: NoteFacts) => boolean } & Record<
  Language,
  (facts: NoteFacts) => string
>;

const notes: readonly Note[] = [
  {
    holds: () => true,
    "zh-CN": () =>
      "访客是估算值；换网络会多算，同一网络下相同的手机会少算。分组的访客数是各链接之和。",
    en: () =>
      "Visitors are an estimate: another network counts twice, equal phones behind one network count once. A group's visitors are the sum of its links'.",
  },
  {
    holds: ({ epochs }) => epochs > 1,
    "zh-CN": ({ epochs }) => `访客是 ${epochs} 个时段之和，跨时段再来的人会重复计算。`,
    en: ({ epochs }) =>
      `Visitors are a sum over ${epochs} periods: who came back in another counts again.`,
  },
  {
    holds: ({ isOngoing }) => isOngoing,
    "zh-CN": () => "直播未结束，数据仍在变化。",
    en: () => "The stream has not ended; the figures still change.",
  },
  {
    holds: ({ isLive }) => !isLive,
    "zh-CN": () => "部分数据来自上一次发布，可能滞后。",
    en: () => "Some figures are as last published and may lag.",
  },
  {
    holds: ({ isHourly }) => isHourly,
    "zh-CN": () => "分钟数据保留 48 小时，曲线按小时显示。",
    en: () => "Minutes are kept for 48 hours; the curve is by the hour.",
  },
  {
    holds: ({ hasOrders }) => hasOrders,
    "zh-CN": () =>
      "退款计入原订单，净成交额以后可能下降。订单来自已导入的文件和接口，未导入的不在内。",
    en: () =>
      "Refunds are booked on their original order, so net GMV may fall later. Orders are those that were imported or told; others are not in here.",
  },
  {
    holds: ({ hasOrders }) => !hasOrders,
    "zh-CN": () => "还没有归到本场链接的订单；导入联盟订单文件后才有成交和 ROAS。",
    en: () =>
      "No order is booked on this stream's links yet; import the alliance's order file for sales and ROAS.",
  },
  {
    holds: ({ hasUnattributed }) => hasUnattributed,
    "zh-CN": () => "直播期间有未归因的订单（GET /api/conversions?unattributed），不在本报告内。",
    en: () =>
      "Orders of this time fit no link (GET /api/conversions?unattributed) and are not in this report.",
  },
  {
    holds: ({ hasCosts }) => !hasCosts,
    "zh-CN": () => "没有登记成本，ROAS 为空。",
    en: () => "No costs are known, so there is no ROAS.",
  },
  {
    holds: ({ lost }) => lost > 0,
    "zh-CN": ({ lost }) => `有 ${lost} 次计数丢失。`,
    en: ({ lost }) => `${lost} counts were lost.`,
  },
  {
    holds: ({ limited }) => limited > 0,
    "zh-CN": ({ limited }) =>
      `有 ${limited} 次打开来自打开过多的网络地址，单列，不计入浏览和点击。`,
    en: ({ limited }) =>
      `${limited} opens came past the limit of one address; they are neither views nor clicks.`,
  },
  {
    holds: ({ clicksWithoutView }) => clicksWithoutView > 0,
    "zh-CN": ({ clicksWithoutView }) =>
      `约 ${clicksWithoutView} 位点击者没有浏览记录（估算），可能是刷量。`,
    en: ({ clicksWithoutView }) =>
      `About ${clicksWithoutView} who clicked never viewed (an estimate): clicks may be forged.`,
  },
  {
    holds: ({ otherCurrencies }) => otherCurrencies.length > 0,
    "zh-CN": ({ otherCurrencies }) => `另有 ${otherCurrencies.join("、")} 的订单，不在金额内。`,
    en: ({ otherCurrencies }) =>
      `There are orders in ${otherCurrencies.join(", ")} too, not in these amounts.`,
  },
  {
    holds: ({ uncounted }) => uncounted > 0,
    "zh-CN": ({ uncounted }) =>
      `有 ${uncounted} 单的状态无法识别，未计入（GET /api/conversions?uncounted）。`,
    en: ({ uncounted }) =>
      `${uncounted} orders are of a state that is not known and not counted (GET /api/conversions?uncounted).`,
  },
];

export const notesOf = (language: Language, facts: NoteFacts): string[] =>
  notes.filter(({ holds }) => holds(facts)).map((note) => note[language](facts));
