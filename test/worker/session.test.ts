import { runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
import { api, env, fetchRaw, origin, quickLink } from "./client.ts";

const page = { Origin: origin, "Sec-Fetch-Site": "same-origin" };

function signIn(key = "test-key-of-the-administrator", headers: Record<string, string> = {}) {
  return fetchRaw("/console/session", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...page, ...headers },
    body: JSON.stringify({ key }),
  });
}

async function signedIn(): Promise<string> {
  const response = await signIn();
  if (response.status !== 201) throw new Error(await response.text());
  return (response.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
}

const streams = (cookie: string) => fetchRaw("/api/streams", { headers: { Cookie: cookie } });

const rows = () =>
  runInDurableObject(env.CATALOG.getByName("catalog"), (_, { storage }) =>
    storage.sql.exec("SELECT * FROM session").toArray(),
  );

describe("the console's session", () => {
  it("is a cookie that scripts, other sites and plain http never see, and that says nothing of the key", async ({
    expect,
  }) => {
    const response = await signIn();
    const cookie = response.headers.get("Set-Cookie") ?? "";
    expect(response.status).toBe(201);
    expect(cookie).toMatch(/^__Host-moongate=[\w-]{43};/);
    for (const part of ["HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age=43200"]) {
      expect(cookie).toContain(part);
    }
    expect(cookie).not.toContain("Domain");
    expect(await response.text()).not.toContain("test-key-of-the-administrator");
    const id = /=([\w-]+);/.exec(cookie)?.[1] ?? "";
    const kept = JSON.stringify(await rows());
    expect(kept).not.toContain("test-key-of-the-administrator");
    expect(kept).not.toContain(id);
  });

  it("says who is signed in, and lets the API be read", async ({ expect }) => {
    const cookie = await signedIn();
    const who = await fetchRaw("/console/session", { headers: { Cookie: cookie } });
    expect(await who.json()).toMatchObject({ signedIn: true, key: "admin" });
    expect(who.headers.get("Cache-Control")).toBe("no-store");
    expect((await streams(cookie)).status).toBe(200);
    const nobody = await fetchRaw("/console/session");
    expect(await nobody.json()).toEqual({ signedIn: false });
  });

  it("lasts on while it is used, to the hour, and 30 days in all", async ({ expect }) => {
    const cookie = await signedIn();
    const hour = 3_600_000;
    const ask = async () => {
      const response = await fetchRaw("/console/session", { headers: { Cookie: cookie } });
      const { expiresAt } = (await response.json()) as { expiresAt: string };
      return {
        left: Date.parse(expiresAt) - Date.now(),
        given: response.headers.get("Set-Cookie"),
      };
    };
    const age = (by: number) =>
      runInDurableObject(env.CATALOG.getByName("catalog"), (_, { storage }) =>
        storage.sql.exec(
          "UPDATE session SET created_at = created_at - ?1, expires_at = ?2",
          by,
          Date.now() + 2 * hour,
        ),
      );
    expect((await ask()).given).toBe(null);
    await age(10 * hour);
    const used = await ask();
    expect(used.left).toBeGreaterThan(11.9 * hour);
    expect(used.given).toMatch(new RegExp(`^${cookie}; Max-Age=43[12]\\d\\d;`));
    expect((await ask()).given).toBe(null);
    await age(30 * 24 * hour - 13 * hour);
    expect((await ask()).left).toBeLessThan(3 * hour);
  });

  it("of a stored key has that key's scopes, and ends with the key", async ({ expect }) => {
    const made = await api("POST", "/api/keys", { name: "board", scopes: ["links:read"] });
    const { id, secret } = made.body as { id: string; secret: string };
    const response = await signIn(secret);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ key: id, scopes: ["links:read"] });
    const cookie = (response.headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";
    expect(JSON.stringify(await rows())).not.toContain(secret);
    expect((await streams(cookie)).status).toBe(200);
    const audit = await fetchRaw("/api/audit", { headers: { Cookie: cookie } });
    expect(audit.status).toBe(403);
    const write = await fetchRaw("/api/streams", {
      method: "POST",
      headers: { Cookie: cookie, "Content-Type": "application/json", ...page },
      body: "{}",
    });
    expect(write.status).toBe(403);
    expect((await api("DELETE", `/api/keys/${id}`)).status).toBe(204);
    await scheduler.wait(1_100);
    expect((await streams(cookie)).status).toBe(401);
    const who = await fetchRaw("/console/session", { headers: { Cookie: cookie } });
    expect(await who.json()).toEqual({ signedIn: false });
    expect((await signIn(secret)).status).toBe(401);
  });

  it("is refused with a wrong key", async ({ expect }) => {
    const response = await signIn("wrong");
    expect(response.status).toBe(401);
    expect(response.headers.get("Set-Cookie")).toBeNull();
    expect((await streams("__Host-moongate=made-up")).status).toBe(401);
  });

  it("changes nothing for a page of another origin, nor without one", async ({ expect }) => {
    const cookie = await signedIn();
    const { slug } = await quickLink();
    const patch = (headers: Record<string, string>) =>
      fetchRaw(`/api/links/${slug}`, {
        method: "PATCH",
        headers: { Cookie: cookie, "Content-Type": "application/json", ...headers },
        body: JSON.stringify({ disabled: true }),
      });
    expect((await patch({ Origin: "https://evil.example" })).status).toBe(403);
    expect((await patch({})).status).toBe(403);
    expect((await patch({ Origin: "null" })).status).toBe(403);
    expect((await patch({ Origin: origin, "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
    expect(
      (await signIn("test-key-of-the-administrator", { Origin: "https://evil.example" })).status,
    ).toBe(403);
    expect((await patch(page)).status).toBe(200);
    // A key needs no origin: no browser sends it by itself.
    expect((await api("PATCH", `/api/links/${slug}`, { disabled: false })).status).toBe(200);
  });

  it("ends with signing out, also for who kept the cookie", async ({ expect }) => {
    const cookie = await signedIn();
    expect((await streams(cookie)).status).toBe(200);
    const out = await fetchRaw("/console/session", {
      method: "DELETE",
      headers: { Cookie: cookie, ...page },
    });
    expect(out.status).toBe(204);
    expect(out.headers.get("Set-Cookie")).toContain("Max-Age=0");
    expect((await streams(cookie)).status).toBe(401);
  });

  it("ends after twelve hours, and when its key is another one", async ({ expect }) => {
    const [old, rotated] = [await signedIn(), await signedIn()];
    await runInDurableObject(env.CATALOG.getByName("catalog"), (_, { storage }) => {
      const [first, second] = storage.sql
        .exec<{ digest: string }>("SELECT digest FROM session ORDER BY rowid DESC LIMIT 2")
        .toArray();
      storage.sql.exec("UPDATE session SET proof = 'other' WHERE digest = ?", first?.digest ?? "");
      storage.sql.exec("UPDATE session SET expires_at = 1 WHERE digest = ?", second?.digest ?? "");
    });
    expect((await streams(old)).status).toBe(401);
    expect((await streams(rotated)).status).toBe(401);
  });

  it("is not guessed at: an address has twenty wrong tries", async ({ expect }) => {
    const from = { "CF-Connecting-IP": "203.0.113.77" };
    const answers = [await signIn("guess", from)];
    // A border between two windows may lie among the tries: then there are two windows' tries at most.
    while (answers.at(-1)?.status === 401 && answers.length <= 40) {
      answers.push(await signIn("guess", from));
    }
    const refused = answers.pop();
    expect(refused?.status).toBe(429);
    expect(refused?.headers.get("Retry-After")).toBe("10");
    expect(answers.length).toBeGreaterThanOrEqual(20);
    expect(
      (await signIn("test-key-of-the-administrator", { "CF-Connecting-IP": "203.0.113.78" }))
        .status,
    ).toBe(201);
  });

  it("leaves a poll of nobody at 401, whatever tag a signed-in page just got", async ({
    expect,
  }) => {
    const cookie = await signedIn();
    const { streamId } = await quickLink();
    const path = `/api/streams/${streamId}/stats`;
    const first = await fetchRaw(path, { headers: { Cookie: cookie } });
    const tag = { "If-None-Match": first.headers.get("ETag") ?? "" };
    expect((await fetchRaw(path, { headers: { Cookie: cookie, ...tag } })).status).toBe(304);
    expect((await fetchRaw(path, { headers: tag })).status).toBe(401);
  });
});

describe("the console's files", () => {
  it("are one page at every address, never cached, under a strict policy", async ({ expect }) => {
    for (const path of ["/console/", "/console/streams/st_x", "/console/index.html"]) {
      const response = await fetchRaw(path);
      expect(response.status, path).toBe(200);
      expect(response.headers.get("Content-Type")).toContain("text/html");
      expect(response.headers.get("Cache-Control")).toBe("no-store");
      const policy = response.headers.get("Content-Security-Policy") ?? "";
      expect(policy).toMatch(
        // Of what is inline the shell's own style alone, by its digest.
        /^default-src 'none'; script-src 'self'; style-src 'self' 'sha256-[\w+/]{43}='; /,
      );
      expect(policy).toContain("frame-ancestors 'none'");
      expect(await response.text()).toContain('id="app"');
    }
  });

  it("with a digest in their name are kept for a year, and unknown ones are 404", async ({
    expect,
  }) => {
    const page = await (await fetchRaw("/console/")).text();
    const script = /src="(\/console\/files\/[^"]+\.js)"/.exec(page)?.[1] ?? "";
    const response = await fetchRaw(script);
    expect(response.status).toBe(200);
    expect(response.headers.get("Cache-Control")).toBe("public, max-age=31536000, immutable");
    expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
    const missing = await fetchRaw("/console/files/none-00000000.js");
    expect(missing.status).toBe(404);
    expect(missing.headers.get("Cache-Control")).toBe("no-store");
    expect((await fetchRaw("/console/", { method: "POST" })).status).toBe(405);
    expect((await fetchRaw("/console")).headers.get("Location")).toBe("/console/");
  });
});
