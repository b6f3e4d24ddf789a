/** Short links followed to their ends, and what bounds each hop (`safe-fetch.ts`). */
import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { namesOf, recognize } from "../platforms/recognize.ts";
import type { Destination } from "../platforms/registry/edge.ts";
import { platformPages } from "../platforms/registry/pages.ts";
import { urlVariable } from "../platforms/script.ts";
import { type Fetch, follow, readBody, Strayed } from "./safe-fetch.ts";
import { ProvenOutside, shortLinkResolver } from "./short-links.ts";

const at = (status: number, location?: string) => () =>
  new Response(null, { status, headers: location === undefined ? {} : { Location: location } });

/** A network of answers by URL, and what was asked of it. */
function network(answers: Record<string, () => Response | Promise<Response>>) {
  const asked: string[] = [];
  const inits: RequestInit[] = [];
  const fetch: Fetch = async (url, init) => {
    asked.push(url);
    inits.push(init);
    const answer = answers[url];
    if (!answer) throw new TypeError("fetch failed");
    return answer();
  };
  return { asked, inits, fetch };
}

async function ask(
  url: string,
  answers: Record<string, () => Response | Promise<Response>>,
  hosts: string[] = [],
) {
  const { asked, inits, fetch } = network(answers);
  const reading = recognize(url, hosts);
  if (!reading.ok) throw new Error(reading.detail.en);
  const destination: Destination = await shortLinkResolver(fetch, hosts)(reading.destination);
  return { destination, asked, inits, warning: destination.warnings?.[0] ?? "" };
}

const short = "https://v.douyin.com/abc/";
const room = "https://webcast.amemv.com/douyin/webcast/reflow/7318296342189919011";

