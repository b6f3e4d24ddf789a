/** @module Copying: by the clipboard where it is allowed, else by selecting the text for the viewer's hand. */
import { data } from "./page.ts";
import { report } from "./report.ts";

export function wireCopying(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const text = document.getElementById(button.dataset.copy ?? "");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const isCopied = text !== null && (await copy(text));
      button.textContent = isCopied ? (button.dataset.copied ?? "") : data.text.copyFailed;
      button.classList.toggle("done", isCopied);
      if (isCopied) report("copy", Number(button.dataset.way));
      else text?.classList.add("shown");
    });
  }
}

async function copy(text: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text.textContent ?? "");
    return true;
  } catch {
    return copySelected(text);
  }
}

/** Older web-views have no clipboard API, or refuse it. */
function copySelected(text: HTMLElement): boolean {
  text.classList.add("shown");
  const range = document.createRange();
  range.selectNodeContents(text);
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}
