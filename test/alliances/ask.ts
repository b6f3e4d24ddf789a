/** @module An adapter asks a fake of its gateway, without a network between. */
import type {
  Adapter,
  Call,
  Credentials,
  Feed,
  Opened,
  Row,
  SignedRequest,
  Window,
} from "../../src/alliances/adapter.ts";
import type { Answer, Gateway } from "./gateway.ts";

export function send(gateway: Gateway, request: SignedRequest, at: number): Answer {
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name.toLowerCase(), value ?? ""] as const,
  );
  const { method, url, body = "" } = request;
  return gateway.answer({ method, url, body, headers: new Map(headers) }, at);
}

const credentialsOf = (gateway: Gateway) => gateway.credentials as unknown as Credentials;

export function ask(adapter: Adapter, gateway: Gateway, call: Call, at: number): Opened {
  const request = adapter.sign(call, credentialsOf(gateway), adapter.base, at);
  const { status, body } = send(gateway, request, at);
  return adapter.open(call, status, body, at);
}

/** What a feed has, by its name. */
export function feedOf(adapter: Adapter, name: string): Feed {
  const feed = adapter.feeds.find((one) => one.name === name);
  if (!feed) throw new Error(`${adapter.name} has no ${name}`);
  return feed;
}

/** All rows of a window, page by page. @param between what happens after each page */
export function readAll(
  adapter: Adapter,
  gateway: Gateway,
  name: string,
  window: Window,
  at: number,
  between: (page: number) => void = () => undefined,
): Row[] {
  const feed = feedOf(adapter, name);
  const rows: Row[] = [];
  let cursor: string | null = null;
  for (let page = 1; ; page += 1) {
    const opened = ask(adapter, gateway, feed.call(window, cursor, credentialsOf(gateway)), at);
    if (!opened.ok) throw new Error(`${opened.kind} ${opened.code}: ${opened.detail}`);
    const read = feed.page(opened.data, cursor);
    rows.push(...read.rows);
    if (read.next === null) return rows;
    cursor = read.next;
    between(page);
  }
}

export const eventsOf = (rows: readonly Row[]) =>
  rows.flatMap((row) => (row.ok ? [row.event] : []));
