/**
 * @module `node test/upgrade/counting.ts <commit>`, and a part of `npm run test:store`: the counting of a
 * commit as one module beside its store, so that tests run old isolates and old Counters against this code's.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { built, type Checkout } from "./checkout.ts";

/**
 * What the tests use of it, under the same names in every release: each with the files that have had it, of which a
 * commit has one. What it has in none, it did not have yet.
 */
const exported: readonly (readonly [names: string, file: string])[][] = [
  [["cellKey", "batch.ts"]],
  [
    ["editsSince, keepEdits", "counter/change-log.ts"],
    ["editsSince, keepEdits", "edits.ts"],
  ],
  [
    ["GroupCommit as Intake", "counter/group-commit.ts"],
    ["Intake", "intake.ts"],
  ],
  [
    ["fastTimes, Lane", "isolate/lane.ts"],
    ["fastTimes, Lane", "lane.ts"],
  ],
  [
    ["Ledger", "counter/ledger.ts"],
    ["Ledger", "ledger.ts"],
  ],
  [
    ["migrateCounter", "counter/migrations.ts"],
    ["migrateCounter", "migrations.ts"],
  ],
  [
    ["readCounts", "query/read.ts"],
    ["readCounts", "read.ts"],
  ],
  [["countVisitors, mergeSnapshots", "snapshot.ts"]],
];

export async function writeCounting({ commit, path }: Checkout, folder: string): Promise<void> {
  const lines = exported.flatMap((places) => {
    const place = places.find(([, file]) => existsSync(join(path, "src/counting", file)));
    return place ? [`export { ${place[0]} } from "./src/counting/${place[1]}";`] : [];
  });
  await build({
    stdin: { contents: lines.join("\n"), resolveDir: path, loader: "ts" },
    absWorkingDir: path,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2024",
    legalComments: "none",
    banner: { js: `// The counting of ${commit}, by test/upgrade/counting.ts; not to be edited.` },
    outfile: join(import.meta.dirname, "../..", folder, `${commit}.counting.js`),
  });
}

if (import.meta.main) {
  const [wanted = ""] = process.argv.slice(2);
  const checkout = built(wanted);
  await writeCounting(checkout, "test/fixtures/stores");
  checkout.remove();
}
