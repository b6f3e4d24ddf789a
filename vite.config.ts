/** The console: `src/console` to `build/console`, whose parent is the Worker's assets folder. */
import { resolve } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  root: "src/console",
  base: "/console/",
  // Its source, so that the console needs no built package.
  resolve: { alias: { "moongate/client": resolve("src/client/index.ts") } },
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
