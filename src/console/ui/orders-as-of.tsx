/** @module By when the orders of a board are here: of each connection that may bring some. Nothing where there is none. */
import type { JSX } from "preact";
import { allianceName, type OrderSource } from "../lib/connections.ts";
import { clock, moment } from "../lib/format.ts";
import { inLanguage } from "../lib/prefs.ts";

const texts = {
  "zh-CN": {
    asOf: (time: string) => `订单截至 ${time}`,
    notYet: "还没有拉取到订单",
    paused: "已暂停",
  },
  en: {
    asOf: (time: string) => `orders as of ${time}`,
    notYet: "no orders pulled yet",
    paused: "paused",
  },
};

interface AsOfProps {
  sources: readonly OrderSource[];
  /** The stream's. */
  timeZone: string;
}

const dayMs = 86_400_000;

export function OrdersAsOf({ sources, timeZone }: AsOfProps): JSX.Element | null {
  const t = inLanguage(texts);
  if (sources.length === 0) return null;
  const when = (asOf: string) =>
    Date.now() - Date.parse(asOf) < dayMs / 2 ? clock(asOf, timeZone) : moment(asOf, timeZone);
  return (
    <p class="orders-as-of soft small figures">
      {sources.map(({ id, alliance, name, asOf, enabled }) => (
        <span key={id} title={name}>
          {asOf === null ? t.notYet : t.asOf(when(asOf))}
          {" · "}
          {isShared(alliance, sources)
            ? `${allianceName(alliance)} ${name}`
            : allianceName(alliance)}
          {enabled ? "" : ` · ${t.paused}`}
        </span>
      ))}
    </p>
  );
}

/** Whether its alliance alone does not say which it is. */
const isShared = (alliance: string, sources: readonly OrderSource[]): boolean =>
  sources.filter((one) => one.alliance === alliance).length > 1;
