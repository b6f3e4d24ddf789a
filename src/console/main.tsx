/** @module Starts the console: what was chosen, who is signed in, then the pages. */
import { render } from "preact";
import { App } from "./app.tsx";
import { applyPrefs } from "./lib/prefs.ts";
import { keepSession, readRoutes, readSession, session } from "./lib/session.ts";

applyPrefs();
const root = document.getElementById("app");
if (root) {
  render(<App />, root);
  readSession().catch(() => {
    session.value = null;
  });
  keepSession();
  void readRoutes().catch(() => undefined);
}
