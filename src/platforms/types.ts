/**
 * @module The words every platform file speaks: kinds, systems, destinations, ways, and the parts of a platform.
 * Nothing here or beside it imports anything of Cloudflare's.
 */
import type { AgentTest } from "./agent-tests.ts";

export const kinds = [
  "live",
  "replay",
  "item",
  "shop",
  "profile",
  "short",
  "affiliate",
  "miniprogram",
  "urllink",
  "web",
] as const;
type Kind = (typeof kinds)[number];

/** Which of a platform's identifiers an id is. A Douyin `web_rid` is never a `room_id`. */
export const idTypes = [
  "liveId",
  "creatorId",
  "web_rid",
  "room_id",
  "principalId",
  "streamId",
] as const;
type IdType = (typeof idTypes)[number];

export const systems = [
  "ios",
  "android",
  "harmony-next",
  "windows",
  "macos",
  "linux",
  /** Known to be none of these: a television, a console, a headset, Windows Phone, KaiOS, a phone before Android. */
  "other",
  "unknown",
] as const;
export type System = (typeof systems)[number];

/** What a channel is to a campaign: where people talk, where they buy, where they work, one's own, bought. */
export const channelClasses = ["social", "commerce", "work", "owned", "paid", "other"] as const;
export type ChannelClass = (typeof channelClasses)[number];

/**
 * How far a fact is to be trusted, as in docs/platforms.md: `H` vendor documentation, vendor code or
 * collected traffic; `M` several public projects; `L` one weak source; `U` unverified.
 * None of them was tested on a phone.
 */
export type Confidence = "H" | "M" | "L" | "U";

/** A rule that names the app behind a user agent. */
export interface UserAgentToken<App extends string = string> {
  app: App;
  test: AgentTest;
  confidence: Confidence;
  source: string;
}

/** A regular expression with the groups `title` and `host`, or what is asked as one is. */
export interface ShareText {
  exec(text: string): { groups?: { title?: string; host?: string } | undefined } | null;
}

/** A rule that names the app whose 口令 a text is. */
export interface ShareCode {
  test: { test(text: string): boolean };
  confidence: Confidence;
  source: string;
}

/** What a platform file reads out of a URL of its own. */
export interface Recognized {
  kind: Kind;
  id: string;
  idType?: IdType;
  warnings?: string[];
}

export interface MiniProgram {
  appId: string;
  path: string;
  query?: string;
}

/** Host names of a platform that are known from one place. */
interface HostRow {
  /** Exact; with a leading dot for every name below it. */
  names: readonly string[];
  confidence: Confidence;
  source: string;
}

/** A platform's short links, and how they say where they lead. They are followed when a stream is created. */
export interface ShortLinks {
  hosts: readonly string[];
  confidence: Confidence;
  source: string;
  /** Reads the next URL out of the page that answers instead of a redirect, as text: nothing is executed. */
  nextInPage?: (html: string) => string | undefined;
  /** Hosts that the platform changes at will: a page there is kept by its short link, which outlives them. */
  passingHosts?: readonly string[];
  /** Those of `hosts` whose links are made for any page of the web, not only for the platform's. */
  openHosts?: readonly string[];
  /** What may stand before the code as a segment of its own, as in `xhslink.com/o/5oTNHv9d7Mw`. */
  words?: readonly string[];
  /** The code's shape, where it is narrower than letters, digits, `-` and `_`. */
  code?: RegExp;
}

/** A login, jump or share page of a platform: it leads where its URL says, so it is no destination. */
export interface Redirector {
  /** With a leading dot for every name below it. */
  host: string;
  /** Whole segments that the path begins with, in small letters; absent for every path. */
  path?: string;
  confidence: Confidence;
  source: string;
}

/** Where a link leads on one platform. `url` is absent only where a platform has no web page for it. */
export interface DestinationOf<Name extends string = string> extends Recognized {
  platform: Name;
  url?: string;
  /** The short link that was pasted, once it was followed to what this is. */
  resolvedFrom?: string;
  /** Page of the recording, used once the stream has ended. */
  replay?: string;
  /** The platform's own share text (口令), as it was pasted: its app reads the clipboard for it. */
  shareText?: string;
  miniProgram?: MiniProgram;
  /** A WeChat Channels account (`sph…`), which only a mini program can open. */
  finderUserName?: string;
  /** That a connection made it (docs/connections.md); what somebody pasted has none. */
  promoted?: PromotedLink;
}

