/** @module The poster: cover, title, host, time and QR code in one picture, made to be saved and sent. */
import { Buffer } from "node:buffer";
import { html, raw } from "hono/html";
import type { StreamRecord } from "../catalog/records.ts";
import { platformOf } from "../platforms/index.ts";
import { type Markup, nothing } from "./head.ts";
import { gate } from "./hero.ts";
import { breakLines } from "./lines.ts";
import { qrCode } from "./qr.ts";
import { momentIn, texts } from "./text.ts";

/** Three to four, the shape of a picture in a chat. */
const width = 1080;
const height = 1440;
const margin = 72;
const heroHeight = 608;
const titleSize = 64;
const font =
  "-apple-system,'PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";

export interface Cover {
  bytes: Uint8Array;
  type: string;
}

/** @returns an SVG that needs nothing else: the cover is inside it */
export function renderPoster(stream: StreamRecord, shortUrl: string, cover: Cover | null): string {
  const text = texts["zh-CN"];
  const { title, host, startsAt, timezone, primary } = stream;
  const { label } = platformOf(primary);
  const lines = breakLines(title, (width - 2 * margin) / titleSize, 3);
  const below = heroHeight + 100 + lines.length * 84;
  const facts = [
    host && `${text.host} · ${host}`,
    startsAt !== undefined && momentIn("zh-CN", startsAt, timezone),
  ].filter((fact) => typeof fact === "string");
  const qrSide = 300;
  const qrTop = height - margin - qrSide;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${font}" role="img" aria-label="${title}">
<rect width="${width}" height="${height}" fill="#fbf8f2"/>
${picture(cover)}
${lines.map((line, index) => html`<text x="${margin}" y="${heroHeight + 112 + index * 84}" font-size="${titleSize}" font-weight="700" fill="#1d1b19">${line}</text>`)}
${facts.map((fact, index) => html`<text x="${margin}" y="${below + 34 + index * 56}" font-size="36" fill="#635e57">${breakLines(fact, (width - 2 * margin) / 36, 1)[0] ?? ""}</text>`)}
<path d="M${margin} ${qrTop - 44}H${width - margin}" stroke="#e3dfd8" stroke-width="2"/>
<text x="${margin}" y="${qrTop + 96}" font-size="52" font-weight="700" fill="#c93a26">${text.posterScan}</text>
<text x="${margin}" y="${qrTop + 160}" font-size="34" fill="#1d1b19">${primary === "web" ? nothing : text.platform(label.zh)}</text>
<text x="${margin}" y="${qrTop + qrSide - 8}" font-size="28" fill="#635e57">${shortUrl.replace(/^https?:\/\//, "")}</text>
<svg x="${width - margin - qrSide}" y="${qrTop}" width="${qrSide}" height="${qrSide}">${raw(qrCode(shortUrl))}</svg>
</svg>`.toString();
}

function picture(cover: Cover | null): Markup {
  if (!cover) {
    return html`<svg width="${width}" height="${heroHeight}" viewBox="0 0 320 180" preserveAspectRatio="xMidYMid slice">${raw(gate)}</svg>`;
  }
  const data = Buffer.from(cover.bytes).toString("base64");
  return html`<image width="${width}" height="${heroHeight}" preserveAspectRatio="xMidYMid slice" href="data:${cover.type};base64,${data}"/>`;
}
