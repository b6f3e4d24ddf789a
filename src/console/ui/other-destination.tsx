/** @module Destinations that have no link to paste: a WeChat mini program's page, and a Channels account. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Pasted } from "../lib/drafts.ts";
import { inLanguage } from "../lib/prefs.ts";
import { TextField } from "./fields.tsx";

const texts = {
  "zh-CN": {
    head: "添加微信小程序或视频号",
    miniProgram: "小程序",
    appId: "小程序 AppID",
    appIdHint: "wx 加 16 位十六进制，在小程序后台“开发管理”里",
    path: "页面路径",
    pathHint: "如 pages/live/index",
    query: "参数（可不填）",
    channels: "视频号",
    finder: "视频号 ID",
    finderHint: "sph 开头，在视频号助手“设置”里",
    add: (name: string) => `添加${name}`,
  },
  en: {
    head: "Add a WeChat mini program or a Channels account",
    miniProgram: "mini program",
    appId: "AppID of the mini program",
    appIdHint: "wx and 16 hexadecimal digits, as its console says",
    path: "Page",
    pathHint: "Such as pages/live/index",
    query: "Query (may be empty)",
    channels: "Channels account",
    finder: "Channels id",
    finderHint: "Begins with sph, as the Channels assistant says",
    add: (name: string) => `Add ${name}`,
  },
};

const none: Pick<Pasted, "platform" | "text" | "warnings"> = {
  platform: "wechat",
  text: "",
  warnings: [],
};

/** The API says what is wrong with one, once it is saved. */
export function OtherDestination({ onAdd }: { onAdd: (one: Pasted) => void }): JSX.Element {
  const t = inLanguage(texts);
  const [appId, setAppId] = useState("");
  const [path, setPath] = useState("");
  const [query, setQuery] = useState("");
  const [finder, setFinder] = useState("");
  const addMiniProgram = () => {
    const page = { path: path.trim(), ...(query.trim() ? { query: query.trim() } : {}) };
    const id = appId.trim();
    onAdd({ ...none, kind: "miniprogram", id, miniProgram: { appId: id, ...page } });
    setAppId("");
    setPath("");
    setQuery("");
  };
  const addChannels = () => {
    const id = finder.trim();
    onAdd({ ...none, kind: "live", id, finderUserName: id });
    setFinder("");
  };
  return (
    <details>
      <summary>{t.head}</summary>
      <div class="stack tight">
        <TextField isCode label={t.appId} hint={t.appIdHint} value={appId} onInput={setAppId} />
        <div class="grid2">
          <TextField isCode label={t.path} hint={t.pathHint} value={path} onInput={setPath} />
          <TextField isCode label={t.query} value={query} onInput={setQuery} />
        </div>
        <div>
          <button
            type="button"
            class="btn small"
            disabled={appId.trim() === "" || path.trim() === ""}
            onClick={addMiniProgram}
          >
            {t.add(t.miniProgram)}
          </button>
        </div>
        <TextField isCode label={t.finder} hint={t.finderHint} value={finder} onInput={setFinder} />
        <div>
          <button
            type="button"
            class="btn small"
            disabled={finder.trim() === ""}
            onClick={addChannels}
          >
            {t.add(t.channels)}
          </button>
        </div>
      </div>
    </details>
  );
}
