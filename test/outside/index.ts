/**
 * The internet of the tests in workerd, by Miniflare's hook for outbound requests. What no table knows is
 * a bad gateway: the hook cannot leave a request without an answer.
 */
import { platforms, timesAsked } from "./platforms.ts";

/** How the tests ask this side what was asked of it. */
const control = "outside.test";

export async function outside(request: { url: string }): Promise<Response> {
  const url = new URL(request.url);
  if (url.hostname === control) {
    return Response.json({ times: timesAsked(url.searchParams.get("address") ?? "") });
  }
  return (await platforms(url)) ?? new Response(null, { status: 502 });
}
