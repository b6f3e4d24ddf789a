/** @module What a link costs beside what its orders say. */
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type ApiEnv, byOf } from "../../auth/principal.ts";
import { requires } from "../../auth/route-scopes.ts";
import { catalogOf, unwrap } from "../../catalog/calls.ts";
import type { StatsContext } from "../../catalog/object.ts";
import { IdParams, SlugParams } from "../../model/bounded.ts";
import { CostsInput, CostsPatch } from "../../model/costs-input.ts";
import { ordersOf } from "../../orders/calls.ts";
import { LinkCostsView, StreamCostsView } from "../order-schemas.ts";
import { commonProblems, jsonAnswer, jsonBody, notFoundProblem, router } from "../router.ts";

const responses = {
  200: jsonAnswer("The costs", LinkCostsView),
  ...commonProblems,
  ...notFoundProblem,
};

type Asked = Context<ApiEnv>;

/** @throws {Problem} where there is no such link */
async function linkOf(c: Asked, slug: string): Promise<void> {
  unwrap(await catalogOf(c.env).link(slug));
}

async function told(c: Asked, slug: string) {
  const [row] = await ordersOf(c.env).costsOf([slug]);
  return c.json({ ...row?.costs, importedAdSpend: row?.spent ?? 0 }, 200);
}

const said =
  "`commissionRate` (basis points of net sales) replaces the commission that orders name. Imported ad spend is added to `adSpend`.";

export const costs = router()
  .openapi(
    createRoute({
      method: "put",
      path: "/api/links/{slug}/costs",
      summary: "Sets what a link costs, in minor units; what is left out is nothing",
      description: said,
      security: requires("links:write"),
      request: { params: SlugParams, body: jsonBody(CostsInput) },
      responses,
    }),
    async (c) => {
      const { slug } = c.req.valid("param");
      await linkOf(c, slug);
      await ordersOf(c.env).putCosts(slug, c.req.valid("json"), byOf(c));
      return told(c, slug);
    },
  )
  .openapi(
    createRoute({
      method: "patch",
      path: "/api/links/{slug}/costs",
      summary: "Sets some of what a link costs; what is left out stays, null takes it away",
      description: said,
      security: requires("links:write"),
      request: { params: SlugParams, body: jsonBody(CostsPatch) },
      responses,
    }),
    async (c) => {
      const { slug } = c.req.valid("param");
      await linkOf(c, slug);
      await ordersOf(c.env).patchCosts(slug, c.req.valid("json"), byOf(c));
      return told(c, slug);
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
      await linkOf(c, slug);
      return told(c, slug);
    },
  )
  .openapi(
    createRoute({
      method: "get",
      path: "/api/streams/{id}/costs",
      summary: "Reads what the links of a stream cost: those that cost anything",
      security: requires("links:read"),
      request: { params: IdParams },
      responses: {
        200: jsonAnswer("The costs", StreamCostsView),
        ...commonProblems,
        ...notFoundProblem,
      },
    }),
    async (c) => {
      const { promoters }: StatsContext = unwrap(
        await catalogOf(c.env).statsContext(c.req.valid("param").id),
      );
      const rows = await ordersOf(c.env).costsOf(promoters.map(({ slug }) => slug));
      const data = rows.flatMap(({ slug, costs, spent }) =>
        spent > 0 || Object.keys(costs).length > 0
          ? [{ slug, ...costs, importedAdSpend: spent }]
          : [],
      );
      return c.json({ data }, 200);
    },
  );
