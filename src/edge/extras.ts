/** @module What hangs below a link beside the page, and counts nothing: QR code, poster, cover, calendar. */
import { coverKey } from "../catalog/records.ts";
import { headerOf } from "../http/request-headers.ts";
import { qrCode } from "../landing/qr.ts";
import { BoundedMap, textBytes } from "../lib/bounded-map.ts";
import { version } from "../version.ts";
import type { Opening } from "./open.ts";
import { missing, neverCached, svg } from "./respond.ts";

const shortUrlOf = ({ ports, slug }: Opening): string => `${ports.origin}/${slug}`;

/** Bounds of `?size=`, CSS pixels. */
const bounds = { least: 64, most: 2_048 };

/** Pictures that were drawn, with what they show: a poster holds its cover, and takes up to 0.7 MB. */
interface Drawn {
  bytes: ArrayBuffer;
  etag: string;
}

const drawn = new BoundedMap<string, Drawn>({
  bytes: 8 * 1_048_576,
  weigh: (key, { bytes }) => textBytes(key) + bytes.byteLength,
});

const bytesOf = (text: string): ArrayBuffer => new TextEncoder().encode(text).slice().buffer;

/** The tag of a picture: another when one of its records has changed, or the release that draws it. */
const tagOf = ({ target }: Opening, variant: string): string => {
  const { link, stream } = target;
  return `"${version}-${link.version}-${stream.version}-${variant}"`;
};

/** A picture as it was drawn last, drawn again when what it shows has changed; 304 for who has it. */
async function picture(
  opening: Opening,
  { variant, seconds }: { variant: string; seconds: number },
  draw: () => string | Promise<string>,
): Promise<Response> {
  const { headers, slug } = opening;
  const etag = tagOf(opening, variant);
  const key = `${shortUrlOf(opening)} ${variant}`;
  const name = `${slug}-${variant.split("-", 1)[0]}.svg`;
  const known = drawn.get(key);
  const shown = known?.etag === etag ? known : { bytes: bytesOf(await draw()), etag };
  if (shown !== known) drawn.set(key, shown);
  const isKnown = headerOf(headers, "If-None-Match")?.includes(etag) ?? false;
  return svg(isKnown ? null : shown.bytes, { seconds, name, etag });
}

export function answerQr(opening: Opening): Promise<Response> {
  const { searchParams } = new URL(opening.request.url);
  const wanted = Number(searchParams.get("size") || Number.NaN);
  const size = Number.isFinite(wanted)
    ? Math.min(Math.max(Math.round(wanted), bounds.least), bounds.most)
    : undefined;
  const withLogo = /^(?:1|true|)$/.test(searchParams.get("logo") ?? "0");
  const variant = `qr-${size ?? "fit"}-${withLogo ? "logo" : "plain"}`;
  return picture(opening, { variant, seconds: 86_400 }, () =>
    qrCode(shortUrlOf(opening), { size, withLogo }),
  );
}

export function answerPoster(opening: Opening): Promise<Response> {
  const { target, ports } = opening;
  const { stream } = target;
  return picture(opening, { variant: "poster", seconds: 300 }, async () => {
    const [{ renderPoster }, cover] = await Promise.all([
      import("../landing/poster.ts"),
      stream.cover ? ports.readCover(coverKey(stream.id)) : null,
    ]);
    const kept = cover && {
      type: cover.type,
      bytes: new Uint8Array(await new Response(cover.body).arrayBuffer()),
    };
    return renderPoster(stream, target.link, shortUrlOf(opening), kept);
  });
}

export async function answerCalendar(opening: Opening): Promise<Response> {
  const { target, slug, request } = opening;
  const { stream } = target;
  if (stream.startsAt === undefined) return missing(request, 404);
  const { renderCalendar } = await import("../landing/calendar.ts");
  return new Response(renderCalendar(stream, shortUrlOf(opening), stream.startsAt), {
    headers: {
      ...neverCached,
      "Content-Type": "text/calendar; charset=utf-8",
      "Content-Disposition": `inline; filename="${slug}.ics"`,
    },
  });
}

export async function answerCover({ target, request, ports }: Opening): Promise<Response> {
  const { stream } = target;
  const cover = stream.cover ? await ports.readCover(coverKey(stream.id)) : null;
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
