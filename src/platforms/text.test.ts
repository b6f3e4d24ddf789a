/** What people paste: links are taken whole or refused in words, and each of a text is told of. */
import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { readLink, readText } from "./text.ts";

/** `platform/kind/id`, or the refusal's code. */
const said = (text: string, read: typeof readLink | typeof readText = readText): string => {
  const reading = read(text);
  if (!reading.ok) return reading.code;
  const all = "destinations" in reading ? reading.destinations : [reading.destination];
  return all.map(({ platform, kind, id }) => `${platform}/${kind}/${id}`).join(" ");
};
const taken = (text: string) => {
  const reading = readText(text);
  if (!reading.ok) throw new Error(reading.detail.en);
  return reading;
};

describe("a link is taken whole", () => {
  const cases: [text: string, expected: string, url?: string][] = [
    [
      "https://weibo.com/n/月亮花店",
      "weibo/web/weibo.com/n/%E6%9C%88%E4%BA%AE%E8%8A%B1%E5%BA%97",
      "https://weibo.com/n/%E6%9C%88%E4%BA%AE%E8%8A%B1%E5%BA%97",
    ],
    ["https://item.taobao.com/item.htm?q=茶杯，礼盒&id=700011112222", "taobao/item/700011112222"],
    ["https://detail.tmall.com/item.htm?sku=1,2&id=700011112222", "tmall/item/700011112222"],
    [
      "https://item.taobao.com/item.htm?spm=a.1&amp;id=700011112222",
      "taobao/item/700011112222",
      "https://item.taobao.com/item.htm?spm=a.1&id=700011112222",
    ],
    [
      "看 https://weibo.com/n/月亮花店 吧",
      "weibo/web/weibo.com/n/%E6%9C%88%E4%BA%AE%E8%8A%B1%E5%BA%97",
    ],
    ["  https://live.douyin.com/880011223344\u200b\n", "douyin/live/880011223344"],
    ["HTTPS://Live.Douyin.com/880011223344", "douyin/live/880011223344"],
    ["https：//live.douyin.com/880011223344", "douyin/live/880011223344"],
    ["今晚八点live.douyin.com/880011223344见", "douyin/live/880011223344"],
    ["1.live.douyin.com/880011223344", "douyin/live/880011223344"],
    ["//3.cn/1-AbCdEf?jkl=@Ab12Cd34@ HU1234 「茶杯」", "jd/short/1-AbCdEf"],
    ["https://v.douyin.com/AbCd12/复制打开抖音，看直播", "douyin/short/AbCd12"],
    ["https://v.douyin.com/AbCd12/，复制打开抖音", "douyin/short/AbCd12"],
    ["（https://v.douyin.com/AbCd12/）。", "douyin/short/AbCd12"],
    ["https://v.douyin.com/AbCd12.", "douyin/short/AbCd12"],
    ["https://live.douyin.com/moon.shop.", "douyin/live/moon.shop."],
    ["https://live.douyin.com/moon.shop,", "douyin/live/moon.shop"],
    ["看 https://live.douyin.com/moon.shop. 吧", "douyin/live/moon.shop"],
    ["[直播](https://v.kuaishou.com/s/AbCd12)", "kuaishou/short/AbCd12"],
    [
      "https://m.tb.cn/h.AbCd12?tk=XyZ9来抢",
      "taobao/short/h.AbCd12",
      "https://m.tb.cn/h.AbCd12?tk=XyZ9",
    ],
    ["先看weixin://dl/business/?t=AbCdEf123，再来", "wechat/miniprogram/AbCdEf123"],
    ["月亮花店：#小程序://月亮花店/Ab1Cd2Ef3Gh4Ij5", "wechat/miniprogram/Ab1Cd2Ef3Gh4Ij5"],
    ["#小程序://月亮花店/首页/Ab1Cd2Ef3Gh4Ij5来", "wechat/miniprogram/Ab1Cd2Ef3Gh4Ij5"],
  ];
  for (const [text, expected, url] of cases) {
    it(text, ({ expect }) => {
      const reading = taken(text);
      expect(said(text)).toBe(expected);
      if (url !== undefined) expect(reading.destinations[0]?.url).toBe(url);
      expect(reading.notTaken).toEqual([]);
    });
  }

  it("and says what follows a page without a space", ({ expect }) => {
    const [page] = taken("文章https://mp.weixin.qq.com/s/AbC123点击查看").destinations;
    expect(page?.url).toBe("https://mp.weixin.qq.com/s/AbC123");
    expect(page?.warnings).toEqual([expect.stringContaining("“点击查看”")]);
  });
});

