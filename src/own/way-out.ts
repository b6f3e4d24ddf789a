/**
 * @module The Worker's way out, a Worker of its own: an origin that the operator named may be on a private
 * network; every other request, each hop of a redirect too, goes where only public addresses are.
 */
interface Env {
  /** Origins. */
  NAMED: readonly string[];
  NAMED_NETWORK: Fetcher;
  PUBLIC_NETWORK: Fetcher;
}

export default {
  fetch(request, env) {
    const { origin } = new URL(request.url);
    return (env.NAMED.includes(origin) ? env.NAMED_NETWORK : env.PUBLIC_NETWORK).fetch(request);
  },
} satisfies ExportedHandler<Env>;
