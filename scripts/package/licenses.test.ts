import { describe, it } from "vitest";
import { bundledPackages, installed } from "./licenses.ts";

describe("the packages in what is built", () => {
  it("are those of the service and all that they need, and nothing that only builds or tests it", ({
    expect,
  }) => {
    const bundled = bundledPackages();
    expect(bundled).toEqual(
      expect.arrayContaining(["hono", "zod", "drizzle-orm", "echarts", "zrender"]),
    );
    expect(bundled.filter((name) => /vitest|wrangler|biome|playwright|knip/.test(name))).toEqual(
      [],
    );
  });

  it("may be passed on without their sources", ({ expect }) => {
    const others = bundledPackages().flatMap((name) => {
      const { license } = installed(name);
      return /^(?:MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|OFL-1\.1|Unlicense)$/.test(license)
        ? []
        : [`${name}: ${license}`];
    });
    expect(others).toEqual([]);
  });
});
