/** @module What hangs below a link beside the page, and counts nothing: QR code, poster, cover, calendar. */

import { headerOf } from "../http/request-headers.ts";
import { qrCode } from "../landing/qr.ts";
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { version } from "../lib/version.ts";
import { coverKeys } from "../model/edge-records.ts";
import type { Opening } from "./opening.ts";
import { missing, neverCached, png, svg } from "./respond.ts";

const shortUrlOf = ({ ports, slug }: Opening): string => `${ports.origin}/${slug}`;

/** Bounds of `?size=`, pixels. */
const bounds = { least: 64, most: 2_048 };

/** The tag of a picture: another when one of its records has changed, or the release that draws it. */
const tagOf = ({ target }: Opening, variant: string): string => {
  const { link, stream } = target;
  return `"${version}-${link.version}-${stream.version}-${variant}"`;
};

const hasIt = ({ headers }: Opening, etag: string): boolean =>
  headerOf(headers, "If-None-Match")?.includes(etag) ?? false;

/** What a request for a code asks for, and the tag of that. */
function askedQr(opening: Opening, kind: "svg" | "png") {
  const { searchParams } = new URL(opening.request.url);
  const wanted = Number(searchParams.get("size") || Number.NaN);
  const size = Number.isFinite(wanted)
    ? Math.min(Math.max(Math.round(wanted), bounds.least), bounds.most)
    : undefined;
  const withLogo = /^(?:1|true|)$/.test(searchParams.get("logo") ?? "0");
  const etag = tagOf(opening, `${kind}-${size ?? "fit"}-${withLogo ? "logo" : "plain"}`);
  return { size, withLogo, shown: { seconds: 86_400, name: `${opening.slug}-qr.${kind}`, etag } };
}

export function answerQr(opening: Opening): Response {
  const { shown, ...options } = askedQr(opening, "svg");
  if (hasIt(opening, shown.etag)) return svg(null, shown);
  return svg(qrCode(shortUrlOf(opening), options), shown);
}

/** Codes as they were drawn last: one takes some ten milliseconds, and anybody can ask. */
const pngs = new BoundedMap<string, Uint8Array>({
  bytes: 2 * 1_048_576,
  weigh: (key, bytes) => textBytes(key) + bytes.byteLength,
});

export async function answerQrPng(opening: Opening): Promise<Response> {
  const { shown, ...options } = askedQr(opening, "png");
  if (hasIt(opening, shown.etag)) return png(null, shown);
  const url = shortUrlOf(opening);
  const key = `${url} ${options.size} ${options.withLogo}`;
  const known = pngs.get(key);
  if (known) return png(known, shown);
  const { qrPng } = await import("../landing/qr-png.ts");
  const bytes = await qrPng(url, options);
  pngs.set(key, bytes);
  return png(bytes, shown);
}

/** Posters as they were drawn last: each holds its cover, and takes up to 0.7 MB. */
const posters = new BoundedMap<string, { bytes: ArrayBuffer; etag: string }>({
  bytes: 8 * 1_048_576,
  weigh: (key, { bytes }) => textBytes(key) + bytes.byteLength,
});

export async function answerPoster(opening: Opening): Promise<Response> {
  const etag = tagOf(opening, "poster");
  const shown = { seconds: 300, name: `${opening.slug}-poster.svg`, etag };
  if (hasIt(opening, etag)) return svg(null, shown);
  const key = shortUrlOf(opening);
  const known = posters.get(key);
  if (known?.etag === etag) return svg(known.bytes, shown);
  const bytes = new TextEncoder().encode(await drawPoster(opening)).slice().buffer;
  posters.set(key, { bytes, etag });
  return svg(bytes, shown);
}

async function drawPoster(opening: Opening): Promise<string> {
  const { stream, link } = opening.target;
  const [{ renderPoster }, cover] = await Promise.all([
    import("../landing/poster.ts"),
    coverOf(opening),
  ]);
  const kept = cover && {
    type: cover.type,
    bytes: new Uint8Array(await new Response(cover.body).arrayBuffer()),
  };
  return renderPoster(stream, link, shortUrlOf(opening), kept, opening.ports.settings.brand);
}

export async function answerCalendar(opening: Opening): Promise<Response> {
  const { target, slug, request } = opening;
  const { stream } = target;
  if (stream.startsAt === undefined) return missing(request, 404);
  const { renderCalendar } = await import("../landing/calendar.ts");
  return new Response(renderCalendar(stream, shortUrlOf(opening), stream.startsAt, opening.now), {
    headers: {
      ...neverCached,
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": `inline; filename="${slug}.ics"`,
    },
  });
}

async function coverOf({ target: { stream }, ports }: Opening) {
  if (!stream.cover) return null;
  for (const key of coverKeys(stream.id, stream.cover)) {
    const cover = await ports.readCover(key);
    if (cover) return cover;
  }
  return null;
}

export async function answerCover(opening: Opening): Promise<Response> {
  const { target, request } = opening;
  const { stream } = target;
  const cover = await coverOf(opening);
  if (!cover) return new Response(null, { status: 404, headers: neverCached });
  const isVersioned = new URL(request.url).searchParams.get("v") === stream.cover;
  return new Response(cover.body, {
    headers: {
      "Content-Type": cover.type,
      "Cache-Control": isVersioned ? "public, max-age=31536000, immutable" : "public, max-age=300",
      "Content-Security-Policy": "default-src 'none'; sandbox",
    },
  });
}
