/**
 * @module Destinations as an export has them: what the API made of what was pasted. An import reads them
 * again, so that it takes none that a request could not have made.
 */

import { refused } from "../catalog/destinations.ts";
import { said } from "../lib/said.ts";
import type { KeptDestination } from "../model/destination.ts";
import { pageAt, recognize } from "../platforms/recognize.ts";
import type { Destination, PlatformName } from "../platforms/registry/edge.ts";
import { pagesOf } from "../platforms/registry/pages.ts";
import { readText } from "../platforms/text.ts";
import { writtenAtMost } from "../platforms/url.ts";

const codeShape = /^[\w-]{1,200}$/;

/**
 * Reads a destination again. Its kind and id are what its URL says today, since ways into apps are made of
 * them; only those of a followed short link are taken as they are, for they came from the page behind it.
 *
 * @param at pointer of the destination in its line
 * @throws {Problem} that names the field
 */
export function readAgain(
  given: KeptDestination,
  at: string,
  hosts: readonly string[],
): KeptDestination {
  const read = whatItSays(given, at, hosts);
  const { resolvedFrom, replay, platform } = given;
  const short =
    resolvedFrom === undefined ? undefined : keptUrl(resolvedFrom, `${at}/resolvedFrom`, hosts);
  if (replay !== undefined) {
    const recording = keptUrl(replay, `${at}/replay`, hosts);
    if (recording.platform !== platform && recording.platform !== short?.platform) {
      throw mismatch(`${at}/replay`, recording.platform, platform);
    }
  }
  if (isBehindShortLink(given, short)) return given;
  if (read.platform !== platform) throw mismatch(`${at}/platform`, read.platform, platform);
  const { kind, id, idType } = read;
  if (given.kind === kind && given.id === id && given.idType === idType) return given;
  const { idType: _, ...rest } = given;
  return { ...rest, kind, id, ...(idType === undefined ? {} : { idType }) };
}

/** Pages of some hosts are kept by the short link that led to them, which outlives them. */
function isBehindShortLink(
  { url, resolvedFrom, platform }: KeptDestination,
  short?: Destination,
): boolean {
  return (
    short?.kind === "short" &&
    url === resolvedFrom &&
    pagesOf(platform).shortLinks?.passingHosts !== undefined
  );
}

/** Earlier releases took a short link without its code for a page: what was stored is kept. */
function keptUrl(url: string, pointer: string, hosts: readonly string[]): Destination {
  const reading = recognize(url, hosts, writtenAtMost);
  if (reading.ok) return reading.destination;
  const page = reading.code === "short_link_without_code" ? pageAt(new URL(url), hosts) : null;
  if (!page) throw refused(pointer, reading);
  return page;
}

const mismatch = (pointer: string, found: PlatformName, named: PlatformName) =>
  refused(pointer, {
    code: "platform_mismatch",
    detail: said(`This is one of ${found}, not of ${named}.`, `这属于 ${found}，不属于 ${named}。`),
  });

/** What the URL, the mini program, the account or the share text stands for. */
function whatItSays(given: KeptDestination, at: string, hosts: readonly string[]): Destination {
  const { url, miniProgram: program, finderUserName: account, shareText } = given;
  const forms = [url, program, account].filter((form) => form !== undefined);
  if (forms.length > 1) {
    const detail = said(
      "Expected one of url, miniProgram and finderUserName.",
      "url、miniProgram、finderUserName 须且只能有一个。",
    );
    throw refused(at, { code: "no_destination", detail });
  }
  if (program) return { platform: "wechat", kind: "miniprogram", id: program.appId };
  if (account !== undefined) return { platform: "wechat", kind: "live", id: account };
  if (url !== undefined && !url.startsWith("weixin:")) {
    return keptUrl(url, `${at}/url`, hosts);
  }
  // A mini program's short link is its code, and a text to copy.
  if (url === undefined && shareText !== undefined && codeShape.test(given.id)) {
    return { platform: "wechat", kind: "miniprogram", id: given.id };
  }
  const reading = readText(url ?? "", hosts);
  const [read] = reading.ok ? reading.destinations : [];
  if (read && read.url === url && !read.miniProgram) return read;
  const detail = said(
    "Expected a destination as the API makes one: this is none.",
    "须为接口生成的目标链接，这不是。",
  );
  throw refused(url === undefined ? at : `${at}/url`, { code: "no_destination", detail });
}
