/**
 * @module Every setting: its name, what is expected of it, how its text is read, and what an absent and a
 * wrong text stand for (docs/deploy.md).
 */
import { brandNamesAtMost, colorShape, logoAtMost, logoShape } from "../lib/brand-shapes.ts";
import { isTimeZone } from "../lib/zones.ts";
import {
  baseUrl,
  edgeSecret,
  hostName,
  lineOf,
  listOf,
  made,
  numberIn,
  oneOf,
  originOf,
  proofFile,
  type Reader,
  receiver,
  safeOrigin,
  shaped,
} from "./readers.ts";

export interface Setting<T, F> {
  /** In words, after "expected". */
  expected: string;
  read: Reader<T>;
  fallback: F;
  /** Named as wrong where it is absent. */
  isRequired?: boolean;
  /** The setting that is of no use without this one. */
  neededBy?: string;
}

function setting<T, const F>(
  expected: string,
  read: Reader<T>,
  fallback: F,
  more: Pick<Setting<T, F>, "isRequired" | "neededBy"> = {},
): Setting<T, F> {
  return { expected, read: (text) => (isNothing(text) ? null : read(text)), fallback, ...more };
}

/** What a script writes where it has no value: never meant as one. */
const isNothing = (text: string): boolean =>
  /^(?:null|undefined|none|nan|\[object \w+\])$/i.test(text);

const none = undefined;
const day = 86_400_000;
const days = numberIn({ from: 0, unit: day });
const someDays = "a number of days, 0 or more";
const lineOfText = (most: number) =>
  setting(`one line of at most ${most} characters`, lineOf(most), none);
const headerName = shaped(/^[A-Za-z0-9-]{1,64}$/);
const aHeader = "a header's name, such as X-Real-IP";
const anEdge = "an edge's name and its secret of at least 20 characters, as in shanghai-1=…";

export const table = {
  ADMIN_KEY: setting(
    "a key of at least 20 characters, without spaces",
    shaped(/^[\x21-\x7e]{20,}$/),
    none,
    { isRequired: true },
  ),
  CONNECTIONS_KEY: setting(
    "a text of at least 32 characters",
    shaped(/^[^\p{Cc}]{32,1024}$/u),
    none,
  ),
  CONNECTIONS_KEY_OLD: setting(
    "the CONNECTIONS_KEY of before, a text of at least 32 characters",
    shaped(/^[^\p{Cc}]{32,1024}$/u),
    none,
  ),
  OUTBOUND_ORIGINS: setting(
    "origins such as https://proxy.example.cn separated by commas",
    listOf(originOf),
    none,
  ),
  HOSTING: setting("own on a server of one's own, nothing on Cloudflare", oneOf("own"), none),
  PUBLIC_URL: setting("an origin such as https://live.example.cn", made(originOf), none),
  EXTRA_DESTINATION_HOSTS: setting("host names separated by commas", listOf(hostName), none),
  COUNT_WINDOW_MS: setting(
    "a number above 0, at most 60000",
    numberIn({ above: 0, to: 60_000 }),
    none,
  ),
  PUBLISH_SECONDS: setting(
    "a number above 0, at most 86400",
    numberIn({ above: 0, to: 86_400, unit: 1_000 }),
    10_000,
  ),
  COUNT_TRANSPORT: setting("do or kv", oneOf("do", "kv"), "do"),
  EDGE_ORIGIN: setting(
    "an origin such as https://live.example.cn, or http://10.0.0.5:8787 on a network of one's own",
    made(safeOrigin),
    none,
    { neededBy: "EDGE_SECRET" },
  ),
  EDGE_SECRET: setting(anEdge, made(edgeSecret), none, { neededBy: "EDGE_ORIGIN" }),
  EDGE_SECRETS: setting(`${anEdge}, separated by commas`, listOf(edgeSecret), none),
  CLIENT_ADDRESS_HEADER: setting(aHeader, headerName, none),
  CLIENT_ADDRESS_FROM_END: setting(
    "a whole number from 1 to 10",
    numberIn({ from: 1, to: 10, isWhole: true }),
    1,
  ),
  CLIENT_COUNTRY_HEADER: setting(aHeader, headerName, none),
  CLIENT_REGION_HEADER: setting(aHeader, headerName, none),
  ESTIMATE_PROVINCES: setting("on or off", oneOf("on", "off"), none),
  OPEN_LIMIT: setting(
    "a whole number, 0 or more",
    numberIn({ from: 0, to: 1_000_000_000, isWhole: true }),
    1_200,
  ),
  DEFAULT_TIMEZONE: setting(
    "an IANA time zone, such as Asia/Shanghai",
    made((text) => (isTimeZone(text) ? text : null)),
    "Asia/Shanghai",
  ),
  WECHAT_APP_ID: setting(
    "an app id: wx and 16 hexadecimal digits",
    shaped(/^wx[0-9a-f]{16}$/),
    none,
    { neededBy: "WECHAT_APP_SECRET" },
  ),
  WECHAT_APP_SECRET: setting("a secret without spaces", shaped(/^[\x21-\x7e]{1,256}$/), none, {
    neededBy: "WECHAT_APP_ID",
  }),
  WECHAT_API_BASE: setting(
    "a URL such as https://wechat-proxy.example.cn",
    made(baseUrl),
    "https://api.weixin.qq.com",
  ),
  BRAND_NAME: lineOfText(brandNamesAtMost.name),
  BRAND_LOGO: setting(
    `a PNG, JPEG or WebP picture as a data: URL of at most ${logoAtMost} characters`,
    made((text) => (text.length <= logoAtMost && logoShape.test(text) ? text : null)),
    none,
  ),
  BRAND_COLOR: setting("a colour such as #c93a26", shaped(colorShape), none),
  OPERATOR_NAME: lineOfText(brandNamesAtMost.operator),
  FILING_NUMBER: lineOfText(brandNamesAtMost.filing),
  RETAIN_AUDIT_DAYS: setting(someDays, days, 365 * day),
  RETAIN_DELETED_DAYS: setting(someDays, days, 30 * day),
  RETAIN_VISITORS_DAYS: setting(someDays, days, none),
  DOMAIN_PROOFS: setting(
    "file names such as MP_verify_AbCdEf.txt separated by commas, each with =content where it is another than the code in its name",
    listOf(proofFile),
    none,
  ),
  NOTIFY_HOSTS: setting(
    "host names or origins such as https://hooks.example.cn separated by commas",
    listOf(receiver),
    none,
  ),
} satisfies Record<string, Setting<unknown, unknown>>;

export type SettingName = keyof typeof table;
export const settingNames = Object.keys(table) as SettingName[];

/** The settings as they are given: plain workerd has `null` for one that is not set, TOML may have numbers. */
export type Given = { readonly [name in SettingName]?: unknown };

export type Taken<N extends SettingName> =
  (typeof table)[N] extends Setting<infer T, infer F> ? T | F : never;

/** What a given setting's text is: `""` when there is none. */
export function textOf(given: Given, name: SettingName): string {
  return String(given[name] ?? "").trim();
}

/** What is taken for a setting: what its text says, else its fallback. */
export function take<N extends SettingName>(given: Given, name: N): Taken<N> {
  const text = textOf(given, name);
  const { read, fallback }: Setting<unknown, unknown> = table[name];
  return (text === "" ? fallback : (read(text)?.value ?? fallback)) as Taken<N>;
}
