import { describe, it } from "vitest";
import { picturePath } from "../landing/picture-path.ts";
import { addressIn } from "./address.ts";

const at = (rest: string) => addressIn(`https://mg.test${rest}`);

describe("an address of the service", () => {
  it("names a link and what is asked of it, the second time as the first", ({ expect }) => {
    for (const [rest, slug, below] of [
      ["/abc", "abc", ""],
      ["/ABC?from=singlemessage", "abc", ""],
      ["/abc/", "abc", ""],
      ["/abc/go?way=1", "abc", "go"],
      ["/abc/qr.svg", "abc", "qr.svg"],
      ["/abc/none-such", "abc", "none-such"],
      ["/abc%EF%BC%8C", "abc", ""],
      ["/abc./events", "abc", "events"],
      ["/abc./none-such", "abc", ""],
    ] as const) {
      for (let count = 0; count < 2; count += 1) expect(at(rest)).toMatchObject({ slug, below });
    }
  });

  it("names none where the control plane, the home page or a picture is", ({ expect }) => {
    for (const rest of [
      ...["/api/links", "/healthz", "/metrics", "/openapi.json", "/console/", "/docs", "/"],
      picturePath,
    ]) {
      expect([rest, at(rest).slug]).toEqual([rest, null]);
    }
    expect(at("/").path).toBe("/");
    expect(at("//").path).not.toBe("/");
    expect(at("/openapi.json?x").first).toBe("openapi.json");
  });

  it("longer than any link is read as well", ({ expect }) => {
    const rest = `/abc?${"x".repeat(10_000)}`;
    expect(at(rest)).toMatchObject({ slug: "abc", below: "", path: "/abc" });
  });
});
