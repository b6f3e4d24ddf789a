/** @module Evaluates the service's bundle on its first request, so that a client can time the import. */
const bundle = "./worker.js";

export const Main = {
  async fetch(): Promise<Response> {
    await import(bundle);
    return new Response(null, { status: 302, headers: { Location: "https://example.com/" } });
  },
};
export default Main;
