import { Webhook } from "standardwebhooks";
import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { readAddress } from "./address.ts";
import { dingtalk, dingtalkSignature } from "./channels/dingtalk.ts";
import { feishuSignature } from "./channels/feishu.ts";
import { robots } from "./channels/index.ts";
import { isWebhookSecret, newWebhookSecret, signedPost } from "./channels/webhook.ts";
import { blockOf, oneLine, withKeyword } from "./messages.ts";
import { freshHealth, type NotifyEvent } from "./model.ts";
import { masked } from "./notifier-service.ts";
import { lastMinute, lifeOfDelivery, messagesAMinute, nextSlot, retryAt } from "./schedule.ts";
import {
  begin,
  count,
  hasFallen,
  hourBefore,
  learn,
  nextHourly,
  nextLook,
  type StreamState,
  turn,
} from "./watch.ts";

const t0 = Date.parse("2026-11-20T12:00:00Z");
const minute = 60_000;

describe("signatures", () => {
  it("are DingTalk's: key the secret, milliseconds, in the URL", ({ expect }) => {
    const secret = `SECtest${"0".repeat(60)}`;
    const sign = "g6wL9xCvUGAPV+Is5LEr8aOWWzCf6zvFQzp8xYyWxhI=";
    expect(dingtalkSignature(secret, 1_700_000_000_000)).toBe(sign);
    const url = new URL("https://oapi.dingtalk.com/robot/send?access_token=x");
    expect(dingtalk.sign(url, {}, secret, 1_700_000_000_000).url.search).toBe(
      "?access_token=x&timestamp=1700000000000&sign=g6wL9xCvUGAPV%2BIs5LEr8aOWWzCf6zvFQzp8xYyWxhI%3D",
    );
  });

  it("are Feishu's: key time and secret, empty message, seconds, in the body", ({ expect }) => {
    const sign = "taGE/ihlr19o9EOAGJbI4fjJSZ0Uf4n/bc8fWjnpkHM=";
    expect(feishuSignature("feishu_test_secret", 1_700_000_000)).toBe(sign);
    const url = new URL("https://open.feishu.cn/open-apis/bot/v2/hook/x");
    expect(
      robots.feishu.sign(url, { msg_type: "post" }, "feishu_test_secret", 1_700_000_000_999).body,
    ).toEqual({ timestamp: "1700000000", sign, msg_type: "post" });
  });

  it("are Standard Webhooks', by the specification's vector", ({ expect }) => {
    // The vector of the reference libraries.
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const { headers } = signedPost(
      "https://x.example",
      secret,
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      '{"test": 2432232314}',
      1_614_265_330_000,
    );
    expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    expect(headers["webhook-timestamp"]).toBe("1614265330");
  });

  it("verify with the library, and not with another secret or body", ({ expect }) => {
    const secret = newWebhookSecret();
    expect(isWebhookSecret(secret)).toBe(true);
    const { headers, body } = signedPost(
      "https://x.example",
      secret,
      "evt_1",
      '{"a":"直播"}',
      Date.now(),
    );
    expect(new Webhook(secret).verify(body, headers)).toEqual({ a: "直播" });
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow();
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  });
});

