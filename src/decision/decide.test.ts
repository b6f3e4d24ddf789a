import { describe, it } from "vitest";
import { agents } from "../../test/agents.ts";
import type { LinkRecord, StreamRecord } from "../model/edge-records.ts";
import type { Destination } from "../platforms/registry/edge.ts";
import { readText } from "../platforms/text.ts";
import { choicesOf, decide, destinationsOf, type Outcome, primaryOf } from "./decide.ts";
import { rules } from "./matrix.ts";
import { classify } from "./visitor.ts";

const urls = {
  taobao: "https://tbzb.taobao.com/live?liveId=532359023188",
  taobaoH5: "http://huodong.m.taobao.com/act/talent/live.html?id=359158835379",
  tmall: "https://detail.tmall.com/item.htm?id=612345678901",
  jd: "https://lives.jd.com/#/48378944?origin=0",
  douyin: "https://live.douyin.com/745964462470",
  douyinRoom: "https://webcast.amemv.com/douyin/webcast/reflow/7318296342189919011",
  bilibili: "https://live.bilibili.com/320",
  hema: "https://www.freshippo.com/live",
  pinduoduo: "https://mobile.yangkeduo.com/goods.html?goods_id=123456789",
  urllink: "https://wxaurl.cn/TICKET",
};
type Name = keyof typeof urls;

function destination(name: Name): Destination {
  const reading = readText(urls[name]);
  const found = reading.ok ? reading.destinations[0] : undefined;
  if (!found) throw new Error(name);
  return found;
}

function stream(destinations: Destination[], more: Partial<StreamRecord> = {}): StreamRecord {
  const [first] = destinations;
  if (!first) throw new Error("a stream needs a destination");
  return {
    id: "st_1",
    version: 1,
    title: "t",
    timezone: "Asia/Shanghai",
    destinations,
    primary: first.platform,
    landing: "auto",
    durability: "fast",
    shards: 1,
    secret: "s",
    ...more,
  };
}

const link: LinkRecord = { slug: "abc", version: 1, streamId: "st_1" };
const now = Date.parse("2026-11-20T12:00:00Z");
const short = "https://go.example.cn/abc";

function outcome(agent: keyof typeof agents, on: StreamRecord, by: LinkRecord = link): Outcome {
  return decide(classify(agents[agent]), on, by, now, short);
}
const methodsOf = (result: Outcome) => result.ways.map(({ method }) => method).join(" ");

/** One case a rule of the matrix: who opens what, what happens, by which ways. */
const cases: [
  rule: string,
  agent: keyof typeof agents,
  to: Name | "web" | "mini",
  action: string,
  ways: string,
][] = [
  ["web-page", "wechatIos", "web", "redirect", "web"],
  ["wechat-own", "wechatIos", "urllink", "redirect", "web copy"],
  ["wechat-mini-program", "wechatMini", "taobao", "page", "copy web"],
  ["own-app", "taobaoIos", "taobao", "redirect", "web scheme copy"],
  ["other-system", "television", "taobao", "page", "qr web copy"],
  ["harmony-desktop", "harmonyPc", "taobao", "redirect", "web qr copy"],
  ["alibaba-family", "alipayIos", "taobao", "page", "scheme web copy"],
  ["wechat-desktop", "wechatWindows", "taobao", "redirect", "web qr copy"],
  ["wechat-harmony-next", "wechatNext", "taobao", "page", "web copy guide"],
  ["wechat-commerce", "wechatAndroid", "jd", "page", "web copy guide"],
  ["wechat-ios", "wechatIos", "bilibili", "page", "universal-link web copy guide"],
  ["wechat-android", "wechatAndroid", "douyin", "page", "web copy guide"],
  ["wecom", "wecomIos", "taobao", "page", "web copy guide"],
  ["qq-ios", "qqIos", "taobao", "page", "guide copy web"],
  ["qq-android", "qqAndroid", "taobao", "page", "scheme copy guide web"],
  ["weibo-ios", "weiboIos", "jd", "page", "guide copy web"],
  ["weibo-android", "weiboAndroid", "jd", "page", "guide copy web"],
  ["foreign-webview", "douyinIos", "taobao", "page", "web copy"],
  ["work-ios", "feishuIos", "jd", "page", "universal-link web copy"],
  ["work-android", "dingtalkAndroid", "jd", "page", "scheme web copy"],
  ["restricted-browser", "baiduAndroid", "jd", "page", "web copy guide"],
  ["harmony-next-webview", "harmonyWebview", "taobao", "page", "web scheme copy"],
  ["harmony-next-browser", "ucNext", "taobao", "page", "scheme web copy"],
  ["ios-browser-link", "safariIos", "taobao", "page", "universal-link scheme web copy store"],
  ["ios-browser", "safariIos", "douyinRoom", "page", "web scheme copy store"],
  ["android-intent", "chromeAndroid", "taobao", "page", "intent web copy"],
  ["android-scheme", "huaweiAndroid", "jd", "page", "scheme web copy"],
  ["desktop", "desktop", "jd", "redirect", "web qr copy"],
  ["unknown-app", "androidWebview", "taobao", "page", "web scheme copy"],
];

