import { describe, it } from "vitest";
import { givenSettings, readAdminKey, readPort } from "./settings.ts";

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
