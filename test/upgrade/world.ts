/**
 * @module What a release is given to keep, through its API and its links as anyone would: streams of one and
 * of two shards, every kind of open and tap, orders of a file and told one by one, costs, ad spend, a key, a
 * notifier whose receiver is away, an ended stream. Only routes and settings that every release has.
 */
import { agents } from "../agents.ts";
import { eventually, type Service, startService } from "../e2e/service.ts";

const taobao = "https://tbzb.taobao.com/live?liveId=532359023188";

/** What the service is started with, whichever release it is. */
export const settings = {
  CLIENT_ADDRESS_HEADER: "X-Real-IP",
  OPEN_LIMIT: "12",
  PUBLISH_SECONDS: "1",
  PUBLIC_URL: "https://live.example.cn",
  // Nobody listens there, so what there is to tell waits.
  NOTIFY_HOSTS: "http://127.0.0.1:9",
};

export interface World {
  /** Of one shard; of two; one that has ended. */
  streams: string[];
  slugs: string[];
}

// biome-ignore lint/suspicious/noExplicitAny: answers of an API, of which each caller knows its own
type Said = any;

export async function ask(
  service: Service,
  method: string,
  path: string,
  body?: unknown,
): Promise<Said> {
  const answer = await service.api(method, path, body);
  if (answer.status >= 300) {
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  return answer.body;
}

async function upload(service: Service, file: string, query: string): Promise<void> {
  const answer = await fetch(`${service.url}/api/conversions/import${query}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${service.key}`, "Content-Type": "text/csv" },
    body: file,
  });
  const said = await answer.text();
  if (!answer.ok || JSON.parse(said).rejectedCount > 0) throw new Error(`not imported: ${said}`);
}

async function makeStreams(service: Service): Promise<World> {
  const hour = 3_600_000;
  const quick = (fields: object) => ask(service, "POST", "/api/links", { url: taobao, ...fields });
  const relation = { taobao: { relationId: "70001" } };
  const one = await quick({
    slug: "one-shard",
    title: "One shard",
    host: "李佳",
    channel: "wechat-group",
    creator: { id: "li", name: "Li" },
    promotion: relation,
  });
  await ask(service, "POST", `/api/streams/${one.stream.id}/links`, [
    {
      slug: "second",
      channel: "weibo",
      campaign: "double-11",
      creator: { id: "wang", tier: "KOC" },
    },
    { slug: "third", tags: ["a"] },
  ]);
  const two = await quick({
    slug: "two-shards",
    title: "Two shards",
    shards: 2,
    durability: "strict",
    startsAt: new Date(Date.now() - hour).toISOString(),
    endsAt: new Date(Date.now() + 6 * hour).toISOString(),
  });
  const ended = await quick({ slug: "ended", title: "Ended" });
  return {
    streams: [one.stream.id, two.stream.id, ended.stream.id],
    slugs: ["one-shard", "second", "third", "two-shards", "ended"],
  };
}

/** All that one visitor does with one link; `bot`s and previews only look. */
async function visit(service: Service, slug: string, number: number): Promise<void> {
  const address = `10.${number % 200}.${Math.floor(number / 200)}.1`;
  const headers = { "X-Real-IP": address, Accept: "text/html", "Accept-Language": "zh-CN" };
  const get = async (path: string, agent: string, more: Record<string, string> = {}) => {
    const answer = await fetch(service.url + path, {
      redirect: "manual",
      headers: { ...headers, ...more, "User-Agent": agent },
    });
    return answer.text();
  };
  await get(`/${slug}`, agents.taobaoIos);
  const page = await get(`/${slug}`, agents.wechatIos);
  const { token } = JSON.parse(/id="live">(.*?)<\/script>/.exec(page)?.[1] ?? "{}");
  const types = [
    "rendered",
    ...(number % 2 ? ["click"] : []),
    ...(number % 3 ? [] : ["copy", "leave"]),
  ];
  for (const type of token ? types : []) {
    await fetch(`${service.url}/${slug}/events`, {
      method: "POST",
      headers: { ...headers, "User-Agent": agents.wechatIos },
      body: JSON.stringify({ type, token, way: 0 }),
    });
  }
  if (number % 4 === 0) await get(`/${slug}`, agents.dingtalkPreview);
  if (number % 5 === 0) await get(`/${slug}`, agents.bytespider);
  if (number % 6 === 0) await get(`/${slug}`, agents.safariIos, { Purpose: "prefetch" });
  if (number % 7 === 0) await get(`/${slug}/go`, agents.safariIos);
  // More than an address may open in a minute.
  if (number === 0)
    for (let open = 0; open < 12; open += 1) await get(`/${slug}`, agents.taobaoIos);
}

