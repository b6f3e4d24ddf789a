/** `npm run corpus` reads what others publish and counts right. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, it } from "vitest";
import { measure } from "./corpus/measure.ts";
import { readCorpora } from "./corpus/read.ts";
import { corpusReport } from "./corpus.ts";

const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Mobile Safari/537.36";
const files = {
  "Tests/fixtures/smartphone.yml": `---
-
  user_agent: Mozilla/5.0 (Linux; Android 13; V1) ${chrome}
  os:
    name: Android
  client:
    type: browser
    name: Chrome Mobile
-
  user_agent: Mozilla/5.0 (Linux; Android 13; V2) ${chrome} wkbrowser 4.2 1
  os:
    name: iOS
  client:
    type: browser
    name: UC Browser
-
  user_agent: Mozilla/5.0 (Linux; Android 13; V3) ${chrome}
  headers:
    Sec-CH-UA-Platform: Windows
  os:
    name: Windows
  client: []
-
  user_agent: Mozilla/5.0 (compatible; Observer)
  os: []
  client: null
-
  user_agent: gotool/1.0
  client:
    type: library
    name: gotool
`,
  "Tests/fixtures/bots.yml": `---
-
  user_agent: Observer/1.0 (+http://observer.example)
  bot:
    name: Observer
-
  user_agent: Mozilla/5.0 (Linux; Android 13; V4) ${chrome}
  bot:
    name: Hidden
`,
  "crawlers.json": JSON.stringify([
    { pattern: "watch", instances: ["watch-ai", "watcher/2.0"] },
    { pattern: "none", instances: [] },
  ]),
  "readme.md": "none of them",
  "other.json": '{"version": 1}',
};

const directory = mkdtempSync(join(tmpdir(), "corpus-"));
afterAll(() => rmSync(directory, { recursive: true }));
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(join(directory, name)), { recursive: true });
  writeFileSync(join(directory, name), text);
}

describe("npm run corpus", () => {
  const measured = readCorpora(directory).map(measure);

  it("reads device-detector's fixtures and crawler-user-agents' list, and leaves the rest", ({
    expect,
  }) => {
    expect(measured.map(({ name }) => name)).toEqual(["Tests", "crawlers.json"]);
  });

  it("counts people, robots, systems, apps and China's apps", ({ expect }) => {
    const [fixtures, crawlers] = measured;
    expect(fixtures?.shares).toEqual({
      people: { right: 2, of: 3 },
      robots: { right: 1, of: 2 },
      systems: { right: 1, of: 2 },
      apps: { right: 1, of: 2 },
      "apps of China": { right: 0, of: 1 },
    });
    expect(crawlers?.shares.robots).toEqual({ right: 2, of: 2 });
  });

  it("names what was taken for something else, with an example", ({ expect }) => {
    const [fixtures] = measured;
    expect(fixtures?.confusions.map(({ measure: by, what }) => `${by}: ${what}`)).toEqual([
      "robots: a robot → chrome on android",
      "systems: iOS → android",
      "apps: UC Browser → wukong",
      "apps of China: UC Browser → wukong",
      "people: a person → bot other",
    ]);
  });

  it("prints a row a corpus", ({ expect }) => {
    const report = corpusReport(measured, 1);
    expect(report).toContain("| Tests | 66.67 % of 3 | 50.00 % of 2 | 50.00 % of 2 |");
    expect(report).toContain("| crawlers.json | – | 100.00 % of 2 | – | – | – |");
    expect(report).toContain("Tests: the commonest of 5 confusions");
  });
});