describe("following a short link", () => {
  it("counts only five statuses as redirects", async ({ expect }) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const { destination } = await ask(short, { [short]: at(status, room) });
      expect(destination).toMatchObject({ kind: "live", idType: "room_id", resolvedFrom: short });
    }
    for (const status of [201, 300, 304, 305, 306, 400, 404, 500]) {
      const { destination, warning } = await ask(short, { [short]: at(status, room) });
      expect(destination).toMatchObject({ kind: "short", url: short });
      expect(warning).not.toBe("");
    }
  });

  it("goes five hops and not six", async ({ expect }) => {
    const chain = (hops: number) =>
      Object.fromEntries(
        Array.from({ length: hops }, (_, index) => [
          index === 0 ? short : `https://v.douyin.com/abc${index}/`,
          at(302, index === hops - 1 ? room : `/abc${index + 1}/`),
        ]),
      );
    expect((await ask(short, chain(5))).destination.kind).toBe("live");
    const six = await ask(short, chain(6));
    expect(six.destination.kind).toBe("short");
    expect(six.warning).toContain("more than 5 hops");
    expect(six.asked).toHaveLength(5);
  });

  it("ends at a link that leads back to itself", async ({ expect }) => {
    const { warning, asked } = await ask(short, { [short]: at(302, short) });
    expect(warning).toContain("leads back to itself");
    expect(asked).toEqual([short]);
  });

  it("asks over https only, without the fragment, following nothing by itself", async ({
    expect,
  }) => {
    const { destination, asked, inits } = await ask("http://xhslink.com/abc", {
      "https://xhslink.com/abc": at(302, "http://xhslink.com/def#x"),
      "https://xhslink.com/def": at(
        302,
        "https://www.xiaohongshu.com/livestream/570459564696889177",
      ),
    });
    expect(asked).toEqual(["https://xhslink.com/abc", "https://xhslink.com/def"]);
    expect(inits.every(({ redirect }) => redirect === "manual")).toBe(true);
    expect(destination).toMatchObject({
      kind: "live",
      // A target without a fragment keeps the one that led to it, as browsers do.
      url: "https://www.xiaohongshu.com/livestream/570459564696889177#x",
      resolvedFrom: "http://xhslink.com/abc",
    });
  });

  it("keeps the fragment of JD's room, and every parameter", async ({ expect }) => {
    const { destination } = await ask("https://3.cn/28MLBy-E?jkl=@W0a@", {
      "https://3.cn/28MLBy-E?jkl=@W0a@": at(
        302,
        "https://lives.jd.com/#/48378944?origin=0&utm=a%20b",
      ),
    });
    expect(destination.url).toBe("https://lives.jd.com/#/48378944?origin=0&utm=a%20b");
    expect(destination).toMatchObject({
      id: "48378944",
      resolvedFrom: "https://3.cn/28MLBy-E?jkl=@W0a@",
    });
  });

  it("stops at a Douyin room_id that it passes, and never makes one of a web_rid", async ({
    expect,
  }) => {
    const passed = await ask(short, {
      [short]: at(302, room),
      [room]: at(302, "https://live.douyin.com/745964462470"),
    });
    expect(passed.destination).toMatchObject({ id: "7318296342189919011", idType: "room_id" });
    const other = await ask(short, {
      [short]: at(302, "https://live.douyin.com/745964462470?room_id=1"),
    });
    expect(other.destination).toMatchObject({ id: "745964462470", idType: "web_rid" });
    expect(other.asked).toEqual([short]);
  });

  it("encodes what a Location may carry and a pasted URL may not", async ({ expect }) => {
    const { destination } = await ask(short, { [short]: at(302, `${room}?a={1|2}`) });
    expect(destination.url).toBe(`${room}?a=%7B1%7C2%7D`);
  });

  it("ends at the operator's own page, and asks nothing of it", async ({ expect }) => {
    const { destination, asked } = await ask(
      "https://3.cn/abc",
      { "https://3.cn/abc": at(302, "https://shop.example.cn/live?from=jd") },
      ["shop.example.cn"],
    );
    expect(destination).toMatchObject({
      platform: "web",
      url: "https://shop.example.cn/live?from=jd",
    });
    expect(asked).toHaveLength(1);
  });

  it("leaves what is no short link alone", async ({ expect }) => {
    for (const url of [room, "https://u.jd.com/abc", "https://s.click.taobao.com/t?e=1"]) {
      const { destination, asked } = await ask(url, {});
      expect(asked).toEqual([]);
      expect(destination.warnings ?? []).toEqual([]);
    }
  });

  it("says so at once when there is no network", async ({ expect }) => {
    const { destination, warning } = await ask(short, {});
    expect(destination).toMatchObject({ kind: "short", url: short });
    expect(warning).toBe(
      "This short link could not be resolved, since v.douyin.com did not answer; it is kept as it is.",
    );
  });

  it("keeps the short link for a page that says no more", async ({ expect }) => {
    const login = "https://www.xiaohongshu.com/login";
    const { destination, warning } = await ask("https://xhslink.com/abc", {
      "https://xhslink.com/abc": at(302, login),
      [login]: () => new Response("log in"),
    });
    expect(destination).toMatchObject({ kind: "short", url: "https://xhslink.com/abc" });
    expect(warning).toContain("a page of www.xiaohongshu.com that is not known");
  });
});

/** What is asked of short links by somebody who sees them lead outside. */
async function outside(
  url: string,
  answers: Record<string, () => Response | Promise<Response>>,
  hosts: string[] = [],
) {
  const { asked, fetch } = network(answers);
  const reading = recognize(url, hosts);
  if (!reading.ok) throw new Error(reading.detail.en);
  const refusal = await shortLinkResolver(
    fetch,
    hosts,
  )(reading.destination).then(
    (destination) => new Error(`kept: ${JSON.stringify(destination)}`),
    (error: Error) => error,
  );
  return { refusal, asked };
}

