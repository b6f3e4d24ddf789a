/**
 * @module Property tests: fast-check with one seed for a whole run, which the run prints. With
 * `PROPERTY_SEED=…` each property draws the same again. A failure says its counterexample and path besides;
 * once mended, the counterexample stays as one of its property's `examples`, which are tried first.
 */
import fc from "fast-check";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    propertySeed: number;
    worlds: number;
  }
}

fc.configureGlobal({ seed: inject("propertySeed") });

export { fc };
