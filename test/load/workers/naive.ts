/**
 * @module The link shortener one writes first: reads the link from KV, counts by get-and-put in KV. Two
 * opens that overlap read the same count, so all but one of them are lost; and on Cloudflare, unlike
 * here, a key takes one write a second.
 */
interface Env {
  KV: { get(key: string): Promise<string | null>; put(key: string, value: string): Promise<void> };
}

export const Main = {
  async fetch(request: Request, { KV }: Env): Promise<Response> {
    const [, slug = "", rest] = new URL(request.url).pathname.split("/");
    if (request.method === "PUT") {
      await KV.put(`link:${slug}`, await request.text());
      return new Response(null, { status: 204 });
    }
    const counted = Number((await KV.get(`count:${slug}`)) ?? 0);
    if (rest === "count") return new Response(String(counted));
    const location = await KV.get(`link:${slug}`);
    if (location === null) return new Response(null, { status: 404 });
    await KV.put(`count:${slug}`, String(counted + 1));
    return new Response(null, { status: 302, headers: { Location: location } });
  },
};
export default Main;
