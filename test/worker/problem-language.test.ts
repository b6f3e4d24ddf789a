/** Problems are read by people too: title, detail and field errors are in the language that is asked for. */
import { describe, it } from "vitest";
import { env, fetchRaw } from "./client.ts";

const key = env.ADMIN_KEY;
const han = /\p{Script=Han}/u;

describe("a problem", () => {
  const bodies: [name: string, path: string, init: RequestInit, code: string][] = [
    ["a route that is none", "/api/nothing", {}, "not_found"],
    ["a stream that is none", "/api/streams/st_none", {}, "not_found"],
    ["a body that is no JSON", "/api/streams", { method: "POST", body: "{" }, "malformed_json"],
    [
      "fields that are wrong",
      "/api/streams",
      { method: "POST", body: JSON.stringify({ title: 1, destinations: [], startsAt: "now" }) },
      "invalid_request",
    ],
    [
      "a host that is not allowed",
      "/api/links",
      { method: "POST", body: JSON.stringify({ url: "https://shop.example/1" }) },
      "host_not_allowed",
    ],
    [
      "a 口令",
      "/api/inspect",
      { method: "POST", body: JSON.stringify({ text: "3￥AbCd12EfGh￥" }) },
      "share_code_without_link",
    ],
  ];
  const ask = (path: string, init: RequestInit, language?: string) => {
    const headers = new Headers({ Authorization: `Bearer ${key}` });
    if (init.body) headers.set("Content-Type", "application/json");
    if (language) headers.set("Accept-Language", language);
    return fetchRaw(path, { ...init, headers });
  };

  it.for(bodies)(
    "of %s has title, detail and errors in the reader's language",
    async ([, path, init, code], { expect }) => {
      for (const [language, is] of [
        ["zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"],
        ["zh-TW", "zh-CN"],
        ["en-GB,en;q=0.9", "en"],
        [undefined, "en"],
      ] as const) {
        const response = await ask(path, init, language);
        const problem = (await response.json()) as {
          code: string;
          title: string;
          detail: string;
          errors?: { message: string }[];
        };
        expect([problem.code, response.headers.get("Content-Language")]).toEqual([code, is]);
        expect(response.headers.get("Vary")).toContain("Accept-Language");
        const words = [
          problem.title,
          problem.detail,
          ...(problem.errors ?? []).map(({ message }) => message),
        ];
        for (const one of words) {
          if (is === "zh-CN") expect(one).toMatch(han);
          else if (code !== "share_code_without_link") expect(one).not.toMatch(han);
        }
      }
    },
  );
});

describe("a problem of the edge", () => {
  it.for([
    ["/none-such", "GET", 404],
    ["/none-such/go", "GET", 404],
    ["/", "PUT", 405],
    [`/${"a".repeat(131_072)}`, "GET", 414],
  ] as const)("is in the reader's language too: %s", async ([path, method, status], { expect }) => {
    for (const [wanted, is] of [
      ["zh", "zh-CN"],
      ["en", "en"],
      ["fr", "en"],
    ] as const) {
      const headers = { Accept: "application/json", "Accept-Language": wanted };
      const response = await fetchRaw(path, { method, headers });
      const { title, detail } = (await response.json()) as { title: string; detail: string };
      expect([response.status, response.headers.get("Content-Language")]).toEqual([status, is]);
      for (const words of [title, detail]) expect(han.test(words)).toBe(is === "zh-CN");
    }
  });
});

describe("a text of several links", () => {
  it("makes a stream whose destination names the ones that it is not", async ({ expect }) => {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const text =
      "抖音 https://live.douyin.com/880011223344 快手 https://live.kuaishou.com/u/moon 店 https://shop.example/1";
    const made = await fetchRaw("/api/links", {
      method: "POST",
      headers,
      body: JSON.stringify({ text }),
    });
    const { stream } = (await made.json()) as {
      stream: { destinations: { platform: string; warnings: string[] }[] };
    };
    expect(stream.destinations.map(({ platform }) => platform)).toEqual(["douyin"]);
    const warnings = stream.destinations[0]?.warnings ?? [];
    expect(warnings.some((one) => one.startsWith("https://live.kuaishou.com/u/moon "))).toBe(true);
    expect(warnings.some((one) => one.startsWith("https://shop.example/1 "))).toBe(true);
  });
});
