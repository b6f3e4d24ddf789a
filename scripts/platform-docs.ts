/** Writes docs/platforms.md from the registry and the decision table, so that it cannot differ from them. */
import { writeFileSync } from "node:fs";
import { browsers, hostApps } from "../src/edge/apps.ts";
import { rules } from "../src/edge/matrix.ts";
import { platforms } from "../src/platforms/index.ts";
import type { Platform } from "../src/platforms/types.ts";

const list = (items: readonly string[] | undefined) => (items?.length ? items.join(", ") : "any");
const code = (text: string) => `\`${text}\``;

const names = (hosts: readonly string[]) =>
  hosts.map((host) => code(host.startsWith(".") ? `*${host}` : host)).join(", ");

function platformSection(platform: Platform): string {
  const { name, label, hosts, shortLinks, webviews, openings, relations, unknowns } = platform;
  const of = (relation: string) =>
    Object.entries(relations ?? {})
      .filter(([, is]) => is === relation)
      .map(([app]) => app)
      .join(", ");
  const lines = [
    `### ${label.zh} ${label.en} ${code(name)}`,
    "",
    `- Hosts: ${hosts.length === 0 ? "those of the setting `EXTRA_DESTINATION_HOSTS`" : names(hosts)}`,
  ];
  if (shortLinks) {
    const { passingHosts, confidence, source } = shortLinks;
    const passing = passingHosts
      ? `; a page on ${names(passingHosts)} is kept by its short link`
      : "";
    lines.push(`- Short links ${names(shortLinks.hosts)} (${confidence}: ${source})${passing}`);
  }
  for (const { app, test, confidence, source } of webviews ?? []) {
    lines.push(`- Web-view ${code(app)}: ${code(test.source)} (${confidence}: ${source})`);
  }
  if (of("native")) lines.push(`- Its rooms also open by themselves in: ${of("native")}`);
  if (of("family")) lines.push(`- Apps of its house that can hand over: ${of("family")}`);
  for (const { method, confidence, source } of openings ?? []) {
    lines.push(`- ${method} (${confidence}): ${source}`);
  }
  if (!openings?.length)
    lines.push("- No way into its app is known: web page, guide and copy are offered.");
  for (const unknown of unknowns ?? []) lines.push(`- **Not known or not verified:** ${unknown}`);
  return lines.join("\n");
}

export function platformDocs(): string {
  return `# Platforms, apps and the decision table

Written by \`npm run docs\` from \`src/platforms/\`, \`src/edge/apps.ts\` and \`src/edge/matrix.ts\`; do not edit it.

Confidence: **H** vendor documentation, vendor code or collected traffic · **M** several public projects ·
**L** one weak source · **U** unverified. **Nothing here was tested on a phone.** What an app allows changes
without notice; a row is our best knowledge, not a promise.

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

| rule | app | system | destination | action | ways, in order | |
|---|---|---|---|---|---|---|
${rules
  .map(
    ({ rule, app, os, relation, platform, action, ways, confidence }) =>
      `| ${code(rule)} | ${relation ? `${relation.join(" or ")} app` : list(app)} | ${list(os)} | ${list(platform)} | ${action} | ${ways.join(", ")} | ${confidence} |`,
  )
  .join("\n")}

## What is refused as a destination
Any host that is not listed below or in \`EXTRA_DESTINATION_HOSTS\` (exact names; \`*.\` stands for the names
below one); user information before the host; a port; any scheme but https and http; \`.\` and \`..\` segments;
percent-encoded letters, digits, dots, slashes or control characters in the path; anything but plain ASCII;
more than 2,048 characters. The answer is 422 with a \`code\` that says which.

http links are kept as they were pasted and opened over https.

## Short links
Followed when destinations are set, to what they stand for
([0006](decisions/0006-short-links.md)); one that cannot be followed stays the destination, with a warning.
\`resolvedFrom\` is the short link that was followed. Weibo's \`t.cn\` leads anywhere and is not followed.

## The platforms
${platforms.map(platformSection).join("\n\n")}

## Apps that are no platform
| app | token | |
|---|---|---|
${[...hostApps, ...browsers]
  .map(
    ({ app, test, confidence, source }) =>
      `| ${app} | ${code(test.source.replaceAll("|", "\\|"))} | ${confidence}: ${source} |`,
  )
  .join("\n")}

Order: robots, the apps of this table that carry another's token (WeCom, Alipay, QQ, …), the platforms'
web-views, then browsers. WeChat's, QQ's, Feishu's and WeCom's servers fetch previews with unknown user
agents, so such a fetch counts as a view; \`rendered\` counts only pages whose script ran.
`;
}

if (process.argv[1]?.endsWith("platform-docs.ts"))
  writeFileSync("docs/platforms.md", platformDocs());
