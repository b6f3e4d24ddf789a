/** The console: `src/console` to `build/console`, whose parent is the Worker's assets folder. */
import { resolve } from "node:path";
import { defineConfig } from "vite";

/** Its source, so that neither the console nor its tests need a built package. */
export const alias = {
  "moongate/client": resolve("src/client/index.ts"),
};

/** Of a library that has a build for browsers, the one for Node would be taken. */
const inBrowsers = { "csv-stringify/sync": "csv-stringify/browser/esm/sync" };

export default defineConfig({
  root: "src/console",
  base: "/console/",
  resolve: { alias: { ...alias, ...inBrowsers } },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../../build/console",
    emptyOutDir: true,
    assetsDir: "files",
    // The policy allows no data: fonts, and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    chunkSizeWarningLimit: 700,
  },
});
