/** @module How the Worker is bundled, for the build and for the test that bounds what it weighs. */
import { resolve } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";

/** zod's messages in sixty languages, a quarter of a megabyte, of which the API takes two by their names (src/http/rule-words.ts). */
const noLocales: Plugin = {
  name: "no-locales",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, () => ({
      path: resolve("src/http/no-locales.ts"),
    })),
};

/** @param entry of the source; what it imports on use becomes modules of its own */
export function workerBuild(entry: string): BuildOptions {
  return {
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2024",
    // What workerd's packages have for it.
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    loader: { ".sql": "text", ".png": "copy" },
    chunkNames: "on-use/[name]-[hash]",
    assetNames: "on-use/[name]-[hash]",
    plugins: [noLocales],
  };
}
