/**
 * @module What the fakes of Taobao's, JD's and Pinduoduo's gateways share: rows by their id, the order of a call (who asks, what
 * fails, what is answered), and writing as these platforms do. Each has its own signature, rules and fields.
 */
import type { Answer, FakeOrder, FaultName, Gateway, Given } from "./gateway.ts";

export const dayMs = 86_400_000;
const beijingMs = 8 * 3_600_000;

/** A row as it was put, and fields of the platform's that say more, or otherwise. */
export interface Kept extends FakeOrder {
  fields: object;
}

/** Parameters as they came, texts. */
export type Asked = ReadonlyMap<string, string>;
/** A call that was let in. */
export interface LetIn {
  method: string;
  asked: Asked;
}

export const json = (value: unknown): Answer => ({
  status: 200,
  body: JSON.stringify(value),
  type: "application/json",
});

/** 分 → `12.30`. */
export const yuan = (fen: number): string =>
  `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, "0")}`;

/** UTC ms → `2026-11-25 20:00:00`, Beijing's. */
export const beijing = (at: number): string => {
  const [day = "", time = ""] = new Date(at + beijingMs).toISOString().split("T");
  return `${day} ${time.slice(0, 8)}`;
};

/** The other way; `null` where it has another form. */
export const moment = (text: string | undefined): number | null =>
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text ?? "")
    ? Date.parse(`${text?.replace(" ", "T")}Z`) - beijingMs
    : null;

export const wholeSecond = (at: number): number => Math.floor(at / 1_000) * 1_000;

/** Names and values in the order of their bytes, joined with nothing between. */
export const joined = (pairs: Asked): string =>
  [...pairs]
    .filter(([name, value]) => name !== "sign" && value !== "")
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, value]) => `${name}${value}`)
    .join("");

/** A time stamp may be so far off. */
export const isOnTime = (stamp: number | null, at: number): boolean =>
  stamp !== null && Math.abs(stamp - at) <= 600_000;

export abstract class FakeUnion implements Gateway {
  readonly calls: { method: string; at: number }[] = [];
  readonly faults: FaultName[] = [];
  abstract readonly credentials: Readonly<Record<string, string>>;
  abstract windowMs: number;
  readonly #rows = new Map<string, Kept>();

  put(row: FakeOrder, fields: object = {}): void {
    this.#rows.set(`${row.id}\n${row.part ?? ""}`, { ...row, fields });
  }

  /** Rows by when they changed, both ends included, the oldest first. */
  protected changed(from: number, to: number): Kept[] {
    return [...this.#rows.values()]
      .filter(({ updatedAt }) => wholeSecond(updatedAt) >= from && wholeSecond(updatedAt) <= to)
      .sort((a, b) => a.updatedAt - b.updatedAt || (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  answer(given: Given, at: number): Answer {
    const read = this.letIn(given, at);
    if ("status" in read) return read;
    this.calls.push({ method: read.method, at });
    const fault = this.faults.shift();
    if (fault === "html") return page(200);
    if (fault === "http-502") return page(502);
    if (fault !== undefined && fault !== "cut") return this.failed(fault, read.method);
    const answer = this.served(read, at);
    if (fault === undefined) return answer;
    return { ...answer, body: answer.body.slice(0, Math.ceil(answer.body.length / 2)) };
  }

  /** Who asks, and what; or the answer to who may not. */
  protected abstract letIn(given: Given, at: number): LetIn | Answer;
  protected abstract served(call: LetIn, at: number): Answer;
  protected abstract failed(fault: FaultName, method: string): Answer;
}

export const keyOf = ({ id, part }: FakeOrder): string => `${id}-${part ?? ""}`;

const page = (status: number): Answer => ({
  status,
  body: "<!DOCTYPE html><html><body>服务暂时不可用</body></html>",
  type: "text/html",
});
