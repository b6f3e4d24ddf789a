/** @module The operator's own pages: hosts from the setting EXTRA_DESTINATION_HOSTS, no app behind them: what opening a link needs of it. */
import type { PlatformEdge } from "../types.ts";

export const web = {
  name: "web",
  letter: "E",
  label: { zh: "网页", en: "web page" },
} as const satisfies PlatformEdge;
