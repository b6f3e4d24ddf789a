/**
 * @module Worlds for the test of export and import: drawn from the API's own schemas and from the shapes that
 * matter, made by the API, and read back in every way that there is.
 */
import { runInDurableObject } from "cloudflare:test";
import { retain } from "../../src/catalog/retention.ts";
import type { Env } from "../../src/config/env.ts";
import { cellKey } from "../../src/counting/batch.ts";
import { counterOf } from "../../src/counting/counter/stub.ts";
import { metrics } from "../../src/counting/event.ts";
import { linkKey, streamKey } from "../../src/model/edge-records.ts";
import { newWebhookSecret } from "../../src/notify/channels/webhook.ts";
import { apps, platformNames } from "../../src/platforms/registry/edge.ts";
import { methods, systems } from "../../src/platforms/types.ts";
import { agents } from "../agents.ts";
import destinationUrls from "../fixtures/destinations.json" with { type: "json" };
import shareTexts from "../fixtures/share-texts.json" with { type: "json" };
import { inheritedNames } from "../names.ts";
import { webhookHost } from "../outside/robots.ts";
import { fc } from "../properties.ts";
import { api, env, fetchRaw, taobaoUrl, until } from "./client.ts";
import { freeTexts, hostileTexts, type OpenApi } from "./schema.ts";

const document = (await (await fetchRaw("/openapi.json")).json()) as OpenApi;
const schema = (name: string) => document.components.schemas[name] ?? {};
const admin = { Authorization: "Bearer test-key-of-the-administrator" };

/** Forms that no URL of a fixture has. */
const odd = [
  { text: "weixin://dl/business/?t=abcdEFGH1234" },
  { text: "weixin://dl/business/?appid=wx0123456789abcdef&path=pages/live&query=a%3D1%00" },
  { text: `weixin://dl/business/?appid=wx0123456789abcdef&path=${"p".repeat(900)}` },
  { text: "#小程序://店/直播/AbC123xyz" },
  { text: "#小程序://店/直播/AbC123xyz", shareText: "另一段口令 🐱" },
  {
    platform: "wechat",
    miniProgram: { appId: "wx0123456789abcdef", path: "pages/x", query: "a=b" },
  },
  { platform: "wechat", miniProgram: { appId: "wx0123456789abcdef", path: "页面 / __proto__" } },
  { platform: "wechat", finderUserName: "sphAbc123" },
  // Each quote is three characters once it is written as the URL standard does.
  { url: `${taobaoUrl}&q=${"'".repeat(1_990)}` },
  {
    url: taobaoUrl,
    replay: "https://tbzb.taobao.com/live?liveId=1&x='",
    shareText: "口令 ￥AbC￥ 🐱",
  },
  { text: "7 :/一段口令的直播间 https://m.tb.cn/h.TWp0HTd\u0007 \ud800 看看" },
  { url: "https://m.tb.cn/h.TWp0HTd", platform: "taobao" },
];
const pool: object[] = [
  ...odd,
  ...destinationUrls.map(({ url }) => ({ url })),
  ...shareTexts.map(({ text }) => ({ text })),
];

const anyText = fc.oneof(
  fc.constantFrom<string>(...inheritedNames, ...hostileTexts, "布偶猫舍 🐱", " a\n b "),
  fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" }),
);
/** From the first year that a time can name to the last. */
const times = fc.constantFrom(
  "0001-01-01T00:00:00+08:00",
  "1969-07-20T20:17:40Z",
  "2026-11-20T20:00:00+08:00",
  "2030-01-01T00:00:00.123Z",
  "9999-12-31T23:59:59-11:00",
);
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

const stream = fc.record({
  title: fc.oneof(fc.constant("布偶猫舍"), anyText),
  texts: freeTexts(schema("StreamInput"), document, ["host"]),
  destinations: fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength: 4 }),
  after: maybe(fc.constantFrom("https://live.douyin.com/745964462470", taobaoUrl)),
  startsAt: maybe(times),
  endsAt: maybe(times),
  timezone: maybe(fc.constantFrom("UTC", "America/St_Johns", "Asia/Shanghai", "Pacific/Apia")),
  landing: maybe(fc.constantFrom("auto", "always", "never")),
  durability: maybe(fc.constantFrom("fast", "strict")),
  shards: fc.integer({ min: 1, max: 3 }),
  shardsThen: maybe(fc.integer({ min: 1, max: 3 })),
  phase: maybe(fc.constantFrom("live", "ended")),
  hasCover: fc.boolean(),
  links: fc.array(
    freeTexts(
      schema("LinkInput"),
      document,
      "creator channel channelClass campaign tags note externalId promotion".split(" "),
    ),
    { minLength: 1, maxLength: 3 },
  ),
  own: fc.array(fc.constantFrom(...pool), { maxLength: 2 }),
  expiresAt: maybe(times),
  fate: fc.constantFrom("kept", "kept", "kept", "deleted", "purged"),
});

