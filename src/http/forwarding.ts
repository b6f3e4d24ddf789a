/**
 * @module Says when something in front forwards addresses in a header that no setting names. On a server of
 * one's own no header is believed by itself, so visitors' addresses are unknown then, and who runs the
 * service should hear of it: in the log, in `/healthz`, in the console. A stranger can bring it about by
 * sending such a header, so it is a hint and stops nothing.
 */
import type { Settings } from "../config/settings.ts";
import { log } from "../lib/log.ts";

/** That proxies and CDNs set: nginx and most others, then Cloudflare, Alibaba Cloud, Tencent EdgeOne. */
const forwardingHeaders = [
  "X-Forwarded-For",
  "X-Real-IP",
  "Forwarded",
  "CF-Connecting-IP",
  "True-Client-IP",
  "Ali-Cdn-Real-Ip",
  "Ali-Real-Client-Ip",
  "EO-Connecting-IP",
] as const;

/** Each of the first requests is looked at, then one of so many: header reads cost on every open. */
const first = 1_000;
const later = 64;

let seen = 0;
let noticed: string | undefined;

/** Looks at a request, unless a setting names the header or one was noticed already. */
export function noteForwarding(
  headers: Headers,
  { isOwnServer, addressHeader }: Pick<Settings, "isOwnServer" | "addressHeader">,
): void {
  if (noticed !== undefined || !isOwnServer || addressHeader !== undefined) return;
  seen += 1;
  if (seen > first && seen % later !== 0) return;
  noticed = forwardingHeaders.find((name) => headers.has(name));
  if (noticed !== undefined) log("address_header_not_set", { header: noticed });
}

/** A hint for the operator; it makes nothing fail. */
export interface Warning {
  code: "address_header_not_set";
  /** The header that arrives. */
  header: string;
  detail: string;
}

/** What was noticed, for `/healthz` and the console. */
export function forwardingWarning(): Warning | undefined {
  if (noticed === undefined) return undefined;
  const detail = `${noticed} arrives, and the setting CLIENT_ADDRESS_HEADER names no header: visitors' addresses are unknown, so they are told apart by user agent and language only, and no limit by address applies. If a proxy of yours sets that header, name it.`;
  return { code: "address_header_not_set", header: noticed, detail };
}
