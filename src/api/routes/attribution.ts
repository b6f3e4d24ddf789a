/** @module Orders that fit no link, booked by hand; and their ids made the link's, so that later ones come by themselves. */

import { createRoute, z } from "@hono/zod-openapi";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, learn, unwrap } from "../../catalog/calls.ts";
import { atField, Problem } from "../../http/problem.ts";
import { mapOf, own, recordOf } from "../../lib/records.ts";
import { said } from "../../lib/said.ts";
import type { Link } from "../../model/link.ts";
import { ConversionView, tellOrder } from "../../model/order.ts";
import { keptPromotion, type Promotion } from "../../model/promotion.ts";
import type { NotBooked, OrderName } from "../../orders/by-hand.ts";
import { ordersOf } from "../../orders/calls.ts";
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

/** What the ids of these orders are, nested as a link has them; a field that differs among them is none. */
function idsOf(told: readonly { promotion: Readonly<object> }[]): Promotion {
  const values = new Map<string, Set<string>>();
  for (const { promotion } of told) {
    for (const [name, value] of Object.entries(promotion)) {
      values.set(name, (values.get(name) ?? new Set()).add(String(value)));
    }
  }
  const nested = new Map<string, Map<string, string>>();
  for (const [name, found] of values) {
    const [platform = "", field = ""] = name.split(".");
    const [value = ""] = found;
    // A field of no link's (a shop's own number) leads nowhere.
    const one = recordOf([[platform, recordOf([[field, value]])]]);
    if (found.size > 1 || !keptPromotion.safeParse(one).success) continue;
    nested.set(platform, (nested.get(platform) ?? new Map()).set(field, value));
  }
  return recordOf([...nested].map(([platform, ids]) => [platform, recordOf(ids)]));
}

/** @throws {Problem} where the orders carry no id, or the link has another in its place */
function joined(link: Link, ids: Promotion): Promotion {
  const alliances = mapOf(link.promotion ?? undefined);
  if (Object.keys(ids).length === 0) {
    throw atField(
      "invalid_request",
      "/rule",
      said(
        "These orders carry no id that all of them share: book them without a rule.",
        "这些订单没有共同的标识，无法设为规则；请不带规则归因。",
      ),
    );
  }
  for (const [platform, fields] of Object.entries(ids)) {
    const before: object = own(link.promotion ?? {}, platform) ?? {};
    for (const [field, value] of Object.entries(fields ?? {})) {
      const known = own(before, field);
      if (known === undefined || known === value) continue;
      throw atField(
        "invalid_request",
        "/rule",
        said(
          `${link.slug} has another ${platform}.${field} already: ${String(known)}.`,
          `${link.slug} 已有别的 ${platform}.${field}：${String(known)}。`,
        ),
      );
    }
    alliances.set(platform, { ...before, ...fields } as never);
  }
  return recordOf(alliances) as Promotion;
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
    const promotion =
      link && rule ? joined(link, idsOf((await orders.linesOf(names)).map(tellOrder))) : null;
    const booked = await orders.attribute(names, to, byOf(c));
    if (!booked.ok) refuse(booked, names);
    if (link && promotion) {
      const changed: Link = unwrap(
        await catalog.changeLink(link.slug, { promotion: promotion as never }, byOf(c)),
      );
      await learn(c.env, { links: [changed] });
    }
    return c.json({ data: booked.lines.map(tellOrder) }, 200);
  },
);
