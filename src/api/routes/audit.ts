/**
 * @module The audit log, as one list: the Catalog and the Orders object each keep the entries of their own
 * changes, in the transaction of the change. A cursor says how far each of the two was read.
 */
import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf } from "../../catalog/calls.ts";
import { type AuditEntry, auditActions } from "../../model/audit-entry.ts";
import { shaped, words } from "../../model/bounded.ts";
import { isoOf, nullable, toldMoment } from "../../model/fields.ts";
import { ordersOf } from "../../orders/calls.ts";
import { pageOf } from "../answers.ts";
import { paging } from "../queries.ts";
import { commonProblems, jsonAnswer, router } from "../router.ts";

const fields = nullable(z.record(z.string(), z.unknown()));

const AuditView = z
  .object({
    id: z.string(),
    at: toldMoment,
    actor: z
      .string()
      .openapi({ description: "The id of the key that asked, `admin` for ADMIN_KEY" }),
    action: z.enum(auditActions),
    target: z
      .string()
      .openapi({ description: "A stream's id, a slug, a key's id, an import's id" }),
    before: fields.openapi({ description: "What differs, as it was; times are UTC milliseconds" }),
    after: fields.openapi({ description: "What differs, as it is; times are UTC milliseconds" }),
    importId: nullable(z.string()).openapi({
      description:
        "The import that brought this entry: it says what a file says of another service, or of this one before. `null` for what happened here",
    }),
  })
  .openapi("AuditEntry");

const AuditQuery = z.strictObject({
  target: words(64).optional(),
  actor: words(64).optional(),
  action: z.enum(auditActions).optional(),
  limit: paging.limit,
  cursor: shaped(/^\d{1,15}-\d{1,15}$/, "Expected the nextCursor of an earlier answer.").optional(),
});

/** The newest first; of two changes in one millisecond the Catalog's. */
function merged(catalog: readonly AuditEntry[], orders: readonly AuditEntry[], limit: number) {
  const data: AuditEntry[] = [];
  let [here, there] = [0, 0];
  while (data.length < limit) {
    const [a, b] = [catalog[here], orders[there]];
    if (a && (!b || a.at >= b.at)) here += 1;
    else there += 1;
    const next = a && (!b || a.at >= b.at) ? a : b;
    if (!next) break;
    data.push(next);
  }
  return { data, here, there };
}

export const audit = router().openapi(
  createRoute({
    method: "get",
    path: "/api/audit",
    summary: "Who changed what, the newest first",
    security: requires("admin"),
    request: { query: AuditQuery },
    responses: { 200: jsonAnswer("A page of changes", pageOf(AuditView)), ...commonProblems },
  }),
  async (c) => {
    const { limit, cursor, ...filter } = c.req.valid("query");
    const newest = Number.MAX_SAFE_INTEGER;
    const [inCatalog = newest, inOrders = newest] = cursor?.split("-").map(Number) ?? [];
    const [catalog, orders] = (await Promise.all([
      catalogOf(c.env).listAudit(filter, limit + 1, inCatalog),
      ordersOf(c.env).listAudit(filter, limit + 1, inOrders),
    ])) as [AuditEntry[], AuditEntry[]];
    const { data, here, there } = merged(catalog, orders, limit);
    const isMore = here < catalog.length || there < orders.length;
    const reached = [
      here > 0 ? catalog[here - 1]?.seq : Math.min(inCatalog, 999_999_999_999_999),
      there > 0 ? orders[there - 1]?.seq : Math.min(inOrders, 999_999_999_999_999),
    ];
    return c.json(
      {
        data: data.map(({ seq: _, at, ...entry }) => ({
          ...entry,
          at: isoOf(at),
        })),
        nextCursor: isMore ? reached.join("-") : null,
      },
      200,
    );
  },
);
