/** @module The columns of reports as spreadsheets have them. */
import type { Column } from "../lib/csv.ts";
import type { Measures, ReportRow } from "./roas.ts";

type Of = Column<Measures>["of"];
const column = (
  name: string,
  zh: string,
  en: string,
  kind: Column<Measures>["kind"],
  of: Of,
): Column<Measures> => ({ name, title: { "zh-CN": zh, en }, kind, of });

export const openColumns: readonly Column<Measures>[] = [
  column("views", "打开次数", "Views", "number", (row) => row.views),
  column("clicks", "点击次数", "Clicks", "number", (row) => row.clicks),
  column("visitors", "独立访客(估算)", "Visitors (estimate)", "number", (row) => row.visitors),
];

export const soldColumns: readonly Column<Measures>[] = [
  column("orders", "支付订单数", "Paid orders", "number", (row) => row.orders),
  column("gmv", "支付金额", "GMV", "money", (row) => row.gmv),
  column("refunds", "退款金额", "Refunds", "money", (row) => row.refunds),
  column("netGmv", "净成交金额", "Net GMV", "money", (row) => row.netGmv),
  column("conversionRate", "点击成交转化率", "Conversion", "share", (row) => row.conversionRate),
];

const costColumns: readonly Column<Measures>[] = [
  column("conversionLow", "转化率下限(95%)", "Conversion, low (95%)", "share", (row) =>
    row.conversionInterval ? row.conversionInterval.low : null,
  ),
  column("conversionHigh", "转化率上限(95%)", "Conversion, high (95%)", "share", (row) =>
    row.conversionInterval ? row.conversionInterval.high : null,
  ),
  column("cost", "总成本", "Cost", "money", (row) => row.cost.total),
  column("slotFee", "坑位费", "Slot fee", "money", (row) => row.cost.slotFee),
  column("commission", "佣金", "Commission", "money", (row) => row.cost.commission),
  column("adSpend", "投放花费", "Ad spend", "money", (row) => row.cost.adSpend),
  column("coupons", "优惠券", "Coupons", "money", (row) => row.cost.coupons),
  column("samples", "样品", "Samples", "money", (row) => row.cost.samples),
  column("roas", "ROAS", "ROAS", "share", (row) => row.roas),
  column("netRoas", "净ROAS", "Net ROAS", "share", (row) => row.netRoas),
  column("gpm", "千次观看成交额", "GMV per 1,000 views", "money", (row) => row.gpm),
  column("uvValue", "UV价值", "GMV per visitor", "money", (row) => row.uvValue),
  column("small", "样本过小", "Small sample", "number", (row) => (row.small ? 1 : 0)),
];

export const reportColumns: readonly Column<ReportRow>[] = [
  { name: "key", title: { "zh-CN": "编号", en: "Key" }, kind: "text", of: (row) => row.key },
  { name: "name", title: { "zh-CN": "名称", en: "Name" }, kind: "text", of: (row) => row.name },
  ...openColumns,
  ...soldColumns,
  ...costColumns,
];
