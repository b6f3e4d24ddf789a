/** @module The first key: the environment's, else the one kept in the data folder, else a new one kept there. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { orFail } from "./fail.ts";
import { type Read, readAdminKey } from "./settings.ts";

export const keyFile = "admin-key";

interface Chosen {
  key: string;
  /** In the data folder. */
  isKept: boolean;
  /** To be written there. */
  isNew: boolean;
}

/**
 * @param given `ADMIN_KEY`, as it was read
 * @param keptText what is in the file, where there is one
 * @param file of which an error speaks
 */
export function chooseKey(
  given: string | undefined,
  keptText: string | undefined,
  file: string,
): Read<Chosen> {
  if (given !== undefined) return { ok: true, value: { key: given, isKept: false, isNew: false } };
  const kept = readAdminKey(keptText, file);
  if (!kept.ok) return kept;
  const key = kept.value ?? `mg_${randomBytes(24).toString("base64url")}`;
  return { ok: true, value: { key, isKept: true, isNew: kept.value === undefined } };
}

/** @param given `ADMIN_KEY`, as it was read */
export function adminKey(
  dataFolder: string,
  given: string | undefined,
): { key: string; isKept: boolean } {
  const file = join(dataFolder, keyFile);
  const keptText = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const { key, isKept, isNew } = orFail(chooseKey(given, keptText, file));
  if (isNew) writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return { key, isKept };
}
