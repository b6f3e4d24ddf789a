/** @module The bar at the top: the brand, the pages, language, theme, sign out. */
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { inLanguage, isDark, language, theme } from "../lib/prefs.ts";
import { may } from "../lib/session.ts";
import { texts } from "../lib/texts.ts";
import { Gate, Icon } from "./icons.tsx";
import { leave } from "./unsaved.tsx";

export function Bar(): JSX.Element {
  const t = inLanguage(texts);
  const { path } = useLocation();
  const isIn = (prefix: string) => path.startsWith(prefix);
  const isStreams =
    isIn("/console/streams") ||
    isIn("/console/new") ||
    isIn("/console/totals") ||
    /^\/console\/?$/.test(path);
  const pages: [string, string, boolean, boolean][] = [
    ["/console/", t.nav.streams, isStreams, true],
    ["/console/promoters", t.nav.promoters, isIn("/console/promoters"), may("links:read")],
    ["/console/orders", t.nav.orders, isIn("/console/orders"), may("stats:read")],
    ["/console/settlements", t.nav.settlements, isIn("/console/settlements"), may("stats:read")],
    ["/console/connections", t.nav.connections, isIn("/console/connections"), may("admin")],
    ["/console/notifiers", t.nav.notifiers, isIn("/console/notifiers"), may("admin")],
    ["/console/keys", t.nav.keys, isIn("/console/keys"), may("admin")],
    ["/console/audit", t.nav.audit, isIn("/console/audit"), may("admin")],
    ["/console/settings", t.nav.settings, isIn("/console/settings"), true],
  ];
  return (
    <header class="bar">
      <div class="bar-in">
        <a class="brand" href="/console/" aria-label="Moongate 月门">
          <Gate />
          <b>Moongate</b>
          <span>月门</span>
        </a>
        <nav class="nav" aria-label={t.nav.main}>
          {pages.map(([href, name, isCurrent, isThere]) =>
            isThere ? (
              <a key={href} href={href} aria-current={isCurrent ? "page" : undefined}>
                {name}
              </a>
            ) : null,
          )}
        </nav>
        <div class="bar-end">
          <LanguageButton />
          <ThemeButton />
          <button
            type="button"
            class="btn quiet small"
            onClick={leave}
            aria-label={t.signOut}
            title={t.signOut}
          >
            <Icon name="out" />
          </button>
        </div>
      </div>
    </header>
  );
}

export function LanguageButton(): JSX.Element {
  const other = language.value === "en" ? "zh-CN" : "en";
  return (
    <button
      type="button"
      class="btn quiet small"
      lang={other}
      onClick={() => {
        language.value = other;
      }}
    >
      {inLanguage(texts).otherLanguage}
    </button>
  );
}

export function ThemeButton(): JSX.Element {
  const t = inLanguage(texts);
  const name = isDark.value ? t.toLight : t.toDark;
  return (
    <button
      type="button"
      class="btn quiet small"
      aria-label={name}
      title={name}
      onClick={() => {
        theme.value = isDark.value ? "light" : "dark";
      }}
    >
      <Icon name={isDark.value ? "sun" : "moon"} />
    </button>
  );
}
