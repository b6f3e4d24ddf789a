import { describe, it } from "vitest";
import { signatureOf } from "./signature.ts";

describe("the signature", () => {
  const given = {
    ticket:
      "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
    nonceStr: "Wm3WZYTPz0wzccnW",
    timestamp: 1414587457,
  };

  it("is that of the documentation's example", ({ expect }) => {
    expect(signatureOf({ ...given, url: "http://mp.weixin.qq.com?params=value" })).toBe(
      "0f9de62fce790f9a083d5c99e95740ceb90c27ed",
    );
    expect(signatureOf({ ...given, url: "http://mp.weixin.qq.com" })).toBe(
      "f4d90daf4b3bca3078ab155816175ba34c443a7b",
    );
  });

  it("does not see what follows the #", ({ expect }) => {
    expect(signatureOf({ ...given, url: "http://mp.weixin.qq.com?params=value#a#b" })).toBe(
      "0f9de62fce790f9a083d5c99e95740ceb90c27ed",
    );
  });
});