describe("a short link that leads outside", () => {
  const outsideOf: [location: string, place: string][] = [
    ["https://evil.test/", "evil.test"],
    ["http://evil.test/a/b?token=secret", "evil.test/a/b"],
    ["//evil.test/x", "evil.test/x"],
    ["https://v.douyin.com.evil.test/", "v.douyin.com.evil.test"],
    ["https://v.douyin.com%2eevil.test/", "v.douyin.com.evil.test"],
    ["https://v.douyin.com@evil.test/", "evil.test"],
    ["https://evil.test:8443/", "evil.test"],
    ["\\\\evil.test\\x", "evil.test/x"],
    ["https:\\\\evil.test", "evil.test"],
    ["https://127.0.0.1/", "127.0.0.1"],
    ["https://2130706433/", "127.0.0.1"],
    ["https://0x7f.1/", "127.0.0.1"],
    ["https://[::1]/", "[::1]"],
    ["https://169.254.169.254/latest/meta-data/", "169.254.169.254/latest/meta-data/"],
    ["https://localhost./", "localhost."],
    ["https://10.0.0.1.nip.io/", "10.0.0.1.nip.io"],
    // By a page that leads on.
    ["https://login.tmall.com/?redirectURL=https%3A%2F%2Fevil.test%2F", "evil.test"],
    ["https://login.m.taobao.com/login.htm?x=%2F%2Fevil.test", "evil.test"],
    ["https://passport.weibo.com/visitor?url=https%253A%252F%252Fevil.test", "evil.test"],
    ["https://weibo.cn/sinaurl?u=https%3A%2F%2Fevil.test%2Fx", "evil.test/x"],
    ["https://www.douyin.com/x?redirect=https://evil.test/", "evil.test"],
    ["https://live.douyin.com/745964462470?redirect_url=https://evil.test/", "evil.test"],
  ];
  for (const [location, place] of outsideOf) {
    it(`${location.slice(0, 70)} is refused, which names it`, async ({ expect }) => {
      const { refusal, asked } = await outside(short, { [short]: at(302, location) });
      expect(refusal).toBeInstanceOf(ProvenOutside);
      expect(refusal.message).toBe(
        `The short link ${short} leads to ${place}, which is outside the allowed hosts.`,
      );
      expect(asked).toEqual([short]);
    });
  }

  it("is refused where a later hop or a page leads there, of whichever platform", async ({
    expect,
  }) => {
    const hops = await outside(short, {
      [short]: at(302, "/next/"),
      "https://v.douyin.com/next/": at(301, "https://www.iesdouyin.com/share/1"),
      "https://www.iesdouyin.com/share/1": at(302, "https://evil.test/"),
    });
    expect(hops.refusal).toBeInstanceOf(ProvenOutside);
    const tb = "https://m.tb.cn/h.TWp0HTd";
    for (const target of ["https://evil.test/", "https://m.taobao.com\\@evil.test/"]) {
      const page = await outside(tb, { [tb]: () => new Response(`var url = '${target}';`) });
      expect(page.refusal.message).toContain("leads to evil.test,");
    }
    for (const url of ["https://t.cn/A6abc", "https://b23.tv/abc", "https://3.cn/abc"]) {
      const one = await outside(url, { [url]: at(302, "https://url.cn/abc") });
      expect(one.refusal).toBeInstanceOf(ProvenOutside);
    }
  });

  it("is kept where a bound was met before that was seen", async ({ expect }) => {
    const answers = Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [
        index === 0 ? short : `https://v.douyin.com/abc${index}/`,
        at(302, index === 5 ? "https://evil.test/" : `/abc${index + 1}/`),
      ]),
    );
    expect((await ask(short, answers)).warning).toContain("more than 5 hops");
  });

  it("is kept where it leads to a page of a platform's that is no destination", async ({
    expect,
  }) => {
    for (const location of [
      "https://passport.weibo.com/visitor/visitor?entry=miniblog",
      "https://pro.m.jd.com/mall/active/abc/index.html",
      "https://login.taobao.com/",
    ]) {
      const { destination, warning, asked } = await ask(short, { [short]: at(302, location) });
      expect(destination).toMatchObject({ kind: "short", url: short });
      expect(warning).toContain("is not allowed");
      expect(asked).toEqual([short]);
    }
  });

  it("says of links that are made for any page that they may lead anywhere", async ({ expect }) => {
    for (const url of ["https://t.cn/A6abc", "https://b23.tv/abc"]) {
      const { destination, warning } = await ask(url, {});
      expect(destination).toMatchObject({ kind: "short", url });
      expect(warning).toMatch(
        /did not answer; it is kept as it is\. Links of \S+ may lead anywhere/,
      );
    }
  });

  it("goes through a login page to what stands behind it, and never asks the login page", async ({
    expect,
  }) => {
    const login = (to: string) =>
      `https://plogin.m.jd.com/login?returnurl=${encodeURIComponent(to)}`;
    const jd = await ask("https://3.cn/abc", {
      "https://3.cn/abc": at(302, login("https://item.m.jd.com/product/100012043978.html")),
    });
    expect(jd.asked).toEqual(["https://3.cn/abc"]);
    expect(jd.destination).toMatchObject({ platform: "jd", kind: "item", id: "100012043978" });
    const weibo = await ask("https://t.cn/A6abc", {
      "https://t.cn/A6abc": at(
        302,
        "https://weibo.cn/sinaurl?u=https%3A%2F%2Flive.bilibili.com%2F320",
      ),
    });
    expect(weibo.destination).toMatchObject({ platform: "bilibili", id: "320" });
  });
});

