/**
 * @module The only place of the service that calls `fetch`: no private host, no user information, and no redirect
 * followed by the runtime, so that each hop comes by here again.
 */

import { isPrivate } from "./private-hosts.ts";
import { type Fetch, Strayed } from "./safe-fetch.ts";

/**
 * The way out.
 *
 * @param listed origins that the operator's settings name, which may be private
 * @returns a fetch that rejects with {@link Strayed} for what may not be asked, before anything is sent
 */
export function wayOut(listed: readonly string[] = []): Fetch {
  return async (text, init) => {
    const url = new URL(text);
    if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
      throw new Strayed(`${url.hostname} may not be asked by such a URL`);
    }
    if (isPrivate(url.hostname) && !listed.includes(url.origin)) {
      throw new Strayed(`${url.hostname} is not a public host`);
    }
    return fetch(url.href, { ...init, redirect: "manual" });
  };
}
