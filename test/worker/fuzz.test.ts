import fc from "fast-check";
import { describe, it } from "vitest";
import { api, fetchRaw, quickLink } from "./client.ts";
import {
  hostileTexts,
  inlined,
  mistakes,
  type OpenApi,
  type Operation,
  valuesOf,
} from "./schema.ts";

const document = (await (await fetchRaw("/openapi.json")).json()) as OpenApi;
const methods = ["get", "post", "put", "patch", "delete"];
const operations = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.entries(operations)
    .filter(([method]) => methods.includes(method))
    .map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

interface Probe {
  path: string;
  query: [string, unknown][];
  contentType: string | null;
  body: unknown;
}

/** Requests of one operation: ids that exist or don't, queries that it names or doesn't, bodies of its schema. */
function probes(path: string, operation: Operation, ids: Record<string, string>) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const segment = (name: string) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(ids[name] ?? "none") },
      {
        weight: 1,
        arbitrary: fc.constantFrom(...hostileTexts.filter((text) => text.isWellFormed())),
      },
    );
  const paths = fc
    .tuple(...names.map(segment))
    .map((values) =>
      names.reduce(
        (text, name, index) => text.replace(`{${name}}`, encodeURIComponent(values[index] ?? "")),
        path,
      ),
    );
  const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === "query");
  const seldom = (share: number, values: fc.Arbitrary<unknown>, name: string) =>
    fc
      .oneof({ weight: share, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: values })
      .map((value): [string, unknown] => [name, value]);
  const queries = fc
    .tuple(
      ...parameters.map(({ name, schema }) =>
        seldom(4, valuesOf(inlined(schema ?? {}, document), name), name),
      ),
      seldom(20, fc.constantFrom(...hostileTexts), "unknown"),
    )
    .map((pairs) => pairs.filter(([, value]) => value !== null));
  const [contentType = null, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const bodies = media ? valuesOf(inlined(media.schema ?? {}, document)) : fc.constant(undefined);
  return fc.record<Probe>({
    path: paths,
    query: queries,
    contentType: fc.constant(contentType),
    body: bodies,
  });
}

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

async function send(method: string, { path, query, contentType, body }: Probe) {
  const search = query
    .map(([name, value]) => [name, (asText(value) ?? "").toWellFormed()].map(encodeURIComponent))
    .map((pair) => pair.join("="))
    .join("&");
  const isJson = contentType === "application/json";
  return fetchRaw(`${path}${search && `?${search}`}`, {
    method,
    headers: {
      Authorization: "Bearer test-key-of-the-administrator",
      ...(contentType ? { "Content-Type": contentType.replace("image/*", "image/png") } : {}),
    },
    ...(body === undefined ? {} : { body: (isJson ? JSON.stringify(body) : asText(body)) ?? "" }),
  });
}

/** What is wrong with an answer, by the document; nothing when all is well. */
async function faults(operation: Operation, response: Response): Promise<string[]> {
  const text = await response.text();
  const { status } = response;
  const type = (response.headers.get("Content-Type") ?? "").replace(/;.*/, "");
  if (status >= 500) return [`${status}: ${text}`];
  if (status >= 400) {
    if (type !== "application/problem+json") return [`${status} is ${type}`];
    const body = JSON.parse(text) as { status: number };
    const problem = document.components.schemas.Problem ?? {};
    const wrong = mistakes({ ...problem, additionalProperties: false }, document, body);
    if (body.status !== status) wrong.push(`names ${body.status} as the status of a ${status}`);
    return wrong;
  }
  const described = operation.responses[status];
  if (!described) return [`${status} is not in the document`];
  if (!described.content) return text === "" ? [] : [`${status} has a body`];
  const media = described.content[type];
  if (!media) return [`${status} is ${type}, which is not in the document`];
  return type === "application/json" && media.schema
    ? mistakes(media.schema, document, JSON.parse(text))
    : [];
}

describe("the API, fuzzed from its own OpenAPI document", () => {
  it.for(operations.map((each) => [`${each.method} ${each.path}`, each] as const))(
    "%s: no 5xx; every error is a problem document, every answer as described",
    async ([, { path, method, operation }], { expect }) => {
      const { slug, streamId } = await quickLink();
      const ids = { slug, id: streamId };
      await fc.assert(
        fc.asyncProperty(probes(path, operation, ids), async (probe) => {
          const wrong = await faults(operation, await send(method, probe));
          expect(wrong, JSON.stringify(probe).slice(0, 2_000)).toEqual([]);
        }),
        { numRuns: 30, interruptAfterTimeLimit: 6_000, markInterruptAsFailure: false },
      );
    },
  );

  it("answers malformed JSON of every kind with 400", async ({ expect }) => {
    const bodies = [
      "",
      "{",
      "nul",
      "{'a':1}",
      '{"text":"a",}',
      '{"text":"\\ud800"',
      '{"a":1}{"b":2}',
      "\u0000",
      "NaN",
      "[".repeat(50_000),
      `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
      `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
      "1e999999",
      '{"__proto__":{"text":"https://tbzb.taobao.com/live?liveId=1"}}',
    ];
    for (const path of ["/api/inspect", "/api/links", "/api/streams", "/api/keys"]) {
      for (const text of bodies) {
        const { status, body } = await api("POST", path, text);
        expect([path, text.slice(0, 40), status]).toEqual([path, text.slice(0, 40), 400]);
        expect(mistakes(document.components.schemas.Problem ?? {}, document, body)).toEqual([]);
      }
    }
  });
});
