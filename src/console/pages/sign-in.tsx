/** @module Sign in with an API key, which is sent once and kept nowhere in the browser. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem } from "../lib/client.ts";
import { inLanguage } from "../lib/prefs.ts";
import { saves } from "../lib/saves.ts";
import { NotKept, signIn } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { LanguageButton, ThemeButton } from "../ui/bar.tsx";
import { Field } from "../ui/basics.tsx";
import { Gate } from "../ui/icons.tsx";
import { useTitle } from "../ui/title.ts";
import { leave } from "../ui/unsaved.tsx";

const texts = {
  "zh-CN": {
    title: "登录",
    tagline: "每场直播、每位推广者一个短链接，每次访问都被准确计数。",
    key: "API 密钥",
    hint: "即 ADMIN_KEY，或管理员为您创建的密钥。密钥只发送一次，不会保存在浏览器里。",
    submit: "登录",
    wrong: "密钥不对，请检查是否完整。",
    slow: "尝试次数过多，请稍等片刻再试。",
    notKept:
      "密钥正确，但浏览器没有保存登录信息：请允许本站使用 Cookie，并通过 https 打开此页面（在本机上也可用 http://localhost）。",
    failed: "连接不上服务，请稍后再试。",
    again: "登录已过期，请再次输入密钥",
    againHint: "页面和您填写的内容都还在；登录后没有保存的修改会继续保存。",
  },
  en: {
    title: "Sign in",
    tagline: "One short link per livestream and promoter, every view and click counted.",
    key: "API key",
    hint: "ADMIN_KEY, or a key that an administrator made for you. It is sent once and not kept in the browser.",
    submit: "Sign in",
    wrong: "This key is not valid. Is it complete?",
    slow: "Too many tries. Wait a moment.",
    notKept:
      "The key is right, but the browser did not keep the sign-in: allow cookies for this site, and open it over https (on this machine http://localhost does too).",
    failed: "The service can’t be reached. Try again in a moment.",
    again: "Your session has ended: enter the key again",
    againHint:
      "This page and what you typed are as they were; what is not saved yet is saved then.",
  },
};

function reasonOf(error: unknown): "notKept" | "slow" | "failed" | "wrong" {
  if (error instanceof NotKept) return "notKept";
  const status = error instanceof ApiProblem ? error.status : 0;
  if (status === 429) return "slow";
  return status === 0 || status >= 500 ? "failed" : "wrong";
}

/** Over the pages as they are, whose session has ended. */
export function SignInAgain(): JSX.Element {
  const t = inLanguage(texts);
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} aria-labelledby="again" onCancel={(event) => event.preventDefault()}>
      <div class="stack">
        <div>
          <h2 id="again">{t.again}</h2>
          <p class="soft">{t.againHint}</p>
        </div>
        <KeyForm onSignedIn={() => saves.retry()} />
        <p>
          <button type="button" class="link" onClick={leave}>
            {inLanguage(common).signOut}
          </button>
        </p>
      </div>
    </dialog>
  );
}

function KeyForm({ onSignedIn }: { onSignedIn?: () => void }): JSX.Element {
  const t = inLanguage(texts);
  const [key, setKey] = useState("");
  const [wrong, setWrong] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (key.trim() === "" || isBusy) return;
    setBusy(true);
    setWrong(undefined);
    try {
      await signIn(key.trim());
      onSignedIn?.();
    } catch (error) {
      setWrong(t[reasonOf(error)]);
      setBusy(false);
    }
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <Field label={t.key} hint={t.hint} wrong={wrong}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            type="password"
            name="key"
            autocomplete="current-password"
            placeholder="mg_…"
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="btn primary" disabled={isBusy}>
        {t.submit}
      </button>
    </form>
  );
}

export function SignIn(): JSX.Element {
  const t = inLanguage(texts);
  useTitle(t.title);
  return (
    <div class="gatehouse">
      <div class="gatehouse-tools">
        <LanguageButton />
        <ThemeButton />
      </div>
      <div class="gatehouse-wall" aria-hidden="true">
        <div class="gatehouse-moon" />
      </div>
      <main class="gatehouse-door">
        <div class="brand">
          <Gate />
          <b>Moongate</b>
          <span>月门</span>
        </div>
        <h1>{t.title}</h1>
        <p class="soft">{t.tagline}</p>
        <KeyForm />
      </main>
    </div>
  );
}
