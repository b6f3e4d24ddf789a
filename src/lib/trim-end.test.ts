import { describe, it } from "vitest";
import { trimEndOf } from "./trim-end.ts";

describe("trimEndOf", () => {
  it("takes off what was named, as often as it stands at the end", ({ expect }) => {
    expect(trimEndOf("https://a.cn///", "/")).toBe("https://a.cn");
    expect(trimEndOf("https://a.cn/x).;!", ").;!'*")).toBe("https://a.cn/x");
    expect(trimEndOf("a/b", "/")).toBe("a/b");
    expect(trimEndOf("///", "/")).toBe("");
    expect(trimEndOf("", "/")).toBe("");
  });

  it("does what the expression did that it stands for", ({ expect }) => {
    for (const text of ["a)", ")a", "a);.b)!", "'*'", "a\n)", ")\n", "）)"]) {
      expect(trimEndOf(text, ").;!'*")).toBe(text.replace(/[).;!'*]+$/, ""));
    }
  });
});
