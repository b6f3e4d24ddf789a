/** @module The Worker's surroundings by one name: its bindings and its settings (src/config/). */
import type { Env } from "./bindings.ts";
import { settings } from "./settings.ts";

export type { Env } from "./bindings.ts";
export {
  defaultTimezone,
  type Settings,
  settings,
  wrongSettings,
} from "./settings.ts";

/** The first API key; `undefined` where the setting gives none that could be valid. */
export const adminKey = (env: Env): string | undefined => settings(env).adminKey;

/** The operator's own destination hosts. */
export const extraHosts = (env: Env): readonly string[] => settings(env).extraHosts;

/** Origins that notifiers may send to, beside the robots' own; empty: any public host, over https. */
export const notifyHosts = (env: Env): readonly string[] => settings(env).notifyHosts;

/** Origins that alliances may be called at, beside the platforms' own. */
export const outboundOrigins = (env: Env): readonly string[] => settings(env).outboundOrigins;

/** What the files of DOMAIN_PROOFS hold, by name. */
export const domainProofs = (env: Env): ReadonlyMap<string, string> => settings(env).domainProofs;

/** Whether the reader asks over https: a proxy in front may speak it for us. */
export const isHttps = (env: Env, requestUrl: string): boolean =>
  publicOrigin(env, requestUrl).startsWith("https:");

/** Origin of short links: the setting, else the one that was asked. */
export function publicOrigin(env: Env, requestUrl: string): string {
  const { publicUrl } = settings(env);
  if (publicUrl !== undefined) return publicUrl;
  const end = requestUrl.indexOf("/", requestUrl.indexOf("//") + 2);
  return end === -1 ? requestUrl : requestUrl.slice(0, end);
}
