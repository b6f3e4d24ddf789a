import { describe, it } from "vitest";
import { givenSettings, inUrl, readEdges, readHost, readKey, readPort } from "./settings.ts";

describe("the environment of a start", () => {
  it("gives the settings of the table, an empty one too, and not what the start decides", ({
    expect,
  }) => {
    const env = new Map([
      ["PUBLIC_URL", "https://go.example.cn"],
      ["NOTIFY_HOSTS", ""],
      ["ADMIN_KEY", "x"],
      ["HOSTING", "cloudflare"],
      ["PATH", "/bin"],
    ]);
    const given = givenSettings((name) => env.get(name));
    expect([...given]).toEqual([
      ["PUBLIC_URL", "https://go.example.cn"],
      ["NOTIFY_HOSTS", ""],
    ]);
  });

  it("has as many edges as are asked for, none where a socket can't be handed over", ({
    expect,
  }) => {
    const linux = { platform: "linux", cores: 2 } as const;
    const windows = { platform: "win32", cores: 8 } as const;
    for (const [cores, value] of [
      [1, 1],
      [2, 1],
      [8, 7],
      [256, 64],
    ] as const) {
      expect(readEdges(undefined, { ...linux, cores })).toEqual({ ok: true, value });
    }
    expect(readEdges(undefined, windows)).toEqual({ ok: true, value: 0 });
    for (const [text, value] of [
      ["0", 0],
      ["1", 1],
      ["64", 64],
    ] as const) {
      expect(readEdges(text, linux)).toEqual({ ok: true, value });
    }
    expect(readEdges("0", windows)).toEqual({ ok: true, value: 0 });
    for (const wrong of ["-1", "1.5", "65", "two", "1e1", " ", "auto"]) {
      expect(readEdges(wrong, linux)).toEqual({
        ok: false,
        message: expect.stringContaining(`EDGES is ${JSON.stringify(wrong)}`),
      });
    }
    expect(readEdges("1", windows)).toMatchObject({ ok: false });
  });

  it("has an address to answer at, this machine's own where none is given", ({ expect }) => {
    expect(readHost()).toEqual({ ok: true, value: "127.0.0.1" });
    for (const host of ["0.0.0.0", "::", "::1", "10.0.0.5"])
      expect(readHost(host)).toEqual({ ok: true, value: host });
    for (const wrong of ["", "localhost", "*", "10.0.0", "10.0.0.5:80", "[::1]"]) {
      expect(readHost(wrong)).toEqual({
        ok: false,
        message: expect.stringContaining(`HOST is ${JSON.stringify(wrong)}`),
      });
    }
    expect(["0.0.0.0", "::1"].map(inUrl)).toEqual(["0.0.0.0", "[::1]"]);
  });

  it("has a port, and a key that can't be guessed", ({ expect }) => {
    expect(readPort()).toEqual({ ok: true, value: 8787 });
    for (const wrong of ["", "0", "65536", "-1", "8787.5", "http"])
      expect(readPort(wrong).ok).toBe(false);
    expect(readKey("ADMIN_KEY", " ")).toEqual({ ok: true, value: undefined });
    expect(readKey("ADMIN_KEY", ` ${"k".repeat(20)}\n`)).toEqual({
      ok: true,
      value: "k".repeat(20),
    });
    for (const wrong of ["x", "k".repeat(19), "twenty characters and spaces"]) {
      const read = readKey("ADMIN_KEY", wrong);
      expect(read.ok).toBe(false);
      expect(JSON.stringify(read)).not.toContain(` ${wrong} `);
    }
  });
});
