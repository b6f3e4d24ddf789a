/** @module What a visitor would get, as a phone shows it: the page itself in a frame, or where a redirect or a chat's card has no page. */
import type { JSX } from "preact";
import type { Explanation, Stream } from "../lib/client.ts";
import { addressOf, nameOf } from "../lib/names.ts";
import { linkPath } from "../lib/paths.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import type { AsVisitor } from "../lib/visitors.ts";
import { Gate } from "./icons.tsx";

const texts = {
  "zh-CN": {
    straight: "不经过页面，直接跳转",
    preview: "聊天里显示的链接卡片，不计入浏览",
    page: "访客看到的页面（点击无效，不计数）",
  },
  en: {
    straight: "Redirected at once, without a page",
    preview: "The card that the chat shows; not a view",
    page: "The page that the visitor sees; its links lead nowhere, nothing is counted",
  },
};

interface PhoneProps {
  stream: Stream;
  slug: string;
  shortUrl: string;
  visitor: AsVisitor;
  explanation: Explanation;
  /** Changes when something was edited: the page is asked for again. */
  edited: number;
}

export function Phone(props: PhoneProps): JSX.Element {
  const { shortUrl, explanation } = props;
  const { os } = explanation.visitor;
  const isDesk = os === "windows" || os === "macos" || os === "linux";
  return (
    <div class={`phone ${isDesk ? "desk" : ""}`} data-action={explanation.action}>
      <div class="phone-top" aria-hidden="true">
        <span class="mono">{addressOf(shortUrl)}</span>
      </div>
      <Screen {...props} />
    </div>
  );
}

function Screen({ stream, slug, visitor, explanation, edited }: PhoneProps): JSX.Element {
  const t = inLanguage(texts);
  switch (explanation.action) {
    case "redirect":
      return (
        <div class="phone-screen phone-app">
          <Gate />
          <b>{nameOf("destination", explanation.destination)}</b>
          <span class="soft small">{t.straight}</span>
          <span class="mono small break">{explanation.location}</span>
        </div>
      );
    case "preview":
      return (
        <div class="phone-screen phone-chat">
          <div class="phone-bubble">
            <b>{stream.title}</b>
            <span class="soft small">{stream.host}</span>
            <Picture stream={stream} slug={slug} />
          </div>
          <span class="soft small">{t.preview}</span>
        </div>
      );
    case "page":
    case "gone": {
      const query = new URLSearchParams({ ...visitor, language: language.value });
      const source = `${linkPath(slug)}/page?${query}`;
      return (
        <iframe
          key={`${source} ${edited}`}
          class="phone-page"
          title={t.page}
          sandbox="allow-scripts"
          src={source}
        />
      );
    }
  }
}

function Picture({ stream, slug }: { stream: Stream; slug: string }): JSX.Element {
  return stream.cover ? (
    <img class="phone-cover" src={`/${slug}/cover?v=${stream.cover}`} alt="" />
  ) : (
    <div class="phone-cover phone-gate" aria-hidden="true" />
  );
}
