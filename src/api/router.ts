/** @module What every file of routes begins with: a router whose failed validations are problem details. */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { ApiEnv } from "../auth/principal.ts";
import { validationProblem } from "../http/validation-problem.ts";

export function router(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw validationProblem(result.error, result.target);
    },
  });
}

const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    instance: z.string(),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem");

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: ProblemSchema } },
});

/** The answers that any route with a key may give. */
export const commonProblems = {
  400: problem("Malformed, or an unknown field"),
  401: problem("No key, or a wrong one"),
  403: problem("The key lacks the scope"),
  429: problem("Too many requests; Retry-After says when to ask again"),
};
export const notFoundProblem = { 404: problem("Not found") };
export const conflictProblem = {
  409: problem("A slug is taken, or the first request with this Idempotency-Key is still running"),
};
/** Of a route that takes `Idempotency-Key`. */
export const idempotencyProblems = {
  409: problem("The first request with this Idempotency-Key is still running"),
  422: problem("This Idempotency-Key was used for another request"),
};
export const fileProblems = {
  413: problem("The file is too large"),
  415: problem("Not a table that can be read"),
  422: problem("The file is not one that is known"),
};
export const refusedProblem = { 422: problem("Understood, and refused: the code says why") };

export function jsonBody<T extends z.ZodType>(schema: T) {
  return { required: true as const, content: { "application/json": { schema } } };
}

export function jsonAnswer<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { "application/json": { schema } } };
}
