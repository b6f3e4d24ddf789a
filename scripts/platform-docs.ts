/** Writes docs/platforms.md from the registry and the decision table, so that it cannot differ from them. */

import { readFileSync, writeFileSync } from "node:fs";
import { browsers, hostApps } from "../src/decision/apps.ts";
import { rules } from "../src/decision/matrix.ts";
import { unverified } from "../src/platforms/redirectors.ts";
import type { Platform } from "../src/platforms/registry/edge.ts";
import { platforms } from "../src/platforms/registry/edge.ts";
import { pagesOf } from "../src/platforms/registry/pages.ts";
import { anchorsOf } from "./anchors.ts";

const list = (items: readonly string[] | undefined) => (items?.length ? items.join(", ") : "any");
const code = (text: string) => `\`${text}\``;

const names = (hosts: readonly string[]) =>
  hosts.map((host) => code(host.startsWith(".") ? `*${host}` : host)).join(", ");

/** What docs/reference/ has on platforms and apps: a section each, headed by its name. */
const references = {
  destinations: "URLs",
  "web-views": "user agents",
  "share-texts": "share texts",
  openings: "ways in",
  "host-apps": "its rules",
  "order-files": "order files",
} as const;
type Reference = keyof typeof references;

const anchors = new Map(
  Object.keys(references).map((file) => [
    file,
    anchorsOf(readFileSync(`docs/reference/${file}.md`, "utf8")),
  ]),
);

/** The words, as a link where the file has a section on the name. */
const linked = (words: string, file: Reference, name: string) =>
  anchors.get(file)?.has(name) ? `[${words}](reference/${file}.md#${name})` : words;

function sectionsOn(name: string): string[] {
  const files = Object.entries(references) as [Reference, string][];
  return files
    .map(([file, words]) => linked(words, file, name))
    .filter((link) => link.startsWith("["));
}

function platformSection(platform: Platform): string {
  const { name, label, webviews, openings, relations } = platform;
  const { hosts, shortLinks, domains, redirectors, unknowns } = pagesOf(name);
  const of = (relation: string) =>
    Object.entries(relations ?? {})
      .filter(([, is]) => is === relation)
      .map(([app]) => app)
      .join(", ");
  const lines = [
    `### ${label.zh} ${label.en} ${code(name)}`,
    "",
    ...(hosts.length === 0 ? ["- Hosts: those of the setting `EXTRA_DESTINATION_HOSTS`"] : []),
    ...hosts.map(
      (row) =>
        `- ${linked("Hosts", "destinations", name)} ${names(row.names)} (${row.confidence}: ${row.source})`,
    ),
  ];
  if (shortLinks) {
    const { passingHosts, openHosts, confidence, source } = shortLinks;
    const passing = passingHosts
      ? `; a page on ${names(passingHosts)} is kept by its short link`
      : "";
    const open = openHosts ? `; ${names(openHosts)} may lead to any page of the web` : "";
    lines.push(
      `- ${linked("Short links", "destinations", name)} ${names(shortLinks.hosts)} (${confidence}: ${source})${passing}${open}`,
    );
  }
  if (domains) lines.push(`- Own domains, not outside: ${names(domains)}`);
  if (redirectors) {
    const rows = redirectors.map(
      ({ host, path = "", confidence, source }) =>
        `${code(`${host}${path}`)} (${confidence}${source === unverified ? "" : `: ${source}`})`,
    );
    lines.push(`- Login and jump pages, no destinations: ${rows.join(", ")}`);
  }
  for (const { app, test, confidence, source } of webviews ?? []) {
    lines.push(
      `- ${linked("Web-view", "web-views", name)} ${code(app)}: ${code(test.source)} (${confidence}: ${source})`,
    );
  }
  if (of("native")) lines.push(`- Its rooms also open by themselves in: ${of("native")}`);
  if (of("family")) lines.push(`- Apps of its house that can hand over: ${of("family")}`);
  for (const { method, confidence, source } of openings ?? []) {
    lines.push(`- ${linked(method, "openings", name)} (${confidence}): ${source}`);
  }
  if (!openings?.length)
    lines.push("- No way into its app is known: web page, guide and copy are offered.");
  for (const unknown of unknowns ?? []) lines.push(`- **Not known or not verified:** ${unknown}`);
  const sections = sectionsOn(name);
  if (sections.length > 0) lines.push(`- More: ${sections.join(", ")}`);
  return lines.join("\n");
}

