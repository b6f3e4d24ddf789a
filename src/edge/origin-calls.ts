/**
 * @module What an edge elsewhere asks of its origin, over HTTPS and signed (http/edge-signature.ts): addresses and bodies,
 * the same for who asks and who answers.
 */
import type { Batch } from "../counting/batch.ts";

const below = "/api/edge";

/** The body of each `POST`, and what comes back; times are UTC ms. */
export interface Calls {
  /** Adds a batch, once however often it is sent; comes back with the acknowledgement of counting/batch.ts. */
  batches: { batch: Batch; known: number };
  /** Keeps a batch that its Counter did not take in time, a producer's last; `at` is when it was given up. */
  spills: { batch: Batch; at: number };
  /** The salt of an epoch of a stream, {@link SaltAnswer}. */
  salts: { streamId: string; epoch: string; endsAt: number };
}

export interface SaltAnswer {
  /** In base64; `null` once the epoch is over. */
  salt: { epoch: string; value: string } | null;
}

export const callPath = (call: keyof Calls): string => `${below}/${call}`;
/** Answers with its records (store-port.ts). */
export const linkPath = (slug: string): string => `${below}/links/${slug}`;
/** @param key of model/edge-records.ts */
export const coverPath = (
  key: string,
  written: (key: string) => string = encodeURIComponent,
): string => `${below}/covers/${written(key)}`;
/** Answers whoever is known, with the version that runs there. */
export const helloPath = `${below}/hello`;

/** The code of a problem that says the origin has nothing of that name. */
export const nothingCode = "edge_not_found";
/** The code of a problem that says a Counter is overloaded: batches are to be larger and fewer. */
export const overloadedCode = "counter_overloaded";
