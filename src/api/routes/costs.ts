/** @module What a link costs beside what its orders say. */
import { createRoute } from "@hono/zod-openapi";
import { byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import { SlugParams } from "../../model/bounded.ts";
import { CostsInput } from "../../model/costs-input.ts";
import { ordersOf } from "../../orders/calls.ts";
import { LinkCostsView } from "../order-schemas.ts";
import { commonProblems, jsonAnswer, jsonBody, notFoundProblem, router } from "../router.ts";

const responses = {
  200: jsonAnswer("The costs", LinkCostsView),
  ...commonProblems,
  ...notFoundProblem,
};

export const costs = router()
  .openapi(
    createRoute({
      method: "put",
      path: "/api/links/{slug}/costs",
      summary: "Sets what a link costs, in minor units; what is left out is nothing",
      description:
        "`commissionRate` (basis points of net sales) replaces the commission that orders name. Imported ad spend is added to `adSpend`.",
      security: requires("links:write"),
      request: { params: SlugParams, body: jsonBody(CostsInput) },
      responses,
    }),
    async (c) => {
      const { slug } = c.req.valid("param");
      unwrap(await catalogOf(c.env).link(slug));
      const orders = ordersOf(c.env);
      await orders.putCosts(slug, c.req.valid("json"), byOf(c));
      const [row] = await orders.costsOf([slug]);
      return c.json({ ...row?.costs, importedAdSpend: row?.spent ?? 0 }, 200);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/links/{slug}/costs",
      summary: "Reads what a link costs",
      security: requires("links:read"),
      request: { params: SlugParams },
      responses,
    }),
    async (c) => {
      const { slug } = c.req.valid("param");
      unwrap(await catalogOf(c.env).link(slug));
      const [row] = await ordersOf(c.env).costsOf([slug]);
      return c.json({ ...row?.costs, importedAdSpend: row?.spent ?? 0 }, 200);
    },
  );