/** What a promoted link was made of, by which connection. Times are UTC ms. */
export interface PromotedLink {
  connection: string;
  at: number;
  /** When the link itself ends, as its platform says; absent where nothing says that it does. */
  expiresAt?: number;
  /** When what it leads to ends, a venue, where somebody said so: no new link outlives it. */
  endsAt?: number;
  of: PromotedOf;
  /** `of` was the link's own destination; else it was its stream's. */
  isOfLink?: true;
}
export type PromotedOf = Pick<
  DestinationOf,
  "kind" | "id" | "idType" | "url" | "resolvedFrom" | "shareText"
>;

/** How a viewer can get into the app. */
export const methods = [
  "web",
  "universal-link",
  "intent",
  "scheme",
  "mini-program",
  "copy",
  "guide",
  "qr",
  "store",
] as const;
export type Method = (typeof methods)[number];

export interface Way {
  method: Method;
  /** Where a tap leads; absent for `copy` and `guide`. */
  url?: string;
  /** What `copy` puts on the clipboard. */
  text?: string;
  /** What WeChat's opening tag launches, where no URL can: inside WeChat, on a signed page. */
  miniProgram?: MiniProgram;
}

/** A URL that opens a platform's app, built from a destination; `undefined` where it cannot be. */
interface Opening {
  method: "universal-link" | "scheme" | "mini-program";
  confidence: Confidence;
  source: string;
  url: (destination: DestinationOf) => string | undefined;
}

/**
 * What an app is to a platform: `own`, the platform's app; `native`, another app that opens its rooms
 * itself; `family`, an app of the same house that can hand over.
 */
export type Relation = "own" | "native" | "family" | "other";

/** What opening a link needs of a platform, and no more: this is read before the first redirect. */
export interface PlatformEdge {
  name: string;
  /** What stands for it in the tokens of open pages (edge/offer.ts): one is never given to another. */
  letter: string;
  label: { readonly zh: string; readonly en: string };
  /** Its own apps, by their user agents; `App` has their names from here. */
  webviews?: readonly UserAgentToken[];
  /** By app. */
  relations?: { readonly [app in string]?: Exclude<Relation, "other"> };
  openings?: readonly Opening[];
  /** The page for a desktop, where it is another than the pasted one. */
  desktopUrl?: (destination: DestinationOf) => string | undefined;
  androidPackage?: string;
  appStoreId?: string;
}

/** What reading a pasted link needs of it. */
export interface PlatformPages {
  name: string;
  hosts: readonly HostRow[];
  /** Where its pictures are, as a list of `lib/hosts.ts`; general knowledge, unverified (U). A cover is taken from there. */
  imageHosts?: readonly string[];
  /** Hosts whose ids may end in a dot, which is then no sentence's. */
  idsEndInDot?: readonly string[];
  shortLinks?: ShortLinks;
  /** The platform's own domains: what is below them is no destination by that, but it is not outside either. */
  domains?: readonly string[];
  redirectors?: readonly Redirector[];
  /** Reads a URL on one of `hosts`; `null` when the page belongs to another platform. */
  recognize: (url: URL) => Recognized | null;
  /** What is not known or not verified, in a sentence each; printed in docs/platforms.md. */
  unknowns?: readonly string[];
}

/** A channel that people write in their own words. */
export interface KnownChannel {
  /** As the stats have it. */
  key: string;
  zh: string;
  en: string;
  /** What else a person writes for it. */
  words?: readonly string[];
}

/** What reading its share texts needs of it. */
export interface PlatformWords {
  name: string;
  /** What its places for links are called, alone or before `-` (`wechat-group`), and the class of all of them. */
  channels?: { class: ChannelClass; names: readonly string[]; known?: readonly KnownChannel[] };
  /** What reads title and host out of the platform's share texts. */
  shareTexts?: readonly ShareText[];
  /** What tells the platform's 口令: what its app reads off the clipboard, and nobody else. */
  codes?: readonly ShareCode[];
}
