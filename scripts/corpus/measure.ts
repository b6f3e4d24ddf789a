/** @module How well `classify` knows who opens, against what a corpus says. */
import { classify } from "../../src/decision/visitor.ts";
import type { App } from "../../src/platforms/registry/edge.ts";
import { appsOf, systemsOf } from "./labels.ts";
import type { Corpus } from "./read.ts";

/** Right ones among those compared. */
export interface Share {
  right: number;
  of: number;
}

export const measures = ["people", "robots", "systems", "apps", "apps of China"] as const;
type Measure = (typeof measures)[number];

interface Confusion {
  measure: Measure;
  /** `the corpus' word → ours`. */
  what: string;
  count: number;
  example: string;
}

export interface Measured {
  name: string;
  shares: Record<Measure, Share>;
  /** The commonest first. */
  confusions: Confusion[];
}

/** What is of no app's own. */
const plain = new Set<App>([
  ..."chrome|edge|firefox|safari|oem-browser|ios-3p-browser".split("|"),
  ..."android-webview|ios-webview|harmony-browser|unknown".split("|"),
] as App[]);

export function measure({ name, agents }: Corpus): Measured {
  const none = (): Share => ({ right: 0, of: 0 });
  const shares: Record<Measure, Share> = {
    people: none(),
    robots: none(),
    systems: none(),
    apps: none(),
    "apps of China": none(),
  };
  const confusions = new Map<string, Confusion>();
  const compare = (by: Measure, label: string, ours: string, isRight: boolean, example: string) => {
    shares[by].of += 1;
    if (isRight) {
      shares[by].right += 1;
      return;
    }
    const key = `${by}: ${label} → ${ours}`;
    const known = confusions.get(key);
    if (known) known.count += 1;
    else confusions.set(key, { measure: by, what: `${label} → ${ours}`, count: 1, example });
  };
  for (const { userAgent, kind, system = "", app = "" } of agents) {
    const visitor = classify(userAgent);
    const isHuman = visitor.kind === "human";
    if (kind === "robot") {
      compare("robots", "a robot", `${visitor.app} on ${visitor.os}`, !isHuman, userAgent);
      continue;
    }
    compare("people", app || "a person", `${visitor.kind} ${visitor.bot}`, isHuman, userAgent);
    if (!isHuman) continue;
    const systems = systemsOf.get(system);
    if (systems) {
      compare("systems", system, visitor.os, systems.includes(visitor.os), userAgent);
    }
    const label = appsOf.get(app);
    if (!label) continue;
    const isRight =
      label.apps.includes(visitor.app) || (label.isEngine === true && !plain.has(visitor.app));
    compare("apps", app, visitor.app, isRight, userAgent);
    if (label.ofChina) compare("apps of China", app, visitor.app, isRight, userAgent);
  }
  return {
    name,
    shares,
    confusions: [...confusions.values()].sort((one, two) => two.count - one.count),
  };
}
