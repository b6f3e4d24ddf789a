/** @module Where an alliance may be asked: at its own gateway, or at one that the operator named. Of requests and of imports alike. */
import { baseUrl } from "../config/readers.ts";
import { type Said, said } from "../lib/said.ts";
import type { AllianceName } from "./adapter.ts";
import { adapterOf } from "./registry.ts";

/**
 * @param given instead of the platform's own
 * @param origins of OUTBOUND_ORIGINS
 */
export function apiBaseOf(
  alliance: AllianceName,
  given: string,
  origins: readonly string[],
): { ok: true; base: string } | { ok: false; message: Said } {
  const base = baseUrl(given);
  const own = new URL(adapterOf(alliance).base).origin;
  if (base !== null && [own, ...origins].includes(new URL(base).origin)) return { ok: true, base };
  const message = said(
    `Expected the platform's own gateway, ${own}, or one whose origin OUTBOUND_ORIGINS names.`,
    `须为平台自己的网关 ${own}，或 OUTBOUND_ORIGINS 里列出的来源。`,
  );
  return { ok: false, message };
}
