import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { own } from "../lib/records.ts";
import type { Env } from "./bindings.ts";
import { defaultTimezone, settingNames, settings, wrongSettings } from "./settings.ts";
import type { SettingName } from "./table.ts";

const key = "k".repeat(20);
const lists: readonly SettingName[] = [
  "EXTRA_DESTINATION_HOSTS",
  "DOMAIN_PROOFS",
  "NOTIFY_HOSTS",
  "OUTBOUND_ORIGINS",
  "EDGE_SECRETS",
];

/** For each setting texts that it must not take, and one that changes what is taken. */
const cases: Record<SettingName, { wrong: unknown[]; right: string }> = {
  ADMIN_KEY: { wrong: ["x", "k".repeat(19), `${key} with spaces`, `${key}钥`], right: `mg_${key}` },
  CONNECTIONS_KEY: {
    wrong: ["k".repeat(31), `${"k".repeat(40)}\nk`],
    right: "一个任意的文本，只要三十二个字符以上就可以，空格和 spaces 也行。",
  },
  CONNECTIONS_KEY_OLD: { wrong: ["k".repeat(31)], right: "k".repeat(32) },
  OUTBOUND_ORIGINS: {
    wrong: ["proxy.example.cn", "https://proxy.example.cn/path", "ftp://proxy.example.cn"],
    right: "http://10.0.0.7:8080",
  },
  HOSTING: { wrong: ["Own", "cloudflare", "true"], right: "own" },
  PUBLIC_URL: {
    wrong: [
      "live.example.cn",
      "https://live.example.cn/path",
      "https://live.example.cn?x",
      "https://u:p@live.example.cn",
      "ftp://live.example.cn",
      "https://",
      "https://a b",
      "javascript:alert(1)",
    ],
    right: "https://live.example.cn/",
  },
  EXTRA_DESTINATION_HOSTS: {
    wrong: [
      ".evil.test",
      "*.evil.test",
      "evil",
      "10.0.0.1",
      "https://evil.test",
      "a.b:8443",
      "a..b",
    ],
    right: "shop.brand.example",
  },
  COUNT_WINDOW_MS: { wrong: ["0", "-1", "soon", "Infinity", "NaN", "1e300"], right: "100" },
  PUBLISH_SECONDS: { wrong: ["0", "-1", "10s", "Infinity"], right: "1" },
  COUNT_TRANSPORT: { wrong: ["KV", "queue", "kv,do"], right: "kv" },
  CLIENT_ADDRESS_HEADER: {
    wrong: ["X Real", "X-Real-IP:", "x".repeat(65), "址"],
    right: "X-Real-IP",
  },
  CLIENT_ADDRESS_FROM_END: { wrong: ["0", "11", "1.5", "-1", "last"], right: "2" },
  CLIENT_COUNTRY_HEADER: { wrong: ["X Country", ":"], right: "X-Country" },
  CLIENT_REGION_HEADER: { wrong: ["X Region", ":"], right: "X-Region" },
  ESTIMATE_PROVINCES: { wrong: ["yes", "1", "ON"], right: "on" },
  OPEN_LIMIT: { wrong: ["-1", "1.5", "many", "1e10"], right: "0" },
  DEFAULT_TIMEZONE: { wrong: ["Asia/Nowhere", "Mars", "8"], right: "Europe/Berlin" },
  WECHAT_APP_ID: { wrong: ["gh_123", "wx0123", "wx0123456789ABCDEF"], right: "wx0123456789abcdef" },
  WECHAT_APP_SECRET: { wrong: ["a b", "密"], right: "0123456789abcdef" },
  WECHAT_API_BASE: {
    wrong: ["proxy.example.cn", "https://u@proxy.example.cn", "https://a.cn/?x", "ftp://a.cn"],
    right: "http://10.0.0.7:8080/wechat/",
  },
  BRAND_NAME: { wrong: ["牌".repeat(41), "two\nlines"], right: "云上花店" },
  BRAND_LOGO: {
    wrong: [
      "https://cdn.example.cn/logo.png",
      "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4tLS0tLS0=",
      "data:image/png;base64,short",
      `data:image/png;base64,${"A".repeat(8_192)}`,
    ],
    right: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA",
  },
  BRAND_COLOR: { wrong: ["red", "#fff", "c93a26", "#c93a26;}"], right: "#0a7d4f" },
  OPERATOR_NAME: { wrong: ["司".repeat(81)], right: "杭州云上花店有限公司" },
  FILING_NUMBER: { wrong: ["号".repeat(61)], right: "浙ICP备12345678号-1" },
  RETAIN_AUDIT_DAYS: { wrong: ["soon", "-1", "Infinity"], right: "7" },
  RETAIN_DELETED_DAYS: { wrong: ["soon", "-1"], right: "0" },
  RETAIN_VISITORS_DAYS: { wrong: ["soon", "-1"], right: "0" },
  DOMAIN_PROOFS: {
    wrong: [
      "AbCdEf",
      "MP_verify_.txt",
      "MP_verify_a/b.txt",
      "MP_verify_a.txt=",
      "../MP_verify_a.txt",
    ],
    right: "MP_verify_AbCdEf.txt",
  },
  EDGE_ORIGIN: {
    wrong: [
      "live.example.cn",
      "http://live.example.cn",
      "http://8.8.8.8",
      "http://172.32.0.1",
      "http://10.0.0.1.example.cn",
      "http://[2001:db8::1]",
      "https://live.example.cn/path",
      "https://u:p@live.example.cn",
      "ftp://10.0.0.1",
    ],
    right: "http://10.0.0.5:8787",
  },
  EDGE_SECRET: {
    wrong: [
      "shanghai-1",
      `=${key}`,
      `shanghai-1=${key.slice(1)}`,
      `Shanghai=${key}`,
      `a=${key},`,
      key,
    ],
    right: `shanghai-1=${key}`,
  },
  EDGE_SECRETS: {
    wrong: ["shanghai-1", `=${key}`, `a=${key.slice(1)}`, `A=${key}`],
    right: `shanghai-1=${key},esa=${key}=`,
  },
  NOTIFY_HOSTS: {
    wrong: ["hooks", "https://a.cn/path", "https://u@a.cn", "ftp://a.cn", ".a.cn", "http://a b"],
    right: "http://10.0.0.5:8080",
  },
};

