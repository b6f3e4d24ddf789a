/** @module Who opens a link: app, system, and whether a person, a chat's preview or a robot. */
import { BoundedMap } from "../lib/bounded-map.ts";
import { keyedHash } from "../lib/keyed-hash.ts";
import { platforms } from "../platforms/index.ts";
import type { App, System, UserAgentToken } from "../platforms/types.ts";
import { browsers, hostApps } from "./apps.ts";
import { bots } from "./bots.ts";

/** Names the tables of bots and apps; stats report it, so a figure can be read by its rules. */
export const rulesVersion = "2026-11";

export interface Visitor {
  kind: "human" | "preview" | "bot";
  app: App;
  os: System;
  /** The robot's name, unless a person. */
  bot?: string;
}

/** Order matters: WeCom says MicroMessenger, JD and QQ say MQQBrowser … (docs/reference/web-views.md#order). */
const tokens: readonly UserAgentToken[] = [
  ...hostApps,
  ...platforms.flatMap(({ webviews }) => webviews ?? []),
  ...browsers,
];

/** OpenHarmony stands first: UC on HarmonyOS NEXT says "Android 12", Huawei's PC browser "Windows NT". */
const operatingSystems: readonly [System, RegExp][] = [
  ["harmony-next", /OpenHarmony/i],
  ["ios", /iPhone|iPad|iPod|\biOS \d/],
  ["android", /Android|^jd(?:lt)?app;android/i],
  ["windows", /Windows/],
  ["macos", /Macintosh|Mac OS X/],
  ["linux", /Linux|X11|CrOS/],
];

/**
 * Classifies a user agent. Spoofing is trivial, so this decides convenience, never authorisation.
 *
 * @param userAgent the header, `null` or empty where there was none (a robot)
 */
export function classify(userAgent: string | null): Visitor {
  const text = userAgent?.trim() ?? "";
  if (text === "") return { kind: "bot", app: "unknown", os: "unknown", bot: "empty" };
  const os = operatingSystems.find(([, test]) => test.test(text))?.[0] ?? "unknown";
  const bot = bots.find(({ test }) => test.test(text));
  if (bot) return { kind: bot.kind, app: "unknown", os, bot: bot.name };
  const app = tokens.find(({ test }) => test.test(text))?.app ?? "unknown";
  return { kind: "human", app, os };
}

/** One object for each kind of visitor, so that what was decided for it can be remembered by it. */
const interned = new Map<string, Visitor>();

function intern(visitor: Visitor): Visitor {
  const key = `${visitor.kind} ${visitor.app} ${visitor.os} ${visitor.bot ?? ""}`;
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
 */
export function visitorOf(userAgent: string | null): Visitor {
  const key = keyedHash(userAgent ?? "");
  const known = remembered.get(key);
  if (known) return known;
  const visitor = intern(classify(userAgent));
  remembered.set(key, visitor);
  return visitor;
}
