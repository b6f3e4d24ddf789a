/**
 * @module The entry `esa`: Alibaba Cloud ESA, 函数和 Pages. It has no environment variables (C), so settings are a JSON object
 * in its KV, namespace `moongate`, key `settings`; copies of links are beside it. What the platform gives and lacks: H of
 * its documents and of its command line's (docs/edges.md); no part of it was run there.
 */
import { log } from "../lib/log.ts";
import { isFresh } from "../lib/moments.ts";
import { type GivenContext, withBackground } from "./background.ts";
import type { PlatformKv } from "./copies.ts";
import { edgeElsewhere, type Given } from "./edge.ts";

declare class EdgeKV {
  constructor(options: { namespace: string });
  get(key: string, options: { type: "text" }): Promise<string | undefined>;
  put(key: string, text: string): Promise<unknown>;
}

/** Four requests in one, with medium confidence: one for the link, two for counts. */
const callsAtMost = 2;
/** ms; a secret that was changed is known then. */
const settingsFor = 60_000;

/** What is the platform's own: the header for addresses that its CDN sets (U), and a window, since each batch is a request. */
const defaults: Given = { CLIENT_ADDRESS_HEADER: "Ali-Real-Client-Ip", COUNT_WINDOW_MS: "1000" };

interface Made {
  kv: PlatformKv;
  edge: ReturnType<typeof edgeElsewhere>;
  text: string;
  settings: Given;
  readAt: number;
}
let made: Made | undefined;

function make(): Made {
  const namespace = new EdgeKV({ namespace: "moongate" });
  const kv: PlatformKv = {
    get: (name) => namespace.get(name, { type: "text" }),
    put: (name, text) => namespace.put(name, text),
  };
  const edge = edgeElsewhere({ kv, callsAtMost });
  return { kv, edge, text: "", settings: defaults, readAt: Number.NEGATIVE_INFINITY };
}

/** What cannot be read leaves the settings as they are. */
async function readSettings(of: Made): Promise<void> {
  try {
    const text = (await of.kv.get("settings")) ?? "";
    of.readAt = Date.now();
    if (text === of.text) return;
    of.settings = { ...defaults, ...(JSON.parse(text) as Given) };
    of.text = text;
  } catch (error) {
    // What is said of broken JSON quotes it, and a secret is in it.
    const why = error instanceof SyntaxError ? "the key `settings` is no JSON" : String(error);
    log("settings_not_read", { error: why });
  }
}

export default {
  async fetch(request: Request, _: unknown, context: GivenContext): Promise<Response> {
    made ??= make();
    const of = made;
    if (!isFresh(of.readAt, Date.now(), settingsFor)) await readSettings(of);
    return withBackground(context, (background) => of.edge.fetch(request, of.settings, background));
  },
};
