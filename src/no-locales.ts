/** @module Stands in for zod's locales in the bundle (wrangler.toml, `[alias]`): the API speaks English. */
export {};
