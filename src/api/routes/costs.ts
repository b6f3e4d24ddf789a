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
import type { CostRow } from "../../orders/cost-store.ts";
import { LinkCostsView, StreamCostsView } from "../order-schemas.ts";
import { commonProblems, jsonAnswer, jsonBody, notFoundProblem, router } from "../router.ts";

const responses = {
  200: jsonAnswer("The costs", LinkCostsView),
  ...commonProblems,
  ...notFoundProblem,
};

type Asked = Context<ApiEnv>;

/** @throws {Problem} where there is no such link */
async function expectLink(c: Asked, slug: string): Promise<void> {
  unwrap(await catalogOf(c.env).link(slug));
}

const tellCosts = ({ costs, spent }: Pick<CostRow, "costs" | "spent">) => ({
  ...costs,
  importedAdSpend: spent,
});

async function answer(c: Asked, slug: string) {
  const [row = { costs: {}, spent: 0 }] = await ordersOf(c.env).costsOf([slug]);
  return c.json(tellCosts(row), 200);
}

const description =
  "`commissionRate` (basis points of net sales) replaces the commission that orders name. Imported ad spend is added to `adSpend`.";

export const costs = router()
  .openapi(
    createRoute({
      method: "put",
      path: "/api/links/{slug}/costs",
      summary: "Sets what a link costs, in minor units; what is left out is nothing",
      description,
      security: requires("links:write"),
      request: { params: SlugParams, body: jsonBody(CostsInput) },
      responses,
    }),
    async (c) => {
      const { slug } = c.req.valid("param");
      await expectLink(c, slug);
      await ordersOf(c.env).putCosts(slug, c.req.valid("json"), byOf(c));
      return answer(c, slug);
    },
  )
  .openapi(
    createRoute({
      method: "patch",
      path: "/api/links/{slug}/costs",
      summary: "Sets some of what a link costs; what is left out stays, null takes it away",
      description,
      security: requires("links:write"),
      request: { params: SlugParams, body: jsonBody(CostsPatch) },
      responses,
    }),
    async (c) => {
      const { slug } = c.req.valid("param");
      await expectLink(c, slug);
      await ordersOf(c.env).patchCosts(slug, c.req.valid("json"), byOf(c));
      return answer(c, slug);
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
      await expectLink(c, slug);
      return answer(c, slug);
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
          ? [{ slug, ...tellCosts({ costs, spent }) }]
          : [],
      );
      return c.json({ data }, 200);
    },
  );