describe("what no hop may be", () => {
  const hostile = [
    "https://u:p@v.douyin.com/x",
    "//u@v.douyin.com/x",
    "https://v.douyin.com:8443/x",
    "https://v.douyin.com\\@evil.test/",
    "https:evil.test",
    "javascript:alert(1)",
    "JavaScript://v.douyin.com/%0aalert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://v.douyin.com/x",
    "snssdk1128://live?room_id=1",
    "https://v.douyin.com/%2e%2e/x",
    "https://v.douyin.com/%61bc/",
    "https://v.douyin.com/a%2fb/",
    "https://v.douyin.com/a/../b/",
    "https://v.douyin.com/%zz/",
    `https://v.douyin.com/${"x".repeat(2_100)}`,
    "",
  ];
  for (const location of hostile) {
    it(location.slice(0, 60) || "no Location", async ({ expect }) => {
      const { destination, asked, warning } = await ask(short, { [short]: at(302, location) });
      expect(asked).toEqual([short]);
      expect(destination).toMatchObject({ kind: "short", url: short });
      expect(warning).not.toBe("");
    });
  }

  it("an address or a private name, even where the operator lists it", async ({ expect }) => {
    for (const name of [
      "10.0.0.1",
      "intranet",
      "printer.local",
      "a.internal",
      "api.localhost",
      "[::1]",
    ]) {
      const outcome = await follow(
        `https://${name}/`,
        {},
        {
          fetch: async () => new Response("secret"),
          isAllowed: () => true,
          signal: AbortSignal.timeout(1_000),
        },
      ).then(
        () => null,
        (error: unknown) => error,
      );
      expect(outcome).toBeInstanceOf(Strayed);
    }
  });

  it("any other host, whatever a hop says (property)", async ({ expect }) => {
    const listed = platformPages.flatMap(namesOf);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string()),
        async (location) => {
          const { asked } = await outside(short, {
            [short]: () => {
              const headers = new Headers();
              try {
                headers.set("Location", location);
              } catch {
                /* not a header's value */
              }
              return new Response(null, { status: 302, headers });
            },
          });
          for (const url of asked) {
            const { hostname, protocol } = new URL(url);
            expect(protocol).toBe("https:");
            expect(
              listed.some((host) =>
                host.startsWith(".") ? hostname.endsWith(host) : hostname === host,
              ),
            ).toBe(true);
          }
        },
      ),
    );
  });
});

