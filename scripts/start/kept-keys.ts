/**
 * @module Keys that a start makes where the environment has none: the first API key, and the one that connections'
 * credentials are sealed under. The environment's, else the one kept in the data folder, else a new one kept there.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { orFail } from "./fail.ts";
import { type Read, readKey } from "./settings.ts";

/** A key of the service, by its setting. */
interface KeptKey {
  setting: "ADMIN_KEY" | "CONNECTIONS_KEY";
  /** In the data folder, apart from the stores: no backup and no export has it. */
  file: string;
  make: () => string;
}

export const adminKeyFile = "admin-key";
export const connectionsKeyFile = "connections-key";

export const keptKeys: readonly KeptKey[] = [
  {
    setting: "ADMIN_KEY",
    file: adminKeyFile,
    make: () => `mg_${randomBytes(24).toString("base64url")}`,
  },
  {
    setting: "CONNECTIONS_KEY",
    file: connectionsKeyFile,
    make: () => randomBytes(32).toString("base64url"),
  },
];

export interface Chosen {
  key: string;
  /** In the data folder. */
  isKept: boolean;
  /** To be written there. */
  isNew: boolean;
}

/**
 * @param given the setting, as it is in the environment
 * @param keptText what is in the file, where there is one
 * @param file of which an error speaks
 */
export function chooseKey(
  { setting, make }: KeptKey,
  given: string | undefined,
  keptText: string | undefined,
  file: string,
): Read<Chosen> {
  const own = readKey(setting, given);
  if (!own.ok) return own;
  if (own.value !== undefined)
    return { ok: true, value: { key: own.value, isKept: false, isNew: false } };
  const kept = readKey(setting, keptText, file);
  if (!kept.ok) return kept;
  return {
    ok: true,
    value: { key: kept.value ?? make(), isKept: true, isNew: kept.value === undefined },
  };
}

/** The keys of a start, by their settings; new ones are kept. Ends the process where one is not taken. */
export function keysOf(
  dataFolder: string,
  given: (setting: string) => string | undefined,
): Map<KeptKey["setting"], Chosen> {
  return new Map(
    keptKeys.map((key) => {
      const file = join(dataFolder, key.file);
      const keptText = existsSync(file) ? readFileSync(file, "utf8") : undefined;
      const chosen = orFail(chooseKey(key, given(key.setting), keptText, file));
      if (chosen.isNew) writeFileSync(file, `${chosen.key}\n`, { mode: 0o600 });
      return [key.setting, chosen];
    }),
  );
}
