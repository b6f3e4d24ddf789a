/** @module The thread of the fake gateways, from outside: what it is told, and what it says of each account. */
import { Worker } from "node:worker_threads";
import type { AllianceName } from "../../../src/alliances/adapter.ts";
import type { Sold } from "../../alliances/accounts.ts";
import type { Watched } from "../../alliances/unreliable.ts";

export interface Given {
  /** Of all accounts together. */
  rows: number;
  seed: number;
  /** Of the calls that fail. */
  share: number;
}

export interface Asked {
  /** UTC ms between which all rows changed. */
  fill?: { from: number; to: number };
  /** Something becomes of every so manyth order that was paid. */
  edit?: { every: number; at: number };
}

export interface Told {
  alliance: AllianceName;
  origin: string;
  rows: number;
  credentials: object;
  promotion: object | undefined;
  /** The plain sum of its rows. */
  sold: Sold;
  watched: Watched;
  /** When it was last asked, UTC ms. */
  lastAt: number;
}

/** The link that an account's orders name. */
export const slugOf = (alliance: AllianceName): string => `soak-${alliance}`;

export function startGateways(given: Given) {
  const worker = new Worker(new URL("./gateways.ts", import.meta.url), { workerData: given });
  const failed = new Promise<never>((_, reject) => worker.once("error", reject));
  failed.catch(() => undefined);
  return {
    /** One question at a time. */
    ask: (asked: Asked = {}): Promise<Told[]> => {
      const answered = new Promise<Told[]>((resolve) => worker.once("message", resolve));
      worker.postMessage(asked);
      return Promise.race([answered, failed]);
    },
    stop: () => worker.terminate(),
  };
}
