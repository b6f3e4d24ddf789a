/** @module The first key: the environment's, else the one kept in the data folder, else a new one kept there. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail } from "./fail.ts";
import { readAdminKey } from "./settings.ts";

export const keyFile = "admin-key";

/** @param given `ADMIN_KEY` */
export function adminKey(
  dataFolder: string,
  given: string | undefined,
): { key: string; isKept: boolean } {
  if (given !== undefined) return { key: given, isKept: false };
  const file = join(dataFolder, keyFile);
  const kept = readAdminKey(existsSync(file) ? readFileSync(file, "utf8") : "", file);
  if (!kept.ok) fail(kept.message);
  if (kept.value !== undefined) return { key: kept.value, isKept: true };
  const key = `mg_${randomBytes(24).toString("base64url")}`;
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return { key, isKept: true };
}
