/** @module Covers, kept by us in KV: uploaded, or fetched when a stream is created. */

import type { Env } from "../config/env.ts";
import { Problem } from "../http/problem.ts";
import { signalled, within } from "../lib/deadline.ts";
import { sha256 } from "../lib/hash.ts";
import { isListed } from "../lib/hosts.ts";
import { type Said, said } from "../lib/said.ts";
import { coverKeys } from "../model/edge-records.ts";
import type { Stream } from "../model/stream.ts";
import { follow, readBody, Strayed } from "../outbound/safe-fetch.ts";
import { wayOut } from "../outbound/way-out.ts";
import { platformPages } from "../platforms/registry/pages.ts";
import { readUrl } from "../platforms/url.ts";
import { catalogOf, unwrap } from "./calls.ts";

export const bytesAtMost = 512 * 1024;
const fetchWithin = 3_000;
const putWithin = 10_000;

/** Where the platforms keep their pictures; the operator may add hosts. */
const imageHosts = platformPages.flatMap(({ imageHosts: hosts = [] }) => hosts);

/** By the bytes, not by what a header claims: the picture is served from our own host. */
const signatures: readonly [string, (bytes: Uint8Array) => boolean][] = [
  ["image/jpeg", (bytes) => starts(bytes, [0xff, 0xd8, 0xff])],
  ["image/png", (bytes) => starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ["image/gif", (bytes) => ascii(bytes, 0, 4) === "GIF8"],
  ["image/webp", (bytes) => ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP"],
  ["image/avif", (bytes) => ascii(bytes, 4, 8) === "ftyp" && /^avi[fs]$/.test(ascii(bytes, 8, 12))],
];

/** @returns `undefined` for what is no picture */
export function typeOfPicture(bytes: Uint8Array): string | undefined {
  return signatures.find(([, test]) => test(bytes))?.[0];
}

function starts(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/**
 * Keeps a picture as a stream's cover.
 *
 * @throws {Problem} 413 when too large, 415 when it is no picture, 404 without such a stream
 */
export async function putCover(
  env: Env,
  streamId: string,
  bytes: Uint8Array,
  by: string,
): Promise<Stream> {
  if (bytes.length > bytesAtMost) {
    throw new Problem(
      "payload_too_large",
      said(`A cover may have at most ${bytesAtMost} bytes.`, `封面最多 ${bytesAtMost} 字节。`),
    );
  }
  const type = typeOfPicture(bytes);
  if (!type) {
    throw new Problem(
      "unsupported_media_type",
      said(
        "Expected a JPEG, PNG, WebP, GIF or AVIF picture.",
        "封面须为 JPEG、PNG、WebP、GIF 或 AVIF 图片。",
      ),
    );
  }
  const cover = revisionOf(bytes);
  const [key] = coverKeys(streamId, cover);
  unwrap(await catalogOf(env).stream(streamId));
  await within(env.LINKS.put(key, bytes, { metadata: { type } }), putWithin, "KV");
  return unwrap(await catalogOf(env).changeStream(streamId, { cover }, by));
}

/** A stream's cover and its type, where it has one that is still kept. */
export async function keptCover(
  env: Env,
  { id, cover }: Pick<Stream, "id" | "cover">,
): Promise<{ bytes: Uint8Array; type: string } | null> {
  if (cover === null) return null;
  for (const key of coverKeys(id, cover)) {
    const { value, metadata } = await env.LINKS.getWithMetadata<{ type: string }>(
      key,
      "arrayBuffer",
    );
    if (value) return { bytes: new Uint8Array(value), type: metadata?.type ?? "image/jpeg" };
  }
  return null;
}

/** What names a picture among those of its stream. */
export const revisionOf = (bytes: Uint8Array): string => sha256(bytes, "hex").slice(0, 12);

export type FetchedCover = { ok: true; value: Uint8Array } | { ok: false; warning: string };

/**
 * Fetches a cover from an allowed image host.
 *
 * @param text the cover that a request names, if it does
 * @returns the bytes; or a warning when the host did not give a picture, which is no reason to refuse a
 *   stream; `null` without a cover to fetch
 * @throws {Problem} 422 when the host is not allowed
 */
export async function fetchCover(
  text: string | null | undefined,
  extraHosts: readonly string[],
): Promise<FetchedCover | null> {
  if (typeof text !== "string") return null;
  const reading = readUrl(text);
  const refuse = (detail: Said, code: string) =>
    new Problem("destination_refused", detail, [{ pointer: "/cover", message: detail }], code);
  if (!reading.ok) throw refuse(reading.detail, reading.code);
  const { hostname } = reading.url;
  const isAllowed = (name: string) => isListed(name, imageHosts) || isListed(name, extraHosts);
  if (!isAllowed(hostname)) {
    throw refuse(
      said(
        `The host ${hostname} is not a known image host; upload the cover with PUT /api/streams/{id}/cover.`,
        `域名 ${hostname} 不是已知的图片域名；请用 PUT /api/streams/{id}/cover 上传封面。`,
      ),
      "host_not_allowed",
    );
  }
  try {
    const value = await signalled(fetchWithin, async (signal) => {
      const { url, response } = await follow(text, {}, { fetch: wayOut(), isAllowed, signal });
      if (!response?.ok) throw new Strayed(`${url.hostname} answered ${response?.status}`);
      const bytes = await readBody(url, response, { bytesAtMost, signal });
      if (!typeOfPicture(bytes)) throw new Strayed(`${url.hostname} did not answer with a picture`);
      return bytes;
    });
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof Strayed)) throw error;
    return {
      ok: false,
      warning: `The cover could not be fetched, since ${error.message}; upload it with PUT /api/streams/{id}/cover.`,
    };
  }
}
