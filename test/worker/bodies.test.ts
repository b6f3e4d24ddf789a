import { describe, it } from "vitest";
import { api, fetchRaw, origin, quickLink, taobaoUrl } from "./client.ts";

const key = { Authorization: "Bearer test-key-of-the-administrator" };
const MiB = 1_048_576;

/** A body that comes in pieces without a length, and counts how much was taken of it. */
function pieces(total: number, piece: string) {
  const seen = { sent: 0 };
  const bytes = new TextEncoder().encode(piece);
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (seen.sent >= total) return controller.close();
        seen.sent += bytes.length;
        controller.enqueue(bytes);
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, body };
}

describe("a body that comes without a length", () => {
  it("is refused as soon as there is more of it than the route takes", async ({ expect }) => {
    const { streamId } = await quickLink();
    for (const [method, path, type, limit] of [
      ["POST", "/api/inspect", "application/json", MiB],
      ["POST", "/api/links", "application/json", MiB],
      ["POST", "/api/conversions", "application/json", MiB],
      ["POST", "/api/keys", "application/json", MiB],
      ["POST", "/api/notifiers/none/test", "application/json", MiB],
      ["PATCH", `/api/streams/${streamId}`, "application/json", MiB],
      ["POST", `/api/streams/${streamId}/links`, "application/json", 4 * MiB],
      ["POST", `/api/streams/${streamId}/links`, "text/csv", 4 * MiB],
      ["PUT", `/api/streams/${streamId}/cover`, "image/png", MiB / 2],
      ["POST", "/console/session", "application/json", 512],
      ["POST", "/api/conversions/import", "multipart/form-data; boundary=x", 16 * MiB],
    ] as const) {
      const { seen, body } = pieces(64 * MiB, " ".repeat(65_536));
      const answer = await fetchRaw(path, {
        method,
        headers: { ...key, "Content-Type": type, Origin: origin },
        body,
      });
      expect([path, type, answer.status]).toEqual([path, type, 413]);
      expect(await answer.json()).toMatchObject({ code: "payload_too_large" });
      // What lies between the two holds some of it too.
      expect(seen.sent).toBeLessThan(limit + 4 * MiB);
    }
  });

  it("is taken up to its limit", async ({ expect }) => {
    const body = pieces(1, JSON.stringify({ text: taobaoUrl })).body;
    const headers = { ...key, "Content-Type": "application/json" };
    const answer = await fetchRaw("/api/inspect", { method: "POST", headers, body });
    expect(answer.status).toBe(200);
  });
});

describe("a form", () => {
  const send = (body: BodyInit, type?: string) =>
    fetchRaw("/api/conversions/import?dryRun=true", {
      method: "POST",
      headers: { ...key, ...(type ? { "Content-Type": type } : {}) },
      body,
    });

  it("gives its file, and is refused without one or broken", async ({ expect }) => {
    const form = new FormData();
    const rows = "orderId,status,amount,paidAt\n1,paid,100,2026-11-20 20:00:00\n";
    form.set("file", new File([rows], "orders.csv", { type: "text/csv" }));
    const good = await send(form);
    expect((await good.json()) as object).toHaveProperty("rows");
    const none = new FormData();
    none.set("text", "x");
    expect((await send(none)).status).toBe(400);
    expect((await send("no form", "multipart/form-data; boundary=x")).status).toBe(400);
    expect((await send("no form", "multipart/form-data")).status).toBe(400);
  });
});

