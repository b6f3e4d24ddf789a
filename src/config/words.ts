/**
 * @module What a person reads of each setting: what it stands for, and what it is where it is absent. The table of
 * docs/deploy.md is written from this (`npm run docs`); apart from table.ts, which every isolate reads.
 */
import type { SettingName } from "./table.ts";

export interface SettingWords {
  /** In Markdown; the text of the default where it is one. */
  otherwise: string;
  means: string;
  /** On Cloudflare it is no variable but a secret. */
  isSecret?: true;
}

export const settingWords: Record<SettingName, SettingWords> = {
  ADMIN_KEY: {
    otherwise: "`npm start` makes one and keeps it in `DATA_DIR/admin-key`",
    means:
      "the first API key, with every scope: at least 20 characters, without spaces; a shorter one is no key",
    isSecret: true,
  },
  PUBLIC_URL: {
    otherwise: "the request's own origin",
    means: "origin of short links, such as `https://live.example.cn`",
  },
  EXTRA_DESTINATION_HOSTS: {
    otherwise: "none",
    means:
      "your own host names, comma-separated and exact, allowed as destinations of platform `web` and for covers",
  },
  COUNT_WINDOW_MS: {
    otherwise: "250",
    means: "milliseconds that a batch of counts gathers",
  },
  PUBLISH_SECONDS: {
    otherwise: "10",
    means:
      "seconds between two publications of a shard to KV; the free plan has 1,000 KV writes a day",
  },
  COUNT_TRANSPORT: {
    otherwise: "`do`",
    means:
      "`kv` on Cloudflare's [China Network](#china-network), which has no Durable Objects: counts go through KV, a deployment outside on the same KV collects them; where an origin can be reached, [an edge](edges.md) delivers to it",
  },
  EDGE_ORIGIN: {
    otherwise: "none",
    means:
      "of an [edge elsewhere](edges.md): the origin that it delivers to, over https, or http on a network of one's own",
  },
  EDGE_SECRET: {
    otherwise: "none",
    means:
      "of an edge elsewhere: its name and secret, `shanghai-1=…`, one entry of its origin's `EDGE_SECRETS`",
    isSecret: true,
  },
  EDGE_SECRETS: {
    otherwise: "none: no edge elsewhere is known",
    means:
      "at the origin: the edges elsewhere that may ask and deliver, comma-separated, `shanghai-1=…`; one that is taken out is refused from then on",
    isSecret: true,
  },
  HOSTING: {
    otherwise: "nothing on Cloudflare; `npm start` sets `own`",
    means:
      "`own`: a server of one's own, where no header of a request is believed unless a setting names it",
  },
  CLIENT_ADDRESS_HEADER: {
    otherwise: "`CF-Connecting-IP` on Cloudflare; with `HOSTING=own` none",
    means:
      "the header with the visitor's address, for distinct visitors and limits: behind a proxy of your own, the one that it sets and nobody else can (`X-Real-IP`)",
  },
  CLIENT_ADDRESS_FROM_END: {
    otherwise: "1",
    means:
      "which entry of that header counts where it is a list, from its end, 1 to 10: 1 is the last, which the nearest proxy wrote; 2 with two proxies of yours",
  },
  CLIENT_COUNTRY_HEADER: {
    otherwise: "none",
    means:
      "the header with the visitor's country (`CN`) that a proxy of yours sets and nobody else can; with neither this nor the next, Cloudflare's own word where there is one",
  },
  CLIENT_REGION_HEADER: {
    otherwise: "none",
    means: "likewise with the province (`ZJ`)",
  },
  ESTIMATE_PROVINCES: {
    otherwise: "`on` where a table was made whose age is known",
    means:
      "`on` or `off`: on a server of one's own, with neither of these two headers, the mainland's province is [estimated](#provinces-by-address) by the visitor's address",
  },
  OPEN_LIMIT: {
    otherwise: "1200",
    means:
      "opens of one address a minute that count as views and clicks, the others as `limited`; 0: all count",
  },
  DEFAULT_TIMEZONE: {
    otherwise: "`Asia/Shanghai`",
    means: "time zone of streams that name none",
  },
  WECHAT_APP_ID: {
    otherwise: "none",
    means:
      "the certified service account that pages are signed for; without this and the next, `/api/wechat/signature` is 404",
  },
  WECHAT_APP_SECRET: {
    otherwise: "none",
    means: "that account's secret",
    isSecret: true,
  },
  WECHAT_API_BASE: {
    otherwise: "`https://api.weixin.qq.com`",
    means:
      "where WeChat's API is called: a proxy of a fixed address, http or https, with a path if it has one",
  },
  DOMAIN_PROOFS: {
    otherwise: "none",
    means:
      "WeChat's and WeCom's proof files, comma-separated: `MP_verify_AbCdEf.txt` holds `AbCdEf`; `WW_verify_x.txt=other` holds `other`",
  },
  NOTIFY_HOSTS: {
    otherwise: "any public host",
    means: "where webhooks may go: host names, or origins with scheme and port, comma-separated",
  },
  CONNECTIONS_KEY: {
    otherwise:
      "`npm start` makes one and keeps it in `DATA_DIR/connections-key`; without one connections are refused",
    means:
      "what credentials of [connections](connections.md) are encrypted under: any text of 32 characters and more, such as `openssl rand -base64 32` gives",
    isSecret: true,
  },
  CONNECTIONS_KEY_OLD: {
    otherwise: "none",
    means:
      "the `CONNECTIONS_KEY` of before, while one takes the other's place: what was encrypted under it is read, and encrypted anew at once",
    isSecret: true,
  },
  OUTBOUND_ORIGINS: {
    otherwise: "none: the platforms' own",
    means:
      "where a connection's `apiBase` may be beside the platform's own gateway: origins with scheme and port, comma-separated, such as a proxy of a fixed address; they may be on a private network",
  },
  BRAND_NAME: {
    otherwise: "Moongate 月门, and no line of a brand",
    means:
      "the brand on viewers' pages and posters, and what chats name as the site; of these five, what a stream says of its own goes before ([landing.md](landing.md#brand))",
  },
  BRAND_LOGO: {
    otherwise: "none",
    means:
      "its logo: a PNG, JPEG or WebP picture as a `data:` URL of at most 8,192 characters; a variable on Cloudflare takes 5 kB",
  },
  BRAND_COLOR: { otherwise: "Moongate's red", means: "the colour of the big button, `#rrggbb`" },
  OPERATOR_NAME: {
    otherwise: "none",
    means: "who runs the service, at the foot of viewers' pages and of the home page",
  },
  FILING_NUMBER: {
    otherwise: "none",
    means: "the 备案号 of the domain that viewers see, which leads to the ministry's register",
  },
  RETAIN_AUDIT_DAYS: {
    otherwise: "365",
    means: "days that the audit log is kept",
  },
  RETAIN_DELETED_DAYS: {
    otherwise: "30",
    means:
      "days until all that a deleted stream had is deleted too ([operate.md](operate.md#deletion)); with 0 a quarter of an hour",
  },
  RETAIN_VISITORS_DAYS: {
    otherwise: "for ever",
    means:
      "days that sketches of distinct visitors are kept; totals stay, the estimate of visitors then covers the days that are left. Salts are destroyed an hour after their epoch in any case",
  },
};
