/**
 * @module What fetches a link without a person behind it, by user agent
 * (docs/reference/previews.md#robots-that-fetch, docs/decisions/0064-robots-by-form.md). First those with a name of
 * ours, since a preview is told from a robot; then the forms by which robots give themselves away. A viewer who is
 * called a robot is lost, a robot that is called a viewer is one view too many: what is in doubt is a person.
 *
 * Every test sees the user agent in small letters. Lists of the field call Alipay, Baidu App, Toutiao and Sogou
 * robots (docs/reference/previews.md#what-lists-of-the-field-mistake). WeChat's, QQ's, Feishu's and WeCom's servers
 * have no known user agent, so their fetches count as views.
 */
import { type AgentTest, outside, unless, without } from "../platforms/agent-tests.ts";

export interface Bot {
  name: string;
  /** `preview` fetches a link that was pasted into a chat; `bot` crawls or is a tool. */
  kind: "preview" | "bot";
  /** Of the user agent in small letters. */
  test: AgentTest;
}

/** Those with a name of ours: previews and robots. */
const named: readonly Bot[] = [
  { name: "dingtalk-preview", kind: "preview", test: /dingtalkbot-linkservice/ },
  { name: "dingtalk-security", kind: "bot", test: /dingtalkbot/ },
  { name: "wechat-share-extension", kind: "preview", test: /wechatshareextension/ },
  { name: "weibo", kind: "preview", test: /weibo spider/ },
  { name: "telegram", kind: "preview", test: /telegrambot/ },
  { name: "slack", kind: "preview", test: /slackbot|slack-imgproxy/ },
  {
    name: "facebook",
    kind: "preview",
    test: /facebookexternalhit|facebookcatalog|meta-externalfetcher|^facebot/,
  },
  { name: "x", kind: "preview", test: /twitterbot/ },
  { name: "discord", kind: "preview", test: /discordbot/ },
  { name: "linkedin", kind: "preview", test: /linkedinbot/ },
  { name: "whatsapp", kind: "preview", test: /^whatsapp\// },
  { name: "microsoft", kind: "preview", test: /microsoft[ -]?preview/ },
  { name: "skype", kind: "preview", test: /skypeuripreview/ },
  {
    name: "feishu",
    kind: "preview",
    test: /lark(?:-?url|-?link)?[- ]?(?:preview|bot)|feishu-?url-?preview|larkurl2meta/,
  },
  { name: "notion", kind: "preview", test: /^notion\/\d|notionembedder/ },
  { name: "embedly", kind: "preview", test: /embedly/ },
  { name: "iframely", kind: "preview", test: /iframely/ },
  { name: "steam", kind: "preview", test: /valve\/steam|steamchaturllookup/ },
  // Its in-app browser says Viber too, behind a browser's text.
  { name: "viber", kind: "preview", test: /^viber\/|viberurldownloader/ },
  { name: "yahoo-preview", kind: "preview", test: /yahoo(?: link preview|:linkexpander)/ },
  { name: "snapchat", kind: "preview", test: /snap url preview|snapchat-?(?:ads|proxy)/ },
  { name: "reddit", kind: "preview", test: /redditbot/ },
  { name: "pinterest", kind: "preview", test: /^pinterest\/|pinterestbot/ },
  { name: "line", kind: "preview", test: /line-poker|line-?url-?preview/ },
  { name: "kakao", kind: "preview", test: /kakaotalk-scrap/ },
  { name: "vk", kind: "preview", test: /vkshare/ },
  { name: "bluesky", kind: "preview", test: /bluesky cardyb/ },
  { name: "mastodon", kind: "preview", test: /\bmastodon\/\d/ },
  { name: "google-preview", kind: "preview", test: /google web preview|google-pagerenderer/ },
  {
    name: "chat",
    kind: "preview",
    test: /link ?preview|^rocket\.chat|mattermost-bot|url ?preview/,
  },
  { name: "bytespider", kind: "bot", test: /bytespider|tiktokspider/ },
  { name: "baidu", kind: "bot", test: /baiduspider|baidu-yunguance/ },
  { name: "meta", kind: "bot", test: /meta-externalagent/ },
  { name: "yahoo", kind: "bot", test: /yahoo! slurp/ },
  {
    name: "google",
    kind: "bot",
    test: /googlebot|googleother|chrome-lighthouse|[a-z]-google\b|\bgoogle(?:-[a-z]| favicon| page speed| search console| keyword| pp |imageproxy|agent-|associationservice)/,
  },
  { name: "bing", kind: "bot", test: /bingbot|bingpreview|msnbot/ },
  {
    name: "sogou",
    kind: "bot",
    test: /sogou (?:web|inst|orion|pic|news|video|blog|head)? ?spider|sogou-test-spider/,
  },
  { name: "360", kind: "bot", test: /360spider|haosouspider|360jk|yunjiankong/ },
  { name: "yisou", kind: "bot", test: /yisouspider/ },
  { name: "petal", kind: "bot", test: /petalbot|aspiegelbot/ },
  { name: "apple", kind: "bot", test: /applebot/ },
  {
    name: "yandex",
    kind: "bot",
    test: /yandex(?:bot|images|mobilebot|metrika|direct|\.com\/bots)/,
  },
];

/**
 * A part of every name above. It spares people forty looks, at one; src/decision/who-opens.test.ts opens with each.
 * Here as below a word border before many names is what makes a look short.
 */
const nameLike =
  /bot|spider|preview|\b(?:facebook|meta-external|slack-img|wechatshare|whatsapp|larkurl|notion|embedly|iframely|valve\/|viber|snapchat|yahoo|pinterest|line-|kakaotalk-scrap|vkshare|bluesky|mastodon|rocket\.|baidu-yun|google|360jk|yandex|chrome-light)|steamchat|yunjiankong|-google\b/;

/** What an Android phone says of itself, its maker's name for it among that; Cubot's say it elsewhere too. */
const device = /\(linux; (?:u; )?android [^()]*|\bcubot/g;

/** A phone or tablet that people hold: what apps call themselves there says little. */
const onPhone = /\((?:iphone|ipad|ipod|linux; (?:u; )?android)/;

/** The forms by which the others give themselves away. */
const forms: readonly Bot[] = [
  {
    name: "headless",
    kind: "bot",
    test: /\b(?:headlesschrome|phantomjs|puppeteer|playwright|selenium|slimerjs|htmlunit|cypress\/|prerender)/,
  },
  {
    name: "tool",
    kind: "bot",
    test: /^(?:curl|wget|python|libcurl|pycurl|aria2|colly|deno\/|bun\/|restsharp|faraday|lwp|jakarta commons-httpclient|aiohttp|httpx|go-http-client|okhttp|java\/|apache-http|axios|node-fetch|undici|node$|got |postmanruntime|insomnia|libwww-perl|ruby|php|guzzlehttp|httpie|dalvik\/[\d.]+ \(linux; u; android [^)]*\)$|autocannon|wrk|apachebench|k6|wordpress|fasthttp|reqwest|scrapy|mechanize|http_request|winhttp|webcopier|httrack|offline explorer)/,
  },
  // Monitors, scanners and the like that come in a browser's clothes, by their names.
  {
    name: "monitor",
    kind: "bot",
    test: /\b(?:ptst[/ ]|catchpoint|datadog|pingdom|gtmetrix|statuscake|site24x7|thousandeyes|dotcom-monitor|yottaa|ghost inspector|speedcurve|new ?relic|appinsights|ips-agent|alertra|dynatrace|ruxit|iplabel|testlocally|dareboost|sitespeed|neustar wpm|gomezagent|websitepulse|httpmon|nodeping|check-?host|check_http|phantomas|health-?check|cloudflare-|zabbix|nagios|icinga)/,
  },
  {
    name: "scanner",
    kind: "bot",
    test: unless(
      onPhone,
      /\b(?:uptime|rigor\b|calibre|sentry\/|ohdear|prometheus|grafana|zgrab|nmap scripting|nikto|openvas|nessus|qualys|netcraft|censys|sqlmap|nuclei|masscan|acunetix|burp ?suite|w3af|zmeu|ahrefssiteaudit|siteimprove|powershell\/|miniature\.io|adbeat|mshots|screenshot-generator|daumoa|daum \d|dmbrowser|foregenix|nutch|archive\.org|heritrix|ask jeeves|linktiger|outbrain|nextcloud-news|collapsify|hardenize|silktide|hotjar|datanyze|securityheaders|hubspot|browsershots|w3c-|web-?thumb|wkhtmlto|webkit2png|websnapr|fetch api|prefetch proxy|browserkit|monitorss|page-preview|pwabuilder|detectify|probely|sitebulb|recordedfuture|ssl ?labs|wappalyzer|gobuster|whatcms|barracuda|seobility|botify|tineye|dataprovider|webzio|seokicks|evc-batch|notebooklm|novaact|amzn-user|githubcopilot|w3c_|jigsaw|feedly|feedbin|freshrss|magpierss|simplepie|newsgator|netvibes|flipboardproxy|tiny tiny rss)/,
    ),
  },
  // The word for it. A phone of Cubot's is none, nor is one called "M bot 51" or "Spider 8" by its maker.
  {
    name: "other",
    kind: "bot",
    test: outside(/bots?(?![a-z])|spider(?![a-z])|crawl(?:er|ing)?(?![a-z])/, device),
  },
  // A word of the trade. On a phone it is an app's name: CamScanner, a price checker.
  {
    name: "other",
    kind: "bot",
    test: unless(
      onPhone,
      /(?:check|fetch|grabb|scann|index|resolv|archiv|optimiz|export|scrap)er(?![a-z])|validator|monitor(?:ing)?(?![a-z])|inspector|[a-z]scan\/|-(?:user|ai)(?![a-z])|-extended\/|\b(?:slurp|link ?-?(?:check|expan)|harvest|favicon|synthetics?(?![a-z])|(?:content|port|site|web|security)[- ]?scan|feed-id|feedburner|subscribers|web ?survey|analy[sz]er(?![a-z])|lookup(?![a-z])|probe(?![a-z])|transcoder|http ?client|sitemap|scrap(?:y|ing))/,
    ),
  },
  // An address. "EmbeddedWB … from: http://bsalsa.com" is a toolbar of people's.
  {
    name: "other",
    kind: "bot",
    test: without(
      /https?:\/\/|\bwww\.[a-z0-9]|[a-z]\.(?:com|net|org|io|de|ru|fr|nl|info|biz)(?:\/(?!\d)|[);, ]|$)/,
      /bsalsa\.com|avantbrowser\.com|ttid\/|aliapp\(|\[fban|\[fb_iab|;fbav\//,
    ),
  },
  // A mail address; Alibaba's TTID/600000@taobao_android_7.8.3 is none.
  {
    name: "other",
    kind: "bot",
    test: /[a-z0-9_.+-] ?(?:@|\(at\)|\[at\]) ?[a-z0-9-]+ ?(?:\.|\[dot\]) ?[a-z]{2}/,
  },
  {
    name: "other",
    kind: "bot",
    test: without(
      /compatible; {0,3}(?!msie \d|mspie|ms ?ie|konqueror|icab|omniweb|opera|windows|linux|android|iphone|ipad|blackberry|palm|netfront|google ?toolbar|webtv|amiga|aol|lynx|links|elinks|netscape|avant|maxthon|dillo|netpositive|u;|x11|mac|ie |ie;|wow64|trident|cldc|midp|embedded|series)[a-z0-9]/,
      /; (?:msie \d|windows nt \d)/,
    ),
  },
  // An app's own fetch on Apple's systems. What shows pages there says Mozilla.
  { name: "other", kind: "bot", test: without(/\bcfnetwork\//, /mozilla\//) },
];

/** All of them, in their order; for tests and for what counts them. */
export const bots: readonly Bot[] = [...named, ...forms];

/** The robot or preview whose user agent it is, in small letters; `undefined` for whoever may be a person. */
export function findBot(lower: string): Bot | undefined {
  const fits = ({ test }: Bot) => test.test(lower);
  return (nameLike.test(lower) ? named.find(fits) : undefined) ?? forms.find(fits);
}

/**
 * Words of which whoever opens a page has one: a browser's, a system's, a phone's. What has none is a program
 * that gave its own name. Linux and Windows alone are a server's as well.
 */
const ofPeople =
  /mozilla\/|opera|android|iphone|ipad|ipod|\bios\b|darwin|harmony|mobile|phone|tablet|webkit|gecko|browser|ucweb|midp|cldc|profile\/|symbian|symbos|series ?[346]0|nokia|blackberry|\bbb10|j2me|brew|maui|mtk|mre\/|nucleus|obigo|teleca|netfront|dolfin|sonyericsson|samsung|\bsec-|\bsch-|\bsgh-|\blg[-/]|\blge|mot-|motorola|zte|huawei|honor|lenovo|coolpad|oppo|vivo|xiaomi|redmi|meizu|gionee|hisense|htc|alcatel|sagem|sharp|panasonic|philips|sie-|kddi|docomo|softbank|vodafone|palm|tizen|web[0o]s|\btv\b|smart-?tv|hbbtv|playstation|nintendo|xbox|kaios|wap|konqueror|lynx|links|w3m|netscape|icab|dillo|haiku|amiga|epiphany|safari|chrome|firefox|micromessenger|aliapp|jdapp|windows ce|windows nt|macintosh|; u;|netsurf|mosaic|portalmmm|x11|amd64|smartisan|doov|k-touch|bird|amoi|tcl|micromax|karbonn|tecno|itel|infinix|konka|haier|spreadtrum|untrusted|roku|appletv|kindle|nook|dreamcast|dreampassport/;

/** Likewise where it says Mozilla, which robots say too: an engine's, a system's or a device's. */
const ofEngines =
  /android|iphone|ipad|ipod|mac|windows|win\d|win |linux|x11|webkit|gecko|msie|mobile|symbian|series|nokia|blackberry|playstation|nintendo|tv|harmony|netfront|brew|midp|danger|pda|os\/2|beos|sunos|bsd|palm|opera|phone|rv:|konqueror|dillo|galeon|netpositive|\[..\]|; ?[a-z0-9]/;

/** Nothing of a browser, a system or a phone in it. */
export function hasNobody(lower: string): boolean {
  return lower.startsWith("mozilla") ? !ofEngines.test(lower) : !ofPeople.test(lower);
}