describe("when a message is sent", () => {
  it("it is tried for nearly a day, ever less often, and then given up", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }),
        (randoms) => {
          let at = t0;
          let before = 0;
          let tries = 1;
          for (const random of randoms) {
            const next = retryAt(tries, at, random);
            if (next === null) break;
            expect(next - at).toBeGreaterThan(before);
            before = next - at;
            at = next;
            tries += 1;
          }
          expect(tries).toBe(11);
          expect(at - t0).toBeLessThan(lifeOfDelivery);
          expect(at - t0).toBeGreaterThan(0.85 * lifeOfDelivery);
        },
      ),
    );
  });

  it("never are there more than fifteen in any minute, and none closer than a second", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { minLength: 1, maxLength: 120 }), (gaps) => {
        const health = freshHealth();
        const sent: number[] = [];
        let now = t0;
        for (const gap of gaps) {
          now = nextSlot(health, now + gap);
          health.sent = [...lastMinute(health.sent, now), now];
          sent.push(now);
        }
        for (const [index, at] of sent.entries()) {
          const within = sent.filter((other) => other > at - minute && other <= at);
          expect(within.length).toBeLessThanOrEqual(messagesAMinute);
          if (index > 0) expect(at - (sent[index - 1] ?? 0)).toBeGreaterThanOrEqual(1_000);
        }
      }),
    );
  });

  it("a clock that is set back stops nothing", ({ expect }) => {
    const health = { ...freshHealth(), sent: Array.from({ length: 15 }, () => t0) };
    expect(nextSlot(health, t0)).toBe(t0 + minute);
    expect(nextSlot(health, t0 - 3_600_000)).toBe(t0 - 3_600_000);
  });
});

const stream = (change: Partial<StreamState> = {}): StreamState => ({
  id: "st_1",
  version: 1,
  title: "Live",
  host: null,
  timezone: "Asia/Shanghai",
  startsAt: null,
  endsAt: null,
  phase: null,
  shards: 1,
  destinations: [],
  createdAt: t0,
  ...change,
});

