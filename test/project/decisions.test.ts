import { readdirSync, readFileSync } from "node:fs";
import { it } from "vitest";

it("docs/decisions/README.md lists each decision once, by its number and its title", ({
  expect,
}) => {
  const files = readdirSync("docs/decisions").filter((name) => /^\d{4}-/.test(name));
  const listed = readFileSync("docs/decisions/README.md", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("- ["));
  expect(new Set(files.map((name) => name.slice(0, 4))).size).toBe(files.length);
  expect(listed).toEqual(
    files.sort().map((name) => {
      const [heading = ""] = readFileSync(`docs/decisions/${name}`, "utf8").split("\n");
      const [, number = "", title = ""] = /^# (\d{4})[:.]? (.*)$/.exec(heading) ?? [];
      return `- [${number}](${name}) ${title}`;
    }),
  );
});
