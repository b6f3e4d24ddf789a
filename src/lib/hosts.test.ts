import { describe, it } from "vitest";
import { hostMatches, isInDomains, isListed } from "./hosts.ts";

describe("a host name", () => {
  it("is a listed one, or below one that is listed with a dot", ({ expect }) => {
    const listed = ["a.com", ".tmall.com"];
    const found = ["a.com", "nike.tmall.com", "a.nike.tmall.com"];
    const others = ["b.a.com", "tmall.com", ".tmall.com", "eviltmall.com", "nike.tmall.com.cn", ""];
    expect([...found, ...others].filter((name) => isListed(name, listed))).toEqual(found);
    expect(isListed("a.com", [])).toBe(false);
    expect([hostMatches("a.com", "a.com"), hostMatches("a.com", ".com")]).toEqual([true, true]);
  });

  it("is in a domain, which is itself one", ({ expect }) => {
    const domains = ["tmall.com", "jd.hk"];
    const found = ["tmall.com", "nike.tmall.com", "npcitem.jd.hk"];
    const others = ["eviltmall.com", "tmall.com.cn", "com", ""];
    expect([...found, ...others].filter((name) => isInDomains(name, domains))).toEqual(found);
  });
});
