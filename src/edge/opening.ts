/** @module One opening of a link, as the answers below it see it, and what it takes of its surroundings. */
import type { Settings } from "../config/env.ts";
import type { Ticket } from "../counting/isolate/lane.ts";
import type { Who } from "../counting/isolate/visitors.ts";
import type { Visitor } from "../decision/visitor.ts";
import type { AddressLimit } from "../http/limits.ts";
import type { StreamRecord } from "../model/edge-records.ts";
import type { Cover } from "./store-port.ts";
import type { Target } from "./target.ts";

export interface OpenPorts {
  find: (slug: string, now: number) => Target | null | Promise<Target | null>;
  /**
   * Counts cells of a stream; synchronous.
   *
   * @param visitor who opened the link, when a view is among them
   */
  record: (
    stream: StreamRecord,
    keys: readonly string[],
    visitor: Who | null,
    now: number,
  ) => Ticket;
  /** Waits until counts are durable; `false` when they are not in time. */
  settled: (ticket: Ticket) => Promise<boolean>;
  /** Whether the address that asks is within a limit. */
  isWithin: (limit: AddressLimit, request: Request) => Promise<boolean>;
  readCover: (key: string) => Promise<Cover | null>;
  now: () => number;
  /** Origin of short links, without a slash at its end. */
  origin: string;
  settings: Settings;
  /** The mainland's province that an address is estimated to be in; `null` where none is, or nothing is estimated. */
  provinceOf: (address: string) => string | null;
}

export interface Opening {
  target: Target;
  request: Request;
  method: string;
  headers: Headers;
  userAgent: string | null;
  /** Its `keyedHash`. */
  agentHash: number;
  /** The part of the address that stands for a household; `""` where it is not known. */
  address: string;
  /** The header that names them. */
  languages: string | null;
  slug: string;
  visitor: Visitor;
  now: number;
  ports: OpenPorts;
}