describe("a link is refused in words", () => {
  const cases: [text: string, code: string][] = [
    ["https://v.douyin.com/ AbCd12/", "short_link_without_code"],
    ["https://v.douyin.com/", "short_link_without_code"],
    ["https://xhslink.com/o/", "short_link_without_code"],
    ["v.kuaishou.com/s/?x=1", "short_link_without_code"],
    ["https://m.tb.cn/h.", "short_link_without_code"],
    ["https://weibo.com/n/a|b", "url_characters"],
    ["https://直播.example/x", "url_characters"],
    ["https://shop.example/x", "host_not_allowed"],
    ["taobao://m.taobao.com/x", "url_scheme"],
    ["去 jd.com 逛逛", "no_destination"],
    ["mail@live.douyin.com/1", "no_destination"],
  ];
  for (const [text, code] of cases) {
    it(`${text}: ${code}`, ({ expect }) => {
      const reading = readText(text);
      expect(reading).toMatchObject({ ok: false, code });
      if (reading.ok) return;
      expect(reading.detail.en).toMatch(/[A-Za-z]{3}/);
      expect(reading.detail.zh).toMatch(/\p{Script=Han}{3}/u);
    });
  }
});

describe("each link of a text", () => {
  it("is a destination, or a warning that names it", ({ expect }) => {
    const { destinations, notTaken } = taken(
      "抖音 https://v.douyin.com/AbCd12/ 小店 https://shop.example/9 又 https://v.douyin.com/EfGh34/ 快手v.kuaishou.com/AbCd12",
    );
    expect(destinations.map(({ id, platform }) => `${platform} ${id}`)).toEqual([
      "douyin AbCd12",
      "kuaishou AbCd12",
    ]);
    expect(notTaken).toEqual([
      expect.stringMatching(/^https:\/\/shop\.example\/9 was not taken: The host/),
      expect.stringMatching(/^https:\/\/v\.douyin\.com\/EfGh34\/ was not taken: .*AbCd12/),
    ]);
  });

  it("is told of when none can be taken", ({ expect }) => {
    const reading = readText("https://a.example/1 https://b.example/2");
    expect(reading).toMatchObject({ ok: false, code: "host_not_allowed" });
    if (reading.ok) return;
    for (const link of ["https://a.example/1", "https://b.example/2"]) {
      expect(reading.detail.zh).toContain(link);
    }
  });

  it("is one when it is written twice", ({ expect }) => {
    const twice = "https://v.douyin.com/AbCd12/ https://v.douyin.com/AbCd12/";
    expect(taken(twice).notTaken).toEqual([]);
  });

  it("is found where they stand without a space", ({ expect }) => {
    for (const between of [",", "，", "、", "|", "/"]) {
      const text = `https://live.douyin.com/880011223344${between}https://v.kuaishou.com/AbCd12`;
      expect(said(text)).toBe("douyin/live/880011223344 kuaishou/short/AbCd12");
    }
    expect(said("live.douyin.com/880011223344，v.kuaishou.com/AbCd12")).toBe(
      "douyin/live/880011223344 kuaishou/short/AbCd12",
    );
  });
});

describe("a 口令 without a link is named", () => {
  const cases: [text: string, app: string][] = [
    ["3￥AbCd12EfGh￥", "淘宝"],
    ["(€AbCd12EfGh€)", "淘宝"],
    ["8.0:/￥AbCd12EfGh￥", "淘宝"],
    ["Q0:/￥AbCd12EfGh￥", "淘宝"],
    ["6/AbCd12EfGh34//", "淘宝"],
    ["5@1.com 复制打开抖音，看看【月亮花店的作品】茶杯 ЮAbCd12EfGhЮ", "抖音"],
    ["ΨAbCd12EfGhΨ", "抖音"],
    ["复制这条消息，打开拼多多，AbCd12EfGh", "拼多多"],
    ["AbCd12 复制后打开【小红书】查看", "小红书"],
    ["AbCd12EfGh 复制此消息，打开【快手】直接观看！", "快手"],
    ["！AbCd12EfGh34！ 打开京东", "京东"],
  ];
  for (const [text, app] of cases) {
    it(`${text}: ${app}`, ({ expect }) => {
      const reading = readText(text);
      expect(reading).toMatchObject({ ok: false, code: "share_code_without_link" });
      if (reading.ok) return;
      expect(reading.detail.zh).toContain(`${app}的口令`);
      for (const words of [reading.detail.zh, reading.detail.en])
        expect(words).toContain("复制链接");
    });
  }
});

