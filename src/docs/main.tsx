/** @module The API's page: reads this service's own document, and asks this service. */
import { type JSX, render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Call, groupsOf, isMeant, type OpenApi } from "./document.ts";
import { OperationView } from "./operation.tsx";
import { type Language, words } from "./words.ts";

/** As the console keeps it. */
const languageKey = "moongate.language";

function languageNow(): Language {
  const kept = localStorage.getItem(languageKey);
  if (kept === "zh-CN" || kept === "en") return kept;
  return /^zh\b/i.test(navigator.language) ? "zh-CN" : "en";
}

function Page(): JSX.Element {
  const [language, setLanguage] = useState(languageNow);
  const [document, setDocument] = useState<OpenApi | null>();
  const [search, setSearch] = useState("");
  const [key, setKey] = useState("");
  const [opened, setOpened] = useState(location.hash.slice(1));
  const t = words[language];
  useEffect(() => {
    globalThis.document.documentElement.lang = language;
    globalThis.document.title = `Moongate ${t.title}`;
  }, [language, t]);
  useEffect(() => {
    fetch("/openapi.json")
      .then((answer) => answer.json() as Promise<OpenApi>)
      .then(setDocument, () => setDocument(null));
    const onHash = () => setOpened(location.hash.slice(1));
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);
  const groups = useMemo(
    () => (document ? groupsOf(document) : new Map<string, Call[]>()),
    [document],
  );
  const found = [...groups].flatMap(([name, calls]) => {
    const meant = calls.filter((call) => isMeant(call, search));
    return meant.length > 0 ? [{ name, calls: meant }] : [];
  });
  const choose = () => {
    const next = language === "en" ? "zh-CN" : "en";
    localStorage.setItem(languageKey, next);
    setLanguage(next);
  };
  return (
    <>
      <header>
        <a href="/" class="brand">
          Moongate <span lang="zh-CN">月门</span>
        </a>
        <h1>
          {t.title} <small>{document?.info.version}</small>
        </h1>
        <nav>
          <a href="/console/">{t.console}</a>
          <a href="/openapi.json">openapi.json</a>
          <button type="button" onClick={choose} lang={language === "en" ? "zh-CN" : "en"}>
            {t.other}
          </button>
        </nav>
      </header>
      <main>
        {document === null ? <p role="alert">{t.unread}</p> : null}
        {document ? (
          <>
            <p>{document.info.description}</p>
            <div class="tools">
              <label>
                {t.search}
                <input
                  type="search"
                  value={search}
                  onInput={(event) => setSearch(event.currentTarget.value)}
                />
              </label>
              <label>
                {t.key}
                <input
                  type="password"
                  autocomplete="off"
                  value={key}
                  aria-describedby="key-hint"
                  onInput={(event) => setKey(event.currentTarget.value.trim())}
                />
                <small id="key-hint">{t.keyHint}</small>
              </label>
            </div>
            {found.length === 0 ? <p role="status">{t.none}</p> : null}
            {found.map(({ name, calls }) => (
              <section key={name} aria-labelledby={`group-${name}`}>
                <h2 id={`group-${name}`}>{name}</h2>
                {calls.map((call) => (
                  <OperationView
                    key={call.id}
                    document={document}
                    call={call}
                    apiKey={key}
                    isLinked={opened === call.id}
                    t={t}
                  />
                ))}
              </section>
            ))}
          </>
        ) : null}
      </main>
    </>
  );
}

const root = globalThis.document.getElementById("docs");
if (root) {
  root.textContent = "";
  render(<Page />, root);
}
