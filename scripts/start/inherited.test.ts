import { describe, it } from "vitest";
import { inheritedSocket } from "./inherited.ts";

describe("a port that who starts this has opened", () => {
  it("is taken where it is meant for this process", ({ expect }) => {
    const given = inheritedSocket("main", { LISTEN_PID: "7", LISTEN_FDS: "1" }, 7);
    expect(given).toMatchObject({ descriptors: new Map([["main", 3]]) });
  });

  it("is none where it is another's, as that of whoever started a shell, or where there is none", ({
    expect,
  }) => {
    for (const env of [
      {},
      { LISTEN_PID: "6", LISTEN_FDS: "1" },
      { LISTEN_FDS: "1" },
      { LISTEN_PID: "7" },
    ]) {
      expect(inheritedSocket("main", env, 7)).toBeNull();
    }
  });

  it("is refused in words where there are several", ({ expect }) => {
    const given = inheritedSocket("main", { LISTEN_PID: "7", LISTEN_FDS: "2" }, 7);
    expect(given).toContain("LISTEN_FDS is 2");
  });
});
