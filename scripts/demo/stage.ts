/** The streams and promoters of the demo. A second run goes on with those that are there. */
import type { Api } from "./api.ts";
import { pick } from "./rhythm.ts";

export interface DemoLink {
  slug: string;
  /** Which apps its audience opens it in. */
  crowd: Crowd;
  /** Yuan; what a slot costs, and how its audience buys. */
  slotFee: number;
  buys: number;
}
export type Crowd = "wechat" | "xiaohongshu" | "weibo" | "dingtalk" | "douyin" | "mixed";

export interface Broadcast {
  id: string;
  platform: string;
  links: DemoLink[];
  draw: () => DemoLink;
}

/** name, tier, channel, crowd, weight, slot fee in yuan, how its audience buys */
type Promoter = readonly [
  string,
  "KOL" | "KOC" | "staff" | "brand",
  string,
  Crowd,
  number,
  number,
  number,
];

const promoters: readonly Promoter[] = [
  ["林小鹿", "KOL", "xiaohongshu", "xiaohongshu", 22, 360, 0.95],
  ["阿北爱穿搭", "KOL", "weibo", "weibo", 15, 300, 0.55],
  ["陈大厨", "KOL", "wechat-oa", "wechat", 13, 220, 1.2],
  ["社群一组", "staff", "wechat-group", "wechat", 11, 0, 1.6],
  ["社群二组", "staff", "wechat-group", "wechat", 9, 0, 1.5],
  ["橙子妈妈", "KOC", "wechat-group", "wechat", 7, 60, 1.4],
  ["周末去露营", "KOC", "xiaohongshu", "xiaohongshu", 6, 50, 0.9],
  ["品牌公众号", "brand", "wechat-oa", "wechat", 5, 0, 1.1],
  ["城南钉钉群", "staff", "dingtalk", "dingtalk", 4, 0, 0.8],
  ["老王数码", "KOC", "weibo", "weibo", 3.4, 40, 0.5],
  ["小满读书", "KOC", "moments", "wechat", 3, 30, 1.1],
  ["京东店铺首页", "brand", "jd-shop", "mixed", 2.6, 0, 1.8],
  ["会员短信", "brand", "sms", "mixed", 2.2, 25, 1.3],
  ["夏天的风", "KOC", "douyin", "douyin", 1.6, 20, 0.4],
];

const others: readonly Promoter[] = [
  ["程一一", "KOL", "douyin", "douyin", 10, 150, 0.8],
  ["同城好物群", "staff", "wechat-group", "wechat", 6, 0, 1.2],
  ["麦子测评", "KOC", "xiaohongshu", "xiaohongshu", 4, 40, 0.7],
];

const campaign = "moongate-demo";
const title = "春日焕新专场 · 家居好物";

interface StreamView {
  id: string;
  title: string;
  phase: string;
}
interface LinkView {
  slug: string;
  creator: { id: string } | null;
}

const at = (ms: number) => new Date(Date.now() + ms).toISOString();

/** Made up; 备案号 too. */
const brand = {
  brandName: "布偶猫舍",
  brandColor: "#0a6f5b",
  operatorName: "示例（杭州）宠物用品有限公司",
  filingNumber: "浙ICP备00000000号-1",
};

/** A stream as the API takes it. */
interface Planned extends Partial<typeof brand> {
  targetViews?: number;
  targetOrders?: number;
  targetGmv?: number;
  title: string;
  host: string;
  destinations: object[];
  primary?: string;
  startsAt?: string;
  endsAt?: string;
}

