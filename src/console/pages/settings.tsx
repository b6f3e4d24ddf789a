/** @module What this browser shows how, and what the service says of itself. */
import type { ComponentChildren, JSX } from "preact";
import { moment } from "../lib/format.ts";
import { askHealth, type Health, warningText } from "../lib/health.ts";
import { usePoll } from "../lib/poll.ts";
import { inLanguage, language, rise, theme } from "../lib/prefs.ts";
import { session, signOut } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { Segmented, Waiting } from "../ui/basics.tsx";
import { Delta } from "../ui/delta.tsx";
import { useTitle } from "../ui/title.ts";

const texts = {
  "zh-CN": {
    look: "显示",
    lookHint: "只影响这个浏览器。",
    language: "语言",
    theme: "主题",
    themes: { system: "跟随系统", light: "浅色", dark: "深色" },
    rise: "涨跌颜色",
    riseHint: "箭头始终显示，不只靠颜色。",
    rises: { red: "红涨绿跌", green: "绿涨红跌", blue: "蓝涨橙跌" },
    service: "服务",
    health: "健康状态",
    ok: "全部正常",
    failing: "有部分异常",
    warning: "待设置",
    version: "版本",
    zone: "浏览器时区",
    zoneHint: "直播的时间按各场直播自己的时区显示，默认北京时间。",
    session: "登录",
    key: "密钥",
    adminKey: "ADMIN_KEY",
    scopes: "权限",
    expires: "登录有效至",
    rules: "计数口径",
    rulesText: [
      ["浏览", "真人打开短链接一次；链接预览、爬虫、预取分开记，不算浏览。"],
      ["点击", "直接跳转算一次；在落地页点了去 App 的按钮算一次。"],
      [
        "单列的打开",
        "同一网络地址一分钟内打开超过上限（设置 OPEN_LIMIT）的部分：照常跳转，单列，不算浏览和点击。",
      ],
      [
        "没有浏览的点击",
        "由浏览者与点击者两份基数估算得出：点了却没有浏览过的人数；区间包含 0 时显示 0。",
      ],
      ["点击率", "点击 ÷ 浏览。分母为 0 时显示“—”，不显示 0。"],
      ["访客（估算）", "加盐哈希后的基数估算，标准误差约 0.8%；不保存 IP 与访客标识。"],
      ["支付订单、成交额", "按订单号去重，只算已支付；未支付不计入。"],
      ["退款、净成交额", "退款记在原订单上；净成交额 = 成交额 − 退款，可能回落。"],
      [
        "成本、ROAS",
        "成本 = 坑位费＋佣金＋投放＋优惠券＋样品；ROAS = 成交额 ÷ 成本，净 ROAS 用净成交额。",
      ],
      ["较前 10 分钟", "最近 10 分钟与再之前 10 分钟相比；与其他场次对比按开播后的同一分钟。"],
    ],
    api: "API 文档（OpenAPI）",
  },
  en: {
    look: "Appearance",
    lookHint: "For this browser only.",
    language: "Language",
    theme: "Theme",
    themes: { system: "System", light: "Light", dark: "Dark" },
    rise: "Colour of a rise",
    riseHint: "There is always an arrow: colour never speaks alone.",
    rises: { red: "Red up", green: "Green up", blue: "Blue up" },
    service: "Service",
    health: "Health",
    ok: "All parts answer",
    failing: "Some parts fail",
    warning: "To be set",
    version: "Version",
    zone: "This browser’s time zone",
    zoneHint: "A stream’s times are shown in its own zone, Beijing time by default.",
    session: "Session",
    key: "Key",
    adminKey: "ADMIN_KEY",
    scopes: "Scopes",
    expires: "Signed in until",
    rules: "How it is counted",
    rulesText: [
      ["Views", "A person opened the link. Previews, crawlers and prefetches are counted apart."],
      ["Clicks", "A redirect is one; a tap on the landing page’s button is one."],
      [
        "Past the limit",
        "Opens of one address beyond so many a minute (setting OPEN_LIMIT): sent on, counted apart, neither views nor clicks.",
      ],
      [
        "Clicks without a view",
        "People who clicked and never viewed, estimated from two sketches; 0 while the interval holds 0.",
      ],
      ["Click-through", "clicks ÷ views. With nothing to divide by it is “—”, never 0."],
      [
        "Visitors (estimate)",
        "Estimated from salted hashes, standard error about 0.8%; no address or visitor id is kept.",
      ],
      ["Orders, GMV", "Distinct order ids, paid ones only."],
      [
        "Refunds, net GMV",
        "A refund is booked on its order; net GMV = GMV − refunds, and may fall.",
      ],
      [
        "Cost, ROAS",
        "Cost = slot fee + commission + ads + coupons + samples; ROAS = GMV ÷ cost, net ROAS with net GMV.",
      ],
      [
        "vs previous 10 min",
        "The last ten minutes against the ten before; an earlier stream at the same minute since its start.",
      ],
    ],
    api: "API reference (OpenAPI)",
  },
};

