import { describe, it } from "vitest";
import { apps, platformNames, platforms } from "./edge.ts";
import { platformPages } from "./pages.ts";
import { platformWords } from "./words.ts";

describe("the registries of platforms", () => {
  it("have each platform once, and its parts under its own name", ({ expect }) => {
    expect(new Set(platformNames).size).toBe(platformNames.length);
    expect(platformPages.map(({ name }) => name).sort()).toEqual([...platformNames].sort());
    for (const { name } of platformWords) expect(platformNames).toContain(name);
  });

  it("give no letter of a page's token twice", ({ expect }) => {
    const letters = platforms.map(({ letter }) => letter);
    expect(letters.filter((letter) => !/^[A-Z]$/.test(letter))).toEqual([]);
    expect(new Set(letters).size).toBe(letters.length);
  });

  it("relate to apps that there are", ({ expect }) => {
    const related = platforms.flatMap(({ relations }) => Object.keys(relations ?? {}));
    expect(related.filter((app) => !(apps as readonly string[]).includes(app))).toEqual([]);
  });
});
