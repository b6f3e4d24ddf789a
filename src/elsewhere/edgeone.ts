/**
 * @module The entry `edgeone`: Tencent EdgeOne Pages, an edge function for every path. Settings are the project's
 * environment variables; copies of links are in its KV, bound under the name `MOONGATE`. What the platform gives and lacks:
 * H of its documents and skills (docs/edges.md); no part of it was run there.
 */
import { withBackground } from "./background.ts";
import type { PlatformKv } from "./copies.ts";
import { edgeElsewhere, type Given } from "./edge.ts";

/** What it says of a visitor's place. */
interface Geo {
  countryCodeAlpha2?: string;
  regionCode?: string;
}

interface EventContext {
  request: Request & { eo?: { geo?: Geo } };
  env?: Given;
  waitUntil?(work: Promise<unknown>): void;
}

/** How many requests a function may make is not known: as few as the strictest allows. */
const callsAtMost = 2;

/** What is the platform's own: its header for addresses (H), and a window in which a batch gathers, since each is a request. */
const defaults: Given = { CLIENT_ADDRESS_HEADER: "EO-Connecting-IP", COUNT_WINDOW_MS: "1000" };

let made: { edge: ReturnType<typeof edgeElsewhere>; settings: Given } | undefined;

/** The place where the edge looks for Cloudflare's word on it. `CN-GD` → `GD`. */
function withPlace(request: EventContext["request"]): Request {
  const { countryCodeAlpha2: country, regionCode = "" } = request.eo?.geo ?? {};
  const cf = { country, regionCode: regionCode.slice(regionCode.indexOf("-") + 1) };
  return Object.defineProperty(request, "cf", { value: cf });
}

export function onRequest(context: EventContext): Promise<Response> {
  const { request, env = {} } = context;
  made ??= {
    edge: edgeElsewhere({ kv: boundKv(), callsAtMost }),
    settings: { ...defaults, ...env },
  };
  const { edge, settings } = made;
  return withBackground(context, (background) =>
    edge.fetch(withPlace(request), settings, background),
  );
}

/** A variable of the function's, by the name that it was bound under. */
const boundKv = (): PlatformKv | undefined =>
  (globalThis as typeof globalThis & { MOONGATE?: PlatformKv }).MOONGATE;
