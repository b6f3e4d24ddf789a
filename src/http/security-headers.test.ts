import { describe, it } from "vitest";
import { keptAnswer, secured, whole } from "./security-headers.ts";

const names = (answer: Response) => [...answer.headers.keys()].sort();

describe("an answer", () => {
  it("that says nothing gets every header", ({ expect }) => {
    expect(names(secured(new Response(null), () => true))).toEqual([
      "cache-control",
      "content-security-policy",
      "referrer-policy",
      "strict-transport-security",
      "x-content-type-options",
      "x-frame-options",
    ]);
  });

  it("keeps what it says itself", ({ expect }) => {
    const said = {
      "Cache-Control": "no-cache",
      "Content-Security-Policy": "default-src 'self'",
      "Referrer-Policy": "origin",
    };
    const { headers } = secured(new Response("", { headers: said }), () => false);
    for (const [name, value] of Object.entries(said)) expect(headers.get(name)).toBe(value);
    expect(headers.get("Strict-Transport-Security")).toBeNull();
  });

  it("that redirects gets no more than it needs", ({ expect }) => {
    const redirect = new Response(null, { status: 302, headers: { Location: "https://x.test/" } });
    const answer = secured(redirect, () => false);
    expect(answer).toBe(redirect);
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(answer.headers.has("Content-Security-Policy")).toBe(false);
  });

  it("whose headers can't be changed is copied", async ({ expect }) => {
    const fixed = Response.redirect("https://x.test/", 302);
    const answer = secured(fixed, () => true);
    expect(answer.status).toBe(302);
    expect(answer.headers.get("Location")).toBe("https://x.test/");
    expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
  });

  it("that is kept has them from the beginning, and is sent as it is", ({ expect }) => {
    const init = { status: 302, headers: { Location: "https://x.test/" } };
    const [plain, safe] = [keptAnswer(init, false), keptAnswer(init, true)];
    expect(names(plain)).toEqual([
      "cache-control",
      "location",
      "referrer-policy",
      "x-content-type-options",
    ]);
    expect(names(safe)).toEqual([...names(plain), "strict-transport-security"].sort());
    const unasked = () => expect.fail("it was looked at again");
    for (const answer of [plain, safe]) expect(secured(answer, unasked)).toBe(answer);
  });

  it("that was made whole is looked at again once another was", ({ expect }) => {
    const first = whole(new Response("", { headers: { "X-Frame-Options": "DENY" } }));
    expect(names(secured(first, () => true))).not.toContain("strict-transport-security");
    whole(new Response(""));
    expect(names(secured(first, () => true))).toContain("strict-transport-security");
  });
});
