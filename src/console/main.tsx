/** @module Starts the console: what was chosen, who is signed in, then the pages. A read-only link has its page alone. */
import { render } from "preact";
import { App } from "./app.tsx";
import { applyPrefs } from "./lib/prefs.ts";
import { keepSession, readSession, session } from "./lib/session.ts";
import { Shared } from "./pages/shared.tsx";

applyPrefs();
const root = document.getElementById("app");
// What the page has until now: the shell, under its own few styles.
root?.replaceChildren();
const token = /^\/s\/([\w-]+)/.exec(location.pathname)?.[1];
if (root && token) render(<Shared token={token} />, root);
else if (root) {
  render(<App />, root);
  readSession().catch(() => {
    session.value = null;
  });
  keepSession();
}
