/** Writes the table of settings into docs/deploy.md, from the words that stand with them. */
import { readFileSync, writeFileSync } from "node:fs";
import { settingNames } from "../src/config/table.ts";
import { settingWords } from "../src/config/words.ts";

const file = "docs/deploy.md";
const border = { begin: "<!-- Written by npm run docs. -->\n", end: "<!-- Until here. -->\n" };

/** @throws where the page has no place for the table */
export function withSettings(page: string): string {
  const [before, rest] = page.split(border.begin);
  const [, after] = rest?.split(border.end) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`${file} has no place for the table`);
  const rows = settingNames.map((name) => {
    const { otherwise, means, isSecret } = settingWords[name];
    return `| \`${name}\`${isSecret ? " (secret)" : ""} | ${otherwise} | ${means} |\n`;
  });
  const head = "| setting | default | what |\n|---|---|---|\n";
  const own =
    "| `HOST`, `PORT`, `DATA_DIR` | 127.0.0.1, 8787, `.data` | where `npm start` listens and keeps its data: in a container `HOST=0.0.0.0`; `npm run dev` reads `PORT`, `npm run demo` the last two, `npm run backup`, `npm run restore` and `npm run kv-back` `DATA_DIR` |\n" +
    "| `EDGES`, `EDGE_OUTBOX_MB` | cores but one, 256 | [several processes](#several-processes) of `npm start` |\n";
  return `${before}${border.begin}${head}${rows.join("")}${own}${border.end}${after}`;
}

if (process.argv[1]?.endsWith("setting-docs.ts")) {
  writeFileSync(file, withSettings(readFileSync(file, "utf8")));
}
