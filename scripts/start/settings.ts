/** @module What `npm start` reads from the environment: PORT, ADMIN_KEY and the settings of src/config/table.ts. */
import { settingNames } from "../../src/config/settings.ts";

/** What the start itself decides is not taken from the environment as it is. */
const own = new Set(["ADMIN_KEY", "HOSTING"]);

/** Characters of the shortest ADMIN_KEY that is taken: a shorter one can be guessed. */
export const adminKeyAtLeast = 20;

type Read<T> = { ok: true; value: T } | { ok: false; message: string };

export function readPort(text = "8787"): Read<number> {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 && value < 65_536
    ? { ok: true, value }
    : {
        ok: false,
        message: `PORT is ${JSON.stringify(text)}; expected a number from 1 to 65535.`,
      };
}

/** @returns the key, `undefined` where none is set; never a part of a refused one */
export function readAdminKey(text = ""): Read<string | undefined> {
  const key = text.trim();
  if (key === "") return { ok: true, value: undefined };
  return key.length >= adminKeyAtLeast
    ? { ok: true, value: key }
    : {
        ok: false,
        message: `ADMIN_KEY has ${key.length} characters; expected at least ${adminKeyAtLeast}, such as those of: openssl rand -base64 24`,
      };
}

/** The settings of the environment, an empty one too: it stands for its default. */
export function givenSettings(
  env: Readonly<Record<string, string | undefined>>,
): Map<string, string> {
  return new Map(
    settingNames.flatMap((name) => {
      const value = env[name];
      return value === undefined || own.has(name) ? [] : [[name, value] as const];
    }),
  );
}
