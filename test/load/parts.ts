/** @module The parts of the benchmark: what `npm run bench` measures, in this order, and a test runs. */
import { measureAgents } from "./agents.ts";
import type { Amounts } from "./amounts.ts";
import { measureAway } from "./away.ts";
import { measureCarries } from "./carries.ts";
import { measureColdStart } from "./cold.ts";
import { measureElsewhere } from "./elsewhere.ts";
import { measureExactness } from "./exactness.ts";
import { measureFirstStats } from "./first-stats.ts";
import { measureLinkGrowth } from "./growth.ts";
import { measureHostile } from "./hostile.ts";
import { measureImport } from "./import.ts";
import type { Lab } from "./lab.ts";
import { measureLanding } from "./landing.ts";
import { measureLowered } from "./lowered.ts";
import { measureMany } from "./many.ts";
import { measurePaint } from "./paint.ts";
import type { Report } from "./report.ts";
import { measureRows } from "./rows.ts";
import { measureSlowDisk } from "./slow-disk.ts";
import { measureNaive, measureRedirect, measureVisitors } from "./speed.ts";
import { measureStalls } from "./stalls.ts";
import { measureStatsGrowth } from "./stats-growth.ts";
import { measureStatsPoll } from "./stats-poll.ts";
import { measureTwoProcesses } from "./two-processes.ts";
import { measureVisibility } from "./visibility.ts";

export interface Part {
  /** As `--only` names it. */
  name: string;
  measure: (lab: Lab, amounts: Amounts) => Promise<Report>;
  /** Nothing that other parts left running may run beside it. */
  isAlone?: boolean;
}

export const parts: readonly Part[] = [
  { name: "redirect", measure: measureRedirect },
  { name: "landing", measure: measureLanding },
  { name: "stats", measure: measureStatsPoll },
  { name: "visitors", measure: measureVisitors },
  { name: "agents", measure: measureAgents },
  { name: "naive", measure: measureNaive },
  { name: "stats-growth", measure: measureStatsGrowth },
  { name: "paint", measure: measurePaint },
  { name: "visible", measure: measureVisibility },
  { name: "rows", measure: measureRows, isAlone: true },
  { name: "many", measure: measureMany, isAlone: true },
  { name: "lowered", measure: measureLowered, isAlone: true },
  { name: "first-stats", measure: measureFirstStats, isAlone: true },
  { name: "hostile", measure: measureHostile, isAlone: true },
  { name: "import", measure: measureImport, isAlone: true },
  { name: "exact", measure: measureExactness, isAlone: true },
  { name: "links", measure: measureLinkGrowth, isAlone: true },
  { name: "cold", measure: measureColdStart, isAlone: true },
  { name: "two-processes", measure: measureTwoProcesses, isAlone: true },
  { name: "elsewhere", measure: measureElsewhere, isAlone: true },
  { name: "stalls", measure: measureStalls, isAlone: true },
  { name: "away", measure: measureAway, isAlone: true },
  { name: "slow-disk", measure: measureSlowDisk, isAlone: true },
  { name: "carries", measure: measureCarries, isAlone: true },
];
