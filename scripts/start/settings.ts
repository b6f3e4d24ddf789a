/** @module What `npm start` reads from the environment: HOST, PORT, EDGES, ADMIN_KEY and the settings of src/config/table.ts. */
import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import { settingNames } from "../../src/config/settings.ts";
import { table } from "../../src/config/table.ts";

/** What the start itself decides is not taken from the environment as it is. */
const own = new Set(["ADMIN_KEY", "CONNECTIONS_KEY", "HOSTING"]);

export type Read<T> = { ok: true; value: T } | { ok: false; message: string };

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

/** What this machine is, as far as the number of edges depends on it. */
interface Machine {
  platform: NodeJS.Platform;
  /** That this process may use: a container may have fewer than the machine. */
  cores: number;
}

/**
 * How many processes open links beside the store's: one for each core but the store's, and one at least. 0 is one process
 * for all, as it always is where none can be handed a socket.
 */
export function readEdges(
  text: string | undefined,
  { platform, cores }: Machine = { platform: process.platform, cores: availableParallelism() },
): Read<number> {
  const most = platform === "win32" ? 0 : edgesAtMost;
  const asked = text ?? String(Math.min(Math.max(1, cores - 1), most));
  const value = Number(asked);
  return /^\d+$/.test(asked) && value <= most
    ? { ok: true, value }
    : {
        ok: false,
        message: `EDGES is ${JSON.stringify(asked)}; expected how many processes open links, from 0 (one process for all) to ${most}.`,
      };
}

/** @returns the origin of which this is an edge elsewhere, and its name there; `null` where it is a service of its own */
export function readElsewhere(
  origin = "",
  secret = "",
): Read<{ origin: string; name: string } | null> {
  if (origin.trim() === "") {
    return secret.trim() === ""
      ? { ok: true, value: null }
      : {
          ok: false,
          message: `EDGE_SECRET is set, and EDGE_ORIGIN is not; expected ${table.EDGE_ORIGIN.expected}.`,
        };
  }
  const wrong = (name: "EDGE_ORIGIN" | "EDGE_SECRET") =>
    ({ ok: false, message: `${name} is not taken; expected ${table[name].expected}.` }) as const;
  const url = table.EDGE_ORIGIN.read(origin.trim());
  if (!url) return wrong("EDGE_ORIGIN");
  const edge = table.EDGE_SECRET.read(secret.trim());
  if (!edge) return wrong("EDGE_SECRET");
  return { ok: true, value: { origin: url.value, name: edge.value.name } };
}

/** Why no edge elsewhere begins in a folder. */
export const ofAService = (dataFolder: string): string =>
  `EDGE_ORIGIN is set, and DATA_DIR ${dataFolder} has a service's own data; an edge needs a folder of its own`;

/** Why no service begins in a folder. */
export const ofAnEdge = (dataFolder: string): string =>
  `DATA_DIR ${dataFolder} is that of an edge of another origin, and EDGE_ORIGIN is not set; a service needs a folder of its own`;

const outboxAtMost = 1_048_576;

/** @returns bytes that the outbox of each edge may hold, of MiB */
export function readOutbox(text = "256"): Read<number> {
  const value = Number(text);
  return /^\d+$/.test(text) && value > 0 && value <= outboxAtMost
    ? { ok: true, value: value * 1_048_576 }
    : {
        ok: false,
        message: `EDGE_OUTBOX_MB is ${JSON.stringify(text)}; expected how many MiB of counts an edge may keep on its disk while the store is away, from 1 to ${outboxAtMost}.`,
      };
}

/** As a URL has it. */
export const inUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);

/** Where a person asks: what answers at all addresses, or at this machine's own, by its name. */
export function shownUrl(host: string, port: number): string {
  const isHere = ["127.0.0.1", "0.0.0.0", "::1", "::"].includes(host);
  return `http://${isHere ? "localhost" : inUrl(host)}:${port}`;
}

/**
 * @param name where it is from
 * @returns the key, `undefined` where none is set; never a part of a refused one: a short one can be guessed
 */
export function readKey(
  setting: "ADMIN_KEY" | "CONNECTIONS_KEY",
  text = "",
  name: string = setting,
): Read<string | undefined> {
  const key = text.trim();
  if (key === "") return { ok: true, value: undefined };
  const { read, expected } = table[setting];
  const said = read(key);
  return said
    ? { ok: true, value: said.value }
    : {
        ok: false,
        message: `${name} is not taken: it has ${key.length} characters; expected ${expected}, such as those of: openssl rand -base64 24`,
      };
}

/** The settings of the environment, an empty one too: it stands for its default. */
export function givenSettings(given: (name: string) => string | undefined): Map<string, string> {
  return new Map(
    settingNames.flatMap((name) => {
      const value = given(name);
      return value === undefined || own.has(name) ? [] : [[name, value] as const];
    }),
  );
}
