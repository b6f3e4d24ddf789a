import { runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, it } from "vitest";
import { api, env, fetchRaw, origin, quickLink } from "./client.ts";

const worker = (exports as unknown as { default: Fetcher }).default;
const page = { Origin: origin, "Sec-Fetch-Site": "same-origin" };
const json = { "Content-Type": "application/json" };

function signIn(key: string, headers: Record<string, string> = {}) {
  return fetchRaw("/console/session", {
    method: "POST",
    headers: { ...json, ...page, ...headers },
    body: JSON.stringify({ key }),
  });
}
const cookieOf = (answer: Response) => (answer.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
const from = (address: string) => ({ "CF-Connecting-IP": address });
const statuses = async (answers: Promise<Response>[]) =>
  (await Promise.all(answers)).map(({ status }) => status);
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe("a credential is of one kind", () => {
  it("so that a cookie's id in Authorization never passes, however warm its memory", async ({
    expect,
  }) => {
    const cookie = cookieOf(await signIn("test-key-of-the-administrator"));
    const id = cookie.split("=")[1] ?? "";
    const { slug } = await quickLink();
    const change = (headers: Record<string, string>) =>
      fetchRaw(`/api/links/${slug}`, {
        method: "PATCH",
        headers: { ...json, ...headers },
        body: JSON.stringify({ disabled: true }),
      });
    for (let round = 0; round < 3; round += 1) {
      expect((await fetchRaw("/api/streams", { headers: { Cookie: cookie } })).status).toBe(200);
      for (const header of [
        `session ${id}`,
        `Session ${id}`,
        `session\t${id}`,
        `Bearer session ${id}`,
        `Bearer ${id}`,
        `Bearer ${cookie}`,
        id,
        "",
      ]) {
        const headers = { Authorization: header };
        expect((await fetchRaw("/api/streams", { headers })).status, header).toBe(401);
        expect((await change(headers)).status, header).toBe(401);
      }
    }
    // Nor a key in the cookie's place.
    for (const name of ["__Host-moongate", "moongate"]) {
      expect((await api("GET", "/api/streams")).status).toBe(200);
      const headers = { Cookie: `${name}=test-key-of-the-administrator` };
      expect((await fetchRaw("/api/streams", { headers })).status).toBe(401);
    }
  });

  it("and none is looked at that is longer than any", async ({ expect }) => {
    for (const headers of [
      { Authorization: `Bearer ${"x".repeat(300)}` },
      { Authorization: `Bearer ${" ".repeat(300)}test-key-of-the-administrator` },
      { Authorization: `Bearer mg_${"a".repeat(60_000)}` },
      { Cookie: `a=${"x".repeat(9_000)}; __Host-moongate=${"a".repeat(43)}` },
      { Cookie: `__Host-moongate=${"a".repeat(44)}` },
    ] as Record<string, string>[]) {
      expect((await fetchRaw("/api/streams", { headers })).status).toBe(401);
    }
  });

  it("and a poll that another kind asks is not answered from memory", async ({ expect }) => {
    const cookie = cookieOf(await signIn("test-key-of-the-administrator"));
    const { streamId } = await quickLink();
    const path = `/api/streams/${streamId}/stats`;
    const first = await fetchRaw(path, { headers: { Cookie: cookie } });
    const tag = { "If-None-Match": first.headers.get("ETag") ?? "" };
    for (const headers of [
      { Authorization: "none", Cookie: cookie },
      { Authorization: cookie },
      { Authorization: `session ${cookie.split("=")[1]}` },
      { Cookie: "" },
    ] as Record<string, string>[]) {
      expect((await fetchRaw(path, { headers: { ...headers, ...tag } })).status).toBe(401);
    }
    const out = { method: "DELETE", headers: { Cookie: cookie, ...page } };
    await fetchRaw(path, { headers: { Cookie: cookie } });
    expect((await fetchRaw("/console/session", out)).status).toBe(204);
    const after = await fetchRaw(path, { headers: { Cookie: cookie, ...tag } });
    expect(after.status).toBe(401);
  });
});

describe("signing in", () => {
  it("is limited by address prefix for wrong keys, and for nobody else", async ({ expect }) => {
    const wrong = (index: number) => signIn("guess", from(`2001:db8:1:1::${index.toString(16)}`));
    const seen = await statuses(times(60, wrong));
    expect(seen.filter((status) => status === 401).length).toBeGreaterThanOrEqual(20);
    expect(seen).toContain(429);
    const refused = await wrong(999);
    expect(refused.headers.get("Retry-After")).toBe("10");
    expect(await refused.json()).toMatchObject({ status: 429, code: "rate_limited" });
    expect((await signIn("test-key-of-the-administrator", from("2001:db8:1:2::1"))).status).toBe(
      201,
    );
    expect((await signIn("test-key-of-the-administrator", from("198.51.100.9"))).status).toBe(201);
    expect((await signIn("test-key-of-the-administrator")).status).toBe(201);
  });

  it("has no bucket that all share where the address is unknown", async ({ expect }) => {
    expect(new Set(await statuses(times(60, () => signIn("guess"))))).toEqual(new Set([401]));
    expect((await signIn("test-key-of-the-administrator")).status).toBe(201);
    // Headers that no setting names don't make an address.
    const forwarded = (index: number) => ({ "X-Forwarded-For": `203.0.113.${index}` });
    const seen = await statuses(times(30, (index) => signIn("guess", forwarded(index))));
    expect(new Set(seen)).toEqual(new Set([401]));
  });

  it("counts no right key", async ({ expect }) => {
    const seen = await statuses(
      times(40, () => signIn("test-key-of-the-administrator", from("198.51.100.44"))),
    );
    expect(new Set(seen)).toEqual(new Set([201]));
  });

  it("takes a few hundred bytes, and names a few fields", async ({ expect }) => {
    const post = (body: BodyInit) =>
      fetchRaw("/console/session", { method: "POST", headers: { ...json, ...page }, body });
    const fields = Object.fromEntries(times(30_000, (index) => [`unknown-field-${index}`, 1]));
    const answer = await post(JSON.stringify(fields));
    expect(answer.status).toBe(413);
    expect((await answer.text()).length).toBeLessThan(1_000);
    const few = await post(JSON.stringify({ a: 1, b: 2 }));
    expect(few.status).toBe(400);
    for (const body of ["", "[]", "null", "{}", "no json", '{"key":1}']) {
      expect((await post(body)).status, body).toBe(400);
    }
    const text = await fetchRaw("/console/session", {
      method: "POST",
      headers: { ...page, "Content-Type": "text/plain" },
      body: '{"key":"test-key-of-the-administrator"}',
    });
    expect(text.status).toBeGreaterThanOrEqual(400);
    expect(text.status).toBeLessThan(500);
  });
});

describe("the cookie over plain http", () => {
  const at = (base: string, method: string, headers: Record<string, string> = {}) =>
    worker.fetch(`${base}/console/session`, {
      method,
      headers: { ...json, Origin: base, ...headers },
      ...(method === "POST" ? { body: '{"key":"test-key-of-the-administrator"}' } : {}),
    });

  it("to this machine has neither Secure nor __Host-, everything else as it is", async ({
    expect,
  }) => {
    for (const base of ["http://localhost:8787", "http://127.0.0.1:8787", "http://[::1]:8787"]) {
      const answer = await at(base, "POST");
      expect(answer.status).toBe(201);
      const given = answer.headers.get("Set-Cookie") ?? "";
      expect(given).toMatch(/^moongate=[\w-]{43};/);
      expect(given).not.toMatch(/Secure|Domain/i);
      for (const part of ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"]) {
        expect(given).toContain(part);
      }
      const headers = { Cookie: cookieOf(answer) };
      expect(await (await at(base, "GET", headers)).json()).toMatchObject({ signedIn: true });
      // Nowhere else is it read.
      for (const other of ["https://go.example.cn", "http://go.example.cn", "https://localhost"]) {
        const who = await at(other, "GET", headers);
        expect(await who.json()).toEqual({ signedIn: false });
      }
      const out = await at(base, "DELETE", headers);
      expect(out.status).toBe(204);
      const taken = out.headers.getSetCookie();
      expect(taken.map((text) => text.split("=")[0])).toEqual(["moongate", "__Host-moongate"]);
      expect(taken.every((text) => text.includes("Max-Age=0"))).toBe(true);
      expect(await (await at(base, "GET", headers)).json()).toEqual({ signedIn: false });
    }
  });

  it("is strict wherever anything tells of https or of another machine", async ({ expect }) => {
    for (const [base, headers] of [
      ["http://go.example.cn", {}],
      ["http://192.168.1.5:8787", {}],
      ["http://localhost.evil.test", {}],
      ["http://127.0.0.1.nip.io", {}],
      ["https://localhost:8787", {}],
      ["http://localhost:8787", { "X-Forwarded-Proto": "https" }],
      ["http://localhost:8787", { Forwarded: "for=1.2.3.4;proto=https" }],
      ["http://localhost:8787", { Origin: "https://localhost:8787" }],
    ] as [string, Record<string, string>][]) {
      const answer = await at(base, "POST", headers);
      expect([base, answer.status]).toEqual([base, 201]);
      const given = answer.headers.get("Set-Cookie") ?? "";
      expect(given).toMatch(/^__Host-moongate=/);
      expect(given).toContain("Secure");
    }
  });
});

describe("the audit log of the console's door", () => {
  const entries = async (action: string) => {
    const { body } = await api("GET", "/api/audit?limit=200");
    return (body.data as { action: string; actor: string; after: { leftOut?: number } }[]).filter(
      (entry) => entry.action === action,
    );
  };

  it("tells of sign-ins, sign-outs and exports, and by whose key", async ({ expect }) => {
    const made = await api("POST", "/api/keys", { name: "door", scopes: ["links:read"] });
    const cookie = cookieOf(await signIn(made.body.secret, from("203.0.113.201")));
    expect((await entries("session.opened"))[0]).toMatchObject({ actor: made.body.id });
    await fetchRaw("/console/session", { method: "DELETE", headers: { Cookie: cookie, ...page } });
    expect((await entries("session.closed"))[0]).toMatchObject({ actor: made.body.id });
    const exported = await fetchRaw("/api/export", {
      headers: { Authorization: "Bearer test-key-of-the-administrator" },
    });
    const lines = await exported.text();
    expect((await entries("export.read"))[0]).toMatchObject({ actor: "admin" });
    expect(lines).not.toContain("export.read");
    expect(JSON.stringify((await api("GET", "/api/audit?limit=200")).body)).not.toMatch(
      /203\.0\.113|guess|test-key-of-the-administrator/,
    );
    expect(lines).not.toContain(cookie.split("=")[1]);
  });

  it("has at most ten refusals a minute, and the next one says how many were left out", async ({
    expect,
  }) => {
    await runInDurableObject(env.CATALOG.getByName("catalog"), (_, { storage }) => {
      storage.sql.exec("DELETE FROM audit WHERE action = 'session.refused'");
    });
    await statuses(times(45, () => signIn("guess-again")));
    const told = await entries("session.refused");
    expect(told.length).toBeLessThanOrEqual(10);
    for (const entry of told) {
      expect(entry).toMatchObject({ actor: "unknown", target: "console" });
      expect(Object.keys(entry.after).sort()).toEqual(["leftOut", "reason"]);
    }
    expect(JSON.stringify(told)).not.toContain("guess-again");
  });
});