/** A batch of each shard: amounts by place, for every metric and any key of a dimension. */
const opened = fc.array(
  fc.record({
    shard: fc.nat({ max: 2 }),
    link: fc.nat({ max: 2 }),
    metric: fc.constantFrom(...metrics),
    many: fc.integer({ min: 1, max: 1_000 }),
    hoursAgo: fc.integer({ min: 0, max: 24 * 400 }),
    app: fc.constantFrom(...apps),
    os: fc.constantFrom(...systems),
    country: fc.constantFrom("CN", "US", "unknown", "constructor"),
    destination: fc.constantFrom(...platformNames, "none"),
    method: fc.constantFrom(...methods, "redirect", "page"),
    visitor: fc.nat({ max: 16_383 }),
  }),
  { minLength: 3, maxLength: 12 },
);

const order = fc.record({
  platform: fc.constantFrom(...platformNames),
  status: fc.constantFrom("created", "paid", "received", "settled", "refunded", "invalid"),
  amount: fc.integer({ min: 0, max: 1_000_000 }),
  commission: maybe(fc.nat({ max: 5_000 })),
  currency: maybe(fc.constantFrom("CNY", "USD")),
  subOrderId: maybe(fc.constantFrom("", "1", "规格 🐱", "__proto__")),
  itemId: maybe(fc.constantFrom("100", "__proto__", "规格 🐱")),
  itemTitle: maybe(fc.constantFrom("猫粮\n🐱", "none", "other")),
  quantity: maybe(fc.constantFrom(1, 1_000_000)),
  paidAt: fc.constantFrom("2026-11-20T20:00:00+08:00", "1969-01-01 08:00:00", "2026-11-20 20:01"),
  isLinked: fc.boolean(),
});

export const world = fc.record({
  streams: fc.array(stream, { minLength: 2, maxLength: 3 }),
  opened,
  orders: fc.array(order, { minLength: 2, maxLength: 8 }),
  costs: freeTexts(schema("Costs"), document, []),
  creators: fc.array(
    fc.record({
      id: anyText,
      given: freeTexts(schema("CreatorInput"), document, ["name", "tier", "ids"]),
    }),
    { maxLength: 3 },
  ),
  keyNames: fc.array(anyText, { minLength: 1, maxLength: 3 }),
  lost: fc.nat({ max: 3 }),
});
export type World = Parameters<Parameters<typeof world.map>[0]>[0];

export interface Made {
  /** Links of the first stream, one for each form that a destination has. */
  forms: string[];
  streams: { id: string; timezone: string; slugs: string[]; isThere: boolean; shards: number }[];
  keys: string[];
}

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3]);
/** What the API may say of a drawn request: anything else is a fault. */
const refusals = [400, 409, 422];

async function asked(method: string, path: string, body: unknown) {
  const answer = await api(method, path, body);
  const isFine = answer.status < 300 || refusals.includes(answer.status);
  if (!isFine)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.status < 300 ? answer.body : null;
}

async function makeStream(
  drawn: World["streams"][number],
): Promise<Made["streams"][number] | null> {
  const { title, texts, destinations, shards, shardsThen, phase, links, own, expiresAt } = drawn;
  const { after, startsAt, endsAt, timezone, landing, durability } = drawn;
  const given = { title, shards, after, startsAt, endsAt, timezone, landing, durability };
  // Much of what is drawn excludes each other, so that less and less of it is asked for.
  const taobao = [{ url: taobaoUrl }];
  let made: { id: string; timezone: string } | null = null;
  for (const body of [
    { ...texts, ...given, destinations },
    { ...texts, ...given, destinations: destinations.slice(0, 1) },
    { ...given, destinations: taobao, endsAt: undefined },
    { title: "cats", shards, destinations: taobao, startsAt, timezone },
  ]) {
    made ??= await asked("POST", "/api/streams", body);
  }
  if (!made) return null;
  const path = `/api/streams/${made.id}`;
  await asked("PATCH", path, { phase: phase ?? null });
  if (shardsThen !== undefined) await asked("PATCH", path, { shards: shardsThen });
  if (drawn.hasCover) {
    const headers = { ...admin, "Content-Type": "image/png" };
    await (await fetchRaw(`${path}/cover`, { method: "PUT", headers, body: png })).arrayBuffer();
  }
  const slugs: string[] = [];
  for (const link of [{}, ...links, { destinations: own, expiresAt }]) {
    const answer = await asked("POST", `${path}/links`, [link]);
    if (answer) slugs.push(answer.data[0].slug);
  }
  const [, second, third] = slugs;
  if (second !== undefined) await asked("PATCH", `/api/links/${second}`, { disabled: true });
  if (third !== undefined && slugs.length > 3)
    await asked("DELETE", `/api/links/${third}`, undefined);
  return {
    id: made.id,
    timezone: made.timezone,
    slugs,
    isThere: true,
    shards: Math.max(shards, shardsThen ?? 1),
  };
}