const day = 86_400_000;
const nothings = [null, undefined, "", " ", "\n\t"];
const words = ["null", "undefined", "NULL", " null ", "None", "NaN"];

/** All that is taken of settings. */
const taken = (given: Record<string, unknown>) => ({
  ...settings(given),
  timezone: defaultTimezone(given),
});
const named = (given: Record<string, unknown>) =>
  wrongSettings(given).map((text) => /^setting (\w+): expected /.exec(text)?.[1]);
/** WeChat's two belong together, so that one alone names the other. */
const wechat = { WECHAT_APP_ID: cases.WECHAT_APP_ID.right, WECHAT_APP_SECRET: "0123456789" };
const edge = { EDGE_ORIGIN: cases.EDGE_ORIGIN.right, EDGE_SECRET: cases.EDGE_SECRET.right };
const around = (name: SettingName) =>
  name.startsWith("WECHAT_APP") ? wechat : own(edge, name) === undefined ? {} : edge;

describe("settings", () => {
  it.for(settingNames)(
    "%s takes what is right, and nothing of what is wrong",
    (name, { expect }) => {
      const without = { ADMIN_KEY: key, ...around(name) };
      const { wrong, right } = cases[name];
      expect(named({ ...without, [name]: right })).toEqual([]);
      expect(named({ ...without, [name]: ` ${right}\n` })).toEqual([]);
      const absent = Object.fromEntries(
        Object.entries(without).filter(([other]) => other !== name),
      );
      expect(taken({ ...without, [name]: right })).not.toEqual(taken(absent));
      for (const text of [...wrong, {}, [{}]]) {
        expect(named({ ...without, [name]: text })).toEqual([name]);
        expect(taken({ ...without, [name]: text })).toEqual(taken(absent));
      }
      for (const nothing of [null, undefined, "", " "]) {
        expect(taken({ ...without, [name]: nothing })).toEqual(taken(absent));
      }
    },
  );

  it("whatever the text, are either named or in effect, never both", ({ expect }) => {
    const anyText = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: "grapheme", maxLength: 10 }),
      fc.constantFrom(...settingNames.flatMap((name) => [cases[name].right, ...cases[name].wrong])),
      fc.double(),
      fc.webUrl(),
      fc.domain(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...settingNames), anyText, (name, text) => {
        const isNamed = named({ ADMIN_KEY: key, ...around(name), [name]: text }).includes(name);
        if (!isNamed || lists.includes(name)) return;
        const rest = { ADMIN_KEY: key, ...around(name) };
        expect(taken({ ...rest, [name]: text })).toEqual(taken({ ...rest, [name]: null }));
      }),
      { numRuns: 2_000 },
    );
  });

  it.for(lists)("%s leaves out the wrong entries, and the others count", (name, { expect }) => {
    const { wrong, right } = cases[name];
    for (const entry of wrong) {
      const given = { ADMIN_KEY: key, [name]: `${entry}, ${right} ,,` };
      expect(taken(given)).toEqual(taken({ ADMIN_KEY: key, [name]: right }));
      expect(wrongSettings(given)).toEqual([expect.stringMatching(/; entry 1 left out$/)]);
    }
  });

  it("of retention that say nothing are their defaults, never 0 days", ({ expect }) => {
    const { retention } = settings({});
    expect(retention).toEqual({
      auditForMs: 365 * day,
      deletedForMs: 30 * day,
      visitorsForMs: undefined,
    });
    const names = ["RETAIN_AUDIT_DAYS", "RETAIN_DELETED_DAYS", "RETAIN_VISITORS_DAYS"] as const;
    for (const nothing of [...nothings, ...words, [], [null], false]) {
      for (const name of names) {
        expect([name, nothing, settings({ [name]: nothing }).retention]).toEqual([
          name,
          nothing,
          retention,
        ]);
      }
    }
    expect(settings({ RETAIN_VISITORS_DAYS: 0 }).retention.visitorsForMs).toBe(0);
  });

  it.for(settingNames)("%s is absent where a script wrote that it has none", (name, { expect }) => {
    const without = { ADMIN_KEY: key, ...around(name) };
    const rest = Object.fromEntries(Object.entries(without).filter(([other]) => other !== name));
    for (const nothing of [...nothings, ...words]) {
      expect(taken({ ...without, [name]: nothing })).toEqual(taken(rest));
    }
    // A word is no silence: it is named.
    for (const word of words)
      expect(wrongSettings({ ...without, [name]: word }).join()).toContain(name);
  });

  it("that are missing are named only where one is needed", ({ expect }) => {
    expect(wrongSettings({})).toEqual([
      "setting ADMIN_KEY: expected a key of at least 20 characters, without spaces; it is missing",
    ]);
    expect(wrongSettings({ ADMIN_KEY: null, PUBLIC_URL: null })).toHaveLength(1);
    expect(named({ ADMIN_KEY: key, WECHAT_APP_ID: wechat.WECHAT_APP_ID })).toEqual([
      "WECHAT_APP_SECRET",
    ]);
  });

  it("never repeat what was given, which may be a secret", ({ expect }) => {
    for (const name of settingNames) {
      const told = wrongSettings({ [name]: "s3cret here, ..s3cret" });
      expect(told.join()).not.toContain("s3cret");
    }
  });

  it("believe Cloudflare's address header on Cloudflare, and none elsewhere unless one is named", ({
    expect,
  }) => {
    expect(settings({}).addressHeader).toBe("CF-Connecting-IP");
    expect(settings({ HOSTING: "own" })).toMatchObject({
      isOwnServer: true,
      addressHeader: undefined,
    });
    const named_ = { HOSTING: "own", CLIENT_ADDRESS_HEADER: "X-Real-IP" };
    expect(settings(named_).addressHeader).toBe("X-Real-IP");
  });
});

