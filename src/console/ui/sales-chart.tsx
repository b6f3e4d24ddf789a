/** @module Net sales beside costs, by promoter or channel. */
import type { JSX } from "preact";
import { useCallback } from "preact/hooks";
import { Chart, frame, type Palette } from "../charts/chart.tsx";
import { money, moneyInFull, times } from "../lib/format.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { salesTexts } from "../pages/sales.text.ts";

interface SalesChartProps {
  label: string;
  /** Money in minor units. */
  rows: readonly { name: string; netGmv: number; cost: number; roas: number | null }[];
}

export function SalesChart({ label, rows }: SalesChartProps): JSX.Element {
  const t = inLanguage(salesTexts);
  const spoken = language.value;
  const option = useCallback(
    (p: Palette) => {
      const base = frame(p);
      const inOrder = rows.toReversed();
      const bar = (name: string, data: number[], color: string) => ({
        name,
        type: "bar",
        data,
        barGap: "15%",
        barCategoryGap: "38%",
        itemStyle: { color, borderRadius: [0, 3, 3, 0] },
        emphasis: { disabled: true },
      });
      return {
        ...base,
        tooltip: {
          ...base.tooltip,
          axisPointer: { type: "shadow", shadowStyle: { color: p.ghost, opacity: 0.12 } },
          valueFormatter: (value: unknown) => moneyInFull(value as number, "CNY", spoken),
        },
        xAxis: {
          ...base.yAxis,
          type: "value",
          axisLabel: {
            ...base.yAxis.axisLabel,
            formatter: (value: number) => money(value, "CNY", spoken),
          },
        },
        yAxis: {
          ...base.xAxis,
          type: "category",
          data: inOrder.map(({ name }) => name),
          axisLabel: {
            ...base.xAxis.axisLabel,
            hideOverlap: false,
            color: p.ink,
            width: 7 * p.rem,
            overflow: "truncate",
          },
        },
        series: [
          bar(
            t.cost,
            inOrder.map(({ cost }) => cost),
            p.third,
          ),
          bar(
            t.netGmv,
            inOrder.map(({ netGmv }) => netGmv),
            p.views,
          ),
        ],
      };
    },
    [rows, spoken, t],
  );
  return (
    <div class="sales-chart">
      <ul class="legend">
        <li class="views">{t.netGmv}</li>
        <li class="third">{t.cost}</li>
      </ul>
      <Chart
        label={label}
        height={Math.max(9, rows.length * 3 + 2)}
        option={option}
        table={{
          heads: [t.promoter, t.netGmv, t.cost, t.netRoas],
          rows: rows.map(({ name, netGmv, cost, roas }) => [
            name,
            moneyInFull(netGmv),
            moneyInFull(cost),
            times(roas),
          ]),
        }}
      />
    </div>
  );
}
