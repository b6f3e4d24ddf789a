/**
 * @module What every fake of an alliance's gateway is: it holds rows as the platform does, checks what it is sent as the
 * platform's documents say, and fails in the ways that they say it does. Written from the documents, never from the adapter
 * that it tests: it has its own signature, and shares no code with src/alliances/.
 */

/** A request as it came. */
export interface Given {
  method: string;
  /** Whole, with its query. */
  url: string;
  headers: ReadonlyMap<string, string>;
  body: string;
}

export interface Answer {
  status: number;
  body: string;
  type?: string;
  /** What its `Date` header says, UTC ms, where it is not the moment of the answer. */
  date?: number;
}

/** In which way the next answers fail. Each gateway has those that its platform's documents name, and these. */
export type FaultName =
  /** Too fast, without and with the seconds to wait. */
  | "throttled"
  | "throttled-for-seconds"
  /** Nothing more today. */
  | "quota"
  /** A passing fault of the platform's, inside a 200 where that is its way. */
  | "busy"
  /** A page of HTML with status 200, and one with 502. */
  | "html"
  | "http-502"
  /** A body that ends in its middle. */
  | "cut"
  /** Permission taken away, or a secret that was changed. */
  | "denied"
  | "expired";

/** A fake gateway. Times are UTC ms. */
export interface Gateway {
  /** Answers a request that comes at a moment. */
  answer(given: Given, at: number): Answer;
  /** Every call that was let in and answered with rows or a fault, with its moment: for limits. */
  readonly calls: { method: string; at: number }[];
  /** What the next calls fail with, each once, in turn. */
  readonly faults: FaultName[];
  /** The account that signs rightly, as a connection's credentials. */
  readonly credentials: Readonly<Record<string, string | number>>;
  /** The widest window it takes, ms; tests narrow it. */
  windowMs: number;
  /** Puts an order row as the platform keeps it; the same id again is an edit of it. */
  put(row: FakeOrder): void;
}

/** An order as a test says it; each gateway writes it in its own fields. Money in 分, times UTC ms. */
export interface FakeOrder {
  id: string;
  /** Of a part of the order, where the platform divides orders. */
  part?: string;
  /** The platform's own code or word. */
  state: string;
  amount: number;
  commission?: number;
  refund?: number;
  paidAt: number;
  updatedAt: number;
  /** Ids by the names of a link's `promotion`: `subUnionId`, `adzoneId`, … */
  ids?: Readonly<Record<string, string>>;
  item?: { id: string; title: string; quantity: number };
  /** It sold in a live room: this one. */
  room?: string;
}
