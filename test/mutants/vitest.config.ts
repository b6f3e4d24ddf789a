/** Tests that run in Stryker's process: Node alone, without the projects of `npm test`. */
import { defineConfig } from "vitest/config";
import { alias } from "../../vite.config.ts";
import { sqlAsText } from "../../vitest.config.ts";
import { tests } from "./scope.ts";

export default defineConfig({
  resolve: { alias },
  plugins: [sqlAsText],
  test: {
    // One worker for all files of a run: starting one for each takes most of the time.
    isolate: false,
    // One seed, so that a mutant that was killed once is killed again.
    provide: { propertySeed: 1 },
    include: [...tests],
    testTimeout: 30_000,
  },
});