/** Visitors of every link at once, each some requests in a row. */
async function visitAll(
  service: Service,
  slugs: readonly string[],
  from: number,
  visitors: number,
) {
  const all = slugs.flatMap((slug) =>
    Array.from({ length: visitors }, (_, index) => () => visit(service, slug, from + index)),
  );
  const worker = async () => {
    for (let next = all.pop(); next; next = all.pop()) await next();
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

async function sell(service: Service, { slugs }: World): Promise<void> {
  const paidAt = new Date(Date.now() - 60_000).toISOString();
  const order = { platform: "taobao", status: "paid", paidAt };
  await ask(service, "POST", "/api/conversions", [
    { ...order, orderId: "8001", slug: slugs[0], amount: 12_900, commission: 500 },
    { ...order, orderId: "8002", slug: slugs[1], amount: 5_000 },
    { ...order, orderId: "8003", slug: slugs[3], amount: 7_700 },
    { ...order, orderId: "8004", amount: 100, promotion: { taobao: { relationId: "nobody" } } },
  ]);
  await ask(service, "POST", "/api/conversions", [
    {
      ...order,
      orderId: "8002",
      slug: slugs[1],
      amount: 5_000,
      status: "refunded",
      updatedAt: new Date().toISOString(),
    },
  ]);
  const head =
    "订单编号,子订单编号,付款时间,创建时间,订单状态,付款金额,佣金金额,推广位ID,渠道关系ID,收货人";
  await upload(
    service,
    `${head}\n900000000001,9000000000011,2026-11-20 20:00:00,2026-11-20 19:59:00,订单付款,199.90,9.99,5,70001,张三\n`,
    "",
  );
  const spend =
    "日期,场景ID,场景名字,花费,总成交金额,总成交笔数\n2026-11-20,11,直播推广,123.45,1,1\n";
  await upload(service, spend, `?slug=${slugs[0]}`);
  await ask(service, "PUT", `/api/links/${slugs[0]}/costs`, {
    slotFee: 10_000,
    commissionRate: 1_000,
  });
  await ask(service, "PUT", `/api/links/${slugs[3]}/costs`, { samples: 500 });
}

/** Which shards of a stream have counted. */
async function shardsOf(service: Service, streamId: string): Promise<number> {
  const answer = await fetch(`${service.url}/metrics`, {
    headers: { Authorization: `Bearer ${service.key}` },
  });
  const lines = (await answer.text()).split("\n");
  const shards = lines.flatMap((line) => {
    const found =
      /^moongate_opens_total\{stream="([^"]*)",shard="(\d+)",outcome="view"\} (\d+)/.exec(line);
    return found?.[1] === streamId && Number(found[3]) > 0 ? [found[2]] : [];
  });
  return new Set(shards).size;
}

/** Until what the API says stands still and KV has it too. */
export async function settle(service: Service, streams: readonly string[]): Promise<void> {
  for (const id of streams) {
    const totals = async (query: string) =>
      JSON.stringify((await ask(service, "GET", `/api/streams/${id}/stats${query}`)).totals);
    let before = "";
    await eventually(
      async () => {
        const now = `${await totals("")} ${await totals("?source=published")}`;
        await new Promise((done) => setTimeout(done, 700));
        const isStill = now === before;
        before = now;
        return isStill && (await totals("")) === (await totals("?source=published"));
      },
      (isSettled) => isSettled,
      120_000,
    );
  }
}

/**
 * Makes the world on a data folder that nobody has used yet.
 *
 * @param start starts the release on it; an isolate counts in one shard of a stream, so it is started until
 *   both have counted
 * @returns the release, running and at rest
 */
export async function makeWorld(
  start: () => Promise<Service>,
  visitors: number,
): Promise<{ world: World; service: Service }> {
  let service = await start();
  const world = await makeStreams(service);
  await ask(service, "POST", "/api/notifiers", {
    kind: "webhook",
    name: "away",
    url: "http://127.0.0.1:9/hook",
  });
  await ask(service, "POST", "/api/keys", { name: "dashboard", scopes: ["stats:read"] });
  await visitAll(service, world.slugs, 0, visitors);
  const [one = "", two = "", ended = ""] = world.streams;
  for (let again = 1; (await shardsOf(service, two)) < 2; again += 1) {
    if (again > 12) throw new Error("twelve isolates chose the same shard");
    await settle(service, [two]);
    await service.stop();
    service = await start();
    await visitAll(service, ["two-shards"], again * visitors, 3);
    await settle(service, [two]);
  }
  await sell(service, world);
  await ask(service, "PATCH", `/api/streams/${ended}`, { phase: "ended" });
  await ask(service, "PATCH", `/api/links/third`, { note: "changed" });
  await settle(service, [one, two, ended]);
  return { world, service };
}

/** A release in a folder of its own, on a data folder. */
export const starter =
  (checkout: string, dataFolder: string, adminKey: string, more: Record<string, string> = {}) =>
  () =>
    startService(
      dataFolder,
      { ...settings, ADMIN_KEY: adminKey, ...more },
      {
        command: [process.execPath, "scripts/start.ts"],
        cwd: checkout,
      },
    );
