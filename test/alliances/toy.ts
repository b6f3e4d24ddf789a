/** @module An alliance that is none: the plainest API there can be, for tests of the machine that pulls (src/alliances/pull.ts). */
import type { Adapter, Fault, Row } from "../../src/alliances/adapter.ts";
import {
  fault,
  at as field,
  integerOf,
  listOf,
  parseJson,
  textOf,
  unreadable,
} from "../../src/alliances/raw.ts";
import { said } from "../../src/lib/said.ts";
import type { Answer, Given } from "./gateway.ts";

const day = 86_400_000;

interface ToyRow {
  id: string;
  amount: number;
  updatedAt: number;
}

const rowOf = (raw: unknown): Row => {
  const at = integerOf(field(raw, "updatedAt"));
  if (at === null) return { ok: false, detail: "no time" };
  return {
    ok: true,
    event: {
      platform: "jd",
      orderId: textOf(field(raw, "id")),
      subOrderId: "",
      at,
      state: "paid",
      amount: integerOf(field(raw, "amount")),
      currency: "CNY",
      paidAt: at,
    },
  };
};

/** @param more what an adapter of a test says otherwise */
export const toyAdapter = (more: Partial<Adapter> = {}): Adapter => ({
  name: "jd-union",
  title: said("Toy", "玩具"),
  platform: "jd",
  base: "https://toy.example",
  credentials: [
    { name: "accessToken", isNeeded: false },
    { name: "refreshToken", isNeeded: false },
    { name: "expiresAt", isNeeded: false },
  ],
  everyMs: { live: 60_000, rest: 900_000 },
  spacingMs: 50,
  sign: ({ method, params }, { appSecret, accessToken = "" }, base, at) => ({
    url: `${base}/${method}`,
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...params, at, appSecret, accessToken }),
  }),
  open: (_, status, text) => {
    const data = parseJson(text);
    if (data === undefined || status >= 400) return unreadable(status, text);
    const error = field(data, "error");
    if (error === undefined) return { ok: true, data };
    const { kind, waitMs } = error as Fault;
    return fault(kind, `toy_${kind}`, textOf(field(error, "detail")) || `It said ${kind}.`, waitMs);
  },
  feeds: [
    {
      name: "orders",
      windowMs: () => 3_600_000,
      backMs: 90 * day,
      call: ({ start, end }, cursor) => ({
        method: "list",
        params: { start, end, page: cursor ?? "0" },
      }),
      page: (data) => ({
        rows: listOf(field(data, "rows")).map(rowOf),
        details: listOf(field(data, "ids")).map(textOf),
        next: textOf(field(data, "next")) || null,
      }),
      detail: {
        call: (id) => ({ method: "get", params: { id } }),
        rows: (data) => [rowOf(field(data, "row"))],
      },
    },
  ],
  ...more,
});

/** Serves rows by update time; what it is asked is written down. */
export class ToyGateway {
  readonly rows = new Map<string, ToyRow>();
  readonly asked: {
    method: string;
    at: number;
    start: number;
    end: number;
    page: number;
    id: string;
  }[] = [];
  /** What the next calls are answered with; `null` is an answer as it should be. */
  readonly next: (Partial<Fault> | Answer | null)[] = [];
  /** Methods that fail, always. */
  readonly fails = new Map<string, string>();
  pageSize = 10;
  widestMs = Number.POSITIVE_INFINITY;
  rowsAtMost = Number.POSITIVE_INFINITY;
  /** It names orders by their ids alone. */
  namesAlone = false;
  accessToken = "";
  secret = "a secret of the toy";

  put(row: ToyRow): void {
    this.rows.set(row.id, row);
  }

  answer({ url, body }: Given, at: number): Answer {
    const given = JSON.parse(body);
    const method = new URL(url).pathname.slice(1);
    this.asked.push({ method, at, ...given, page: Number(given.page ?? 0) });
    const next = this.next.shift();
    if (next && "status" in next) return next as Answer;
    const error = (kind: string, more: object = {}) => json({ error: { kind, ...more } });
    if (next) return error(String(next.kind), next);
    const fails = this.fails.get(method);
    if (fails) return error(fails);
    if (given.appSecret !== this.secret)
      return error("denied", { detail: `wrong ${given.appSecret}` });
    if (given.accessToken !== this.accessToken) return error("expired");
    if (Math.abs(given.at - at) > 600_000) return error("retry", { detail: "The time is off." });
    if (method === "get") {
      const row = this.rows.get(given.id);
      return row ? json({ row }) : error("refused");
    }
    const { start, end, page } = given;
    if (end - start > this.widestMs) return error("window");
    const found = [...this.rows.values()]
      .filter(({ updatedAt }) => updatedAt >= start && updatedAt < end)
      .sort((a, b) => a.updatedAt - b.updatedAt);
    if (found.length > this.rowsAtMost) return error("shrink");
    const from = Number(page) * this.pageSize;
    const part = found.slice(from, from + this.pageSize);
    const isMore = found.length > from + this.pageSize;
    return json({
      ...(this.namesAlone ? { ids: part.map(({ id }) => id) } : { rows: part }),
      ...(isMore ? { next: Number(page) + 1 } : {}),
    });
  }
}

const json = (body: object): Answer => ({ status: 200, body: JSON.stringify(body) });
