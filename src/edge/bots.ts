/**
 * @module What fetches a link without a person behind it, by user agent
 * (docs/reference/previews.md#robots-that-fetch).
 * Only named robots: `/bot/i` alone would call CUBOT phones robots, and lists of the field call Alipay,
 * Baidu App, Toutiao and Sogou ones (docs/reference/previews.md#what-lists-of-the-field-mistake). WeChat's,
 * QQ's, Feishu's and WeCom's servers have no known user agent, so their fetches count as views.
 */

export interface Bot {
  name: string;
  /** `preview` fetches a link that was pasted into a chat; `bot` crawls or is a tool. */
  kind: "preview" | "bot";
  test: RegExp;
}

export const bots: readonly Bot[] = [
  { name: "dingtalk-preview", kind: "preview", test: /DingTalkBot-LinkService/i },
  { name: "dingtalk-security", kind: "bot", test: /DingTalkBot/i },
  { name: "wechat-share-extension", kind: "preview", test: /WeChatShareExtension/i },
  { name: "weibo", kind: "preview", test: /Weibo spider/i },
  { name: "telegram", kind: "preview", test: /TelegramBot/i },
  { name: "slack", kind: "preview", test: /Slackbot|Slack-ImgProxy/i },
  {
    name: "facebook",
    kind: "preview",
    test: /facebookexternalhit|facebookcatalog|meta-externalfetcher/i,
  },
  { name: "x", kind: "preview", test: /Twitterbot/i },
  { name: "discord", kind: "preview", test: /Discordbot/i },
  { name: "linkedin", kind: "preview", test: /LinkedInBot/i },
  { name: "whatsapp", kind: "preview", test: /^WhatsApp\//i },
  { name: "skype", kind: "preview", test: /SkypeUriPreview/i },
  {
    name: "feishu",
    kind: "preview",
    test: /Lark(?:-?Url|-?Link)?[- ]?(?:Preview|Bot)|Feishu-?Url-?Preview|LarkUrl2Meta/i,
  },
  { name: "bytespider", kind: "bot", test: /Bytespider|TikTokSpider/i },
  { name: "baidu", kind: "bot", test: /Baiduspider/i },
  { name: "meta", kind: "bot", test: /meta-externalagent/i },
  { name: "yahoo", kind: "bot", test: /Yahoo! Slurp/i },
  {
    name: "google",
    kind: "bot",
    test: /Storebot-Google|Google-Read-Aloud|Chrome-Lighthouse|Googlebot|AdsBot-Google|Mediapartners-Google|Google-InspectionTool|GoogleOther|APIs-Google|FeedFetcher-Google/i,
  },
  { name: "bing", kind: "bot", test: /bingbot|BingPreview|msnbot/i },
  {
    name: "sogou",
    kind: "bot",
    test: /Sogou (?:web|inst|orion|pic|news|video|blog|head)? ?spider|Sogou-Test-Spider/i,
  },
  { name: "360", kind: "bot", test: /360Spider|HaosouSpider/i },
  { name: "yisou", kind: "bot", test: /YisouSpider/i },
  { name: "petal", kind: "bot", test: /PetalBot|AspiegelBot/i },
  { name: "apple", kind: "bot", test: /Applebot/i },
  { name: "yandex", kind: "bot", test: /Yandex(?:Bot|Images|Mobile|Metrika)/i },
  { name: "headless", kind: "bot", test: /HeadlessChrome|PhantomJS|Puppeteer|Playwright/i },
  {
    name: "tool",
    kind: "bot",
    test: /^(?:curl|Wget|python-(?:requests|urllib|httpx)|libcurl|PycURL|aria2|colly|Deno\/|Bun\/|RestSharp|Faraday|LWP|Apache-HttpAsyncClient|Jakarta Commons-HttpClient|Python\/|aiohttp|httpx|Go-http-client|okhttp|Java\/|Apache-HttpClient|axios|node-fetch|undici|node$|got |PostmanRuntime|insomnia|libwww-perl|Ruby|PHP|GuzzleHttp|HTTPie|Dalvik\/[\d.]+ \(Linux; U; Android [^)]*\)$|autocannon|wrk|ApacheBench|k6)/i,
  },
  // Any other robot that says so in the customary form: `Name[Bot|Spider|Crawler]/1.0` or `+http…`. A name
  // is read from its last hyphen on: over all its parts it would be read anew from each of them.
  {
    name: "other",
    kind: "bot",
    test: /\b(?![Cc]ubot)[A-Za-z0-9]*(?:Bot|bot|Spider|spider|Crawler|crawler)(?:\/|;|\)|$)|PowerShell\/|\bzgrab\/|Nmap Scripting Engine|AhrefsSiteAudit|\+https?:\/\//,
  },
];
