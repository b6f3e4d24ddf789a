/**
 * @module Where a request comes from, as far as something in front of this service can be believed: the
 * address' household and the place. Cloudflare says both itself; on a server of one's own only the headers
 * count that settings name, since anybody can send any.
 */
import type { Settings } from "../config/settings.ts";
import { addressPrefix, entryFromEnd } from "../lib/address.ts";
import { headerEndOf, headerOf } from "./request-headers.ts";

/** The settings that say what is believed. */
export type Trust = Pick<
  Settings,
  "addressHeader" | "addressFromEnd" | "countryHeader" | "regionHeader" | "isOwnServer"
>;

export interface Place {
  /** ISO 3166-1 alpha-2, or `unknown`. */
  country: string;
  /** ISO 3166-2 subdivision without its country, or `unknown`. */
  region: string;
}

/** @returns the part of the address that stands for a household; `""` where no address is known */
export function addressOf(headers: Headers, { addressHeader, addressFromEnd }: Trust): string {
  if (addressHeader === undefined) return "";
  const value = headerEndOf(headers, addressHeader);
  return value === null ? "" : addressPrefix(entryFromEnd(value, addressFromEnd));
}

const unknown = "unknown";
const country = /^[A-Z][A-Z0-9]$/;
/** Some say the subdivision alone, some with its country: `ZJ`, `CN-ZJ`. */
const region = /^(?:[A-Z]{2}-)?([A-Z0-9]{1,3})$/;

/**
 * The place of the requester; what is no code of a place is unknown.
 *
 * @param estimate the mainland's province by the address, asked where nothing says the place
 */
export function placeOf(request: Request, trust: Trust, estimate: () => string | null): Place {
  const { countryHeader, regionHeader, isOwnServer } = trust;
  if (countryHeader === undefined && regionHeader === undefined) {
    const province = estimate();
    if (province) return { country: "CN", region: province };
    // Elsewhere than on Cloudflare `cf` is what the caller says it is.
    const cf = isOwnServer ? undefined : request.cf;
    return {
      country: cf?.country ? String(cf.country) : unknown,
      region: cf?.regionCode ? String(cf.regionCode) : unknown,
    };
  }
  const said = (name: string | undefined) =>
    name === undefined ? "" : (headerOf(request.headers, name) ?? "").trim().toUpperCase();
  const [code, part] = [said(countryHeader), region.exec(said(regionHeader))?.[1]];
  return { country: country.test(code) ? code : unknown, region: part ?? unknown };
}
