/** @module Orders that fit no link, booked by hand; and their ids made the link's, so that later ones come by themselves. */

import { createRoute, z } from "@hono/zod-openapi";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, learn, unwrap } from "../../catalog/calls.ts";
import { atField, Problem } from "../../http/problem.ts";
import { recordOf } from "../../lib/records.ts";
import { said } from "../../lib/said.ts";
import type { Link } from "../../model/link.ts";
import { ConversionView, tellOrder } from "../../model/order.ts";
import { keptPromotion, type Promotion } from "../../model/promotion.ts";
import { type NotBooked, notBooked, type OrderName } from "../../orders/by-hand.ts";
import { ordersOf } from "../../orders/calls.ts";
import { fieldOf } from "../../orders/matching.ts";
import { takesIdempotencyKey } from "../middleware/idempotency.ts";
import { AttributeInput } from "../order-schemas.ts";
import {
  commonProblems,
  conflictProblem,
  jsonAnswer,
  jsonBody,
  notFoundProblem,
  router,
} from "../router.ts";

/** @throws {Problem} that names every order which can't be booked */
function refuse({ missing, taken }: NotBooked, orders: readonly OrderName[]): never {
  const errors = [
    ...missing.map((index) => {
      const { platform, orderId = "" } = orders[index] ?? {};
      return {
        pointer: `/orders/${index}`,
        message: said(
          `There is no order ${orderId} on ${platform}.`,
          `没有订单 ${orderId}（${platform}）。`,
        ),
      };
    }),
    ...taken.map(({ index, slug }) => ({
      pointer: `/orders/${index}`,
      message: said(`Its own ids booked it on ${slug} already.`, `它的标识已经把它归到 ${slug}。`),
    })),
  ];
  const [first] = errors;
  throw new Problem(
    missing.length > 0 ? "not_found" : "already_attributed",
    first?.message ?? said("Not booked.", "没有归因。"),
    errors,
  );
}

/**
 * The ids that all of these orders of a platform carry, nested as a link has them. A file's field that tells the same as a
 * link's other is that one.
 *
 * @throws {Problem} where they share none
 */
function sharedIds(told: readonly { platform: string; promotion: Readonly<object> }[]): Promotion {
  const values = new Map<string, string[]>();
  for (const { promotion } of told) {
    for (const [name, value] of Object.entries(promotion)) {
      const field = fieldOf(name);
      values.set(field, [...(values.get(field) ?? []), String(value)]);
    }
  }
  const nested = new Map<string, Map<string, string>>();
  for (const [name, found] of values) {
    const [platform = "", field = ""] = name.split(".");
    const [value = ""] = found;
    // A field of no link's (a shop's own number) leads nowhere.
    const one = recordOf([[platform, recordOf([[field, value]])]]);
    const isShared = found.length === told.length && found.every((other) => other === value);
    if (!isShared || !keptPromotion.safeParse(one).success) continue;
    nested.set(platform, (nested.get(platform) ?? new Map()).set(field, value));
  }
  if (nested.size > 0) {
    return recordOf([...nested].map(([platform, ids]) => [platform, recordOf(ids)]));
  }
  throw atField(
    "invalid_request",
    "/rule",
    said(
      "These orders carry no id that all of them share: book them without a rule.",
      "这些订单没有共同的标识，无法设为规则；请不带规则归因。",
    ),
  );
}

export const attribution = router().openapi(
  createRoute({
    method: "post",
    path: "/api/conversions/attribute",
    ...takesIdempotencyKey,
    summary: "Books orders by hand on a link: all of them or none",
    description:
      "For orders that fit no link. What is booked by hand stays, whatever is told of the order later, until it is booked anew; `slug: null` takes it off again.",
    security: requires("conversions:write"),
    request: { body: jsonBody(AttributeInput) },
    responses: {
      200: jsonAnswer(
        "The orders' lines as they are now",
        z.object({ data: z.array(ConversionView) }),
      ),
      ...commonProblems,
      ...notFoundProblem,
      ...conflictProblem,
    },
  }),
  async (c) => {
    const { orders: names, slug, rule } = c.req.valid("json");
    const catalog = catalogOf(c.env);
    const orders = ordersOf(c.env);
    const link: Link | null = slug === null ? null : unwrap(await catalog.link(slug));
    const to = link && { slug: link.slug, streamId: link.streamId };
    if (link && rule) {
      const lines = await orders.linesOf(names);
      const found = notBooked(lines, names, link.slug);
      if (found.missing.length + found.taken.length > 0) refuse(found, names);
      // Before anything is booked: a link that has other ids refuses them all.
      const ids = sharedIds(lines.map(tellOrder));
      const changed: Link = unwrap(await catalog.addIds(link.slug, ids, byOf(c)));
      await learn(c.env, { links: [changed] });
    }
    const booked = await orders.attribute(names, to, byOf(c));
    if (!booked.ok) refuse(booked, names);
    return c.json({ data: booked.lines.map(tellOrder) }, 200);
  },
);
