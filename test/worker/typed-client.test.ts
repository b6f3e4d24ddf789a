import { describe, it } from "vitest";
import { ApiProblem, answer, createClient } from "../../src/client/index.ts";
import { fetchRaw, origin, taobaoUrl } from "./client.ts";

/** Through the service's own entry. */
const within = ((input: RequestInfo | URL, init?: RequestInit) =>
  fetchRaw(String(input).slice(origin.length), init)) as typeof fetch;
const moongate = createClient(origin, "test-key-of-the-administrator", within);

describe("moongate/client", () => {
  it("makes, reads, changes and deletes, typed by the routes", async ({ expect }) => {
    const { link, stream } = await answer(
      moongate.api.links.$post({ json: { url: taobaoUrl, title: "布偶" } }),
    );
    expect(link.streamId).toBe(stream.id);
    const param = { slug: link.slug };
    const changed = await answer(
      moongate.api.links[":slug"].$patch({ param, json: { note: "x", tags: ["a"] } }),
    );
    expect(changed.note).toBe("x");
    const stats = await answer(
      moongate.api.streams[":id"].stats.$get({ param: { id: stream.id }, query: {} }),
    );
    expect(stats.totals.views).toBe(0);
    const found = await answer(moongate.api.links.$get({ query: { streamId: stream.id } }));
    expect(found.data).toHaveLength(1);
    await answer(moongate.api.links[":slug"].$delete({ param }));
    const gone = await answer(moongate.api.links[":slug"].$get({ param })).catch(
      (error: unknown) => error,
    );
    expect(gone).toMatchObject({ status: 404, code: "not_found" });
  });

  it("throws what is refused, with the fields", async ({ expect }) => {
    const refused = await answer(
      moongate.api.links.$post({ json: { url: "https://evil.test/" } }),
    ).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiProblem);
    expect(refused).toMatchObject({ status: 422, code: "host_not_allowed" });
    expect((refused as ApiProblem).errors[0]?.pointer).toBe("/url");
    const stranger = createClient(origin, "mg_wrong", within);
    const denied = await answer(stranger.api.keys.$get({ query: {} })).catch(
      (error: unknown) => error,
    );
    expect(denied).toMatchObject({ status: 401, code: "unauthorized" });
  });
});