function target(name: Name | "web" | "mini"): Destination {
  return name === "web" || name === "mini"
    ? { platform: "web", kind: "web", id: "x", url: "https://shop.brand.example/" }
    : destination(name);
}

describe("the matrix, row by row", () => {
  for (const [rule, agent, to, action, ways] of cases) {
    it(`${rule}: ${agent} to ${to} gets a ${action} by ${ways}`, ({ expect }) => {
      const result = outcome(agent, stream([target(to)]));
      expect([result.rule, result.action, methodsOf(result)]).toEqual([rule, action, ways]);
    });
  }

  it("has a case for every rule, and names none twice", ({ expect }) => {
    const names = rules.map(({ rule }) => rule);
    expect(new Set(names).size).toBe(names.length);
    expect(cases.map(([rule]) => rule).sort()).toEqual([...names].sort());
  });

  it("names the row of the reference that a rule is from", ({ expect }) => {
    for (const { rule, row } of rules) {
      expect([rule, row]).toEqual([rule, expect.stringMatching(/^(?:–|\d+(?:–\d+)?)$/)]);
    }
  });

  it("ends in a rule that fits anything", ({ expect }) => {
    const { app, os, relation, platform } = rules.at(-1) ?? {};
    expect([app, os, relation, platform]).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe("which destination", () => {
  const all = stream([
    destination("jd"),
    destination("tmall"),
    destination("taobao"),
    destination("hema"),
  ]);
  const chosen: [keyof typeof agents, string][] = [
    ["jdIos", "jd"],
    ["taobaoIos", "taobao"],
    ["tmallIos", "tmall"],
    ["hemaAndroid", "hema"],
    ["dingtalkIos", "taobao"],
    ["alipayIos", "taobao"],
    ["safariIos", "jd"],
    ["douyinIos", "jd"],
  ];
  for (const [agent, platform] of chosen) {
    it(`${agent} goes to ${platform}`, ({ expect }) => {
      expect(outcome(agent, all)).toMatchObject({ destination: { platform } });
    });
  }
  it("takes Tmall for Taobao's family when there is no Taobao", ({ expect }) => {
    const two = stream([destination("jd"), destination("tmall")]);
    expect(outcome("alipayIos", two)).toMatchObject({ destination: { platform: "tmall" } });
    expect(outcome("taobaoIos", two)).toMatchObject({
      action: "redirect",
      destination: { platform: "tmall" },
    });
  });
  it("lets a link's destinations replace the stream's of the same platform", ({ expect }) => {
    const own = { ...destination("jd"), id: "1", url: "https://lives.jd.com/#/1" };
    expect(outcome("jdIos", all, { ...link, destinations: [own] })).toMatchObject({
      location: "https://lives.jd.com/#/1",
    });
    expect(outcome("taobaoIos", all, { ...link, destinations: [own] })).toMatchObject({
      destination: { platform: "taobao" },
    });
  });
  it("puts a link's further destinations after the stream's, each once", ({ expect }) => {
    const own = [
      { ...destination("taobao"), id: "1" },
      { ...destination("douyin"), id: "2" },
    ];
    const found = destinationsOf(all, { ...link, destinations: own });
    expect(found.map(({ platform, id }) => [platform, id === "1" || id === "2"])).toEqual([
      ["jd", false],
      ["tmall", false],
      ["taobao", true],
      ["hema", false],
      ["douyin", true],
    ]);
    expect(destinationsOf(all, { ...link, destinations: [] })).toEqual(all.destinations);
  });
  it("is the first where the primary is none of them, and never nothing", ({ expect }) => {
    expect(primaryOf({ ...all, primary: "weibo" }, link)).toBe(all.destinations[0]);
    expect(primaryOf({ ...all, primary: "hema" }, link)).toBe(all.destinations[3]);
    expect(() => primaryOf({ ...all, destinations: [] }, link)).toThrow(
      "stream st_1 has no destination",
    );
  });
  it("offers the stream's others, each by the ways of this visitor's app", ({ expect }) => {
    const result = outcome("taobaoIos", all);
    const others = result.action === "redirect" ? result.others : [];
    expect(
      others.map(({ destination: to, ways }) => [to, ways.map(({ method }) => method).join(" ")]),
    ).toEqual([
      [all.destinations[0], "web copy"],
      [all.destinations[1], "web scheme copy"],
      [all.destinations[3], "web copy"],
    ]);
  });
  it("lets a link's primary win over the stream's", ({ expect }) => {
    expect(outcome("safariIos", all, { ...link, primary: "tmall" })).toMatchObject({
      destination: { platform: "tmall" },
    });
  });
});

describe("where it leads", () => {
  const located = (agent: keyof typeof agents, name: Name) => {
    const result = outcome(agent, stream([destination(name)]));
    return result.action === "redirect" ? result.location : undefined;
  };
  it("keeps JD's fragment", ({ expect }) => {
    expect(located("jdIos", "jd")).toBe("https://lives.jd.com/#/48378944?origin=0");
  });
  it("goes over https", ({ expect }) => {
    expect(located("taobaoIos", "taobaoH5")).toBe(
      "https://huodong.m.taobao.com/act/talent/live.html?id=359158835379",
    );
  });
  it("sends a desktop to the desktop room", ({ expect }) => {
    expect(located("desktop", "taobaoH5")).toBe("https://tbzb.taobao.com/live?liveId=359158835379");
  });
  const way = (agent: keyof typeof agents, name: Name, method: string) =>
    outcome(agent, stream([destination(name)])).ways.find(
      (candidate) => candidate.method === method,
    )?.url;
  it("opens Douyin's room by its room_id only", ({ expect }) => {
    expect(way("huaweiAndroid", "douyinRoom", "scheme")).toBe(
      "snssdk1128://live?room_id=7318296342189919011&user_id=&u_code=&from=webview&refer=web",
    );
    expect(way("huaweiAndroid", "douyin", "scheme")).toBe(
      "snssdk1128://webview?url=https%3A%2F%2Flive.douyin.com%2F745964462470&from=webview&refer=web",
    );
  });
  it("writes the page that it redirects to into the way by web, and into no other", ({
    expect,
  }) => {
    expect(outcome("desktop", stream([destination("taobaoH5")])).ways).toEqual([
      { method: "web", url: "https://tbzb.taobao.com/live?liveId=359158835379" },
      { method: "qr", url: `${short}/qr.svg` },
      { method: "copy", text: "https://huodong.m.taobao.com/act/talent/live.html?id=359158835379" },
    ]);
    const own = outcome("taobaoIos", stream([destination("taobaoH5")]));
    expect(own.ways[0]?.url).toBe(urls.taobaoH5.replace("http:", "https:"));
    expect(own.ways[1]?.url).not.toBe(own.ways[0]?.url);
  });
  it("sends HarmonyOS on a PC to the desktop room too", ({ expect }) => {
    expect(located("harmonyPc", "taobaoH5")).toBe(located("desktop", "taobaoH5"));
  });

  it("sends WeChat on a desktop to the desktop room too", ({ expect }) => {
    expect(located("wechatWindows", "taobaoH5")).toBe(
      "https://tbzb.taobao.com/live?liveId=359158835379",
    );
  });
  it("copies the host's name, else the title, where there is nothing else to find it by", ({
    expect,
  }) => {
    const channel: Destination = { platform: "wechat", kind: "live", id: "x" };
    const copied = (more: Partial<StreamRecord>) =>
      outcome("safariIos", stream([channel], more)).ways.find(({ method }) => method === "copy");
    expect(copied({ host: "安老师" })?.text).toBe("安老师");
    expect(copied({})?.text).toBe("t");
  });
  it("builds an intent with a web page to fall back to", ({ expect }) => {
    expect(way("chromeAndroid", "jd", "intent")).toBe(
      "intent://virtual?params=%7B%22category%22%3A%22jump%22%2C%22des%22%3A%22m%22%2C%22url%22%3A%22https%3A%2F%2Flives.jd.com%2F%23%2F48378944%3Forigin%3D0%22%7D#Intent;scheme=openapp.jdmobile;package=com.jingdong.app.mall;S.browser_fallback_url=https%3A%2F%2Flives.jd.com%2F%23%2F48378944%3Forigin%3D0;end",
    );
  });
  it("wraps Taobao's scheme in its universal link", ({ expect }) => {
    const url = new URL(way("safariIos", "taobao", "universal-link") ?? "");
    expect(url.hostname).toBe("ace.tb.cn");
    const scheme = new URL(url.searchParams.get("smburl") ?? "");
    expect(scheme.searchParams.get("h5Url")).toBe(urls.taobao);
  });
  it("never offers intent: on HarmonyOS NEXT", ({ expect }) => {
    for (const name of Object.keys(urls) as Name[]) {
      expect(methodsOf(outcome("ucNext", stream([destination(name)])))).not.toContain("intent");
    }
  });
  it("offers no scheme where none is known", ({ expect }) => {
    expect(methodsOf(outcome("huaweiAndroid", stream([destination("hema")])))).toBe("web copy");
  });
  it("copies the platform's own share text when there is one", ({ expect }) => {
    const shared = { ...destination("taobao"), shareText: "5 666:/ https://m.tb.cn/h.x" };
    expect(outcome("wechatIos", stream([shared])).ways).toContainEqual({
      method: "copy",
      text: "5 666:/ https://m.tb.cn/h.x",
    });
  });
  it("opens a mini program from outside WeChat by its plaintext scheme, inside it by the opening tag", ({
    expect,
  }) => {
    const mini: Destination = {
      platform: "wechat",
      kind: "miniprogram",
      id: "wx0123456789abcdef",
      miniProgram: { appId: "wx0123456789abcdef", path: "pages/live" },
    };
    expect(outcome("safariIos", stream([mini])).ways[0]).toEqual({
      method: "mini-program",
      url: "weixin://dl/business/?appid=wx0123456789abcdef&path=pages%2Flive",
    });
    expect(outcome("wechatIos", stream([mini]))).toMatchObject({ action: "page" });
    const [tag] = outcome("wechatIos", stream([mini])).ways;
    expect(tag).toEqual({ method: "mini-program", miniProgram: mini.miniProgram });
    expect(outcome("desktop", stream([mini]))).toMatchObject({ action: "page" });
    expect(methodsOf(outcome("desktop", stream([mini])))).toBe("qr copy");
  });
});

describe("landing", () => {
  it("never: every person is redirected, robots are not", ({ expect }) => {
    const never = stream([destination("taobao")], { landing: "never" });
    for (const agent of Object.keys(agents) as (keyof typeof agents)[]) {
      const isRobot = agent === "dingtalkPreview" || agent === "bytespider";
      expect(outcome(agent, never)).toMatchObject(
        isRobot
          ? { action: "preview", rule: "preview", ways: [] }
          : { action: "redirect", rule: "landing-never" },
      );
    }
  });
  it("never: before the start too", ({ expect }) => {
    const never = stream([destination("taobao")], { landing: "never", startsAt: now + 9e6 });
    expect(outcome("safariIos", never)).toMatchObject({
      action: "redirect",
      phase: "upcoming",
      rule: "landing-never",
    });
  });
  it("never: what has no page to be sent to is shown", ({ expect }) => {
    const channel: Destination = { platform: "wechat", kind: "live", id: "x" };
    const result = outcome("safariIos", stream([channel], { landing: "never" }));
    expect(result).toMatchObject({ action: "page", destination: channel });
  });
  it("always: every person gets a page", ({ expect }) => {
    const always = stream([destination("taobao")], { landing: "always" });
    expect(outcome("taobaoIos", always).action).toBe("page");
    expect(outcome("desktop", always).action).toBe("page");
  });
});

describe("phases", () => {
  const taobao = destination("taobao");
  const hour = 3_600_000;
  it("is live without a start", ({ expect }) => {
    expect(outcome("taobaoIos", stream([taobao])).phase).toBe("live");
  });
  it("is upcoming until ten minutes before the start", ({ expect }) => {
    const startsAt = (minutes: number) => stream([taobao], { startsAt: now + minutes * 60_000 });
    expect(outcome("taobaoIos", startsAt(11))).toMatchObject({
      phase: "upcoming",
      action: "page",
      rule: "upcoming",
    });
    expect(outcome("taobaoIos", startsAt(10))).toMatchObject({ phase: "live", action: "redirect" });
  });
  it("goes to the replay once ended", ({ expect }) => {
    const replay = "https://tbzb.taobao.com/live?liveId=532359023188&replay=1";
    const ended = stream([{ ...taobao, replay }], { endsAt: now - hour });
    expect(outcome("taobaoIos", ended)).toMatchObject({
      phase: "ended",
      action: "redirect",
      location: replay,
    });
    expect(outcome("wechatIos", ended).ways[0]).toEqual({ method: "web", url: replay });
  });
  it("offers the other replays then, and no live room", ({ expect }) => {
    const replay = "https://tbzb.taobao.com/live?liveId=532359023188&replay=1";
    const other = "https://lives.jd.com/#/48378944?origin=1";
    const both = stream(
      [{ ...taobao, replay }, destination("hema"), { ...destination("jd"), replay: other }],
      { phase: "ended" },
    );
    const result = outcome("taobaoIos", both);
    const jd = { platform: "jd", kind: "replay", id: destination("jd").id, url: other };
    expect(result.action === "redirect" && result.others.map((one) => one.destination)).toEqual([
      jd,
    ]);
    expect(result).toMatchObject({
      destination: { platform: "taobao", kind: "replay", id: taobao.id, url: replay },
    });
    // Who would go to Hema's live room goes to the first replay there is.
    expect(outcome("hemaAndroid", both)).toMatchObject({ destination: { url: replay } });
    const live = outcome("taobaoIos", { ...both, phase: "live" });
    expect(live.action === "redirect" && live.others.map((one) => one.destination)).toEqual(
      both.destinations.slice(1),
    );
  });
  it("prefers the replay of the viewer's own platform", ({ expect }) => {
    const [one, two] = ["https://lives.jd.com/#/1", "https://tbzb.taobao.com/live?liveId=1"];
    const both = stream(
      [
        { ...destination("jd"), replay: one },
        { ...taobao, replay: two },
      ],
      { phase: "ended" },
    );
    expect(outcome("taobaoIos", both)).toMatchObject({ location: two });
    expect(outcome("jdIos", both)).toMatchObject({ location: one });
  });
  it("else to what comes after, else says so", ({ expect }) => {
    const after = destination("tmall");
    const over = { endsAt: now - hour };
    expect(outcome("wechatIos", stream([taobao], { ...over, after }))).toEqual({
      action: "redirect",
      phase: "ended",
      rule: "after",
      destination: after,
      location: urls.tmall,
      ways: [{ method: "web", url: urls.tmall }],
      others: [],
    });
    expect(outcome("wechatIos", stream([taobao], over))).toEqual({
      action: "page",
      phase: "ended",
      rule: "ended",
      ways: [],
      others: [],
    });
  });
  it("shows what comes after where that has no page to be sent to", ({ expect }) => {
    const after: Destination = { platform: "wechat", kind: "live", id: "x" };
    expect(outcome("safariIos", stream([taobao], { phase: "ended", after }))).toMatchObject({
      action: "page",
      phase: "ended",
      rule: "ios-browser",
      destination: after,
    });
  });
  it("obeys the hand before the clock", ({ expect }) => {
    expect(
      outcome("taobaoIos", stream([taobao], { endsAt: now - hour, phase: "live" })).phase,
    ).toBe("live");
    expect(outcome("taobaoIos", stream([taobao], { phase: "ended" })).phase).toBe("ended");
  });
});

describe("what is gone", () => {
  const live = stream([destination("taobao")]);
  const gone: [string, StreamRecord, LinkRecord][] = [
    ["a disabled link", live, { ...link, disabled: true }],
    ["a deleted link", live, { ...link, deleted: true }],
    ["an expired link", live, { ...link, expiresAt: now }],
    ["a link of a deleted stream", { ...live, deleted: true }, link],
  ];
  for (const [what, on, by] of gone) {
    it(`${what}, for people and robots alike`, ({ expect }) => {
      expect(outcome("safariIos", on, by)).toEqual({
        action: "gone",
        phase: "live",
        rule: "gone",
        ways: [],
      });
      expect(outcome("dingtalkPreview", on, by).action).toBe("gone");
    });
  }
  it("not a link that expires later", ({ expect }) => {
    expect(outcome("taobaoIos", live, { ...link, expiresAt: now + 1 }).action).toBe("redirect");
  });
});

describe("what an outcome has to choose from", () => {
  const [one, two] = [destination("taobao"), destination("jd")];
  const result = outcome("safariIos", stream([one, two]));

  it("is its own destination first, then the others", ({ expect }) => {
    const others = result.action === "page" ? result.others : [];
    expect(others.map((choice) => choice.destination)).toEqual([two]);
    expect(choicesOf(result)).toEqual([{ destination: one, ways: result.ways }, ...others]);
  });
  it("is nothing where nothing is offered", ({ expect }) => {
    const ended = outcome("safariIos", stream([one], { phase: "ended" }));
    expect(choicesOf(ended)).toEqual([]);
    expect(choicesOf(outcome("safariIos", stream([one], { deleted: true })))).toEqual([]);
  });
  it("is one destination alone where there are no others, and in a preview", ({ expect }) => {
    const alone = outcome("safariIos", stream([one]));
    expect(choicesOf(alone)).toEqual([{ destination: one, ways: alone.ways }]);
    const preview = outcome("bytespider", stream([one, two]));
    expect(choicesOf(preview)).toEqual([{ destination: one, ways: [] }]);
  });
});

it("gives previews and robots a preview, never a redirect, in every phase and landing", ({
  expect,
}) => {
  for (const landing of ["auto", "always", "never"] as const) {
    for (const more of [{}, { phase: "ended" as const }, { startsAt: now + 9e6 }]) {
      const on = stream([destination("taobao")], { landing, ...more });
      expect(outcome("dingtalkPreview", on).action).toBe("preview");
      expect(outcome("bytespider", on).action).toBe("preview");
    }
  }
});