export function platformDocs(): string {
  return `# Platforms, apps and the decision table

Written by \`npm run docs\` from \`src/platforms/\`, \`src/decision/apps.ts\` and \`src/decision/matrix.ts\`; do not edit it.

Confidence: **H** vendor documentation, vendor code or collected traffic · **M** several public projects ·
**L** one weak source · **U** unverified. **Nothing here was tested on a phone.** What an app allows changes
without notice; a row is our best knowledge, not a promise.

What the rows rest on: [URLs](reference/destinations.md), [user agents](reference/web-views.md),
[share texts](reference/share-texts.md), [ways in](reference/openings.md), [apps' rules](reference/host-apps.md),
[the decision table](reference/opening-rules.md), [previews](reference/previews.md), [order files](reference/order-files.md).

## Which destination
1. The one on the platform whose app the viewer is in.
2. Else one on a platform of the same house, in the registry's order (Taobao before Tmall).
3. Else the link's \`primary\`, else the stream's, by default the first.

A link's own destinations replace the stream's of the same platform. Nothing that a visitor sends but the
user agent takes part.

## Which way: the decision table
The first row that fits wins. Before it: previews and robots get an Open Graph page, never a redirect;
\`landing: "never"\` redirects every person, \`"always"\` shows every person a page; an upcoming stream is a
page; an ended one is its replay, else \`after\`, else a page that says so. A way that a platform lacks is
left out. \`POST /api/links/{slug}/explain\` answers the rule's name.
[Why each rule is as it is](reference/opening-rules.md#rows), by the number of its row.

| rule | app | system | destination | action | ways, in order | row |
|---|---|---|---|---|---|---|
${rules
  .map(
    ({ rule, row, app, os, relation, platform, action, ways, confidence }) =>
      `| ${code(rule)} | ${relation ? `${relation.join(" or ")} app` : list(app)} | ${list(os)} | ${list(platform)} | ${action} | ${ways.join(", ")} | ${row} (${confidence}) |`,
  )
  .join("\n")}

## What is refused as a destination
Any host that is not listed below or in \`EXTRA_DESTINATION_HOSTS\` (exact names; \`*.\` stands for the names
below one); user information before the host; a port; any scheme but https and http; \`.\` and \`..\` segments;
percent-encoded letters, digits, dots, slashes or control characters in the path; spaces, quotes, brackets and
characters that are not seen; more than 2,048 characters. The answer is 422 with a \`code\` that says which, and words
in Chinese or English by \`Accept-Language\`. Further:

- **Short links without their code** (\`short_link_without_code\`): \`https://v.douyin.com/ iYVcy3HJ/\` was broken by a
  space, and what is left leads nowhere.

- **Login and jump pages** (\`login_or_jump_page\`): those listed with each platform below, hosts with a label such
  as \`login\`, \`passport\`, \`sso\` or \`jump\`, and plain pages with a word such as \`login\`, \`redirect\` or
  \`authorize\` in their path. They lead where their parameters say. The operator's own hosts are taken as listed.
- **Parameters that lead outside** (\`leads_outside\`): a parameter whose name says that it is gone to (redirect,
  return, target, goto, callback, jump, …Url) and whose value is an absolute or protocol-relative URL outside the allowed
  hosts and the platforms' own domains: percent-encoded up to three times over, in Base64, in the fragment, within
  an app's URL, or by way of another page. Names of pictures and sources (\`cover_url\`, \`refer\`) don't count.
- **Short links that prove to lead outside** (\`short_link_leads_outside\`), see below.

All of it holds for destinations, links' own ones, \`replay\`, \`after\`, \`POST /api/inspect\`, imports, and each step of
a short link. What stays possible: a page of an allowed host that leads on by itself, by a parameter
whose name says nothing, or to what its owner changes later.

http links are kept as they were pasted and opened over https.

## What is read of a text
([0066](decisions/0066-links-are-taken-whole.md)) \`text\` takes a share text or a URL, \`url\` the same URL alone.

- **A link** is a URL in any case of letters, also with \`：\` for its colon, or a known host with a path and no scheme
  (\`live.douyin.com/…\`, \`//3.cn/…\`); \`weixin://dl/business/?…\`; \`#小程序://名称/CODE\`.
- **It is taken whole.** Letters beyond ASCII are percent-encoded, \`&amp;\` is \`&\`. Where Chinese follows without a
  space, what the link *is* decides where it ends; where that stays open (a plain page), a warning says what was left.
  A sentence's mark at the end is cut, but a dot where ids may end in one (a 抖音号).
- **Each link** of a text is a destination, at most one a platform, or a warning that names it and says why not.
- **A 口令 without a link** (\`share_code_without_link\`) is named: whose it is, and to press 复制链接 in that app.
- **Title and host** are read from what the apps write today; each platform's patterns are in its file.

## Short links
Followed when destinations are set, to what they stand for
([0006](decisions/0006-short-links.md)). \`resolvedFrom\` is the short link that was followed.

- One that **proves** to lead outside the allowed hosts, by a redirect or a page that names the place, is
  refused with 422, which names where it leads.
- One that **cannot be followed** (no answer, three seconds, five hops, a page that is not known, a page of a
  platform's own domain that is no destination) stays the destination, with a warning. \`t.cn\` and \`b23.tv\` may
  lead anywhere, and the warning says so: look where it leads.
- A login or jump page on the way is not asked: the way goes on to what it names.

## The platforms
${platforms.map(platformSection).join("\n\n")}

## Apps that are no platform
| app | token | |
|---|---|---|
${[...hostApps, ...browsers]
  .map(
    ({ app, test, confidence, source }) =>
      `| ${linked(app, "web-views", app)} | ${code(test.source.replaceAll("|", "\\|"))} | ${confidence}: ${source} |`,
  )
  .join("\n")}

Order: robots, by names and by form ([0064](decisions/0064-robots-by-form.md)), the apps of this table that carry another's token (WeCom, Alipay, QQ, …), the platforms'
web-views, then browsers. WeChat's, QQ's, Feishu's and WeCom's servers fetch previews with unknown user
agents, so such a fetch counts as a view; \`rendered\` counts only pages whose script ran
([more](reference/previews.md#robots-that-fetch)).
`;
}

if (process.argv[1]?.endsWith("platform-docs.ts"))
  writeFileSync("docs/platforms.md", platformDocs());