async function count({ streams }: Made, { opened, lost }: World): Promise<void> {
  const hour = 3_600_000;
  for (const { id, timezone, slugs, shards } of streams) {
    for (let shard = 0; shard < shards; shard += 1) {
      const own = opened.filter((each) => each.shard % shards === shard);
      if (own.length === 0) continue;
      const slugOf = (place: number) => slugs[place % slugs.length] ?? "";
      const cells = own.map(({ link, metric, many, hoursAgo, ...event }): [string, number] => [
        cellKey({
          ...event,
          slug: slugOf(link),
          metric,
          at: Date.now() - hoursAgo * hour,
          region: "ZJ",
        }),
        many,
      ]);
      await counterOf(env, id, shard).add({
        ...{ v: 1, streamId: id, shard, producer: `p${shard}`, seq: 1, cells, lost },
        // As lanes do: hours that are summed in between are then of the same day as those that are not yet.
        timezone,
        visitors: own.map(({ link, visitor }) => [slugOf(link), "live", [(visitor << 6) | 3]]),
        clickers: own.map(({ link, visitor }) => [
          slugOf(link),
          "2026-11-20",
          [(visitor << 6) | 9],
        ]),
      });
    }
  }
}

/** Files bring what no request can: refunds alone, divided orders, ad spend. */
async function importFiles(slug: string): Promise<void> {
  const files: [query: string, text: string][] = [
    ["", "服务单号,订单号,退款金额,退款状态,申请时间\nF1,JD1,3.50,退款成功,2026-11-21 10:00:00\n"],
    ["", `日期,花费,场景ID,场景名字\n2026-11-20,12.34,${slug},直通车 🐱\n`],
    [
      "?platform=jd",
      "orderId,status,amount,paidAt,slug\nP1,拆单,100,2026-11-20 20:00:00,\nP2,paid,700,2026-11-20 20:00:00,nobody\n",
    ],
    [
      "",
      "orderId,status,amount,paidAt,platform,commission\nP3,paid,700,2026-11-20 20:00:00,taobao,-5\n",
    ],
  ];
  for (const [query, body] of files) {
    const headers = { ...admin, "Content-Type": "text/csv" };
    const path = `/api/conversions/import${query}`;
    const answer = await fetchRaw(path, { method: "POST", headers, body });
    if (answer.status >= 500) throw new Error(`${path}: ${await answer.text()}`);
    await answer.arrayBuffer();
  }
}

/** Of whom something is set; a path has no place for nothing, nor for a dot alone. */
async function makeCreators(drawn: World["creators"]): Promise<void> {
  const kol = { name: "安 🐱", tier: "KOL", ids: { douyin: { authorBuyinId: "7" }, jd: {} } };
  for (const { id, given } of [...drawn, { id: "constructor", given: kol }]) {
    const named = encodeURIComponent(id.toWellFormed());
    if (!/^\.{0,2}$/.test(named)) await asked("PUT", `/api/creators/${named}`, given);
  }
}

async function makeKeys(names: readonly string[]): Promise<string[]> {
  const secrets: string[] = [];
  const scopes = ["links:read", "links:write", "stats:read", "conversions:write", "admin"];
  for (const [index, name] of [...names, "one that ends", "all"].entries()) {
    const own = name === "all" ? scopes : [scopes[index % 3]];
    const expiresAt =
      name === "one that ends" ? new Date(Date.now() + 200).toISOString() : undefined;
    const made = await asked("POST", "/api/keys", { name, scopes: own, expiresAt });
    if (made) secrets.push(made.secret);
  }
  await fetchRaw("/api/streams", { headers: { Authorization: `Bearer ${secrets.at(-1)}` } });
  return secrets;
}

