/** What is longer than a field may be is refused by its length, at once, whatever is in it. */
import { describe, it } from "vitest";
import { api, fetchRaw, quickLink, taobaoUrl } from "./client.ts";
import { inlined, type OpenApi, type Schema } from "./schema.ts";

const document = (await (await fetchRaw("/openapi.json")).json()) as OpenApi;

/** Characters; a pattern that goes over them again and again takes seconds. */
const length = 80_000;
const hostile = [" x", "\n ", "a-", "9", "【京东】「"].map((pump) =>
  pump === " x" ? `${" ".repeat(length)}x` : pump.repeat(length / pump.length),
);
/** ms for a request, on a machine that does much else. */
const within = 1_500;

type Path = readonly (string | number)[];

/** The paths to every string of a schema. */
function* stringsOf(schema: Schema, path: Path = []): Generator<Path> {
  for (const choice of [schema.anyOf, schema.oneOf, schema.allOf].flatMap((all) => all ?? [])) {
    yield* stringsOf(choice, path);
  }
  if ([schema.type].flat().includes("string")) yield path;
  if (schema.items) yield* stringsOf(schema.items, [...path, 0]);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    yield* stringsOf(inner, [...path, name]);
  }
}

const bodyWith = (path: Path, text: string): unknown =>
  path.reduceRight<unknown>(
    (inner, part) => (typeof part === "number" ? [inner] : { [part]: inner }),
    text,
  );

const operations = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({
    path,
    method: method.toUpperCase(),
    operation,
  })),
);
const fields = operations.flatMap(({ path, method, operation }) => {
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const paths = schema ? [...stringsOf(inlined(schema, document))] : [];
  const unique = new Map(paths.map((each) => [each.join("/"), each]));
  return [...unique.values()].map((each) => ({ path, method, each }));
});
const parameters = operations.flatMap(({ path, method, operation }) =>
  (operation.parameters ?? [])
    .filter((parameter) => parameter.schema && parameter.in === "query")
    .filter(({ schema = {} }) => [...stringsOf(inlined(schema, document))].length > 0)
    .map(({ name }) => {
      const takesJson = operation.requestBody?.content["application/json"] !== undefined;
      return { path, method, name, body: takesJson ? {} : undefined };
    }),
);

/** The path with ids that exist, where it has any. */
async function existing(path: string): Promise<string> {
  if (!path.includes("{")) return path;
  const { slug, streamId } = await quickLink();
  return path.replace("{slug}", slug).replace("{id}", streamId);
}

interface Refusal {
  errors?: { pointer: string }[];
  rejected?: { detail: string }[];
}

async function timed<T>(work: () => Promise<T>): Promise<{ answer: T; took: number }> {
  const start = Date.now();
  return { answer: await work(), took: Date.now() - start };
}

describe("a title of 80 KB of spaces and an x", () => {
  it("is refused at once by the name of its field", async ({ expect }) => {
    const body = { url: taobaoUrl, title: `${" ".repeat(length)}x` };
    const { answer, took } = await timed(() => api("POST", "/api/links", body));
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ pointer: "/title", message: expect.any(String) }]);
    expect(took).toBeLessThan(within);
  });
});

describe("every string of a body", () => {
  it("is among those tried", ({ expect }) => expect(fields.length).toBeGreaterThan(80));

  it.for(
    fields.map(
      (field) => [`${field.method} ${field.path} /${field.each.join("/")}`, field] as const,
    ),
  )("%s", async ([, { path, method, each }], { expect }) => {
    const url = await existing(path);
    const pointer = `/${each.join("/")}`;
    for (const text of hostile) {
      const { answer, took } = await timed(() => api<Refusal>(method, url, bodyWith(each, text)));
      expect(took).toBeLessThan(within);
      if (path === "/api/conversions") {
        // Orders are refused one by one, each by its first mistakes.
        expect(answer.body.rejected).toHaveLength(1);
      } else {
        expect(answer.status).toBe(400);
        const pointers = answer.body.errors?.map((error) => error.pointer) ?? [];
        // Of a list, or a union with one, the whole may be named.
        expect(
          pointers.some((named) => pointer.startsWith(named)),
          pointers.join(),
        ).toBe(true);
      }
      expect(JSON.stringify(answer.body).length).toBeLessThan(5_000);
    }
  });
});

describe("every text of a query, and every id in a path", () => {
  it.for(parameters.map((each) => [`${each.method} ${each.path} ?${each.name}`, each] as const))(
    "%s",
    async ([, { path, method, name, body }], { expect }) => {
      const url = await existing(path);
      for (const text of hostile.map((each) => each.slice(0, 8_000))) {
        const query = new URLSearchParams({ [name]: text });
        const { answer, took } = await timed(() => api<Refusal>(method, `${url}?${query}`, body));
        expect(took).toBeLessThan(within);
        expect([answer.status, answer.body.errors?.map(({ pointer }) => pointer)]).toEqual([
          400,
          expect.arrayContaining([expect.stringContaining(`?${name}`)]),
        ]);
      }
    },
  );

  it("an id of a length that no id has is refused", async ({ expect }) => {
    for (const path of ["/api/streams/", "/api/links/", "/api/keys/", "/api/notifiers/"]) {
      const method = path === "/api/keys/" ? "DELETE" : "GET";
      const { status } = await api(method, `${path}${"a-".repeat(4_000)}`);
      expect([400, 404, 405]).toContain(status);
    }
  });
});
