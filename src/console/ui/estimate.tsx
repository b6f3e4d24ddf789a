/** @module That provinces are estimated by address, and whose estimate it is: shown wherever they are, as its license asks. */
import type { JSX } from "preact";
import type { Stats } from "../lib/client.ts";
import { inLanguage } from "../lib/prefs.ts";

const texts = {
  "zh-CN": { estimated: "省份按访客地址估算，", of: (date: string) => `（${date}）` },
  en: { estimated: "Provinces are estimated by address: ", of: (date: string) => ` (${date})` },
};

/** What a list of provinces is called: an estimate, where it is one. */
export const regionsTitle = (
  { quality }: Stats,
  { regions, regionsEstimated }: { regions: string; regionsEstimated: string },
): string => (quality.provinces ? regionsEstimated : regions);

export function Estimate({ stats }: { stats: Stats }): JSX.Element | null {
  const t = inLanguage(texts);
  const { provinces } = stats.quality;
  if (!provinces) return null;
  const { from, url, asOf } = provinces;
  return (
    <p class="soft small">
      {t.estimated}
      <a class="link" href={url} target="_blank" rel="noreferrer">
        IP Geolocation by {from}
      </a>
      {asOf === null ? "" : t.of(asOf)}
    </p>
  );
}