export function Settings(): JSX.Element {
  const t = inLanguage(texts);
  const words = inLanguage(common);
  useTitle(words.nav.settings);
  const { data: health } = usePoll<Health>("health", askHealth, 30_000);
  const who = session.value;
  return (
    <div class="narrow stack">
      <h1>{words.nav.settings}</h1>
      <section class="card pad" aria-labelledby="look">
        <h2 id="look">{t.look}</h2>
        <p class="soft small">{t.lookHint}</p>
        <Line name={t.language}>
          <Segmented
            label={t.language}
            value={language.value}
            onChange={(value) => {
              language.value = value;
            }}
            options={[
              ["zh-CN", "中文"],
              ["en", "English"],
            ]}
          />
        </Line>
        <Line name={t.theme}>
          <Segmented
            label={t.theme}
            value={theme.value}
            onChange={(value) => {
              theme.value = value;
            }}
            options={[
              ["system", t.themes.system],
              ["light", t.themes.light],
              ["dark", t.themes.dark],
            ]}
          />
        </Line>
        <Line name={t.rise} hint={t.riseHint}>
          <span class="row">
            <Segmented
              label={t.rise}
              value={rise.value}
              onChange={(value) => {
                rise.value = value;
              }}
              options={[
                ["red", t.rises.red],
                ["green", t.rises.green],
                ["blue", t.rises.blue],
              ]}
            />
            <Delta share={0.124} />
            <Delta share={-0.038} />
          </span>
        </Line>
      </section>
      <section class="card pad" aria-labelledby="service">
        <h2 id="service">{t.service}</h2>
        {health ? (
          <>
            <Line name={t.health}>
              {health.status === "ok" ? (
                t.ok
              ) : (
                <span class="wrong">
                  {t.failing}: {health.failing?.join(" · ")}
                </span>
              )}
            </Line>
            {(health.warnings ?? []).map((warning) => (
              <Line key={warning.code} name={t.warning}>
                <span class="wrong">{warningText(warning)}</span>
              </Line>
            ))}
            <Line name={t.version}>
              <span class="mono">{health.version}</span>
            </Line>
          </>
        ) : (
          <Waiting lines={2} />
        )}
        <Line name={t.zone} hint={t.zoneHint}>
          {Intl.DateTimeFormat().resolvedOptions().timeZone}
        </Line>
        <p class="line-end">
          <a class="link" href="/openapi.json" target="_blank" rel="noreferrer">
            {t.api}
          </a>
        </p>
      </section>
      {who ? (
        <section class="card pad" aria-labelledby="session">
          <h2 id="session">{t.session}</h2>
          <Line name={t.key}>{who.key === "admin" ? t.adminKey : who.key}</Line>
          <Line name={t.scopes}>
            <span class="mono small">{who.scopes.join(" · ")}</span>
          </Line>
          <Line name={t.expires}>
            <span class="figures">{moment(who.expiresAt)}</span>
          </Line>
          <p class="line-end">
            <button type="button" class="btn" onClick={() => void signOut()}>
              {words.signOut}
            </button>
          </p>
        </section>
      ) : null}
      <section class="card pad" aria-labelledby="rules">
        <h2 id="rules">{t.rules}</h2>
        {t.rulesText.map(([name = "", text]) => (
          <Line key={name} name={name}>
            <span class="soft">{text}</span>
          </Line>
        ))}
      </section>
    </div>
  );
}

function Line(props: { name: string; hint?: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="line">
      <div>
        <b>{props.name}</b>
        {props.hint ? <span class="sub soft small">{props.hint}</span> : null}
      </div>
      <div>{props.children}</div>
    </div>
  );
}
