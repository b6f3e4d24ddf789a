/**
 * @module Reads a value of KV and answers 302: what the first open of a link, whose stream is known, pays this runtime's
 * KV, which is another object in the same process here. PUT stores so many.
 */
interface Env {
  KV: {
    get(key: string, options: { type: "json"; cacheTtl: number }): Promise<unknown>;
    put(key: string, value: string): Promise<void>;
  };
}

/** As long as a link's record, about. */
const value = JSON.stringify({ text: "x".repeat(600) });

export const Main = {
  async fetch(request: Request, { KV }: Env): Promise<Response> {
    const name = new URL(request.url).pathname;
    if (request.method === "PUT") {
      const values = Number(await request.text());
      for (let index = 0; index < values; index += 1) await KV.put(`/${index}`, value);
      return new Response(null, { status: 204 });
    }
    const link = await KV.get(name, { type: "json", cacheTtl: 30 });
    const Location = "https://tbzb.taobao.com/live?liveId=532359023188";
    return new Response(null, { status: link ? 302 : 404, headers: { Location } });
  },
};
export default Main;
