/** @module Who opens a link: app, system, and whether a person, a chat's preview or a robot. */
import { BoundedMap } from "../lib/bounded-map.ts";
import { keyedHash } from "../lib/keyed-hash.ts";
import { type AgentTest, both } from "../platforms/agent-tests.ts";
import type { App } from "../platforms/registry/edge.ts";
import { platforms } from "../platforms/registry/edge.ts";
import type { System, UserAgentToken } from "../platforms/types.ts";
import { browsers, hostApps } from "./apps.ts";
import { findBot, hasNobody } from "./bots.ts";

/** Names the tables of bots and apps; stats report it, so a figure can be read by its rules. */
export const rulesVersion = "2026-12";

export interface Visitor {
  kind: "human" | "preview" | "bot";
  app: App;
  os: System;
  /** A computer, though its system is a phone's: HarmonyOS on a PC. */
  isDesktop?: true;
  /** The robot's name, unless a person. */
  bot?: string;
}

/** Order matters: WeCom says MicroMessenger, JD and QQ say MQQBrowser … (docs/reference/web-views.md#order). */
const tokens: readonly UserAgentToken<App>[] = [
  ...hostApps,
  ...platforms.flatMap(({ webviews }) => webviews ?? []),
  ...browsers,
];

/**
 * Order matters: UC on HarmonyOS NEXT says "Android 12", Huawei's PC browser "Windows NT", Windows Phone and KaiOS
 * say Android or iPhone, an Android phone may be called "iPhone" by its maker, feature phones and televisions say
 * Linux. An iPad that asks for desktop pages says Macintosh, a phone X11 or Windows, but their browsers' names stay.
 */
const operatingSystems: readonly [System, AgentTest][] = [
  ["harmony-next", /[Oo]pen[Hh]armony|HarmonyOS[-/ ][5-9]/],
  [
    "other",
    /Windows (?:Phone|Mobile|CE)|IEMobile|XBLWP7|ZuneWP7|[Pp]lay[Ss]tation|PLAYSTATION|K(?:ai|AI)OS|OculusBrowser|PicoBrowser|Wolvic|\bQuest(?: \d|[;)])/,
  ],
  ["android", /Android|ANDROID|Andr0id|\bAdr \d|^jd(?:lt)?app;android|\(Linux; U; |Silk\//],
  ["ios", /\b(?:iPhone|iPad|iPod|iPh OS)|CPU OS \d|\biOS[ /]?\d/],
  [
    "other",
    /\b(?:T(?:izen|IZEN)|[Ww]eb[0O]S|hpwOS|VIDAA|S(?:MART|mart)[- ]?TV|H[Bb][Bb]T[Vv]|NetCast|NETTV|Roku|Maple|Coolita|TiVoOS|WhaleTV|Zeasn|AppleTV|Nintendo|BlackBerry|BB10|PlayBook|RIM Tablet|S60|J2ME|MIDP|CLDC|B(?:ada|ADA)|MeeGo|Maemo|Sailfish|Kindle\/|MRE\/|MAUI|Nucleus|BREW|MocorOS|palmOS)|Symb(?:ian|OS)|Series ?[3460]{2}|\((?:Mobile|Tablet|TV); |Mobile VR|MIDP|^(?:Nokia|SAMSUNG-|SonyEricsson|MOT-|SIE-|LG[-/]|Alcatel-|SAGEM-)/,
  ],
  ["android", /bdhonorbrowser\/|(?:HeyTap|Oppo|Vivo|Realme|Miui|Mint |MZ|Honor)Browser\//],
  ["android", both(/X11/, /(?:Samsung|Huawei|UC|MQQ)Browser\//)],
  ["windows", /Windows|\bWin(?:32|64|NT|9[58x])/],
  ["ios", both(/Macintosh/, /(?:CriOS|FxiOS|EdgiOS|Mobile)\//)],
  ["macos", /Macintosh|Mac OS X|Mac_PowerPC/],
  ["linux", /Linux|X11|CrOS/],
];

/** What HarmonyOS is on, where that is a computer. */
const onComputer = /\((?:PC|2in1); |Windows NT/;

/**
 * Classifies a user agent. Spoofing is trivial, so this decides convenience, never authorisation.
 *
 * @param userAgent the header, `null` or empty where there was none (a robot)
 */
export function classify(userAgent: string | null): Visitor {
  const text = userAgent?.trim() ?? "";
  if (text === "") return { kind: "bot", app: "unknown", os: "unknown", bot: "empty" };
  const os = operatingSystems.find(([, test]) => test.test(text))?.[0] ?? "unknown";
  const lower = text.toLowerCase();
  const bot = findBot(lower);
  if (bot) return { kind: bot.kind, app: "unknown", os, bot: bot.name };
  const app = tokens.find(({ test }) => test.test(text))?.app ?? "unknown";
  if (app === "unknown" && hasNobody(lower)) return { kind: "bot", app, os, bot: "other" };
  const isDesktop = os === "harmony-next" && onComputer.test(text);
  return { kind: "human", app, os, ...(isDesktop && { isDesktop }) };
}

/** One object for each kind of visitor, so that what was decided for it can be remembered by it. */
const interned = new Map<string, Visitor>();

function intern(visitor: Visitor): Visitor {
  const { kind, app, os, bot = "", isDesktop = false } = visitor;
  const key = `${kind} ${app} ${os} ${bot} ${isDesktop}`;
  const known = interned.get(key);
  if (known) return known;
  interned.set(key, visitor);
  return visitor;
}

/** By a hash of the user agent: some eight thousand of them. */
const remembered = new BoundedMap<number, Visitor>({ bytes: 1_048_576 });

/**
 * {@link classify}, remembered by this isolate: a broadcast's viewers share a few hundred user agents.
 *
 * @param userAgent of bounded length
 * @param hash its `keyedHash`
 */
export function visitorOf(userAgent: string | null, hash = keyedHash(userAgent ?? "")): Visitor {
  const known = remembered.get(hash);
  if (known) return known;
  const visitor = intern(classify(userAgent));
  remembered.set(hash, visitor);
  return visitor;
}
