import { describe, it } from "vitest";
import destinations from "../../test/fixtures/destinations.json" with { type: "json" };
import shareTexts from "../../test/fixtures/share-texts.json" with { type: "json" };
import { inheritedNames } from "../../test/names.ts";
import { fc } from "../../test/properties.ts";
import { isListed } from "../lib/hosts.ts";
import { namesOf, recognize } from "./recognize.ts";
import { platformNames } from "./registry/edge.ts";
import { platformPages } from "./registry/pages.ts";
import { readText } from "./text.ts";

const refusals = new Set(["other", "invalid"]);

describe("every destination of the fixtures", () => {
  for (const { url, expect: expected } of destinations) {
    it(`${url} is ${expected}`, ({ expect }) => {
      const result = recognize(url);
      if (refusals.has(expected)) {
        expect(result.ok).toBe(false);
        if (!result.ok) {
          expect(result.code === "host_not_allowed").toBe(expected === "other");
          expect(result.detail).not.toBe("");
        }
        return;
      }
      if (!result.ok) throw new Error(result.detail.en);
      const { platform, kind, id } = result.destination;
      expect(`${platform}/${kind}/${id}`).toBe(expected);
      expect(result.destination.url).toBe(new URL(url).href);
    });
  }
});

describe("every share text of the fixtures", () => {
  for (const { app, text, url } of shareTexts) {
    it(text, ({ expect }) => {
      const reading = readText(text);
      if (!reading.ok) throw new Error(reading.detail.en);
      expect(reading.destinations).toHaveLength(1);
      expect(reading.destinations[0]).toMatchObject({ platform: app, url, shareText: text });
    });
  }

  it("names the title and the host that a text names", ({ expect }) => {
    const names = (text: string) => {
      const { title, host } = readText(text) as { title?: string; host?: string };
      return { title, host };
    };
    expect(names(shareTexts[0]?.text ?? "")).toEqual({ title: "雪花酥", host: undefined });
    expect(names(shareTexts[1]?.text ?? "")).toEqual({ title: undefined, host: "布偶猫舍" });
    expect(
      names(
        "3- #在抖音，记录美好生活#【交个朋友直播间】正在直播，来和我一起 https://v.douyin.com/i8rhQQ2t/ 2@4.com",
      ),
    ).toEqual({ title: undefined, host: "交个朋友" });
  });
});

describe("which id it is", () => {
  const idTypes: [string, string | undefined][] = [
    ["https://tbzb.taobao.com/live?liveId=532359023188", "liveId"],
    ["https://h5.m.taobao.com/taolive/video.html?creatorId=532359023188", "creatorId"],
    ["https://lives.jd.com/#/48378944?origin=0", "liveId"],
    ["https://live.douyin.com/745964462470", "web_rid"],
    ["https://live.douyin.com/yall1102", "web_rid"],
    ["https://webcast.amemv.com/douyin/webcast/reflow/7318296342189919011", "room_id"],
    ["https://live.kuaishou.com/u/yall1102", "principalId"],
    ["https://livev.m.chenzhongtech.com/fw/live/KPL704668133?fid=0", undefined],
    ["https://livev.m.chenzhongtech.com/fw/live/abc?efid=abc", "principalId"],
    ["https://www.xiaohongshu.com/livestream/570459564696889177", "room_id"],
    ["https://live.bilibili.com/320", "room_id"],
  ];
  for (const [url, idType] of idTypes) {
    it(`${url}: ${idType ?? "unknown"}`, ({ expect }) => {
      const result = recognize(url);
      expect(result.ok && result.destination.idType).toBe(idType);
    });
  }

  it("never takes a Douyin web_rid for a room_id", ({ expect }) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{5,18}$/), (id) => {
        const result = recognize(`https://live.douyin.com/${id}`);
        expect(result).toMatchObject({ ok: true, destination: { idType: "web_rid", id } });
      }),
    );
  });
});

describe("WeChat's links that are no web pages", () => {
  it("reads a plaintext scheme as a mini program", ({ expect }) => {
    expect(
      readText("weixin://dl/business/?appid=wx0123456789abcdef&path=pages/live&query=id%3D1"),
    ).toMatchObject({
      destinations: [
        {
          platform: "wechat",
          kind: "miniprogram",
          miniProgram: { appId: "wx0123456789abcdef", path: "pages/live", query: "id=1" },
        },
      ],
    });
  });
  it("reads a mini program's short link, which opens inside WeChat only", ({ expect }) => {
    expect(readText("#小程序://名称/页面/9pZvnVw3KMCQpVp")).toMatchObject({
      destinations: [{ platform: "wechat", kind: "miniprogram", id: "9pZvnVw3KMCQpVp" }],
    });
  });
});

