/** @module The console's pages and the frame around them. */
import type { JSX } from "preact";
import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import { inLanguage } from "./lib/prefs.ts";
import { hasEnded, session } from "./lib/session.ts";
import { texts } from "./lib/texts.ts";
import { NewStream } from "./pages/new.tsx";
import { NotifiersPage } from "./pages/notifiers.tsx";
import { OrdersPage } from "./pages/orders.tsx";
import { Settings } from "./pages/settings.tsx";
import { SignIn, SignInAgain } from "./pages/sign-in.tsx";
import { StreamPage } from "./pages/stream.tsx";
import { Streams } from "./pages/streams.tsx";
import { TotalsPage } from "./pages/totals.tsx";
import { Wall } from "./pages/wall.tsx";
import { Bar } from "./ui/bar.tsx";
import { Empty, Waiting } from "./ui/basics.tsx";
import { later } from "./ui/later.tsx";
import { ServiceNotice } from "./ui/service-notice.tsx";
import { useTitle } from "./ui/title.ts";
import { Toasts } from "./ui/toast.tsx";
import { Unsaved } from "./ui/unsaved.tsx";

/** What a live-ops lead does not open in a broadcast is not in what a board loads. */
const AuditPage = later(async () => (await import("./pages/audit.tsx")).AuditPage);
const KeysPage = later(async () => (await import("./pages/keys.tsx")).KeysPage);
const CreatorsPage = later(async () => (await import("./pages/creators.tsx")).CreatorsPage);
const Settlements = later(async () => (await import("./pages/settlements.tsx")).SettlementsPage);
const SettlementSheet = later(async () => (await import("./pages/settlement.tsx")).SettlementPage);
const ConnectionsPage = later(
  async () => (await import("./pages/connections.tsx")).ConnectionsPage,
);

/** As the page has it before its script runs (index.html), until it is known who is signed in. */
function Shell(): JSX.Element {
  return (
    <>
      <header class="bar">
        <div class="bar-in">
          <span class="brand">
            <b>Moongate</b> <span>月门</span>
          </span>
        </div>
      </header>
      <main>
        <Waiting lines={3} />
      </main>
    </>
  );
}

export function App(): JSX.Element {
  const who = session.value;
  if (who === undefined) return <Shell />;
  return (
    <LocationProvider scope="/console">
      {who === null ? <SignIn /> : <Pages />}
      {who !== null && hasEnded.value ? <SignInAgain /> : null}
      {who !== null ? <Unsaved /> : null}
      <Toasts />
    </LocationProvider>
  );
}

function Pages(): JSX.Element {
  const { path } = useLocation();
  const t = inLanguage(texts);
  if (path.endsWith("/wall")) {
    return (
      <Router>
        <Route path="/console/streams/:id/wall" component={Wall} />
        <Route default component={Missing} />
      </Router>
    );
  }
  return (
    <>
      <a class="skip" href="#main">
        {t.skip}
      </a>
      <Bar />
      <ServiceNotice />
      <main id="main" tabIndex={-1}>
        <Router>
          <Route path="/console/" component={Streams} />
          <Route path="/console/streams" component={Streams} />
          <Route path="/console/new" component={NewStream} />
          <Route path="/console/streams/:id/:tab?" component={StreamPage} />
          <Route path="/console/totals" component={TotalsPage} />
          <Route path="/console/promoters" component={CreatorsPage} />
          <Route path="/console/orders" component={OrdersPage} />
          <Route path="/console/settlements" component={Settlements} />
          <Route path="/console/settlements/:id" component={SettlementSheet} />
          <Route path="/console/connections" component={ConnectionsPage} />
          <Route path="/console/notifiers" component={NotifiersPage} />
          <Route path="/console/keys" component={KeysPage} />
          <Route path="/console/audit" component={AuditPage} />
          <Route path="/console/settings" component={Settings} />
          <Route default component={Missing} />
        </Router>
      </main>
    </>
  );
}

function Missing(): JSX.Element {
  const t = inLanguage(texts);
  useTitle(t.missing);
  return (
    <Empty title={t.missing} isPage>
      <p>{t.missingHint}</p>
      <a class="btn" href="/console/">
        {t.toStreams}
      </a>
    </Empty>
  );
}
