/** @module Connections: accounts of alliances whose orders come by themselves; how far each is, what failed and what to do. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { client } from "../lib/client.ts";
import { type Connection, isPulling } from "../lib/connections.ts";
import { connectionPath } from "../lib/paths.ts";
import { useNow, usePoll } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { useSaved } from "../lib/saved.ts";
import { texts as common } from "../lib/texts.ts";
import { Empty } from "../ui/basics.tsx";
import { Pending } from "../ui/polled.tsx";
import { useTitle } from "../ui/title.ts";
import { AddConnection } from "./add-connection.tsx";
import { ConnectionCard } from "./connection-card.tsx";
import { connectionTexts } from "./connections.text.ts";

/** Milliseconds between two looks: while one is pulled, and else. */
const pullingEvery = 1_500;
const restingEvery = 10_000;

export function ConnectionsPage(): JSX.Element {
  const t = inLanguage(connectionTexts);
  const words = inLanguage(common);
  useTitle(words.nav.connections);
  const now = useNow(1_000);
  const [isWatched, setWatched] = useState(false);
  const polled = usePoll<{ data: Connection[] }>(
    "connections",
    (headers) => client.api.connections.$get({ query: { limit: "200" } }, { headers }),
    isWatched ? pullingEvery : restingEvery,
  );
  const { data, refresh } = polled;
  useSaved((path) => {
    if (path.startsWith(connectionPath(""))) refresh();
  });
  const isAny = data?.data.some((one) => isPulling(one, now)) ?? false;
  if (data && isAny !== isWatched) setWatched(isAny);
  return (
    <div class="narrow stack">
      <div>
        <h1>{words.nav.connections}</h1>
        <p class="soft">{t.intro}</p>
      </div>
      {data ? null : <Pending polled={polled} />}
      {data?.data.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} now={now} onChange={refresh} />
      ))}
      {data?.data.length === 0 ? (
        <div class="card">
          <Empty small title={t.none} />
        </div>
      ) : null}
      <AddConnection onMade={refresh} />
    </div>
  );
}
