/** @module "Preview as": what a link would give somebody right now, by the API's own decision. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type App, apps } from "../../platforms/registry/edge.ts";
import { type System, systems } from "../../platforms/types.ts";
import {
  ApiProblem,
  client,
  type Explanation,
  json,
  type Link,
  type Stream,
} from "../lib/client.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { type AsVisitor, previewVisitors } from "../lib/visitors.ts";
import { Failure, Field, Waiting } from "../ui/basics.tsx";
import { Choice } from "../ui/fields.tsx";
import { Phone } from "../ui/phone.tsx";

const texts = {
  "zh-CN": {
    title: "以访客身份预览",
    link: "短链接",
    visitor: "访客",
    any: "任选 App 和系统",
    app: "App",
    system: "系统",
    custom: "自定义 User-Agent",
    agent: "User-Agent",
    rule: "命中规则",
    seenAs: "识别为",
    destination: "去向",
    ways: "可用方式，按顺序",
    counted: "预览不计数",
    actions: { redirect: "直接跳转", page: "落地页", preview: "链接卡片", gone: "已失效" },
    kinds: { human: "真人", preview: "链接预览", bot: "爬虫" },
  },
  en: {
    title: "Preview as",
    link: "Link",
    visitor: "Visitor",
    any: "Any app and system",
    app: "App",
    system: "System",
    custom: "Another user agent",
    agent: "User agent",
    rule: "Rule",
    seenAs: "Seen as",
    destination: "Destination",
    ways: "Ways, in order",
    counted: "Previews here count nothing",
    actions: { redirect: "Redirect", page: "Landing page", preview: "Link card", gone: "Gone" },
    kinds: { human: "person", preview: "link preview", bot: "bot" },
  },
};

interface PreviewProps {
  stream: Stream;
  links: readonly Link[];
  /** Changes when something was edited: the decision is asked for again. */
  edited: number;
}

export function Preview({ stream, links, edited }: PreviewProps): JSX.Element | null {
  const t = inLanguage(texts);
  const [slug, setSlug] = useState(links[0]?.slug ?? "");
  const [visitor, setVisitor] = useState(previewVisitors[0]?.id ?? "");
  const [agent, setAgent] = useState("");
  const [told, setAnswer] = useState<{ explained: Explanation; of: AsVisitor }>();
  const answer = told?.explained;
  const [problem, setProblem] = useState<ApiProblem>();
  const [app, setApp] = useState<App>("wechat");
  const [os, setOs] = useState<System>("ios");
  const known = previewVisitors.find(({ id }) => id === visitor)?.userAgent;
  const asked: AsVisitor = visitor === "any" ? { app, os } : { userAgent: known ?? agent };
  const askedAs = JSON.stringify(asked);

  useEffect(() => {
    if (slug === "") return;
    let isOver = false;
    json(client.api.links[":slug"].explain.$post({ param: { slug }, json: asked })).then(
      (explained) => {
        if (isOver) return;
        setAnswer({ explained, of: asked });
        setProblem(undefined);
      },
      (error) => {
        if (!isOver && error instanceof ApiProblem) setProblem(error);
      },
    );
    return () => {
      isOver = true;
    };
  }, [slug, askedAs, edited]);

  const link = links.find((one) => one.slug === slug);
  if (!link) return null;
  const spoken = language.value === "en" ? 1 : 0;
  return (
    <section class="card preview" aria-labelledby="preview">
      <div class="card-head">
        <h2 id="preview">{t.title}</h2>
        <span class="soft small">{t.counted}</span>
      </div>
      <div class="preview-in">
        <div class="stack">
          <Field label={t.link}>
            {(attributes) => (
              <select
                {...attributes}
                class="input"
                value={slug}
                onChange={(event) => setSlug(event.currentTarget.value)}
              >
                {links.map((one) => (
                  <option key={one.slug} value={one.slug}>
                    /{one.slug}
                    {one.creator ? ` · ${one.creator.name ?? one.creator.id}` : ""}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <fieldset class="plain">
            <legend>{t.visitor}</legend>
            <div class="visitors">
              {[
                ...previewVisitors.map(({ id, name }) => [id, name[spoken]] as const),
                ["any", t.any] as const,
                ["custom", t.custom] as const,
              ].map(([id, name]) => (
                <button
                  key={id}
                  type="button"
                  aria-pressed={id === visitor}
                  onClick={() => setVisitor(id)}
                >
                  {name}
                </button>
              ))}
            </div>
          </fieldset>
          {visitor === "any" ? (
            <div class="row">
              <Choice
                label={t.app}
                value={app}
                onInput={(chosen) => setApp(chosen as App)}
                options={apps.map((one) => [one, nameOf("app", one)] as const)}
              />
              <Choice
                label={t.system}
                value={os}
                onInput={(chosen) => setOs(chosen as System)}
                options={systems.map((one) => [one, nameOf("os", one)] as const)}
              />
            </div>
          ) : null}
          {visitor === "custom" ? (
            <Field label={t.agent}>
              {(attributes) => (
                <textarea
                  {...attributes}
                  class="input mono small"
                  rows={3}
                  value={agent}
                  onInput={(event) => setAgent(event.currentTarget.value)}
                />
              )}
            </Field>
          ) : null}
          {problem ? <Failure problem={problem} /> : null}
          {answer ? (
            <dl class="facts" aria-live="polite">
              <dt>{t.seenAs}</dt>
              <dd>
                {nameOf("app", answer.visitor.app)} · {nameOf("os", answer.visitor.os)} ·{" "}
                {t.kinds[answer.visitor.kind]}
              </dd>
              <dt>{t.destination}</dt>
              <dd>
                {answer.destination ? nameOf("destination", answer.destination) : "—"} ·{" "}
                {t.actions[answer.action]}
              </dd>
              {answer.ways.length > 0 ? (
                <>
                  <dt>{t.ways}</dt>
                  <dd>
                    <ol class="ways">
                      {answer.ways.map(({ method, url }, index) => (
                        <li key={index}>
                          {nameOf("method", method)}
                          {url ? <span class="mono soft small break">{url}</span> : null}
                        </li>
                      ))}
                    </ol>
                  </dd>
                </>
              ) : null}
              <dt>{t.rule}</dt>
              <dd class="mono small break">{answer.rule}</dd>
            </dl>
          ) : null}
        </div>
        {told ? (
          <Phone
            stream={stream}
            slug={slug}
            shortUrl={link.shortUrl}
            visitor={told.of}
            explanation={told.explained}
            edited={edited}
          />
        ) : (
          <Waiting />
        )}
      </div>
    </section>
  );
}
