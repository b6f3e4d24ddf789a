/** @module Views and clicks over time, with an earlier stream behind them. */
import type { JSX } from "preact";
import { useCallback } from "preact/hooks";
import { Chart, frame, type Palette } from "../charts/chart.tsx";
import type { Curve as CurveData } from "../lib/board.ts";
import { clock, short, whole } from "../lib/format.ts";
import type { Mark } from "../lib/marks.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { boardTexts } from "../pages/board.text.ts";
import { markText } from "./happened.tsx";

interface CurveProps {
  curve: CurveData;
  marks: readonly Mark[];
  timeZone: string;
  isCompared: boolean;
  height: number;
}

export function Curve({ curve, marks, timeZone, isCompared, height }: CurveProps): JSX.Element {
  const t = inLanguage(boardTexts);
  const spoken = language.value;
  const option = useCallback(
    (p: Palette) => {
      const base = frame(p);
      // A line of one point is not seen.
      const isShort = curve.at.length < 3;
      const line = (name: string, data: readonly (number | null)[], color: string) => ({
        name,
        type: "line",
        data,
        showSymbol: isShort,
        symbolSize: 5,
        lineStyle: { width: p.rem / 7, color },
        itemStyle: { color },
        emphasis: { disabled: true },
      });
      // What is running is a ring for itself: a line to it would look like a fall.
      const over = curve.isRunning ? curve.at.length - 1 : curve.at.length;
      const finished = (data: readonly number[]) =>
        data.map((value, at) => (at < over ? value : null));
      const running = (name: string, data: readonly number[], color: string) => ({
        ...line(
          name,
          data.map((value, at) => (at < over ? null : value)),
          color,
        ),
        showSymbol: true,
        symbol: "emptyCircle",
        symbolSize: 7,
        lineStyle: { width: 0 },
      });
      return {
        ...base,
        xAxis: {
          ...base.xAxis,
          type: "category",
          boundaryGap: false,
          data: curve.at.map((at, index) => curve.dates?.[index] ?? clock(at, timeZone)),
        },
        yAxis: {
          ...base.yAxis,
          type: "value",
          minInterval: 1,
          axisLabel: {
            ...base.yAxis.axisLabel,
            formatter: (value: number) => short(value, spoken),
          },
        },
        tooltip: {
          ...base.tooltip,
          valueFormatter: (value: unknown) => whole(value as number, spoken),
        },
        series: [
          {
            ...line(t.ghost, isCompared ? curve.ghost : [], p.ghost),
            lineStyle: { width: p.rem / 9, color: p.ghost, type: [5, 4] },
            z: 1,
          },
          {
            ...line(t.tiles.views, finished(curve.views), p.views),
            areaStyle: { color: p.views, opacity: 0.1 },
            markLine: {
              silent: true,
              symbol: "none",
              lineStyle: { color: p.soft, type: [2, 3], width: 1 },
              label: {
                formatter: "{b}",
                position: "insideEndTop",
                color: p.soft,
                fontSize: 0.76 * p.rem,
                fontFamily: p.font,
              },
              data: marks.map((mark) => ({ name: markText(mark), xAxis: mark.index })),
            },
          },
          line(t.tiles.clicks, finished(curve.clicks), p.clicks),
          running(t.running(t.tiles.views), curve.views, p.views),
          running(t.running(t.tiles.clicks), curve.clicks, p.clicks),
        ],
      };
    },
    [curve, marks, timeZone, isCompared, spoken, t],
  );
  const markAt = new Map(marks.map((mark) => [mark.index, markText(mark)]));
  const table = {
    heads: [
      t.time,
      t.tiles.views,
      t.tiles.clicks,
      ...(isCompared ? [t.ghost] : []),
      ...(marks.length > 0 ? [t.happened] : []),
    ],
    rows: curve.at.map((at, index) => [
      `${curve.dates?.[index] ?? clock(at, timeZone)}${curve.isRunning && index === curve.at.length - 1 ? ` ${t.stillRunning}` : ""}`,
      whole(curve.views[index]),
      whole(curve.clicks[index]),
      ...(isCompared ? [whole(curve.ghost[index])] : []),
      ...(marks.length > 0 ? [markAt.get(index) ?? ""] : []),
    ]),
  };
  return <Chart label={t.curve} height={height} option={option} table={table} />;
}
