/** @module The operator's own pages: hosts from the setting EXTRA_DESTINATION_HOSTS, no app behind them. */
import type { Platform } from "./types.ts";
import { anyPage } from "./url.ts";

export const web: Platform = {
  name: "web",
  label: { zh: "网页", en: "web page" },
  hosts: [],
  recognize: anyPage,
};