describe("pages that lead on", () => {
  const evil = "https://evil.test/";
  const once = encodeURIComponent(evil);
  const twice = encodeURIComponent(once);
  const inside = encodeURIComponent("https://item.taobao.com/item.htm?id=1");

  const loginAndJump = [
    "https://login.tmall.com/",
    `https://login.tmall.com/?redirectURL=${inside}`,
    "https://login.m.tmall.com/login.htm",
    "https://pass.tmall.com/add",
    "https://passport.freshhema.com/x",
    "https://mobile.yangkeduo.com/login.html?from=1",
    "https://www.xiaohongshu.com/login",
    "https://weibo.com/login.php",
    "https://weibo.com/newlogin?tabtype=weibo",
    "https://m.weibo.cn/feature/applink?scheme=sinaweibo%3A%2F%2Fbrowser",
    "https://www.douyin.com/passport/web/logout/",
    "https://mp.weixin.qq.com/cgi-bin/loginpage",
    "https://h5.dingtalk.com/oauth2/authorize",
    "https://www.bilibili.com/jump.html",
  ];
  for (const url of loginAndJump) {
    it(`${url} is no destination`, ({ expect }) => {
      expect(recognize(url)).toMatchObject({ ok: false, code: "login_or_jump_page" });
    });
  }

  const outside = [
    `https://login.tmall.com/?redirectURL=${once}`,
    `https://detail.tmall.com/item.htm?id=1&redirectURL=${once}`,
    `https://detail.tmall.com/item.htm?id=1&redirect_url=${twice}`,
    `https://detail.tmall.com/item.htm?id=1&Return-Url=${evil}`,
    "https://detail.tmall.com/item.htm?id=1&goto=//evil.test",
    "https://detail.tmall.com/item.htm?id=1&goto=%2F%2Fevil.test",
    "https://detail.tmall.com/item.htm?id=1&goto=%5C%5Cevil.test",
    "https://detail.tmall.com/item.htm?id=1&goto=%2F%5Cevil.test",
    "https://detail.tmall.com/item.htm?id=1&goto=%09https:%0A//evil.test",
    "https://detail.tmall.com/item.htm?id=1&goto=https:evil.test",
    "https://detail.tmall.com/item.htm?id=1&goto=HTTP:%2F%2FEVIL.test",
    "https://detail.tmall.com/item.htm?id=1&goto=https://item.taobao.com@evil.test/",
    "https://detail.tmall.com/item.htm?id=1&goto=https://item.taobao.com.evil.test/",
    "https://detail.tmall.com/item.htm?id=1&goto=https://item.taobao.com:8443/",
    "https://detail.tmall.com/item.htm?id=1&goto=https://169.254.169.254/",
    `https://detail.tmall.com/item.htm?id=1&goto=${btoa(evil)}`,
    `https://detail.tmall.com/item.htm?id=1&url=${once}`,
    `https://s.click.taobao.com/t_js?tu=${once}`,
    `https://uland.taobao.com/coupon/edetail?e=1&callback=${once}`,
    `https://h5.m.jd.com/dev/x/index.html?returnurl=${once}`,
    `https://lives.jd.com/#/48378944?jumpUrl=${once}`,
    `https://live.douyin.com/745964462470?target=${once}`,
    `https://www.bilibili.com/blackboard/x.html#redirect=${once}`,
    "https://www.bilibili.com/jump?https://evil.test/",
    `https://mobile.yangkeduo.com/goods.html?goods_id=1&launch_url=${once}`,
    // Through a page that is itself allowed, or a platform's own.
    `https://item.taobao.com/item.htm?id=1&url=${encodeURIComponent(`https://login.taobao.com/?redirectURL=${once}`)}`,
    `https://item.taobao.com/item.htm?id=1&url=${encodeURIComponent(`https://detail.tmall.com/?goto=${once}`)}`,
    `https://item.taobao.com/item.htm?id=1&jump=${encodeURIComponent(`tbopen://m.taobao.com/tbopen/index.html?h5Url=${once}`)}`,
  ];
  for (const url of outside) {
    it(`${url.slice(0, 110)} leads outside`, ({ expect }) => {
      const result = recognize(url);
      expect(result).toMatchObject({ ok: false, code: "leads_outside" });
    });
  }

  const fine = [
    `https://detail.tmall.com/item.htm?id=1&redirectURL=${inside}`,
    "https://detail.tmall.com/item.htm?id=1&redirectURL=%2Fitem.htm",
    "https://detail.tmall.com/item.htm?id=1&callback=jsonp12&target=_blank&to=2&url=abc",
    `https://item.taobao.com/item.htm?id=1&url=${encodeURIComponent("https://www.taobao.com/")}`,
    `https://live.kuaishou.com/u/abc?cover_url=${encodeURIComponent("https://p1.a.yximgs.com/x.jpg")}`,
    `https://www.xiaohongshu.com/explore/6a?image_url=${once}`,
    "https://mobile.yangkeduo.com/app.html?use_reload=1&launch_url=duo_coupon_landing.html%3Fgoods_id%3D934%26pid%3D1",
    "https://h5.m.jd.com/dev/RLVegkgjdNJoM4Y1WsvAnKLD7Qw/index.html?appurl=https%3A%2F%2Fshop.m.jd.com%3FshopId%3D807701",
    "https://s.click.taobao.com/t_js?tu=http%3A%2F%2Fs.click.taobao.com%2Ft%3Fe%3Dm%253D2%26ref%3D%26et%3DjFBB2swQ",
    // Names that somebody chose are no login pages.
    "https://live.douyin.com/login",
    "https://live.kuaishou.com/u/jump",
    "https://www.xiaohongshu.com/user/profile/login",
    "https://nike.tmall.com/",
    "https://blogin.tmall.com/",
  ];
  for (const url of fine) {
    it(`${url.slice(0, 110)} is a destination`, ({ expect }) => {
      expect(recognize(url)).toMatchObject({ ok: true });
    });
  }

  it("of the operator's own are taken as they are listed, unless they lead outside", ({
    expect,
  }) => {
    const hosts = ["pass.brand.example", "www.brand.example"];
    expect(recognize("https://pass.brand.example/login", hosts).ok).toBe(true);
    expect(
      recognize("https://pass.brand.example/login?to=https://www.brand.example/x", hosts).ok,
    ).toBe(true);
    expect(recognize(`https://pass.brand.example/login?to=${once}`, hosts)).toMatchObject({
      code: "leads_outside",
    });
  });

  const isAllowed = (host: string) => isListed(host, platformPages.flatMap(namesOf));

  it("are refused however their target is written (property)", ({ expect }) => {
    const names = [
      "redirect",
      "returnUrl",
      "target",
      "goto",
      "url",
      "callback",
      "jump",
      "redirect_uri",
    ];
    const encodings = [encodeURIComponent, (text: string) => text, btoa];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        // `t.cn` is short enough to come up by chance, and a platform's own.
        fc
          .webUrl({ withQueryParameters: true })
          .filter((target) => !isAllowed(new URL(target).hostname)),
        fc.array(fc.constantFrom(0, 0, 1), { maxLength: 2 }),
        fc.boolean(),
        (name, target, coded, isRaw) => {
          const value = coded.reduce(
            (text, which) => (encodings[which] ?? encodeURIComponent)(text),
            isRaw ? target.replace(/^https?:/, "") : target,
          );
          const url = `https://detail.tmall.com/item.htm?id=1&${name}=${encodeURIComponent(value)}`;
          if (url.length > 2_048) return;
          expect(recognize(url)).toMatchObject({ ok: false, code: "leads_outside" });
        },
      ),
    );
  });

  it("have rows that say how far they are to be trusted, each in a platform's file", ({
    expect,
  }) => {
    for (const { name, redirectors = [], domains = [] } of platformPages) {
      if (name !== "web") expect(domains.length).toBeGreaterThan(0);
      for (const { host, path, source } of redirectors) {
        expect(source).not.toBe("");
        expect(path ?? "/").toMatch(/^\/[a-z0-9._/-]*$/);
        const url = `https://${host}${path ?? "/"}?x=1`;
        expect(recognize(url).ok).toBe(false);
      }
    }
  });
});

