/** @module Links, counts, sales and costs → the entries of a report, by what they are grouped by. */

import { tableOf } from "../lib/records.ts";
import type { Language } from "../lib/said.ts";
import { costOf, noCost } from "../model/costs.ts";
import type { CostRow } from "../orders/cost-store.ts";
import type { TotalRow } from "../orders/store.ts";
import { platformOrders } from "../platforms/registry/orders.ts";
import type { Entry } from "./roas.ts";

/** What links are grouped by. */
export const linkGroupings = [
  "creator",
  "link",
  "channel",
  "channelClass",
  "destination",
  "campaign",
  "stream",
  "week",
] as const;
type LinkGrouping = (typeof linkGroupings)[number];
/** Items are of no link: items.ts. */
export const reportGroupings = [...linkGroupings, "item"] as const;

/** What a report knows of a link. */
export interface ReportLink {
  slug: string;
  streamId: string;
  /** The stream's title. */
  stream: string;
  /** In which it begins, on its own clock: `2026-W47`. */
  week: string;
  creator: { id: string; name?: string | undefined } | null;
  channel: string | null;
  channelClass: string | null;
  campaign: string | null;
  /** The platform that the link leads to first. */
  destination: string;
  /** All that it leads to. */
  destinations: string[];
}

/** What a link sold on a platform, in one currency. */
type Sold = Omit<TotalRow, "currency" | "rev">;

interface Opened {
  views: number;
  clicks: number;
  visitors: number | null;
}

export interface Facts {
  links: readonly ReportLink[];
  opened: ReadonlyMap<string, Opened>;
  /** Views and clicks by destination; only for that grouping. */
  landed: ReadonlyMap<string, { views: number; clicks: number }>;
  sold: readonly Sold[];
  costs: readonly CostRow[];
  /** What promoters are called, by their ids: as is set of them, else as the newest link of the report has it. */
  names: ReadonlyMap<string, string>;
}

const classNames = tableOf<Record<Language, string>>({
  social: { "zh-CN": "社交平台", en: "Social platforms" },
  commerce: { "zh-CN": "电商平台", en: "E-commerce platforms" },
  work: { "zh-CN": "办公平台", en: "Work apps" },
  owned: { "zh-CN": "自有渠道", en: "Owned channels" },
  paid: { "zh-CN": "付费投放", en: "Paid media" },
  other: { "zh-CN": "其他渠道", en: "Other channels" },
});
const noneNames: Record<Language, string> = { "zh-CN": "未填写", en: "Not given" };

/** Platforms whose rooms an order of each may come from. */
const families: readonly (readonly string[])[] = platformOrders.flatMap(({ rooms }) =>
  rooms ? [rooms] : [],
);

/** The destination that an order belongs to: its own platform, else one of its family, if the link leads there. */
function destinationOf(platform: string, link: ReportLink | undefined): string {
  if (!link || link.destinations.includes(platform)) return platform;
  const family = families.find((names) => names.includes(platform)) ?? [];
  const known = [link.destination, ...link.destinations];
  return known.find((name) => family.includes(name)) ?? platform;
}

function keyOf(link: ReportLink, names: Facts["names"], groupBy: LinkGrouping, language: Language) {
  const none = { key: "none", name: noneNames[language] };
  const named = (key: string | null, name?: string) =>
    key === null ? none : { key, name: name ?? key };
  switch (groupBy) {
    case "creator":
      return link.creator ? named(link.creator.id, names.get(link.creator.id)) : none;
    case "link":
      return named(link.slug, link.creator?.name ?? link.channel ?? link.slug);
    case "channel":
      return named(link.channel);
    case "channelClass":
      return named(
        link.channelClass,
        link.channelClass ? classNames.get(link.channelClass)?.[language] : undefined,
      );
    case "campaign":
      return named(link.campaign);
    case "destination":
      return named(link.destination);
    case "stream":
      return named(link.streamId, link.stream);
    case "week":
      return named(link.week);
  }
}

export function entriesOf(facts: Facts, groupBy: LinkGrouping, language: Language): Entry[] {
  const sold = Map.groupBy(facts.sold, ({ link }) => link);
  const costs = new Map(facts.costs.map((row) => [row.slug, row]));
  const byLink = facts.links.map((link): Entry => {
    const sums = sumOf(sold.get(link.slug) ?? []);
    const { costs: given = {}, spent = 0 } = costs.get(link.slug) ?? {};
    const opened = facts.opened.get(link.slug) ?? { views: 0, clicks: 0, visitors: 0 };
    return {
      ...keyOf(link, facts.names, groupBy, language),
      ...opened,
      orders: sums.orders,
      gmv: sums.gmv,
      refunds: sums.refunds,
      cost: costOf(given, spent, sums),
    };
  });
  if (groupBy !== "destination") return byLink;
  return byDestination(facts, byLink);
}

/** Opens where they landed, orders where they were made, costs where the link leads first. */
function byDestination(facts: Facts, byLink: readonly Entry[]): Entry[] {
  const nothing = { views: 0, clicks: 0, orders: 0, gmv: 0, refunds: 0, cost: noCost() };
  const links = new Map(facts.links.map((link) => [link.slug, link]));
  const visitors = null;
  return [
    ...[...facts.landed].map(([key, { views, clicks }]) => ({
      ...nothing,
      key,
      visitors,
      views,
      clicks,
    })),
    ...facts.sold.map(({ link, platform, orders, gmv, refunds }) => ({
      ...nothing,
      key: destinationOf(platform, links.get(link)),
      visitors,
      orders,
      gmv,
      refunds,
    })),
    ...byLink
      .filter(({ cost }) => cost.total !== 0)
      .map(({ key, cost }) => ({ ...nothing, key, visitors, cost })),
  ];
}

function sumOf(sold: readonly Sold[]) {
  const sum = { orders: 0, gmv: 0, refunds: 0, commission: 0 };
  for (const part of sold) {
    sum.orders += part.orders;
    sum.gmv += part.gmv;
    sum.refunds += part.refunds;
    sum.commission += part.commission;
  }
  return sum;
}
