/**
 * @module `node test/upgrade/counting.ts <commit>`, and a part of `npm run test:store`: the counting of a
 * commit as one module beside its store, so that tests run old isolates and old Counters against this code's.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { built, type Checkout } from "./checkout.ts";

/** What the tests use of it, under the same names in every release; a module that it has not is left out. */
const exported = [
  ["batch.ts", "cellKey"],
  ["edits.ts", "editsSince, keepEdits"],
  ["intake.ts", "Intake"],
  ["lane.ts", "fastTimes, Lane"],
  ["ledger.ts", "Ledger"],
  ["migrations.ts", "migrateCounter"],
  ["read.ts", "readCounts"],
  ["snapshot.ts", "countVisitors, mergeSnapshots"],
] as const;

export async function writeCounting({ commit, path }: Checkout, folder: string): Promise<void> {
  const lines = exported.flatMap(([file, names]) =>
    existsSync(join(path, "src/counting", file))
      ? [`export { ${names} } from "./src/counting/${file}";`]
      : [],
  );
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
