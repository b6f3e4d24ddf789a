/** @module The columns of reports as spreadsheets have them. */
import type { Column } from "../lib/csv.ts";
import { type Term, term } from "../model/terms.ts";
import type { Measures, ReportRow } from "./roas.ts";

const titleOf = (called: Term | readonly [zh: string, en: string]) =>
  typeof called === "string" ? term(called) : { "zh-CN": called[0], en: called[1] };

type Of = Column<Measures>["of"];
const column = (
  name: string,
  called: Term | readonly [zh: string, en: string],
  kind: Column<Measures>["kind"],
  of: Of,
): Column<Measures> => ({ name, title: titleOf(called), kind, of });

export const openColumns: readonly Column<Measures>[] = [
  column("views", "views", "number", (row) => row.views),
  column("clicks", "clicks", "number", (row) => row.clicks),
  column("visitors", "visitors", "number", (row) => row.visitors),
];

export const soldColumns: readonly Column<Measures>[] = [
  column("orders", "orders", "number", (row) => row.orders),
  column("gmv", "gmv", "money", (row) => row.gmv),
  column("refunds", "refunds", "money", (row) => row.refunds),
  column("netGmv", "netGmv", "money", (row) => row.netGmv),
  column("conversionRate", "conversion", "share", (row) => row.conversionRate),
];

const costColumns: readonly Column<Measures>[] = [
  column("conversionLow", ["转化率下限(95%)", "Conversion, low (95%)"], "share", (row) =>
    row.conversionInterval ? row.conversionInterval.low : null,
  ),
  column("conversionHigh", ["转化率上限(95%)", "Conversion, high (95%)"], "share", (row) =>
    row.conversionInterval ? row.conversionInterval.high : null,
  ),
  column("cost", "cost", "money", (row) => row.cost.total),
  column("slotFee", "slotFee", "money", (row) => row.cost.slotFee),
  column("commission", "commission", "money", (row) => row.cost.commission),
  column("adSpend", "adSpend", "money", (row) => row.cost.adSpend),
  column("coupons", "coupons", "money", (row) => row.cost.coupons),
  column("samples", "samples", "money", (row) => row.cost.samples),
  column("roas", "roas", "share", (row) => row.roas),
  column("netRoas", "netRoas", "share", (row) => row.netRoas),
  column("gpm", "gpm", "money", (row) => row.gpm),
  column("uvValue", "uvValue", "money", (row) => row.uvValue),
  column("small", "small", "number", (row) => (row.small ? 1 : 0)),
];

const names: readonly Column<ReportRow>[] = [
  { name: "key", title: { "zh-CN": "编号", en: "Key" }, kind: "text", of: (row) => row.key },
  { name: "name", title: { "zh-CN": "名称", en: "Name" }, kind: "text", of: (row) => row.name },
];
const measured = [...openColumns, ...soldColumns, ...costColumns];

export const reportColumns: readonly Column<ReportRow>[] = [...names, ...measured];

/** The same of items, with how many of each were bought. */
export const itemColumns: readonly Column<ReportRow>[] = [
  ...names,
  { name: "quantity", title: term("quantity"), kind: "number", of: (row) => row.quantity },
  ...measured,
];
