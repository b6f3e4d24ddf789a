import { describe, it } from "vitest";
import { capnp } from "./capnp.ts";
import { hello } from "./hello.ts";
import { endWithNpm } from "./parent.ts";
import { givenSettings, readAdminKey, readPort } from "./settings.ts";

describe("a configuration's text", () => {
  it("has every kind of value, and no field that is not given", ({ expect }) => {
    const value = { name: "a", list: [{ n: 1 }, { n: 2 }], is: true, not: undefined, none: [] };
    expect(capnp(value)).toBe('(name = "a", list = [(n = 1), (n = 2)], is = true, none = [])');
    expect(capnp(Uint8Array.of(0, 10, 255))).toBe('0x"000aff"');
  });

  it("ends no text before its end", ({ expect }) => {
    expect(capnp('a"b\\c\nd')).toBe('"a\\"b\\\\c\\nd"');
    expect(capnp("\u0000\u001b\u007f\r")).toBe('"\\x00\\x1b\\x7f\\x0d"');
    expect(capnp("月门")).toBe('"月门"');
  });
});

describe("the environment of a start", () => {
  it("gives the settings of the table, an empty one too, and not what the start decides", ({
    expect,
  }) => {
    const given = givenSettings({
      PUBLIC_URL: "https://go.example.cn",
      NOTIFY_HOSTS: "",
      ADMIN_KEY: "x",
      HOSTING: "cloudflare",
      PATH: "/bin",
    });
    expect([...given]).toEqual([
      ["PUBLIC_URL", "https://go.example.cn"],
      ["NOTIFY_HOSTS", ""],
    ]);
  });

  it("has a port, and a key that can't be guessed", ({ expect }) => {
    expect(readPort()).toEqual({ ok: true, value: 8787 });
    for (const wrong of ["", "0", "65536", "-1", "8787.5", "http"])
      expect(readPort(wrong).ok).toBe(false);
    expect(readAdminKey(" ")).toEqual({ ok: true, value: undefined });
    expect(readAdminKey(` ${"k".repeat(20)}\n`)).toEqual({ ok: true, value: "k".repeat(20) });
    for (const wrong of ["x", "k".repeat(19), "twenty characters and spaces"]) {
      const read = readAdminKey(wrong);
      expect(read.ok).toBe(false);
      expect(JSON.stringify(read)).not.toContain(` ${wrong} `);
    }
  });
});

describe("what a start prints", () => {
  it("has the key where it was made, and the shell's own where it came from there", ({
    expect,
  }) => {
    expect(hello("http://localhost:1", "mg_x", ".data/admin-key")).toContain(
      '"Authorization: Bearer mg_x"',
    );
    const given = hello("http://localhost:1", undefined, "");
    expect(given.match(/"Authorization: Bearer \$ADMIN_KEY"/g)).toHaveLength(2);
  });
});

it("a start that npm did not begin never ends for its parent", async ({ expect }) => {
  let ended = 0;
  for (const npm_lifecycle_event of [undefined, "test", "e2e"]) {
    endWithNpm(
      () => {
        ended += 1;
      },
      { npm_lifecycle_event },
    );
  }
  await new Promise((done) => setTimeout(done, 1_200));
  expect(ended).toBe(0);
});
