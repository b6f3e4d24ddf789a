/** @module From what a request names as a destination to what the Catalog keeps; refusals name the field. */
import { type Env, extraHosts } from "../env.ts";
import { ProvenOutside, type Resolve, shortLinkResolver } from "../outbound/short-links.ts";
import { wayOut } from "../outbound/way-out.ts";
import { recognize } from "../platforms/index.ts";
import { readText } from "../platforms/text.ts";
import type { Destination, PlatformName } from "../platforms/types.ts";
import { Problem } from "./problem.ts";
import type { DestinationInput } from "./schemas.ts";

/** What reading the destinations of one request takes. */
export interface Reading {
  /** The operator's own host names. */
  hosts: readonly string[];
  /** Follows a short link to what it stands for. */
  resolve: Resolve;
  /** The platform that the request names as the first choice. */
  primary?: PlatformName | null | undefined;
}

export function readingFor(env: Env, primary?: PlatformName | null): Reading {
  const hosts = extraHosts(env);
  return { hosts, primary, resolve: shortLinkResolver(wayOut(), hosts) };
}

export function refused(
  pointer: string,
  { code, detail }: { code: string; detail: string },
): Problem {
  return new Problem("destination_refused", detail, [{ pointer, message: detail }], code);
}

/** A short link that leads outside is no destination. */
function refuseOutside(pointer: string) {
  return (error: unknown): never => {
    if (!(error instanceof ProvenOutside)) throw error;
    throw refused(pointer, { code: "short_link_leads_outside", detail: error.message });
  };
}

/** A URL on an allowed host. */
export function destinationOfUrl(
  url: string,
  pointer: string,
  hosts: readonly string[],
  atMost?: number,
): Destination & { url: string } {
  const reading = recognize(url, hosts, atMost);
  if (!reading.ok) throw refused(pointer, reading);
  return reading.destination;
}

/** Everything a share text or URL leads to, with the names in it. */
export function understand(text: string, pointer: string, hosts: readonly string[]) {
  const reading = readText(text, hosts);
  if (!reading.ok) throw refused(pointer, reading);
  return reading;
}

function oneDestination(
  input: DestinationInput,
  pointer: string,
  hosts: readonly string[],
): Destination {
  if (input.miniProgram) {
    const { appId, path, query } = input.miniProgram;
    return {
      platform: "wechat",
      kind: "miniprogram",
      id: appId,
      miniProgram: { appId, path, ...(query ? { query } : {}) },
    };
  }
  if (input.finderUserName) {
    return {
      platform: "wechat",
      kind: "live",
      id: input.finderUserName,
      finderUserName: input.finderUserName,
      warnings: ["A Channels live room has no web page: only a mini program can open it."],
    };
  }
  const found =
    input.text === undefined
      ? destinationOfUrl(input.url ?? "", `${pointer}/url`, hosts)
      : choose(understand(input.text, `${pointer}/text`, hosts).destinations, input.platform);
  if (!found)
    throw new Problem("destination_refused", "Found no destination.", [], "no_destination");
  return found;
}

/**
 * What a destination stands for. A platform that the request names, with the destination or as `primary`,
 * stays: its short link is then kept even where it leads to another platform, as Taobao's do to Tmall.
 *
 * @param at pointer of the destination in the body, `field` that of its URL or text
 * @param named the platform that the request gives the destination
 */
export async function settleOne(
  read: Destination,
  { resolve, primary }: Reading,
  { at, field, named: given }: { at: string; field: string; named?: PlatformName | undefined },
): Promise<Destination> {
  const named = given ?? (primary === read.platform ? primary : undefined);
  const found = await resolve(read).catch(refuseOutside(field));
  if (named === undefined || named === found.platform) return found;
  if (named === read.platform) {
    const warning = `This short link leads to ${found.platform}; it is kept as one of ${named}, which the request names.`;
    return { ...read, warnings: [...(read.warnings ?? []), warning] };
  }
  throw refused(`${at}/platform`, {
    code: "platform_mismatch",
    detail: `This URL is one of ${found.platform}, not of ${named}.`,
  });
}

/** The destination on the wanted platform, else the first that the text names. */
function choose(
  found: readonly Destination[],
  platform: string | undefined,
): Destination | undefined {
  return found.find((destination) => destination.platform === platform) ?? found[0];
}

/**
 * Reads a list of destinations.
 *
 * @param pointer of the list in the body
 * @returns what follows their short links: `taken` are platforms that have their destination already
 * @throws {Problem} 422, naming the field, for a refused URL; when settled, for two destinations on one
 *   platform
 */
export function destinationsOf(
  inputs: readonly DestinationInput[],
  pointer: string,
  reading: Reading,
): (taken?: readonly PlatformName[]) => Promise<Destination[]> {
  const { hosts } = reading;
  const read = inputs.map((input, index) => {
    const at = `${pointer}/${index}`;
    return {
      at,
      input,
      destination: oneDestination(input, at, hosts),
      replay: input.replay && destinationOfUrl(input.replay, `${at}/replay`, hosts),
    };
  });
  return async function settle(taken = []) {
    const found = await Promise.all(
      read.map(({ destination, input: { text, platform }, at }) =>
        settleOne(destination, reading, {
          at,
          field: `${at}/${text === undefined ? "url" : "text"}`,
          named: platform,
        }),
      ),
    );
    const seen = new Set<string>(taken);
    return read.map(({ at, input, destination, replay }, index) => {
      const settled = found[index] ?? destination;
      const { platform, resolvedFrom } = settled;
      if (seen.has(platform)) {
        const why = resolvedFrom ? `; ${resolvedFrom} leads there` : "";
        throw refused(at, {
          code: "platform_twice",
          detail: `A stream has at most one destination on ${platform}${why}.`,
        });
      }
      seen.add(platform);
      if (replay && replay.platform !== platform && replay.platform !== destination.platform) {
        throw refused(`${at}/replay`, {
          code: "platform_mismatch",
          detail: `A replay must be on ${platform}, as its destination is; this URL is one of ${replay.platform}.`,
        });
      }
      return {
        ...settled,
        ...(replay ? { replay: replay.url } : {}),
        ...(input.shareText ? { shareText: input.shareText } : {}),
      };
    });
  };
}

/** Follows the short links of what a text names; of two that turn out to be one platform's, the first stays. */
export async function settleUnderstood(
  destinations: readonly Destination[],
  { resolve }: Reading,
  pointer: string,
): Promise<Destination[]> {
  const settled = new Map<string, Destination>();
  for (const found of await Promise.all(destinations.map(resolve)).catch(refuseOutside(pointer))) {
    if (!settled.has(found.platform)) settled.set(found.platform, found);
  }
  return [...settled.values()];
}
