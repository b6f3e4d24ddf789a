import { reset } from "cloudflare:test";
import { describe, it } from "vitest";
import { LinkInput } from "../../src/model/link.ts";
import { builtIns, inheritedNames } from "../names.ts";
import { fc } from "../properties.ts";
import { api, fetchRaw, quickLink, taobaoUrl } from "./client.ts";
import { faultsOf, type Made, moved, type Opened, openAll } from "./read-back.ts";
import {
  freeTexts,
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

/** Texts of a link that a person chooses; destinations and times have tests of their own. */
const texts = "slug creator channel campaign tags note externalId promotion";
const linkTexts = texts.split(" ");
/** Links that once made an answer fail or a sum wrong: always tried. */
const known: object[][] = [
  [{ channel: "constructor" }],
  [{ slug: "constructor" }],
  [{ creator: { id: "__proto__" } }, { creator: { id: "constructor", name: "toString" } }],
  [{ campaign: "toString", tags: ["hasOwnProperty"] }],
];
const untouched = builtIns();

describe("the API, fuzzed from its own OpenAPI document", () => {
  // First: an isolate remembers the links of those after it.
  it("what was made of any texts is counted, read, exported and imported whole", {
    timeout: 120_000,
  }, async ({ expect }) => {
    const linkSchema = document.components.schemas.LinkInput ?? {};
    const streamSchema = document.components.schemas.StreamInput ?? {};
    const drawn = fc.record({
      stream: freeTexts(streamSchema, document, ["host"]),
      title: fc.constantFrom("cats", ...inheritedNames),
      // Of so many texts one is refused nearly always, as the fuzz below sees: here they are made of what is taken.
      links: fc.array(
        freeTexts(linkSchema, document, linkTexts).filter(
          (link) => LinkInput.safeParse(link).success,
        ),
        { minLength: 1, maxLength: 4 },
      ),
      shards: fc.constantFrom(1, 2),
    });
    const made: { links: Made; opened: Opened; gmv: number }[] = [];
    await fc.assert(
      fc.asyncProperty(drawn, async ({ stream, title, links, shards }) => {
        const destinations = [{ url: taobaoUrl }];
        const given = { ...stream, title, shards, destinations };
        const first = await api("POST", "/api/streams", given);
        expect([201, 400]).toContain(first.status);
        if (first.status !== 201) return;
        const streamId = first.body.id as string;
        const answer = await api("POST", `/api/streams/${streamId}/links`, links);
        expect([201, 400, 409], JSON.stringify(answer.body)).toContain(answer.status);
        if (answer.status !== 201) return;
        const slugs = answer.body.data.map(({ slug }: { slug: string }) => slug) as string[];
        const orders = slugs.map((slug, index) => ({
          ...{ platform: "taobao", orderId: `${slug}-${index}`, slug, status: "paid", amount: 7 },
          paidAt: "2026-11-20T20:00:00+08:00",
        }));
        expect((await api("POST", "/api/conversions", orders)).body.accepted).toBe(slugs.length);
        const whole = { streamId, slugs, shards };
        made.push({ links: whole, opened: await openAll(whole), gmv: 7 * slugs.length });
      }),
      {
        numRuns: 9,
        examples: known.map((links) => [{ title: "cats", stream: {}, links, shards: 2 }]),
      },
    );
    expect(made.length).toBeGreaterThan(known.length);
    const read = async () =>
      (
        await Promise.all(made.map(({ links, opened, gmv }) => faultsOf(links, opened, gmv)))
      ).flat();
    expect(await read()).toEqual([]);
    expect(await moved(reset)).toMatchObject({ rejected: [], refused: 0, complete: true });
    expect(await read()).toEqual([]);
    expect(builtIns()).toEqual(untouched);
  });

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
