/** @module A button that copies a text, and says so. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { inLanguage } from "../lib/prefs.ts";
import { texts } from "../lib/texts.ts";
import { Icon } from "./icons.tsx";
import { say } from "./toast.tsx";

/** @returns whether the browser took it: a page without focus or https may not write the clipboard */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

interface CopyProps {
  /** What is copied, or how to get it. */
  text: string | (() => string | Promise<string>);
  label: string;
  /** Only the icon is shown; the label is for readers. */
  bare?: boolean;
  kind?: string;
}

export function Copy({ text, label, bare, kind = "small" }: CopyProps): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const t = inLanguage(texts);
  const act = async () => {
    const isTaken = await copyText(typeof text === "string" ? text : await text());
    say(isTaken ? t.copied : t.copyFailed);
    setCopied(isTaken);
    setTimeout(() => setCopied(false), 1_600);
  };
  return (
    <button
      type="button"
      class={`btn ${kind}${bare ? " quiet" : ""}`}
      onClick={() => void act()}
      {...(bare ? { "aria-label": label, title: label } : {})}
    >
      <Icon name={isCopied ? "check" : "copy"} />
      {bare ? null : label}
    </button>
  );
}