/** One of each kind; none of their events comes while the test runs. */
async function makeNotifiers(streamId: string): Promise<void> {
  const fields = { events: ["report.hourly"], name: "群 🐱" };
  const key = "0123456789abcdef0123456789abcdef";
  for (const notifier of [
    {
      kind: "dingtalk",
      url: `https://oapi.dingtalk.com/robot/send?access_token=${key}`,
      secret: "SECx",
    },
    { kind: "feishu", url: `https://open.feishu.cn/open-apis/bot/v2/hook/${key}`, keyword: "战报" },
    {
      kind: "lark",
      url: `https://open.larksuite.com/open-apis/bot/v2/hook/${key}`,
      language: "en",
    },
    { kind: "wecom", url: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${key}` },
    { kind: "webhook", url: `https://${webhookHost}/${key}`, secret: newWebhookSecret() },
    { kind: "webhook", url: `https://${webhookHost}/${key}`, streams: [streamId] },
  ]) {
    const made = await asked("POST", "/api/notifiers", { ...fields, ...notifier });
    if (!made) throw new Error(`no notifier of ${notifier.kind}`);
    if (notifier.kind === "lark")
      await asked("PATCH", `/api/notifiers/${made.id}`, { disabled: true });
  }
}

async function purgeDeleted(): Promise<void> {
  await runInDurableObject(env.CATALOG.getByName("catalog"), async (instance, { storage }) => {
    const { Store } = await import("../../src/catalog/store.ts");
    storage.sql.exec("UPDATE stream SET deleted_at = deleted_at - 3000000000");
    const store = new Store((instance as unknown as { ctx: DurableObjectState }).ctx.storage);
    for (let rounds = 0; rounds < 50; rounds += 1) {
      if (await retain(env as Env, store, Date.now())) return;
    }
  });
}

/** A promoter's sheets: of two currencies, one of a period that another has, and one that is voided. */
async function settle(slug: string): Promise<void> {
  const creator = "constructor";
  await asked("PATCH", `/api/links/${slug}`, { creator: { id: creator, name: "达人 🐱" } });
  const whole = { creator, from: "1900-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" };
  for (const body of [whole, { ...whole, currency: "USD" }, whole]) {
    const sheet = await asked("POST", "/api/settlements", body);
    if (!sheet) throw new Error("no settlement");
    if (sheet.number === 2) await asked("POST", `/api/settlements/${sheet.id}/void`, {});
  }
}

/** Makes a world by the API. */
export async function make(drawn: World): Promise<Made> {
  const made: Made = { streams: [], keys: [], forms: [] };
  for (const one of drawn.streams) {
    const stream = await makeStream(one);
    if (stream) made.streams.push(stream);
  }
  const path = `/api/streams/${made.streams[0]?.id}/links`;
  const links = pool.map((form) => asked("POST", path, { destinations: [form] }));
  made.forms = (await Promise.all(links)).flatMap((link) => link?.data[0].slug ?? []);
  // A share text's title may be longer than a stream's.
  const long = `【淘宝】「${"标题 🐱\u0007".repeat(60)}」 https://m.tb.cn/h.TWp0HTd`;
  if (!(await asked("POST", "/api/links", { text: long }))) throw new Error("no long title");
  await count(made, drawn);
  const slugs = made.streams.flatMap(({ slugs: own }) => own);
  const orders = drawn.orders.map(({ isLinked, ...each }, index) => ({
    ...each,
    orderId: `o-${index % 5}`,
    slug: isLinked ? slugs[index % slugs.length] : undefined,
    promotion: isLinked ? undefined : { jd: { subUnionId: "constructor" } },
    refundAmount: index % 2 === 0 ? Math.floor(each.amount / 2) : undefined,
  }));
  await asked("POST", "/api/conversions", orders);
  await importFiles(slugs[0] ?? "none");
  await asked("PUT", `/api/links/${slugs[0]}/costs`, { slotFee: 5_000, commissionRate: 10_000 });
  await makeCreators(drawn.creators);
  await settle(slugs[0] ?? "none");
  made.keys = await makeKeys(drawn.keyNames);
  await makeNotifiers(made.streams[0]?.id ?? "");
  for (const fate of ["purged", "deleted"] as const) {
    for (const [index, { fate: own }] of drawn.streams.entries()) {
      const stream = made.streams[index];
      // The first is kept: its notifier names it.
      if (!stream || own !== fate || index === 0) continue;
      await asked("DELETE", `/api/streams/${stream.id}`, undefined);
      stream.isThere = false;
    }
    if (fate === "purged") await purgeDeleted();
  }
  return made;
}

/** What answers differ by, whatever they tell: the moment of reading. */
const momentary = new Set(["asOf", "recent", "lastUsedAt", "importId", "generatedAt"]);
const steady = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, inner: unknown) => (momentary.has(name) ? undefined : inner)),
  );

