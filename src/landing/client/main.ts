/**
 * @module What runs on the landing page: reports that it was seen, makes the buttons open the app
 * itself, copies, and reports whether the app took over. Without it every button goes through /go.
 */

interface PageData {
  slug: string;
  token: string;
  copied: string;
  copyFailed: string;
}

/** A page hidden within this after a tap was most likely left for the app, in ms. */
const leaveWindow = 2_500;

const data = JSON.parse(document.getElementById("data")?.textContent ?? "{}") as PageData;

function report(type: string, way?: number): void {
  const body = JSON.stringify({ type, token: data.token, way });
  const url = `/${data.slug}/events`;
  if (!navigator.sendBeacon?.(url, body)) {
    void fetch(url, { method: "POST", body, keepalive: true }).catch(() => undefined);
  }
}

let tapped: { way: number; at: number } | undefined;

function onHidden(): void {
  if (tapped && Date.now() - tapped.at <= leaveWindow) report("leave", tapped.way);
  tapped = undefined;
}

function reportSeen(): void {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", reportSeen);
  report("rendered");
}

for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-url]")) {
  const way = Number(link.dataset.way);
  link.href = link.dataset.url ?? link.href;
  link.addEventListener("click", () => {
    tapped = { way, at: Date.now() };
    report("click", way);
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
  const text = document.getElementById("share-text");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(text);
    button.textContent = done ? data.copied : data.copyFailed;
    if (done) report("copy", Number(button.dataset.way));
    else text?.classList.add("shown");
  });
}

async function copy(text: HTMLElement | null): Promise<boolean> {
  if (!text) return false;
  try {
    await navigator.clipboard.writeText(text.textContent ?? "");
    return true;
  } catch {
    // Older web-views have no clipboard API, or refuse it: select the text and ask the browser.
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
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") onHidden();
});
addEventListener("pagehide", onHidden);
document.addEventListener("visibilitychange", reportSeen);
reportSeen();
