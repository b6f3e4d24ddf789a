import { readFileSync } from "node:fs";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { outside } from "./test/outside/index.ts";
import { alias } from "./vite.config.ts";

/** Of every property test of this run; printed, so that a failure can be drawn again (test/properties.ts). */
if (process.env.PROPERTY_SEED === undefined) {
  process.env.PROPERTY_SEED = String(Math.floor(Math.random() * 2 ** 31));
  console.log(`property tests: PROPERTY_SEED=${process.env.PROPERTY_SEED}`);
}
const propertySeed = Number(process.env.PROPERTY_SEED);

/** The Catalog's migrations are SQL files, which wrangler brings into the Worker as texts. */
export const sqlAsText = {
  name: "sql-as-text",
  enforce: "pre" as const,
  load: (id: string) =>
    id.endsWith(".sql") ? `export default ${JSON.stringify(readFileSync(id, "utf8"))}` : null,
};

export default defineConfig({
  test: {
    // How many worlds the test of export and import makes: more by WORLDS=….
    provide: { propertySeed, worlds: Number(process.env.WORLDS ?? 1) },
    // Most tests wait (for alarms, windows of counting, a page): four at a time keep two cores busy.
    maxWorkers: 4,
    reporters: ["./test/ending.ts"],
    projects: [
      {
        resolve: { alias },
        plugins: [sqlAsText],
        test: {
          name: "unit",
          isolate: false,
          include: ["{src,scripts,test/project}/**/*.test.ts"],
          // Properties and models take seconds where the machine is shared.
          testTimeout: 30_000,
        },
      },
      {
        plugins: [sqlAsText],
        test: {
          name: "model",
          include: ["test/model/**/*.test.ts"],
          testTimeout: 300_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            main: "./src/worker.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                ADMIN_KEY: "test-key-of-the-administrator",
                CONNECTIONS_KEY: "a key of the tests' connections, long enough",
                PUBLISH_SECONDS: "1",
              },
              outboundService: outside,
            },
          }),
        ],
        // Some ask thousands of times, beside two other files; the first to ask waits for workerd to begin.
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 150_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