const viewers = [agents.taobaoIos, agents.wechatIos, agents.chromeAndroid, agents.desktop];
const pathsOf = ({ id, slugs }: Made["streams"][number]) => [
  `/api/streams/${id}`,
  `/api/links?streamId=${id}&limit=200`,
  `/api/streams/${id}/stats?interval=day&start=2025-08-01T00:00:00Z&end=2027-01-01T00:00:00Z`,
  `/api/streams/${id}/stats?source=published&interval=day&start=2025-08-01T00:00:00Z&end=2027-01-01T00:00:00Z`,
  `/api/reports/roas?groupBy=creator&streamId=${id}`,
  `/api/reports/roas?groupBy=link&streamId=${id}&start=2026-11-01T00:00:00Z&end=2026-12-31T00:00:00Z`,
  `/api/conversions?streamId=${id}&limit=200`,
  ...slugs.flatMap((slug) => [
    `/api/links/${slug}`,
    `/api/links/${slug}/costs`,
    `/api/links/${slug}/share-text`,
    `/api/links/${slug}/stats?interval=day&start=2025-08-01T00:00:00Z&end=2027-01-01T00:00:00Z`,
  ]),
];

interface Settlements {
  data: { id: string }[];
}

/** Everything that can be read of a world, by what was asked. */
export async function read({ streams, keys, forms }: Made): Promise<Map<string, unknown>> {
  const answers = new Map<string, unknown>();
  const get = async (path: string) => {
    const { status, body } = await api("GET", path);
    if (status >= 500) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    answers.set(path, [status, steady(status === 200 ? body : body.code)]);
  };
  const look = async (slug: string, agent: string) => {
    const headers = { "User-Agent": agent };
    const answer = await fetchRaw(`/${slug}`, { method: "HEAD", headers });
    answers.set(`${slug} ${agent}`, [answer.status, answer.headers.get("Location")]);
    const path = `/api/links/${slug}/explain`;
    const { body } = await api("POST", path, { userAgent: agent, at: "2026-11-20T12:00:00Z" });
    answers.set(`${path} ${agent}`, body.rule === undefined ? body.code : steady(body));
  };
  const atEdge = async (slug: string) =>
    answers.set(linkKey(slug), await env.LINKS.get(linkKey(slug), "json"));
  for (const stream of streams) {
    const { id, slugs } = stream;
    await Promise.all(pathsOf(stream).map(get));
    const kept = await env.LINKS.get<object>(streamKey(id), "json");
    answers.set(streamKey(id), { ...kept, secret: undefined });
    const prefix = `cover:${id}`;
    for (const { name, metadata } of (await env.LINKS.list({ prefix })).keys) {
      const cover = await env.LINKS.get(name, "arrayBuffer");
      answers.set(name, [metadata, cover?.byteLength]);
    }
    const looks = slugs.flatMap((slug) => viewers.map((agent) => look(slug, agent)));
    await Promise.all([...looks, ...slugs.map(atEdge)]);
  }
  await Promise.all(forms.flatMap((slug) => [look(slug, agents.chromeAndroid), atEdge(slug)]));
  await Promise.all(
    [
      "/api/streams?limit=200",
      "/api/links?limit=200",
      "/api/conversions?limit=200",
      "/api/conversions?unattributed=true&limit=200",
      "/api/keys",
      "/api/creators?limit=200",
      "/api/settlements?limit=200",
    ].map(get),
  );
  for (const { id } of (answers.get("/api/settlements?limit=200") as [number, Settlements])[1]
    .data) {
    await get(`/api/settlements/${id}`);
  }
  for (const [index, secret] of keys.entries()) {
    const headers = { Authorization: `Bearer ${secret}` };
    const answer = await fetchRaw("/api/streams", { headers });
    await answer.arrayBuffer();
    answers.set(`key ${index}`, answer.status);
  }
  return answers;
}

/** Waits until all that is counted is published, and each record is at the edge. */
export async function published({ streams }: Made): Promise<void> {
  for (const { id, isThere } of streams) {
    if (!isThere) continue;
    const total = async (source: string) =>
      JSON.stringify((await api("GET", `/api/streams/${id}/stats?source=${source}`)).body.totals);
    await until(async () => (await total("live")) === (await total("published")), 10_000);
  }
  const catalog = env.CATALOG.getByName("catalog");
  await until(async () => (await catalog.vitals(0)).outbox === 0, 10_000);
}