describe("what is said of what was sent", () => {
  const bounded = async (answer: Response, most = 40_000) => {
    const text = await answer.text();
    if (text.length > most) throw new Error(`${text.length} characters`);
    return JSON.parse(text) as { errors?: { pointer: string; message: string }[] };
  };
  const post = (path: string, body: unknown) =>
    fetchRaw(path, {
      method: "POST",
      headers: { ...key, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index));

  it("is bounded, however many fields are wrong and however long their names", async ({
    expect,
  }) => {
    const { streamId } = await quickLink();
    const links = `/api/streams/${streamId}/links`;
    const unknown = (count: number, length: number) =>
      Object.fromEntries(many(count, (index) => [`${index}${"n".repeat(length)}`, 1]));
    const bodies: [string, unknown][] = [
      ["/api/links", unknown(45_000, 8)],
      ["/api/links", unknown(180, 5_000)],
      ["/api/links", { url: taobaoUrl, tags: many(200_000, () => 1) }],
      ["/api/links", { url: taobaoUrl, tags: many(1_900, () => 1) }],
      ["/api/links", { url: "x".repeat(900_000) }],
      ["/api/links", { url: taobaoUrl, slug: "x".repeat(900_000) }],
      ["/api/links", { url: taobaoUrl, primary: "x".repeat(900_000) }],
      [links, many(100_000, () => 1)],
      [links, many(500, () => ({ tags: many(150, () => 1) }))],
      [links, many(500, () => unknown(20, 100))],
      ["/api/streams", { title: "x", destinations: many(1_900, () => ({})) }],
      ["/api/notifiers", { kind: "webhook", streams: many(1_900, () => "x".repeat(300)) }],
      ["/api/inspect", { [`__proto__${"x".repeat(900_000)}`]: 1 }],
    ];
    for (const [index, [path, body]] of bodies.entries()) {
      const answer = await post(path, body);
      expect([index, answer.status]).toEqual([index, 400]);
      const { errors = [] } = await bounded(answer);
      expect(errors.length).toBeLessThanOrEqual(51);
    }
    const some = await bounded(await post("/api/links", unknown(180, 8)));
    expect(some.errors?.at(-1)).toEqual({ pointer: "", message: "And 131 more." });
  });

  it("is bounded for rows, lines and tables too", async ({ expect }) => {
    const { streamId } = await quickLink();
    const orders = many(1_000, (index) => ({ [`${index}${"n".repeat(900)}`]: 1 }));
    const told = await post("/api/conversions", orders);
    expect(told.status).toBe(200);
    const { rejected } = (await bounded(told, 600_000)) as unknown as {
      rejected: { index: number }[];
    };
    expect(rejected).toHaveLength(1_000);
    const head = `{"type":"moongate","format":1}\n`;
    const line = JSON.stringify({ type: "link", row: { ["n".repeat(20_000)]: 1 } });
    const imported = await fetchRaw("/api/import", {
      method: "POST",
      headers: key,
      body: head + `${line}\n`.repeat(2_000),
    });
    await bounded(imported, 600_000);
    const table = (text: string) =>
      fetchRaw(`/api/streams/${streamId}/links`, {
        method: "POST",
        headers: { ...key, "Content-Type": "text/csv" },
        body: text,
      });
    const columns = await table(`name,${many(10_000, (index) => `c${index}`).join(",")}\na\n`);
    expect(columns.status).toBe(400);
    expect((await bounded(columns)).errors?.at(-1)?.message).toMatch(/^And \d+ more\.$/);
    const cells = await table(`name,channel\n${"a,b,c,d,e,f\n".repeat(400)}`);
    await bounded(cells);
    const file = await fetchRaw("/api/conversions/import", {
      method: "POST",
      headers: { ...key, "Content-Type": "text/csv" },
      body: `orderId,platform,status,amount,paidAt\n${`1,taobao,${"s".repeat(2_000)},x,y\n`.repeat(3_000)}`,
    });
    await bounded(file, 600_000);
  });

  it("names every slug that is taken, and fifty of their places", async ({ expect }) => {
    const { streamId } = await quickLink();
    const slugs = many(120, (index) => ({ slug: `taken-${streamId.slice(-6)}-${index}` }));
    expect((await post(`/api/streams/${streamId}/links`, slugs)).status).toBe(201);
    const again = await post(`/api/streams/${streamId}/links`, slugs);
    expect(again.status).toBe(409);
    const { detail, errors } = (await again.json()) as { detail: string; errors: unknown[] };
    for (const { slug } of slugs) expect(detail).toContain(slug);
    expect(errors).toHaveLength(51);
  });
});

describe("lines of a file", () => {
  it("are read in time linear in their length, and a long one is dropped alone", async ({
    expect,
  }) => {
    const { linesOf } = await import("../../src/lib/ndjson.ts");
    const read = async (texts: string[], atMost: number) => {
      const encoder = new TextEncoder();
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const next = texts.shift();
          if (next === undefined) controller.close();
          else controller.enqueue(encoder.encode(next));
        },
      });
      const lines = [];
      for await (const line of linesOf(body, atMost)) lines.push(line);
      return lines;
    };
    expect(await read(["a\nb", "c\n", "\n", "d"], 10)).toEqual([
      { number: 1, text: "a" },
      { number: 2, text: "bc" },
      { number: 4, text: "d" },
    ]);
    expect(await read([...many16("x".repeat(100)), "\nok\n"], 1_000)).toEqual([
      { number: 1, text: null },
      { number: 2, text: "ok" },
    ]);
    expect(await read(["y".repeat(1_000), "\n", "z".repeat(1_001)], 1_000)).toEqual([
      { number: 1, text: "y".repeat(1_000) },
      { number: 2, text: null },
    ]);
    expect((await api("GET", "/api/streams?limit=1")).status).toBe(200);
  });
});

const many16 = (text: string): string[] => Array.from({ length: 16 }, () => text);
