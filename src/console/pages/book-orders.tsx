/** @module Chosen orders booked on a link by hand, with their ids made the link's where that is wanted; and taken off again. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAttempt } from "../lib/attempt.ts";
import { client, json, type Link } from "../lib/client.ts";
import type { Order } from "../lib/orders.ts";
import { inLanguage } from "../lib/prefs.ts";
import { Failed } from "../ui/basics.tsx";
import { LinkPicker } from "../ui/link-picker.tsx";
import { say } from "../ui/toast.tsx";
import { orderTexts } from "./orders.text.ts";

interface BookProps {
  streamId: string | undefined;
  chosen: readonly Order[];
  onDone: () => void;
}

type Names = Parameters<typeof client.api.conversions.attribute.$post>[0]["json"]["orders"];

const namesOf = (orders: readonly Order[]): Names =>
  orders.map(({ platform, orderId, subOrderId }) => ({
    platform: platform as Names[number]["platform"],
    orderId,
    subOrderId,
  }));

export function BookOrders({ streamId, chosen, onDone }: BookProps): JSX.Element {
  const t = inLanguage(orderTexts);
  const [link, setLink] = useState<Link>();
  const [isRule, setRule] = useState(false);
  const attempt = useAttempt();
  const { isBusy } = attempt;
  const orders = namesOf(chosen);
  const book = async (slug: string | null, rule: boolean) => {
    await json(
      client.api.conversions.attribute.$post({
        json: { orders, slug, ...(rule ? { rule } : {}) },
      }),
    );
    onDone();
  };
  const onto = ({ slug }: Link) =>
    attempt.run(async () => {
      await book(slug, isRule);
      // What a rule brought stays, and what stood elsewhere before is not put back by taking it off.
      const isUndone = !isRule && chosen.every((order) => order.slug === null);
      say(
        t.booked(orders.length),
        isUndone ? { name: t.undo, act: () => book(null, false) } : undefined,
      );
    });
  const off = () =>
    attempt.run(async () => {
      await book(null, false);
      say(t.takenOff(orders.length));
    });
  const isByHand = chosen.every(({ attributedBy }) => attributedBy === "hand");
  return (
    <section class="card pad stack tight" aria-label={t.chosen(chosen.length)}>
      <b role="status">{t.chosen(chosen.length)}</b>
      <LinkPicker
        label={t.to}
        hint={t.toHint}
        none={t.noLink}
        streamId={streamId}
        picked={link}
        onPick={setLink}
      />
      <label class="row tight">
        <input
          type="checkbox"
          checked={isRule}
          onChange={(event) => setRule(event.currentTarget.checked)}
        />
        {t.rule}
      </label>
      <p class="soft small">{t.ruleHint}</p>
      <Failed of={attempt} />
      <div class="row">
        <button
          type="button"
          class="btn primary"
          disabled={isBusy || !link}
          onClick={() => link && void onto(link)}
        >
          {t.book(link?.slug ?? "…")}
        </button>
        {isByHand ? (
          <button type="button" class="btn" disabled={isBusy} onClick={() => void off()}>
            {t.takeOff}
          </button>
        ) : null}
      </div>
    </section>
  );
}
