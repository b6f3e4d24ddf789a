/**
 * @module What is seen of the console before its styles and script are there: written into its page by the build
 * (vite.config.ts), allowed by its digest (static-files.ts).
 */

const light =
  "--bg:#f6f5f2;--card:#fffefd;--sunk:#f0eeea;--ink:#1c1b1a;--soft:#66625c;--line:#e6e3dd";
const dark =
  "--bg:#151412;--card:#1d1b19;--sunk:#262421;--ink:#f3f0ea;--soft:#aaa49b;--line:#312e2a";

/** Of the console's own styles what the shell needs (src/console/style/), which take its place once they are there. */
export const shellStyle = [
  `:root{${light}}`,
  `@media (prefers-color-scheme:dark){:root:not([data-theme]){${dark}}}`,
  "body{margin:0;min-height:100vh;background:var(--bg);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}",
  ".shell .bar{border-bottom:1px solid var(--line)}",
  ".shell .bar-in{display:flex;align-items:center;min-height:3.72rem;padding:0 1.4rem}",
  ".shell main{padding:1.6rem 1.4rem}",
  ".shell .line{height:1.3rem;margin-bottom:.7rem;border-radius:6px;background:var(--sunk)}",
].join("");
