import { describe, it } from "vitest";
import { fill, holes, template } from "./html-template.ts";

const { live, token } = holes;
const markup = `<p>直播${token}</p>${live}<a href="?${token}">é</a>${token}`;
const filled = (page: ReturnType<typeof template>, values: { live: string; token: string }) =>
  new TextDecoder().decode(fill(page, values).slice());
const expected = (values: { live: string; token: string }) =>
  markup.replaceAll(String(live), values.live).replaceAll(String(token), values.token);

describe("a page that is made once", () => {
  it("has each answer's values in its holes, whatever their lengths were before", ({ expect }) => {
    const page = template(markup);
    for (const values of [
      { live: "{}", token: "abc" },
      { live: "[]", token: "xyz" },
      { live: "{1}", token: "xyz" },
      { live: "{1}", token: "a" },
      { live: "", token: "" },
      { live: "{2}", token: "a longer one" },
      { live: "{}", token: "abc" },
    ]) {
      expect(filled(page, values)).toBe(expected(values));
    }
  });

  it("without holes is itself", ({ expect }) => {
    expect(filled(template("<p>门</p>"), { live: "x", token: "y" })).toBe("<p>门</p>");
  });

  it("takes at least the bytes that it says", ({ expect }) => {
    const page = template("门".repeat(1_000));
    expect(page.bytes).toBeGreaterThanOrEqual(2_000 + fill(page, { live: "", token: "" }).length);
  });
});
