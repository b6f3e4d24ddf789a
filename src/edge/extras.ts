/** @module What hangs below a link beside the page, and counts nothing: QR code, poster, cover, calendar. */
import { coverKey } from "../catalog/records.ts";
import { qrCode } from "../landing/qr.ts";
import type { Opening } from "./open.ts";
import { missing, neverCached, svg } from "./respond.ts";

const shortUrlOf = ({ ports, slug }: Opening): string => `${ports.origin}/${slug}`;

/** Bounds of `?size=`, CSS pixels. */
const size = { least: 64, most: 2_048 };

export function answerQr(opening: Opening): Response {
  const { searchParams } = new URL(opening.request.url);
  const wanted = Number(searchParams.get("size") || Number.NaN);
  const code = qrCode(shortUrlOf(opening), {
    size: Number.isFinite(wanted)
      ? Math.min(Math.max(Math.round(wanted), size.least), size.most)
      : undefined,
    withLogo: /^(?:1|true|)$/.test(searchParams.get("logo") ?? "0"),
  });
  return svg(code, 86_400, `${opening.slug}-qr.svg`);
}

export async function answerPoster(opening: Opening): Promise<Response> {
  const { target, ports, slug } = opening;
  const { stream } = target;
  const [{ renderPoster }, cover] = await Promise.all([
    import("../landing/poster.ts"),
    stream.cover ? ports.readCover(coverKey(stream.id)) : null,
  ]);
  const picture = cover && {
    type: cover.type,
    bytes: new Uint8Array(await new Response(cover.body).arrayBuffer()),
  };
  return svg(
    renderPoster(stream, target.link, shortUrlOf(opening), picture),
    300,
    `${slug}-poster.svg`,
  );
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
      "X-Content-Type-Options": "nosniff",
      "Content-Security-Policy": "default-src 'none'; sandbox",
    },
  });
}