describe("tricks", () => {
  const tricks: [string, string][] = [
    ["https://live.douyin.com.evil.test/1", "host_not_allowed"],
    ["https://evil.test/live.douyin.com/1", "host_not_allowed"],
    ["https://evil.test#live.douyin.com", "host_not_allowed"],
    ["https://eviltmall.com/", "host_not_allowed"],
    ["https://tmall.com.evil.test/", "host_not_allowed"],
    ["https://live.douyin.com./1", "host_not_allowed"],
    ["https://127.0.0.1/1", "host_not_allowed"],
    ["https://[::1]/1", "host_not_allowed"],
    ["https://live.douyin.com@evil.test/1", "url_userinfo"],
    ["https://live.douyin.com:pw@evil.test/1", "url_userinfo"],
    ["https://evil.test\\@live.douyin.com/1", "url_characters"],
    ["https://live.douyin.com:8443/1", "url_port"],
    ["https://live.douyin.com:80/1", "url_port"],
    ["https://live%2Edouyin.com/1", "url_encoding"],
    ["https://live.douyin.com/%37459", "url_encoding"],
    ["https://live.douyin.com/%2e%2e/x", "url_encoding"],
    ["https://live.douyin.com/a%2Fb", "url_encoding"],
    ["https://live.douyin.com/a%0d%0aSet-Cookie:x", "url_encoding"],
    ["https://live.douyin.com/a%zz", "url_encoding"],
    ["https://live.douyin.com/../x", "url_dot_segments"],
    ["https://live.douyin.com/./x", "url_dot_segments"],
    ["https://live.dou\tyin.com/1", "url_characters"],
    ["javascript:alert(1)", "url_scheme"],
    ["data:text/html,x", "url_scheme"],
    ["file:///etc/passwd", "url_scheme"],
    ["ftp://live.douyin.com/1", "url_scheme"],
    ["https:live.douyin.com/1", "url_scheme"],
    ["https:///live.douyin.com/1", "url_scheme"],
    ["//live.douyin.com/1", "not_a_url"],
    [`https://live.douyin.com/${"a".repeat(3000)}`, "url_too_long"],
  ];
  for (const [url, code] of tricks) {
    it(`refuses ${JSON.stringify(url).slice(0, 60)}: ${code}`, ({ expect }) => {
      expect(recognize(url)).toMatchObject({ ok: false, code });
    });
  }

  it("finds nothing in a text that only looks like a link", ({ expect }) => {
    expect(readText("来看直播 2@4.com 12/18")).toMatchObject({ ok: false, code: "no_destination" });
  });
});