describe("watching a stream", () => {
  it("tells every change of phase once, whatever the times of looking", ({ expect }) => {
    const phase = fc.constantFrom(null, "live" as const, "ended" as const);
    const step = fc.record({
      wait: fc.nat(40 * minute),
      phase: fc.option(phase, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const plan = { startsAt: t0 + 60 * minute, endsAt: t0 + 240 * minute };
        let watched = begin(stream(plan), t0, true);
        let now = t0;
        const told: string[] = [];
        for (const { wait, phase: next } of steps) {
          now += wait;
          if (next !== undefined) {
            const { version } = watched.stream;
            watched = learn(
              watched,
              stream({ ...plan, phase: next, version: version + 1 }),
              now,
            ).watched;
          }
          for (let look = 0; look < 3; look += 1) {
            const turned = turn(watched, now);
            watched = turned.watched;
            told.push(...turned.found.map(({ type, key }) => `${type} ${key}`));
          }
        }
        expect(new Set(told).size).toBe(told.length);
        const types = told.map((text) => text.split(" ")[0]);
        // Live does not follow live but by way of upcoming, and so on for ended.
        const { phase: byHand } = watched.stream;
        const isOver = byHand === "ended" || (byHand === null && now >= plan.endsAt);
        if (isOver) expect(types.at(-1)).toBe("stream.ended");
      }),
    );
  });

  it("is not live in the minutes of early entry", ({ expect }) => {
    const soon = stream({ startsAt: t0 + 5 * minute });
    const watched = turn(begin(soon, t0, true), t0);
    expect(watched.found).toEqual([]);
    const [live] = turn(watched.watched, t0 + 5 * minute).found;
    expect(live).toMatchObject({ type: "stream.live", at: t0 + 5 * minute });
  });

  it("an older version changes nothing, and a record of long ago is no news", ({ expect }) => {
    const watched = begin(stream({ version: 7 }), t0, false);
    expect(
      learn(watched, stream({ version: 6, destinations: [{ platform: "jd", url: null }] }), t0),
    ).toEqual({ watched, found: [] });
    const over = begin(stream({ startsAt: t0 - 9e6, endsAt: t0 - 8e6 }), t0, true);
    expect(turn(over, t0).found).toEqual([]);
  });

  it("tells each milestone once, however the views are looked at", ({ expect }) => {
    fc.assert(
      fc.property(fc.array(fc.nat(60_000), { maxLength: 30 }), (growth) => {
        let watched = begin(stream(), t0, true);
        const told: number[] = [];
        let views = 0;
        for (const more of growth) {
          views += more;
          const counted = count(watched, { views, clicks: { last: 0, previous: 0 } }, t0);
          watched = counted.watched;
          for (const found of counted.found) {
            if (found.type === "views.milestone") told.push(found.details.milestone);
          }
        }
        expect(told).toEqual([1_000, 10_000, 100_000].filter((milestone) => views >= milestone));
      }),
    );
  });

  it("tells of a fall once in ten minutes, and not of few clicks", ({ expect }) => {
    expect(hasFallen({ previous: 49, last: 0 })).toBe(false);
    expect(hasFallen({ previous: 50, last: 25 })).toBe(true);
    expect(hasFallen({ previous: 50, last: 26 })).toBe(false);
    const fallen = { views: 1, clicks: { previous: 100, last: 10 } };
    const old = turn(begin(stream(), t0, false), t0).watched;
    expect(count(old, fallen, t0).found).toEqual([]);
    let watched = turn(begin(stream(), t0, true), t0).watched;
    let told = 0;
    for (let at = 0; at < 30; at += 1) {
      const counted = count(watched, fallen, t0 + at * minute);
      watched = counted.watched;
      told += counted.found.length;
    }
    expect(told).toBe(3);
  });

  it("looks each minute on the air, and less and less at a room that nobody opens", ({
    expect,
  }) => {
    const day = 24 * 60 * minute;
    const old = { ...begin(stream({ createdAt: t0 - day }), t0, false), idle: 0 };
    expect(nextLook(old, t0) - t0).toBe(minute);
    expect(nextLook({ ...old, idle: 3 }, t0) - t0).toBe(8 * minute);
    expect(nextLook({ ...old, idle: 300 }, t0) - t0).toBe(16 * minute);
    const planned = begin(stream({ createdAt: t0 - day, endsAt: t0 + day }), t0, false);
    expect(nextLook({ ...planned, idle: 9 }, t0) - t0).toBe(minute);
  });

  it("reports on the stream's own hours, one to five minutes after them", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.constantFrom("Asia/Shanghai", "Asia/Kolkata", "UTC", "America/New_York"),
        fc.nat(48 * 60),
        fc.string({ minLength: 1, maxLength: 8 }),
        (timezone, minutes, id) => {
          const now = t0 + minutes * minute;
          const at = nextHourly({ id, timezone }, now);
          expect(at).toBeGreaterThan(now);
          expect(at - now).toBeLessThanOrEqual(60 * minute);
          const { from, to } = hourBefore({ timezone }, at);
          expect(to - from).toBe(60 * minute);
          expect(at - to).toBeGreaterThanOrEqual(minute);
          expect(at - to).toBeLessThan(5 * minute);
          const shift = timezone === "Asia/Kolkata" ? 30 * minute : 0;
          expect((to + shift) % (60 * minute)).toBe(0);
        },
      ),
    );
  });
});