async function broadcast(
  api: Api,
  stream: Planned,
  cast: readonly Promoter[],
  platform: string,
): Promise<Broadcast> {
  const q = encodeURIComponent(stream.title);
  const { data } = await api.call<{ data: StreamView[] }>("GET", `/api/streams?q=${q}`);
  const known = data.find(({ phase }) => phase === "live");
  const { id } = known ?? (await api.call<StreamView>("POST", "/api/streams", stream));
  const made = known
    ? await api.call<{ data: LinkView[] }>("GET", `/api/links?streamId=${id}&limit=200`)
    : await api.call<{ data: LinkView[] }>(
        "POST",
        `/api/streams/${id}/links`,
        cast.map(([name, tier, channel]) => ({
          creator: { id: name, name, tier },
          channel,
          campaign,
        })),
      );
  const weighted = made.data.map((link) => {
    const [, , , crowd, weight, slotFee, buys] =
      cast.find(([name]) => name === link.creator?.id) ?? (["", "", "", "mixed", 1, 0, 1] as const);
    return [{ slug: link.slug, crowd, slotFee, buys }, weight] as const;
  });
  return { id, platform, links: weighted.map(([link]) => link), draw: () => pick(weighted) };
}

export interface Stage {
  main: Broadcast;
  second: Broadcast;
  /** What a team does in mid-broadcast: one of its rooms has moved. */
  moveRoom: () => Promise<void>;
  /** Runs the broadcast that is over already, once. */
  endPast: (run: (past: Broadcast) => Promise<void>) => Promise<void>;
}

export async function prepare(api: Api): Promise<Stage> {
  const find = async (text: string) =>
    (
      await api.call<{ data: StreamView[] }>("GET", `/api/streams?q=${encodeURIComponent(text)}`)
    ).data.at(0);

  const upcomingTitle = "京东超级品牌日 · 预热";
  if (!(await find(upcomingTitle))) {
    await api.call("POST", "/api/streams", {
      title: upcomingTitle,
      host: "京东家电旗舰店",
      destinations: [{ url: "https://lives.jd.com/#/48378944" }],
      startsAt: at(26 * 3_600_000),
      endsAt: at(29 * 3_600_000),
    });
  }
  const pastTitle = "冬藏专场 · 年货返场";
  const isPastDone = (await find(pastTitle)) !== undefined;
  const past = isPastDone
    ? null
    : await broadcast(
        api,
        {
          title: pastTitle,
          host: "布偶猫舍",
          destinations: [{ url: "https://tbzb.taobao.com/live?liveId=359158835379" }],
        },
        promoters.slice(0, 6),
        "taobao",
      );
  const second = await broadcast(
    api,
    {
      title: "宠物零食试吃夜",
      host: "程一一",
      destinations: [{ url: "https://live.douyin.com/745964462470" }],
      startsAt: at(0),
    },
    others,
    "douyin",
  );
  const main = await broadcast(
    api,
    {
      title,
      host: "布偶猫舍",
      destinations: [
        {
          text: "5 666:/布偶猫舍的直播间太火爆了，快来看！https://m.tb.cn/h.fJErCBC?sm=b4d048",
        },
        { url: "https://lives.jd.com/#/47897623" },
        { url: "https://live.kuaishou.com/u/yall1102" },
      ],
      primary: "taobao",
      startsAt: at(-20 * 60_000),
      endsAt: at(4 * 3_600_000),
      ...brand,
      ...{ targetViews: 4_000, targetOrders: 60, targetGmv: 1_000_000 },
    },
    promoters,
    "taobao",
  );
  return {
    main,
    second,
    moveRoom: async () => {
      const { destinations } = await api.call<{
        destinations: { platform: string; url: string }[];
      }>("GET", `/api/streams/${main.id}`);
      const kept = destinations.filter(({ platform }) => platform !== "kuaishou");
      await api.call("PATCH", `/api/streams/${main.id}`, {
        destinations: [
          ...kept.map(({ url }) => ({ url })),
          { url: "https://www.xiaohongshu.com/livestream/570459564696889177" },
        ],
      });
    },
    endPast: async (run) => {
      if (!past) return;
      await run(past);
      await api.call("PATCH", `/api/streams/${past.id}`, { phase: "ended" });
    },
  };
}
