/**
 * @module How a lane's batches reach a Counter from elsewhere: each is a request to the origin, which hands it to the
 * Counter. The protocol is that of counting/isolate/transport.ts, and so is why it counts exactly: one batch in flight,
 * named (producer, seq), sent again until it is acknowledged.
 */
import type { Ack, Batch } from "../counting/batch.ts";
import type { Epoch } from "../counting/epoch.ts";
import type { Transport } from "../counting/isolate/transport.ts";
import type { SaltAnswer } from "../edge/origin-calls.ts";
import { fromBase64 } from "../lib/hash.ts";
import { noneOfMoongate, type Origin } from "./origin.ts";

/** What there is beside the origin. */
export interface Ways {
  /** How many requests a driver may make in the request that it lives on; left out: any number. */
  callsAtMost?: number | undefined;
  /** Keeps on this process's own disk what the origin did not take. */
  keep?: ((batch: Batch) => Promise<void>) | undefined;
}

const statuses: readonly string[] = ["added", "duplicate", "gap"];

/**
 * While the origin does not answer, ms that a strict batch has before it is kept on this process's own disk: a way that is
 * long takes some hundreds.
 */
const attemptWhileAway = 1_000;

export function transportTo(
  origin: Origin,
  streamId: string,
  { callsAtMost, keep }: Ways = {},
): Transport {
  const deliver = async (batch: Batch, known: number) => {
    const ack = await origin.call<"batches", Partial<Ack>>("batches", { batch, known });
    if (!statuses.includes(ack.status ?? "")) throw noneOfMoongate();
    return ack as Ack;
  };
  return {
    deliver,
    offer: (batch) => deliver(batch, 0),
    async spill(batch) {
      if (keep) await keep(batch);
      else await spillTo(origin, batch, Date.now());
    },
    attemptWhileAway: keep && attemptWhileAway,
    callsAtMost,
    async salt({ id, endsAt }: Epoch) {
      const body = { streamId, epoch: id, endsAt };
      const { salt } = await origin.call<"salts", Partial<SaltAnswer>>("salts", body);
      if (salt === null) return null;
      if (typeof salt?.epoch !== "string" || !salt.value) throw noneOfMoongate();
      return { epoch: salt.epoch, value: fromBase64(salt.value) };
    },
  };
}

/** Has the origin keep a batch for its sweep. @param at when it was given up, UTC ms */
export async function spillTo(origin: Origin, batch: Batch, at: number): Promise<void> {
  const { kept } = await origin.call<"spills", { kept?: boolean }>("spills", { batch, at });
  if (kept !== true) throw noneOfMoongate();
}