describe("what a robot says", () => {
  const about = { streamId: "st_1", title: "双11", host: "薇*安", timezone: "Asia/Shanghai" };
  const milestone: NotifyEvent = {
    id: "evt_1",
    type: "views.milestone",
    at: t0,
    stream: about,
    details: { milestone: 10_000, views: 10_003 },
  };

  it("names stream, time on its clock and figures, in both languages", ({ expect }) => {
    expect(blockOf(milestone, "zh-CN")).toEqual({
      title: "【打开突破 10,000】双11",
      lines: ["时间：2026-11-20 20:00", "主播：薇*安", "已打开 10,003 次（里程碑 10,000）"],
    });
    expect(blockOf(milestone, "en").title).toBe("【10,000 views reached】双11");
  });

  it("has the keyword once", ({ expect }) => {
    const block = blockOf(milestone, "zh-CN");
    expect(withKeyword([block], "打开")[0]?.title).toBe(block.title);
    expect(withKeyword([block], "战报")[0]?.title).toBe(`战报 ${block.title}`);
    expect(withKeyword([block], null)).toEqual([block]);
  });

  it("takes out of others' words what would break or bend a line", ({ expect }) => {
    expect(oneLine("a\n\u202eb\u200bc\u0000d")).toBe("a b c d");
    expect([...oneLine("长".repeat(100))]).toHaveLength(60);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });

  it("escapes Markdown, and no mention of a person comes through", ({ expect }) => {
    const blocks = [{ title: "**x** <@all>", lines: ["[a](b) `c` <at user_id=all>"] }];
    for (const robot of [robots.dingtalk, robots.wecom]) {
      const { markdown } = robot.write(blocks) as { markdown: { text?: string; content?: string } };
      const body = markdown.text ?? markdown.content;
      expect(body).toContain("＜@all＞");
      expect(body).not.toMatch(/<@|<at|\*\*x\*\*|\[a\]\(/);
    }
    expect(JSON.stringify(robots.feishu.write(blocks))).toContain('"tag":"text"');
  });
});

describe("where a notifier may send", () => {
  const hook = "https://hooks.example.cn/abc";

  it("is anywhere public over https, unless the operator lists hosts", ({ expect }) => {
    expect(readAddress("webhook", hook, [])).toEqual({ ok: true, url: hook });
    expect(readAddress("webhook", hook, ["https://other.example.cn"])).toMatchObject({
      ok: false,
      code: "host_not_allowed",
    });
    expect(readAddress("webhook", hook, ["https://hooks.example.cn"]).ok).toBe(true);
    expect(
      readAddress("webhook", "https://hooks.example.cn.evil.test/", ["https://hooks.example.cn"])
        .ok,
    ).toBe(false);
  });

  it("is no private host, by whatever name", ({ expect }) => {
    for (const host of [
      "10.0.0.1.nip.io",
      "127-0-0-1.sslip.io",
      "kubernetes.default.svc",
      "x.localdomain",
      "a.svc.cluster.local",
      "metadata.google.internal",
      "localtest.me",
      "0x7f.1",
      "2130706433",
      "[::ffff:10.0.0.1]",
      "hooks.internal.",
    ]) {
      expect(readAddress("webhook", `https://${host}/`, [])).toMatchObject({
        ok: false,
        code: "host_not_allowed",
      });
      const origin = new URL(`https://${host}/`).origin;
      expect(readAddress("webhook", `https://${host}/`, [origin]).ok).toBe(true);
    }
  });

  it("is a listed origin as it stands, with its port and over http", ({ expect }) => {
    const listed = ["http://10.0.0.5:8080"];
    expect(readAddress("webhook", "http://10.0.0.5:8080/x", listed).ok).toBe(true);
    for (const url of [
      "http://10.0.0.5/x",
      "http://10.0.0.6:8080/x",
      "https://10.0.0.5:8080/x",
      "http://u@10.0.0.5:8080/x",
    ]) {
      expect(readAddress("webhook", url, listed).ok).toBe(false);
    }
    // A robot behind a proxy of one's own; its path is still a robot's.
    expect(readAddress("wecom", "http://10.0.0.5:8080/cgi-bin/webhook/send?key=1", listed).ok).toBe(
      true,
    );
    expect(readAddress("wecom", "http://10.0.0.5:8080/else", listed).ok).toBe(false);
  });

  it("is never repeated, but for its host and four characters", ({ expect }) => {
    const url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx";
    expect(masked(url)).toBe("https://qyapi.weixin.qq.com/…7xxx");
    expect(masked("https://a.cn/secret")).toBe("https://a.cn/…");
    for (const kind of ["dingtalk", "feishu", "lark", "wecom", "webhook"] as const) {
      const refused = readAddress(kind, "http://evil.test/top-secret?token=123", []);
      expect(JSON.stringify(refused)).not.toMatch(/top-secret|123/);
    }
  });
});