describe("retention settings", () => {
  const env = (given: Partial<Env>) => ({ ADMIN_KEY: key, ...given }) as Env;

  it("are days, with defaults, and a deleted stream stays a quarter of an hour at the least", ({
    expect,
  }) => {
    expect(settings(env({})).retention).toEqual({
      auditForMs: 365 * day,
      deletedForMs: 30 * day,
      visitorsForMs: undefined,
    });
    expect(
      settings(
        env({ RETAIN_AUDIT_DAYS: "7", RETAIN_DELETED_DAYS: "0", RETAIN_VISITORS_DAYS: "1.5" }),
      ).retention,
    ).toEqual({ auditForMs: 7 * day, deletedForMs: 900_000, visitorsForMs: 1.5 * day });
  });

  it("that are wrong are named, and their defaults taken", ({ expect }) => {
    const wrong = env({ RETAIN_AUDIT_DAYS: "soon", RETAIN_DELETED_DAYS: "-1" });
    expect(wrongSettings(wrong)).toEqual([
      "setting RETAIN_AUDIT_DAYS: expected a number of days, 0 or more",
      "setting RETAIN_DELETED_DAYS: expected a number of days, 0 or more",
    ]);
    expect(settings(wrong).retention).toMatchObject({
      auditForMs: 365 * day,
      deletedForMs: 30 * day,
    });
  });
});
