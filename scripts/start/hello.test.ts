import { describe, it } from "vitest";
import { hello } from "./hello.ts";

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
