/** Who came back by a 口令, over the API, in workerd: asked for by the Connections object's alarm, told beside our copies. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { afterAll, beforeAll, describe, it } from "vitest";
import { api, env, until } from "./client.ts";

const credentials = { appKey: "12345678", appSecret: "top-secret-of-tests" };
/** A gateway of this file alone. */
const host = "eco.taobao.com/of-returns";
const report = "taobao.tbk.dg.tpwd.report.get";
const object = () => env.CONNECTIONS.getByName("connections");

const gateway = (settings: object) =>
  fetch(`http://outside.test/alliance?host=${host}`, {
    method: "POST",
    body: JSON.stringify({ host, ...settings }),
  }).then((answer) => answer.json());

function isAroundMidnight(): boolean {
  const minute = Math.floor(((Date.now() + 8 * 3_600_000) % 86_400_000) / 60_000);
  return minute > 1_421 || minute < 2;
}

/** Orders of long ago go before. */
const lately = () => new Date(Date.now() - 120_000).toISOString();

async function clear() {
  const { data } = (await api("GET", "/api/connections?limit=200")).body;
  for (const { id } of data) await api("DELETE", `/api/connections/${id}`);
}

const room = "https://market.m.taobao.com/app/mtb/app-live-h5-room/home/index.html?liveId=5";

/** A stream that is on, with a link of its own 口令 and one that has the stream's alone. */
async function streamOf(tpwd: string) {
  const made = await api("POST", "/api/links", { url: room });
  const { streamId } = made.body.link;
  await api("PUT", "/api/creators/returns-mao", { ids: { taobao: { adzoneId: "77" } } });
  const link = await api("POST", `/api/streams/${streamId}/links`, {
    creator: { id: "returns-mao", name: "猫猫" },
    destinations: [{ url: room, shareText: `8.0 ${tpwd} https://m.tb.cn/h.1 来看直播` }],
  });
  if (link.status !== 201) throw new Error(JSON.stringify(link.body));
  return { streamId, slug: link.body.data[0].slug, other: made.body.link.slug };
}

beforeAll(clear);
afterAll(clear);

describe("who came back by a 口令", () => {
  it("stands beside the link's copies once its account was asked, and null where nothing is known", async ({
    expect,
    skip,
  }) => {
    const { streamId, slug, other } = await streamOf("￥ReTu12EfGh￥");
    const returns = async () => (await api("GET", `/api/streams/${streamId}/returns`)).body.data;
    const nothing = { source: null, copies: 0, pv: null, uv: null, asOf: null, days: [] };
    expect((await returns()).map((row: object) => ({ ...row, slug: 0 }))).toMatchObject([
      nothing,
      nothing,
    ]);
    await gateway({ credentials, returned: { "￥ReTu12EfGh￥": { pv: 12, uv: 9 } } });
    const made = await api("POST", "/api/connections", {
      ...{ alliance: "taobao-union", name: "淘宝联盟", credentials, since: lately() },
      apiBase: `https://${host}`,
    });
    expect(made.body.returnsError).toBe(null);
    await api("POST", `/api/connections/${made.body.id}/pull`);
    skip(isAroundMidnight(), "around midnight in Beijing nothing is asked");
    await until(async () => {
      await runDurableObjectAlarm(object());
      return (await returns()).some(({ source }: { source: string }) => source === "taobao");
    }, 30_000);
    const [row, second] = (await returns()) as { slug: string; days: object[]; asOf: string }[];
    expect(row).toMatchObject({
      ...{ slug, creator: "returns-mao", source: "taobao", copies: 0, pv: 12, uv: 9 },
      days: [{ pv: 12, uv: 9 }],
    });
    expect(Math.abs(Date.parse(row?.asOf ?? "") - Date.now())).toBeLessThan(60_000);
    expect(second).toMatchObject({ ...nothing, slug: other });
  });

  it("is refused without stopping the account's orders", async ({ expect, skip }) => {
    await clear();
    await streamOf("￥DeNi12EfGh￥");
    await gateway({ credentials, withheld: [report] });
    const { id } = (
      await api("POST", "/api/connections", {
        ...{ alliance: "taobao-union", name: "淘宝联盟 2", credentials, since: lately() },
        apiBase: `https://${host}`,
      })
    ).body;
    await api("POST", `/api/connections/${id}/pull`);
    const shown = async () => (await api("GET", `/api/connections/${id}`)).body;
    skip(isAroundMidnight(), "around midnight in Beijing nothing is asked");
    await until(async () => {
      await runDurableObjectAlarm(object());
      return (await shown()).returnsError !== null;
    }, 30_000);
    expect(await shown()).toMatchObject({
      ...{ isStopped: false, error: null },
      returnsError: { code: "isv.permission-api-package-limit" },
    });
  });

  it("is for whoever may read stats, of a stream that there is", async ({ expect }) => {
    expect((await api("GET", "/api/streams/st_nobody/returns")).status).toBe(404);
    const key = await api("POST", "/api/keys", { name: "links", scopes: ["links:read"] });
    const asked = await api("GET", "/api/streams/st_nobody/returns", undefined, {
      Authorization: `Bearer ${key.body.secret}`,
    });
    expect(asked.status).toBe(403);
  });
});
