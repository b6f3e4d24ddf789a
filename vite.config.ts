/** The console: `src/console` to `build/console`, whose parent is the Worker's assets folder. */
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { shellStyle } from "./src/http/console-shell.ts";

/** Its source, so that neither the console nor its tests need a built package. */
export const alias = {
  "moongate/client": resolve("src/client/index.ts"),
};

/** Of a library that has a build for browsers, the one for Node would be taken. */
const inBrowsers = { "csv-stringify/sync": "csv-stringify/browser/esm/sync" };

/**
 * The shell is painted before the console's styles are there: its own few are in the page, the others come after it, and hold up
 * nothing that stands before them.
 */
const paintedFirst: Plugin = {
  name: "painted-first",
  transformIndexHtml: {
    order: "post",
    handler: (page) => {
      const sheets = page.match(/<link rel="stylesheet"[^>]*>/g) ?? [];
      const without = sheets.reduce((text, sheet) => text.replace(sheet, ""), page);
      return without
        .replace("</head>", `<style>${shellStyle}</style></head>`)
        .replace("<noscript>", `${sheets.join("")}<noscript>`);
    },
  },
};

export default defineConfig({
  plugins: [paintedFirst],
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
