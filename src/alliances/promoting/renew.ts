/** @module Promoted links that end are made anew a week before, where their platform allows it. */
import type { EndingLink } from "../../catalog/promoting.ts";
import { phaseOfStored } from "../../model/phase.ts";
import { type PromotePorts, promote } from "./promote.ts";

export interface RenewPorts extends PromotePorts {
  /** Links with a promoted destination that ends between these, UTC ms. */
  ending: (from: number, to: number, atMost: number) => Promise<EndingLink[]>;
}

/** So long before its end; a day later robots hear of one that could not be renewed. */
const aheadMs = 8 * 86_400_000;
/** Links of one look. */
const linksAtMost = 200;
/** Who did it, in the audit log. */
const by = "system";

/** Makes anew what ends soon, of every connection that can. A link that can't be promoted any more stays as it is. */
export async function renewEnding(ports: RenewPorts, isOver: () => boolean): Promise<void> {
  const { store, adapterOf, now } = ports;
  const at = now();
  const renewable = new Set(
    store.connections().flatMap(({ id, alliance, enabled, stoppedAt }) => {
      const { promotions } = adapterOf(alliance);
      return promotions?.isRenewable && enabled && stoppedAt === null ? [id] : [];
    }),
  );
  if (renewable.size === 0) return;
  const ending = (await ports.ending(at, at + aheadMs, linksAtMost)).filter(
    ({ connection, isOfLink }) => isOfLink && renewable.has(connection),
  );
  const groups = Map.groupBy(ending, ({ connection, streamId }) => `${connection} ${streamId}`);
  for (const links of groups.values()) {
    const [{ connection = "", streamId = "" } = {}] = links;
    if (isOver()) return;
    const stream = await ports.catalog.stream(streamId);
    // A room that is closed is opened by no link any more.
    const hasEnded = stream.ok && phaseOfStored(stream.value, at) === "ended";
    const useful = links.filter(({ kind }) => !hasEnded || kind !== "live");
    if (useful.length === 0) continue;
    const slugs = useful.map(({ slug }) => slug);
    await promote(
      ports,
      connection,
      { streamId, slugs, isReplaced: true, isDryRun: false, endsAt: null, by },
      isOver,
    );
  }
}
