/** @module The operator's own pages: hosts from the setting EXTRA_DESTINATION_HOSTS, no app behind them: its pages: hosts, ids, short links. */

import type { PlatformPages } from "../types.ts";
import { anyPage } from "../url.ts";

export const web: PlatformPages = {
  name: "web",
  hosts: [],
  recognize: anyPage,
};
