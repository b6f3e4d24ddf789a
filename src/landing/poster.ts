/** @module The poster: cover, title, host, time and QR code in one picture, made to be saved and sent. */

import { html, raw } from "hono/html";
import { destinationsOf, primaryOf } from "../decision/decide.ts";
import { toBase64 } from "../lib/hash.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import { platformOf } from "../platforms/registry/edge.ts";
import { type Brand, brandOf } from "./brand.ts";
import { gate } from "./cover-image.ts";
import { type Markup, nothing } from "./head.ts";
import { breakLines, fontSizeFor, widthOfAll } from "./line-breaking.ts";
import { qrCode } from "./qr.ts";
import { momentIn, texts } from "./text.ts";

/** Three to four, the shape of a picture in a chat; taller for a long title. */
const width = 1080;
const leastHeight = 1440;
const margin = 72;
const heroHeight = 608;
const titleSize = 64;
const titleLine = 84;
const factSize = 36;
const factLine = 56;
const qrSide = 300;
const font =
  "-apple-system,'PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";

export interface Cover {
  bytes: Uint8Array;
  type: string;
}

/** What XML has no place for, even escaped. */
const unprintable = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** @returns an SVG that needs nothing else: the cover is inside it */
export function renderPoster(
  stream: StreamRecord,
  link: LinkRecord,
  shortUrl: string,
  cover: Cover | null,
  house: Brand,
): string {
  const text = texts["zh-CN"];
  const { host, startsAt, timezone } = stream;
  const title = stream.title.replace(unprintable, "");
  const { platform } = primaryOf(stream, link);
  // The one that it leads to first, and the others where it can be watched too.
  const places = [
    ...new Set([platform, ...destinationsOf(stream, link).map((one) => one.platform)]),
  ]
    .filter((name) => name !== "web")
    .map((name) => platformOf(name).label.zh);
  const [first, ...others] = places;
  const also = others.length > 0 ? `，也在${others.join("、")}` : "";
  const where = first ? `${text.platform(first)}${also}` : "";
  const lines = breakLines(title, (width - 2 * margin) / titleSize, 3);
  const titleTop = heroHeight + 112;
  const factTop = titleTop + lines.length * titleLine + 22;
  const facts = [
    host && `${text.host} · ${host.replace(unprintable, "")}`,
    startsAt !== undefined && momentIn("zh-CN", startsAt, timezone),
  ].filter((fact) => typeof fact === "string");
  const height = Math.max(leastHeight, factTop + facts.length * factLine + 60 + qrSide + margin);
  const qrTop = height - margin - qrSide;
  const address = shortUrl.replace(/^https?:\/\//, "");
  const beside = width - 2 * margin - qrSide - 24;
  const addressSize = fontSizeFor(address, beside, 28);
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${font}" role="img" aria-label="${title}">
<rect width="${width}" height="${height}" fill="#fbf8f2"/>
${picture(cover)}
${corner(brandOf(stream, house).name, "start")}
${corner(link.adLabel ? text.ad : undefined, "end")}
${lines.map((line, index) => html`<text x="${margin}" y="${titleTop + index * titleLine}" font-size="${titleSize}" font-weight="700" fill="#1d1b19">${line}</text>`)}
${facts.map((fact, index) => html`<text x="${margin}" y="${factTop + index * factLine}" font-size="${factSize}" fill="#635e57">${breakLines(fact, (width - 2 * margin) / factSize, 1)[0] ?? ""}</text>`)}
<path d="M${margin} ${qrTop - 44}H${width - margin}" stroke="#e3dfd8" stroke-width="2"/>
<text x="${margin}" y="${qrTop + 96}" font-size="52" font-weight="700" fill="#c93a26">${text.posterScan}</text>
<text x="${margin}" y="${qrTop + 160}" font-size="${fontSizeFor(where, beside, 34)}" fill="#1d1b19">${where}</text>
<text x="${margin}" y="${qrTop + qrSide - 8}" font-size="${addressSize}" fill="#635e57">${address}</text>
<svg x="${width - margin - qrSide}" y="${qrTop}" width="${qrSide}" height="${qrSide}">${raw(qrCode(shortUrl))}</svg>
</svg>`.toString();
}

/** Words in a corner of the picture: whose it is, and that it is an advertisement. */
function corner(words: string | undefined, side: "start" | "end"): Markup {
  if (!words) return nothing;
  const size = 34;
  const [line = ""] = breakLines(words.replace(unprintable, ""), 16, 1);
  const box = Math.ceil(widthOfAll(line) * size) + 44;
  const x = side === "start" ? 36 : width - 36 - box;
  return html`<rect x="${x}" y="36" width="${box}" height="60" rx="10" fill="#1d1b19" fill-opacity="0.85"/><text x="${x + 22}" y="78" font-size="${size}" font-weight="600" fill="#fff">${line}</text>`;
}

function picture(cover: Cover | null): Markup {
  if (!cover) {
    return html`<svg width="${width}" height="${heroHeight}" viewBox="0 0 320 180" preserveAspectRatio="xMidYMid slice">${raw(gate)}</svg>`;
  }
  const data = toBase64(cover.bytes);
  // Whole, whatever its shape: covers of live rooms are square or portrait, and a face stands at their top.
  return html`<rect width="${width}" height="${heroHeight}" fill="#efe9df"/><image width="${width}" height="${heroHeight}" preserveAspectRatio="xMidYMid meet" href="data:${cover.type};base64,${data}"/>`;
}
