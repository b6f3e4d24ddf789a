/** @module The page at `/`: what this is, for people who open the service itself. */
import { html } from "hono/html";
import { type Template, template } from "../http/html-template.ts";
import { type Brand, operatorLine, siteNameOf } from "./brand.ts";
import { emptyHero } from "./cover-image.ts";
import { head } from "./head.ts";

/** @param house what the deployment's settings say of its brand */
export function renderHome(house: Brand): Template {
  const name = siteNameOf(house);
  return template(
    html`<!doctype html>
<html lang="zh-CN"><head>${head(name)}</head>
<body><main><article class="card">${emptyHero}<div class="body center">
<h1>${name}</h1>
<p>每场直播、每位推广者一个短链接：在任何 App 里打开，都到对的直播间，每次访问都被准确计数。</p>
<p lang="en">One short link per livestream and promoter: the right place to land in every app, every view and click counted.</p>
<a class="go" href="/console/">控制台<small lang="en">Console</small></a>
<a class="way" href="/docs">接口文档<small lang="en">API reference</small></a>
</div></article><footer>${operatorLine(house)}</footer></main></body></html>`.toString(),
  );
}
