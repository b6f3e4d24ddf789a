/** @module What `npm start` reads from the environment: HOST, PORT, ADMIN_KEY and the settings of src/config/table.ts. */
import { isIP } from "node:net";
import { settingNames } from "../../src/config/settings.ts";
import { table } from "../../src/config/table.ts";

/** What the start itself decides is not taken from the environment as it is. */
const own = new Set(["ADMIN_KEY", "HOSTING"]);

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

/** An address of this machine, or that of all of them: `0.0.0.0`, `::`. */
export function readHost(text = "127.0.0.1"): Read<string> {
  return isIP(text) === 0
    ? {
        ok: false,
        message: `HOST is ${JSON.stringify(text)}; expected an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all.`,
      }
    : { ok: true, value: text };
}

const edgesAtMost = 64;

/**
 * How many processes open links beside the store's: 0 is one process for all, as it always is where none can be handed a
 * socket.
 */
export function readEdges(text = "0", platform: NodeJS.Platform = process.platform): Read<number> {
  const most = platform === "win32" ? 0 : edgesAtMost;
  const value = Number(text);
  return /^\d+$/.test(text) && value <= most
    ? { ok: true, value }
    : {
        ok: false,
        message: `EDGES is ${JSON.stringify(text)}; expected how many processes open links, from 0 (one process for all) to ${most}.`,
      };
}

/** As a URL has it. */
export const inUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

/**
 * @param name where it is from
 * @returns the key, `undefined` where none is set; never a part of a refused one: a short one can be guessed
 */
export function readAdminKey(text = "", name = "ADMIN_KEY"): Read<string | undefined> {
  const key = text.trim();
  if (key === "") return { ok: true, value: undefined };
  const { read, expected } = table.ADMIN_KEY;
  const said = read(key);
  return said
    ? { ok: true, value: said.value }
    : {
        ok: false,
        message: `${name} is not taken: it has ${key.length} characters; expected ${expected}, such as those of: openssl rand -base64 24`,
      };
}

/** The settings of the environment, an empty one too: it stands for its default. */
export function givenSettings(env: NodeJS.ProcessEnv): Map<string, string> {
  return new Map(
    settingNames.flatMap((name) => {
      const value = env[name];
      return value === undefined || own.has(name) ? [] : [[name, value] as const];
    }),
  );
}
