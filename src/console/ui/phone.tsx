/** @module What a visitor would get, drawn as a phone, by the landing page's own words. */
import type { JSX } from "preact";
import { texts as landingTexts } from "../../landing/text.ts";
import { platformOf } from "../../platforms/registry/edge.ts";
import type { Explanation, Stream } from "../lib/client.ts";
import { moment } from "../lib/format.ts";
import { addressOf, nameOf } from "../lib/names.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import { Gate } from "./icons.tsx";

const texts = {
  "zh-CN": {
    straight: "不经过页面，直接跳转",
    preview: "聊天里显示的链接卡片，不计入浏览",
    gone: "链接已失效页",
    address: "短链接",
  },
  en: {
    straight: "Redirected at once, without a page",
    preview: "The card that the chat shows; not a view",
    gone: "The page of a link that is gone",
    address: "Short link",
  },
};

interface PhoneProps {
  stream: Stream;
  slug: string;
  shortUrl: string;
  explanation: Explanation;
}

export function Phone({ stream, slug, shortUrl, explanation }: PhoneProps): JSX.Element {
  const { os } = explanation.visitor;
  const isDesk = os === "windows" || os === "macos" || os === "linux";
  return (
    <div class={`phone ${isDesk ? "desk" : ""}`} data-action={explanation.action}>
      <div class="phone-top" aria-hidden="true">
        <span class="mono">{addressOf(shortUrl)}</span>
      </div>
      <div class="phone-screen">
        <Screen stream={stream} slug={slug} explanation={explanation} />
      </div>
    </div>
  );
}

function Screen({ stream, slug, explanation }: Omit<PhoneProps, "shortUrl">): JSX.Element {
  const t = inLanguage(texts);
  const words = landingTexts[language.value];
  switch (explanation.action) {
    case "redirect":
      return (
        <div class="phone-app">
          <Gate />
          <b>{nameOf("destination", explanation.destination)}</b>
          <span class="soft small">{t.straight}</span>
          <span class="mono small break">{explanation.location}</span>
        </div>
      );
    case "preview":
      return (
        <div class="phone-chat">
          <div class="phone-bubble">
            <b>{stream.title}</b>
            <span class="soft small">{stream.host}</span>
            <Picture stream={stream} slug={slug} />
          </div>
          <span class="soft small">{t.preview}</span>
        </div>
      );
    case "gone":
      return (
        <div class="phone-app">
          <Gate />
          <b>{words.gone}</b>
          <span class="soft small">{words.goneHint}</span>
        </div>
      );
    case "page":
      return (
        <div class="phone-card">
          <div class="phone-hero">
            <Picture stream={stream} slug={slug} />
            <span class={`phone-phase ${explanation.phase}`}>{words[explanation.phase]}</span>
          </div>
          <div class="phone-body">
            <b class="phone-title">{stream.title}</b>
            {stream.host ? (
              <span class="soft small">
                {words.host} · {stream.host}
              </span>
            ) : null}
            {explanation.phase === "upcoming" && stream.startsAt ? (
              <span class="soft small">
                {words.startsAt} · {moment(stream.startsAt, stream.timezone)}
              </span>
            ) : null}
            {explanation.destination ? (
              <Ways explanation={explanation} stream={stream} slug={slug} />
            ) : (
              <span class="soft small">{words.endedHint}</span>
            )}
            {explanation.phase === "upcoming" && stream.startsAt ? (
              <span class="phone-way">{words.calendar}</span>
            ) : null}
          </div>
        </div>
      );
  }
}

function Picture({ stream, slug }: { stream: Stream; slug: string }): JSX.Element {
  return stream.cover ? (
    <img class="phone-cover" src={`/${slug}/cover?v=${stream.cover}`} alt="" />
  ) : (
    <div class="phone-cover phone-gate" aria-hidden="true" />
  );
}

interface WaysProps {
  explanation: Explanation;
  stream: Stream;
  slug: string;
}

/** The same choice as src/landing/ways.ts makes: the first way that opens something is the big button. */
function Ways({ explanation, stream, slug }: WaysProps): JSX.Element {
  const words = landingTexts[language.value];
  const { ways, phase, visitor } = explanation;
  const { label } = platformOf(explanation.destination ?? "web");
  const app = language.value === "en" ? label.en : label.zh;
  const destination = stream.destinations.find(
    ({ platform }) => platform === explanation.destination,
  );
  const primary =
    ways[0]?.method === "guide"
      ? -1
      : ways.findIndex(
          ({ method, url }) => url !== undefined && method !== "qr" && method !== "store",
        );
  const caption = () => {
    if (phase === "ended") return destination?.replay ? words.watchReplay(app) : words.goOn;
    return phase === "upcoming" ? words.visit(app) : words.open(app);
  };
  const shown = (method: Explanation["ways"][number]["method"], text: string | undefined) => {
    if (method === "web") return words.openWeb;
    if (method === "mini-program") return words.miniProgram;
    if (method === "guide") return words.guide;
    if (method !== "copy") return words.openApp(app);
    if (destination?.shareText) return words.copy;
    return text?.startsWith("http") ? words.copyLink : words.copyName;
  };
  return (
    <>
      {ways.map(({ method, text }, index) => {
        const key = `${method} ${index}`;
        if (index === primary) {
          return (
            <span key={key} class="phone-go">
              {caption()}
            </span>
          );
        }
        if (method === "guide" && index === 0) {
          return (
            <span key={key} class="phone-guide">
              {words.guideWhere} ··· {words.guideChoose(words.guideEntry(visitor.app))}
            </span>
          );
        }
        if (method === "qr") {
          return <img key={key} class="phone-qr" src={`/${slug}/qr.svg`} alt={words.qr} />;
        }
        if (method === "store") {
          return (
            <span key={key} class="soft small">
              {words.store(app)}
            </span>
          );
        }
        return (
          <span key={key} class="phone-way" title={text}>
            {shown(method, text)}
          </span>
        );
      })}
    </>
  );
}
