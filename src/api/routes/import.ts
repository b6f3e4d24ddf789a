/**
 * @module `POST /api/import`: takes an export, line by line as it comes. What is there already stays as it
 * is, so the same file can be sent again after a failure. A line that is refused stops no other.
 */

import { createRoute, z } from "@hono/zod-openapi";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { Importer } from "../../backup/import.ts";
import { format, type LineType, lineTypes } from "../../backup/lines.ts";
import { Problem } from "../../http/problem.ts";
import { linesOf } from "../../lib/ndjson.ts";
import { recordBy } from "../../lib/records.ts";
import { said } from "../../lib/said.ts";
import { commonProblems, jsonAnswer, router } from "../router.ts";

const counts = z.record(z.string(), z.int());
const ImportReport = z
  .object({
    id: z.string().openapi({ description: "Of this import: the `target` of its audit entries" }),
    imported: counts.openapi({ description: "By the type of a line" }),
    known: counts.openapi({ description: "Left as they are here" }),
    refused: z.int(),
    rejected: z.array(z.object({ line: z.int(), detail: z.string() })),
    complete: z.boolean().openapi({ description: "The file has its last line" }),
  })
  .openapi("ImportReport");

export const imports = router().openapi(
  createRoute({
    method: "post",
    path: "/api/import",
    summary: "Takes an export; what is there already stays as it is",
    description: "`Idempotency-Key` has no effect: a file that is sent again changes nothing.",
    security: requires("admin"),
    request: {
      body: { required: true, content: { "application/x-ndjson": { schema: z.string() } } },
    },
    responses: { 200: jsonAnswer("What became of the lines", ImportReport), ...commonProblems },
  }),
  async (c) => {
    const { body } = c.req.raw;
    if (!body) throw new Problem("invalid_request", said("The body is empty.", "请求内容是空的。"));
    const importer = new Importer(c.env, byOf(c));
    let isBegun = false;
    let isComplete = false;
    for await (const { number, text } of linesOf(body)) {
      const line = text === null ? "The line is too long." : parse(text);
      if (!isBegun) {
        expectHeader(line);
        isBegun = true;
      } else if (typeof line === "string") importer.reject(number, line);
      else if (line.type === "end") isComplete = true;
      else {
        const type = lineTypes.find((name) => name === line.type);
        if (type) await importer.take(type, line.row, number);
        else importer.reject(number, `/type: expected one of ${lineTypes.join(", ")}.`);
      }
    }
    if (!isBegun) expectHeader("");
    await importer.finish(isComplete);
    const { id, refused, rejected } = importer;
    rejected.sort((a, b) => a.line - b.line);
    const told = (counts: ReadonlyMap<LineType, number>) =>
      recordBy([...counts.keys()], (type) => counts.get(type) ?? 0);
    const [imported, known] = [told(importer.imported), told(importer.known)];
    return c.json({ id, imported, known, refused, rejected, complete: isComplete }, 200);
  },
);

function parse(text: string): { type?: unknown; row?: unknown; format?: unknown } | string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : "Expected a JSON object.";
  } catch {
    return "The line is not JSON.";
  }
}

function expectHeader(line: ReturnType<typeof parse>): void {
  if (typeof line !== "string" && line.type === "moongate" && line.format === format) return;
  throw new Problem(
    "invalid_request",
    said(
      `The first line must be {"type":"moongate","format":${format},…}, as GET /api/export writes it.`,
      `第一行须为 {"type":"moongate","format":${format},…}，即 GET /api/export 写出的样子。`,
    ),
  );
}