describe("for any input", () => {
  const hosts = platformPages.flatMap(namesOf);
  const host = fc.oneof(
    fc.constantFrom(...hosts.map((name) => name.replace(/^\./, "a."))),
    fc.domain(),
    fc.webAuthority(),
  );
  const url = fc
    .tuple(
      fc.constantFrom("https", "http"),
      host,
      fc.webPath(),
      fc.webQueryParameters(),
      fc.webFragments(),
    )
    .map(([scheme, at, path, query, fragment]) => `${scheme}://${at}${path}?${query}#${fragment}`);

  it("never throws", ({ expect }) => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.webUrl(), url), (text) => {
        expect(typeof recognize(text).ok).toBe("boolean");
        expect(typeof readText(text).ok).toBe("boolean");
      }),
      { numRuns: 2_000, examples: inheritedNames.map((name) => [`https://${name}/${name}`]) },
    );
  });

  it("never accepts a host outside the list", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.oneof(url, fc.webUrl({ withFragments: true, withQueryParameters: true })),
        (text) => {
          const result = recognize(text);
          if (!result.ok) return;
          const { hostname, protocol, port, username } = new URL(result.destination.url);
          expect(isListed(hostname, hosts)).toBe(true);
          expect(["https:", "http:"]).toContain(protocol);
          expect(port + username).toBe("");
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("gives a canonical form that is its own", ({ expect }) => {
    fc.assert(
      fc.property(url, (text) => {
        const once = recognize(text);
        if (!once.ok) return;
        expect(recognize(once.destination.url)).toEqual(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it("allows the operator's own hosts exactly, as web pages", ({ expect }) => {
    const own = ["shop.brand.example"];
    expect(recognize("https://shop.brand.example/a", own)).toMatchObject({
      ok: true,
      destination: { platform: "web", kind: "web" },
    });
    expect(recognize("https://x.shop.brand.example/a", own).ok).toBe(false);
    expect(recognize("https://shop.brand.example/a").ok).toBe(false);
  });
});

it("has all thirteen platforms in the registry, once each", ({ expect }) => {
  expect(platformPages.map(({ name }) => name).sort()).toEqual([...platformNames].sort());
});
