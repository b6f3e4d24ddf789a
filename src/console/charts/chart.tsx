/**
 * @module A chart with the table of its figures beneath. The library comes after the page; until then, and
 * for people who can't see the picture, there is the table.
 */
import type { ECharts, EChartsCoreOption } from "echarts/core";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { inLanguage, isDark, language } from "../lib/prefs.ts";
import { texts } from "../lib/texts.ts";
import { Scrolled } from "../ui/scrolled.tsx";

export interface Palette {
  ink: string;
  soft: string;
  line: string;
  card: string;
  views: string;
  clicks: string;
  ghost: string;
  third: string;
  font: string;
  /** Pixels of the text around, since a canvas knows no rem. */
  rem: number;
}

function paletteNow(holder: Element): Palette {
  const style = getComputedStyle(holder);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink"),
    soft: read("--soft"),
    line: read("--line"),
    card: read("--card"),
    views: read("--c-views"),
    clicks: read("--c-clicks"),
    ghost: read("--c-ghost"),
    third: read("--c-3"),
    font: read("--sans"),
    rem: Number.parseFloat(style.fontSize),
  };
}

interface ChartProps {
  label: string;
  /** How tall, in rem. */
  height: number;
  option: (palette: Palette) => EChartsCoreOption;
  /** Rows of the same figures. */
  table: { heads: readonly string[]; rows: readonly (readonly string[])[] };
}

export function Chart({ label, height, option, table }: ChartProps): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const [isReady, setReady] = useState(false);

  useEffect(() => {
    let isOver = false;
    let watcher: ResizeObserver | undefined;
    void import("./echarts.ts").then(({ init }) => {
      if (isOver || !holder.current) return;
      const made = init(holder.current, null, { renderer: "canvas" });
      chart.current = made;
      watcher = new ResizeObserver(() => made.resize());
      watcher.observe(holder.current);
      setReady(true);
    });
    return () => {
      isOver = true;
      watcher?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  const dark = isDark.value;
  const spoken = language.value;
  useEffect(() => {
    if (!holder.current) return;
    chart.current?.setOption(option(paletteNow(holder.current)), {
      notMerge: false,
      lazyUpdate: true,
    });
  }, [isReady, option, dark, spoken]);

  return (
    <figure class="chart">
      <div
        ref={holder}
        class="chart-canvas"
        role="img"
        aria-label={label}
        style={{ height: `${height}rem` }}
      />
      <details>
        <summary>{inLanguage(texts).dataTable}</summary>
        <Scrolled label={label} look="chart-table">
          <table>
            <caption class="sr-only">{label}</caption>
            <thead>
              <tr>
                {table.heads.map((head, index) => (
                  <th key={head} scope="col" class={index === 0 ? undefined : "num"}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map(([name = "", ...figures]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {figures.map((figure, index) => (
                    <td key={table.heads[index + 1]} class="num">
                      {figure}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scrolled>
      </details>
    </figure>
  );
}

/** What all the charts share: type, grid, axes, and a tooltip drawn on the canvas, as the policy allows no inline style. */
export function frame(p: Palette) {
  const size = 0.83 * p.rem;
  const label = { color: p.soft, fontSize: size, fontFamily: p.font, hideOverlap: true };
  return {
    animation: false,
    textStyle: { fontFamily: p.font },
    grid: { left: 4, right: 14, top: 14, bottom: 2, containLabel: true },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      confine: true,
      backgroundColor: p.card,
      borderColor: p.line,
      borderWidth: 1,
      padding: [8, 12],
      textStyle: { color: p.ink, fontSize: 0.9 * p.rem, fontFamily: p.font },
      axisPointer: { type: "line", lineStyle: { color: p.ghost, type: "solid", width: 1 } },
    },
    xAxis: {
      axisLine: { lineStyle: { color: p.line } },
      axisTick: { show: false },
      axisLabel: label,
    },
    yAxis: {
      splitNumber: 4,
      splitLine: { lineStyle: { color: p.line } },
      axisLabel: label,
    },
  };
}
