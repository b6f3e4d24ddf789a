/** As a user of the package writes it: what is marked must not compile, all else must. */
import { answer, createClient } from "moongate/client";

const moongate = createClient("https://live.example.cn", "mg_key");

export async function use(): Promise<string[]> {
  const { link, stream } = await answer(
    moongate.api.links.$post({ json: { url: "https://tbzb.taobao.com/live?liveId=1" } }),
  );
  // @ts-expect-error a field that the API doesn't take
  await moongate.api.links.$post({ json: { url: "https://a.test", titel: "a" } });
  // @ts-expect-error no such route
  await moongate.api.nothing.$get();
  const stats = await answer(
    moongate.api.streams[":id"].stats.$get({ param: { id: stream.id }, query: {} }),
  );
  const views: number = stats.totals.views;
  // @ts-expect-error no such figure
  const nothing: number = stats.totals.likes;
  return [link.slug, link.shortUrl, String(views), String(nothing)];
}