describe("Taobao's page", () => {
  const tb = "https://m.tb.cn/h.TWp0HTd";
  const live = "https://huodong.m.taobao.com/act/talent/live.html?id=359158835379&type=508";
  const html = (text: string) => () => new Response(text);
  const odd: [string, string][] = [
    ["single quotes", `var url = '${live}';`],
    ["double quotes", `var url="${live}"`],
    ["backticks", `var  url\n=\t\`${live}\``],
    ["escaped slashes", `var url = '${live.replaceAll("/", "\\/")}';`],
    ["escaped units", `var url = "${live.replaceAll("&", "\\u0026").replaceAll("=", "\\x3d")}";`],
    ["the other quotes within", `var url = "${live}&t=it's";`],
    ["an empty one before", `var url = ''; var url = '${live}';`],
    ["another variable before", `var urls = 'x', myvar url2 = 'y'; var url = '${live}';`],
  ];
  for (const [name, text] of odd) {
    it(`in ${name}`, async ({ expect }) => {
      const { destination } = await ask(tb, { [tb]: html(`<script>${text}</script>`) });
      expect(destination).toMatchObject({ kind: "live", id: "359158835379", idType: "liveId" });
    });
  }
  for (const text of [
    "<html>no script</html>",
    "var url = '';",
    "var url = location.href;",
    "var url = 'unfinished",
    "var url = 'javascript:alert(1)';",
    "var url = 'java\\x73cript:alert(1)';",
    `var url = \`https://huodong.m.taobao.com/\${id}\`;`,
    `var url = '\\u{ffffff}';`,
  ]) {
    it(`leads nowhere by ${text}`, async ({ expect }) => {
      const { destination, asked } = await ask(tb, { [tb]: html(text) });
      expect(destination).toMatchObject({ kind: "short", url: tb });
      expect(destination.warnings).toHaveLength(1);
      expect(asked.every((url) => !url.includes("evil"))).toBe(true);
    });
  }
  it("is read in time that grows with its length only", ({ expect }) => {
    const began = performance.now();
    urlVariable(`var url = '${"\\".repeat(200_000)}`);
    urlVariable("var url = '".repeat(20_000));
    urlVariable(`var url =${" ".repeat(250_000)}x`);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
  it("is read up to 256 KiB", async ({ expect }) => {
    const full = `var url = '${live}';`;
    const fits = await ask(tb, { [tb]: html(full.padEnd(256 * 1024)) });
    expect(fits.destination.kind).toBe("live");
    const over = await ask(tb, { [tb]: html(full.padEnd(256 * 1024 + 1)) });
    expect(over.warning).toContain("more than 256 KiB");
  });
});

describe("time", () => {
  const never = () => new Promise<Response>(() => {});
  it("ends a fetch and a body that heed no signal", async ({ expect }) => {
    const bounds = { isAllowed: () => true, signal: AbortSignal.timeout(50) };
    const fetching = await follow(short, {}, { ...bounds, fetch: never }).catch(
      (error: Error) => error,
    );
    expect(String(fetching)).toContain("took too long");
    const endless = new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
    const reading = await readBody(new URL(short), endless, {
      bytesAtMost: 10,
      signal: AbortSignal.timeout(50),
    }).catch((error: Error) => error);
    expect(String(reading)).toContain("took too long");
  });

  it("is three seconds for all short links of a request together", async ({ expect }) => {
    const began = performance.now();
    const resolve = shortLinkResolver(never, []);
    const all = await Promise.all(
      ["a", "b", "c"].map((code) =>
        resolve({ platform: "jd", kind: "short", id: code, url: `https://3.cn/${code}` }),
      ),
    );
    expect(performance.now() - began).toBeLessThan(3_600);
    for (const { warnings } of all) expect(warnings?.[0]).toContain("3.cn took too long");
  });
});