describe("host and title of a text", () => {
  const cases: [text: string, title: string | undefined, host: string | undefined][] = [
    [
      "小红书，你的生活指南#月亮花店正在直播，来和我一起支持ta吧。 https://xhslink.com/o/AbCd12 复制本条信息，打开【小红书】，直接观看直播！",
      undefined,
      "月亮花店",
    ],
    [
      "茶杯真好看 https://xhslink.cn/o/AbCd12 \n复制后直接打开【小红书】，笔记就在那里等你。",
      "茶杯真好看",
      undefined,
    ],
    [
      "12 【手作茶杯开箱 - 月亮花店 | 小红书 - 你的生活指南】 😆 AbCd 😆 https://www.xiaohongshu.com/discovery/item/66aa",
      "手作茶杯开箱",
      "月亮花店",
    ],
    ["//3.cn/1-AbCdEf?jkl=@Ab12@ HU1234 「手作茶杯」 点击链接直接打开", "手作茶杯", undefined],
    ["【手作茶杯】https://3.cn/1-AbCdEf 打开【京东】", "手作茶杯", undefined],
    [
      "2.15 复制打开抖音，看看【月亮花店的作品】手作茶杯 # 茶 https://v.douyin.com/AbCd12/ :0pm",
      "手作茶杯",
      "月亮花店",
    ],
    [
      "【淘宝】https://m.tb.cn/h.AbCd12 CZ1234 「月亮花店的直播间正在热播」 点击链接",
      "月亮花店的直播间正在热播",
      "月亮花店",
    ],
    ["【月亮手作-哔哩哔哩】 https://b23.tv/AbCd12", "月亮手作", undefined],
  ];
  for (const [text, title, host] of cases) {
    it(text.slice(0, 40), ({ expect }) => {
      const reading = taken(text);
      expect([reading.title, reading.host]).toEqual([title, host]);
    });
  }
});

describe("a field that holds a URL", () => {
  it("takes what a text takes, and nothing more (property)", ({ expect }) => {
    const host = fc.constantFrom(
      ..."v.douyin.com live.douyin.com m.tb.cn item.taobao.com weibo.com 3.cn shop.example weixin.qq.com".split(
        " ",
      ),
    );
    const before = fc.constantFrom(
      "https://",
      "HTTP://",
      "https：//",
      "//",
      "",
      "weixin://",
      "ftp://",
    );
    const part = fc.string({
      unit: fc.constantFrom(
        ..."aZ09/?&=.,;!)，。茶“”%'\"|\\@:#-_ ".split(""),
        "&amp;",
        "https://",
        "3.cn/x",
      ),
      maxLength: 12,
    });
    fc.assert(
      fc.property(before, host, part, (scheme, name, rest) => {
        const text = `${scheme}${name}/${rest}`;
        const reading = readLink(text);
        if (reading.ok) {
          const whole = readText(text);
          expect(whole).toMatchObject({
            ok: true,
            destinations: [{ url: reading.destination.url }],
          });
        } else if (!/\s/.test(text.trim()) && !readText(text).ok) {
          expect(reading.detail.zh).not.toBe("");
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("is trimmed, and cleaned like a text", ({ expect }) => {
    for (const url of [
      " https://v.douyin.com/AbCd12/\n",
      "https：//v.douyin.com/AbCd12。",
      "v.douyin.com/AbCd12",
    ]) {
      expect(said(url, readLink)).toBe("douyin/short/AbCd12");
    }
    expect(said("看 https://v.douyin.com/AbCd12/", readLink)).toBe("url_characters");
  });
});
