/**
 * `npm run corpus -- DIR [confusions]`: who opens, measured against corpora of user agents that lie in DIR
 * (docs/testing.md). None is part of this repository.
 */
import { type Measured, measure, measures, type Share } from "./corpus/measure.ts";
import { readCorpora } from "./corpus/read.ts";

const percent = ({ right, of }: Share) =>
  of === 0 ? "–" : `${((100 * right) / of).toFixed(2)} % of ${of}`;

/** A row for each corpus, and what was taken for something else most often. */
export function corpusReport(measured: readonly Measured[], shown: number): string {
  const rows = measured.map(
    ({ name, shares }) => `| ${name} | ${measures.map((by) => percent(shares[by])).join(" | ")} |`,
  );
  const confused = measured
    .filter(({ confusions }) => confusions.length > 0)
    .map(({ name, confusions }) =>
      [
        `\n${name}: the commonest of ${confusions.length} confusions`,
        ...confusions
          .slice(0, shown)
          .map(
            ({ measure: by, what, count, example }) => `${count} × ${by}: ${what}\n    ${example}`,
          ),
      ].join("\n"),
    );
  return [
    `| corpus | ${measures.join(" | ")} |`,
    `|---|${measures.map(() => "---|").join("")}`,
    ...rows,
    ...confused,
  ].join("\n");
}

if (process.argv[1]?.endsWith("corpus.ts")) {
  const [directory, shown = "20"] = process.argv.slice(2);
  if (directory === undefined) {
    console.error("npm run corpus -- DIR [how many confusions to show]: see docs/testing.md");
    process.exitCode = 1;
  } else {
    console.log(corpusReport(readCorpora(directory).map(measure), Number(shown)));
  }
}
