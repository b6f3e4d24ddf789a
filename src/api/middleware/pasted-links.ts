/** @module A table of links as the body (text/csv, text/tab-separated-values): made JSON before the route. */

import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../../auth/principal.ts";
import { Problem } from "../../http/problem.ts";
import { headerOf } from "../../http/request-headers.ts";
import { said } from "../../lib/said.ts";
import { linksOfRows } from "../../model/links-table.ts";
import { FileProblem } from "../../orders/import/files/file-problem.ts";
import { openText } from "../../orders/import/files/open-file.ts";

const table = /^text\/(?:csv|tab-separated-values)\s*(?:;.*)?$/i;
const path = /^\/api\/streams\/[^/]+\/links$/;
const atMost = 1_048_576;

/** A mistake is named by its row and column; one that the schema finds, by the link's place. */
export const pastedLinks = createMiddleware<ApiEnv>(async (c, next) => {
  const { body } = c.req.raw;
  if (
    !path.test(c.req.path) ||
    !table.test(headerOf(c.req.raw.headers, "Content-Type") ?? "") ||
    !body
  ) {
    return next();
  }
  const rows: string[][] = [];
  try {
    const table = await openText(body, atMost);
    for await (const { cells } of table.rows) rows.push(cells);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    throw new Problem(
      error.code === "too_large" ? "payload_too_large" : "invalid_request",
      error.detail,
    );
  }
  const read = linksOfRows(rows);
  const mistakes = [...read.unknown, ...read.errors];
  if (mistakes.length > 0) {
    const errors = mistakes.map(({ row, column, message }) => ({
      pointer: `row ${row}${column && `, ${column}`}`,
      message: said(message, message),
    }));
    const [first] = errors;
    const detail = `${first?.pointer}: ${first?.message.en}`;
    throw new Problem("invalid_request", said(detail, detail), errors);
  }
  const headers = new Headers(c.req.raw.headers);
  headers.set("Content-Type", "application/json");
  headers.delete("Content-Length");
  c.req.raw = new Request(c.req.raw.url, {
    method: "POST",
    headers,
    body: JSON.stringify(read.links.map(({ link }) => link)),
  });
  await next();
});
