/** @module Orders of all streams: import a file, see them by state, book those that fit no link. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { inLanguage } from "../lib/prefs.ts";
import { may } from "../lib/session.ts";
import { texts as common } from "../lib/texts.ts";
import { useTitle } from "../ui/title.ts";
import { ImportOrders } from "./import-orders.tsx";
import { OrderList } from "./order-list.tsx";

export function OrdersPage(): JSX.Element {
  const { nav } = inLanguage(common);
  useTitle(nav.orders);
  const [imports, setImports] = useState(0);
  return (
    <div class="stack">
      <h1>{nav.orders}</h1>
      {may("conversions:write") ? (
        <ImportOrders onImported={() => setImports((count) => count + 1)} />
      ) : null}
      <OrderList times={imports} />
    </div>
  );
}
