import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { namesOf } from "../platforms/recognize.ts";
import { platformPages } from "../platforms/registry/pages.ts";
import { isPrivate } from "./private-hosts.ts";
import { Strayed } from "./safe-fetch.ts";
import { wayOut } from "./way-out.ts";

const privates = [
  // Addresses, in every form that a URL takes.
  "127.0.0.1",
  "127.1",
  "2130706433",
  "0x7f000001",
  "0x7f.1",
  "0177.0.0.1",
  "017700000001",
  "10.0.0.1",
  "8.8.8.8",
  "100.100.100.200",
  "169.254.169.254",
  "[::1]",
  "[::ffff:169.254.169.254]",
  "[64:ff9b::a9fe:a9fe]",
  "[fd00:ec2::254]",
  // Names of private networks.
  "localhost",
  "metadata",
  "kubernetes",
  "api.localhost",
  "x.localdomain",
  "printer.local",
  "router.lan",
  "nas.home.arpa",
  "vault.internal",
  "metadata.google.internal",
  "kubernetes.default.svc",
  "api.default.svc.cluster.local",
  "db.service.consul",
  "wiki.corp",
  "wiki.intranet",
  "1.0.0.10.in-addr.arpa",
  // Public names that answer with a private address.
  "10.0.0.1.nip.io",
  "app.10-0-0-1.nip.io",
  "0a000001.nip.io",
  "8.8.8.8.nip.io",
  "nip.io",
  "127-0-0-1.sslip.io",
  "www.10.0.0.1.sslip.io",
  "--1.sslip.io",
  "10.0.0.1.xip.io",
  "localtest.me",
  "a.b.localtest.me",
  "lvh.me",
  "192-168-1-10.0123456789abcdef.plex.direct",
  "7f000001.c0a80001.rbndr.us",
  "make-127-0-0-1-rebind-8.8.8.8-rr.1u.ms",
  "metadata.tencentyun.com",
  // The same under a name that no list has.
  "10.0.0.1.wildcard.example",
  "app-127-0-0-1.wildcard.example",
  "127-0-0-1.wildcard.example",
  "x.169.254.169.254.wildcard.example",
  "192-168-0-1.wildcard.example",
  "172-31-255-255.wildcard.example",
  "100-64-0-1.wildcard.example",
  "0.0.0.0.wildcard.example",
];

const publics = [
  "hooks.example.cn",
  "qyapi.weixin.qq.com",
  "xn--fiqs8s.cn",
  "ec2-54-12-0-1.compute.amazonaws.com",
  "1.2.3.4.wildcard.example",
  "2026-10-23.example.cn",
  "a1b2c3d4.project.pages.dev",
  "svc.example.cn",
  "local.example.cn",
  "notnip.io",
  "nip.io.example.cn",
  "my_hook.example.cn",
];

/** As the URL standard writes a host, however it is spelled. */
const hostOf = (host: string) => new URL(`https://${host}/`).hostname;

describe("a private host", () => {
  for (const host of privates) {
    it(host, ({ expect }) => {
      expect(isPrivate(hostOf(host))).toBe(true);
      expect(isPrivate(host)).toBe(true);
      if (host.startsWith("[")) return;
      expect(isPrivate(hostOf(`${host.toUpperCase()}.`))).toBe(true);
      if (/[a-z]\.?\w*\.[a-z]+$/.test(host)) expect(isPrivate(hostOf(`sub.${host}`))).toBe(true);
    });
  }

  it("is one in full-width letters, circled digits and Chinese full stops too", ({ expect }) => {
    for (const host of [
      "１２７.０.０.１",
      "①②⑦.⓪.⓪.①",
      "127。0。0。1",
      "ｌｏｃａｌｈｏｓｔ",
      "a.ｎｉｐ.io",
    ]) {
      expect(isPrivate(hostOf(host))).toBe(true);
    }
  });

  it("is not a public one", ({ expect }) => {
    for (const host of publics) expect([host, isPrivate(hostOf(host))]).toEqual([host, false]);
    for (const host of platformPages.flatMap(namesOf)) {
      expect(isPrivate(host.replace(/^\./, "www."))).toBe(false);
    }
  });

  it("is every form of an address that the URL standard reads (property)", ({ expect }) => {
    const byte = fc.nat(255);
    const forms = fc.tuple(byte, byte, byte, byte).chain((bytes) => {
      const number = bytes.reduce((sum, part) => sum * 256 + part, 0);
      return fc.constantFrom(
        bytes.join("."),
        String(number),
        `0x${number.toString(16)}`,
        `0${number.toString(8)}`,
        bytes.map((part) => `0x${part.toString(16)}`).join("."),
        bytes.map((part) => `0${part.toString(8)}`).join("."),
        `${bytes[0]}.${number % 2 ** 24}`,
        `[::ffff:${bytes.join(".")}]`,
      );
    });
    fc.assert(
      fc.property(forms, (form) => {
        expect(isPrivate(hostOf(form))).toBe(true);
        expect(isPrivate(form)).toBe(true);
      }),
    );
  });
});

describe("the way out", () => {
  const asked = (url: string, listed: string[] = []) =>
    wayOut(listed)(url, { signal: AbortSignal.abort(new Error("sent")) }).then(
      () => "sent",
      (error: unknown) => (error instanceof Strayed ? "refused" : "sent"),
    );

  it("asks no private host, and nothing with user information or another scheme", async ({
    expect,
  }) => {
    for (const url of [
      "https://10.0.0.1.nip.io/",
      "http://169.254.169.254/latest",
      "https://u:p@hooks.example.cn/",
      "file:///etc/passwd",
      "data:text/plain,x",
    ]) {
      expect([url, await asked(url)]).toEqual([url, "refused"]);
    }
    expect(await asked("https://hooks.example.cn/")).toBe("sent");
  });

  it("asks a private one only by an origin that the settings list, port and scheme included", async ({
    expect,
  }) => {
    const listed = ["http://127.0.0.1:9"];
    expect(await asked("http://127.0.0.1:9/x", listed)).toBe("sent");
    for (const url of ["https://127.0.0.1:9/", "http://127.0.0.1/", "http://127.0.0.2:9/"]) {
      expect(await asked(url, listed)).toBe("refused");
    }
  });

  it("is the only caller of fetch beside an edge's own origin, and none lets the runtime follow redirects", ({
    expect,
  }) => {
    const folder = join(import.meta.dirname, "..");
    const callers = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => {
      if (!/(?<!\.test|\.generated)\.tsx?$/.test(path)) return false;
      if (/^(?:console|client|docs|landing\/client)\//.test(path)) return false;
      const text = readFileSync(join(folder, path), "utf8");
      expect(text).not.toMatch(/redirect: "follow"|globalThis\.fetch/);
      const isHanded = /\bfetch: Fetch\b|\{[^{}\n]*\bfetch\b[^{}\n]*\}: (?:Pick<)?Bounds/.test(
        text,
      );
      return !isHanded && /(?<![.\w#])fetch\((?!request|\))/.test(text);
    });
    expect(callers.sort()).toEqual(["elsewhere/origin.ts", "outbound/way-out.ts"]);
  });
});
