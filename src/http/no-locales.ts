/** @module Stands in for zod's locales in the bundle (wrangler.toml, `[alias]`): the API takes the two that it speaks by name (src/http/rule-words.ts). */
export {};
