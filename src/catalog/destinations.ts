/** @module From what a request names as a destination to what the Catalog keeps; refusals name the field. */

import { type Env, extraHosts } from "../config/env.ts";
import { Problem } from "../http/problem.ts";
import { type Said, said } from "../lib/said.ts";
import type { DestinationInput } from "../model/destination.ts";
import { ProvenOutside, type Resolve, shortLinkResolver } from "../outbound/short-links.ts";
import { wayOut } from "../outbound/way-out.ts";
import type { Destination, PlatformName } from "../platforms/registry/edge.ts";
import { readLink, readText, secondOf } from "../platforms/text.ts";

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
  { code, detail }: { code: string; detail: Said },
): Problem {
  return new Problem("destination_refused", detail, [{ pointer, message: detail }], code);
}

/** A short link that leads outside is no destination. */
function refuseOutside(pointer: string) {
  return (error: unknown): never => {
    if (!(error instanceof ProvenOutside)) throw error;
    throw refused(pointer, { code: "short_link_leads_outside", detail: error.detail });
  };
}

const noDestination = said("Found no destination.", "没有找到目标链接。");

/** What a field that holds a URL leads to. */
export function destinationOfUrl(
  url: string,
  pointer: string,
  hosts: readonly string[],
): Destination {
  const reading = readLink(url, hosts);
  if (!reading.ok) throw refused(pointer, reading);
  return reading.destination;
}

/** The same of a field whose URL has to be a page's. */
export function pageOfUrl(
  given: string,
  pointer: string,
  hosts: readonly string[],
): Destination & { url: string } {
  const { url, ...destination } = destinationOfUrl(given, pointer, hosts);
  if (url !== undefined && /^https?:/.test(url)) return { ...destination, url };
  throw refused(pointer, {
    code: "url_scheme",
    detail: said(
      "Expected a URL that begins with https:// or http://.",
      "只接受以 https:// 或 http:// 开头的网址。",
    ),
  });
}

/** Everything a share text or URL leads to, with the names in it. */
export function understand(text: string, pointer: string, hosts: readonly string[]) {
  const reading = readText(text, hosts);
  if (!reading.ok) throw refused(pointer, reading);
  return reading;
}

/**
 * The one destination that a text gives: that on the wanted platform, else the first that it names. Each other
 * link of the text is a warning.
 */
export function oneOf(
  { destinations, notTaken }: Pick<ReturnType<typeof understand>, "destinations" | "notTaken">,
  platform?: string,
): Destination {
  const chosen =
    destinations.find((destination) => destination.platform === platform) ?? destinations[0];
  if (!chosen) throw new Problem("destination_refused", noDestination, [], "no_destination");
  const others = destinations.filter((one) => one !== chosen);
  const left = others.map(
    ({ url, id }) => `${url ?? id} was not taken: one link of a text becomes the destination.`,
  );
  return warned(chosen, [...left, ...notTaken]);
}

const warned = (destination: Destination, more: readonly string[]): Destination =>
  more.length === 0
    ? destination
    : { ...destination, warnings: [...(destination.warnings ?? []), ...more] };

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
  return input.text === undefined
    ? destinationOfUrl(input.url ?? "", `${pointer}/url`, hosts)
    : oneOf(understand(input.text, `${pointer}/text`, hosts), input.platform);
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
    detail: said(
      `This URL is one of ${found.platform}, not of ${named}.`,
      `这个网址属于 ${found.platform}，不属于 ${named}。`,
    ),
  });
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
      replay: input.replay && pageOfUrl(input.replay, `${at}/replay`, hosts),
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
        const why = resolvedFrom
          ? said(`; ${resolvedFrom} leads there`, `（${resolvedFrom} 指向那里）`)
          : said("", "");
        throw refused(at, {
          code: "platform_twice",
          detail: said(
            `A stream has at most one destination on ${platform}${why.en}.`,
            `一场直播在 ${platform} 上最多有一个目标链接${why.zh}。`,
          ),
        });
      }
      seen.add(platform);
      if (replay && replay.platform !== platform && replay.platform !== destination.platform) {
        throw refused(`${at}/replay`, {
          code: "platform_mismatch",
          detail: said(
            `A replay must be on ${platform}, as its destination is; this URL is one of ${replay.platform}.`,
            `回放须与目标链接同在 ${platform}，而这个网址属于 ${replay.platform}。`,
          ),
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

/**
 * Follows the short links of what a text names; of two that turn out to be one platform's, the first stays. What
 * is not taken is a warning of the first.
 */
export async function settleUnderstood(
  { destinations, notTaken }: Pick<ReturnType<typeof understand>, "destinations" | "notTaken">,
  { resolve }: Reading,
  pointer: string,
): Promise<Destination[]> {
  const settled = new Map<string, Destination>();
  const left = [...notTaken];
  for (const found of await Promise.all(destinations.map(resolve)).catch(refuseOutside(pointer))) {
    const before = settled.get(found.platform);
    if (before) left.push(secondOf(found, pastedUrl(found), pastedUrl(before)));
    else settled.set(found.platform, found);
  }
  const [first, ...others] = settled.values();
  return first ? [warned(first, left), ...others] : [];
}

const pastedUrl = ({ resolvedFrom, url }: Destination) => resolvedFrom ?? url;
