/**
 * @module Corpora of user agents as others publish them: device-detector's fixtures (YAML) and
 * crawler-user-agents' list (JSON). What is in neither form is left out.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { filesBelow } from "../start/files-below.ts";

/** A user agent and what the corpus says of it. */
interface Labelled {
  userAgent: string;
  kind: "human" | "robot";
  /** The corpus' own words; absent where it says nothing. */
  system?: string;
  app?: string;
}

export interface Corpus {
  /** The folder or file of the given directory that it stands in. */
  name: string;
  agents: readonly Labelled[];
}

const named = z.object({ name: z.string().nullish(), type: z.string().nullish() }).nullish();
const fixtureShape = z.object({
  user_agent: z.string().min(1),
  // What client hints add says nothing of the user agent alone.
  headers: z.never().optional(),
  bot: named,
  os: z.preprocess((os) => (Array.isArray(os) ? undefined : os), named),
  client: z.preprocess((client) => (Array.isArray(client) ? undefined : client), named),
});
const crawlerShape = z.object({ pattern: z.string(), instances: z.array(z.string().min(1)) });

/** Programs that fetch by themselves: neither people nor among its robots. */
const fetchers = new Set(["library", "feed reader"]);

function ofFixture(item: unknown): Labelled[] {
  const { data } = fixtureShape.safeParse(item);
  if (!data || fetchers.has(data.client?.type ?? "")) return [];
  const { user_agent: userAgent, bot, os, client } = data;
  if (bot) return [{ userAgent, kind: "robot" }];
  const system = os?.name;
  const app = client?.name;
  return [{ userAgent, kind: "human", ...(system && { system }), ...(app && { app }) }];
}

function ofCrawler(item: unknown): Labelled[] {
  const { data } = crawlerShape.safeParse(item);
  return (data?.instances ?? []).map((userAgent) => ({ userAgent, kind: "robot" }));
}

const readers: readonly [RegExp, (text: string) => unknown, (item: unknown) => Labelled[]][] = [
  [/\.ya?ml$/, (text) => parse(text, { maxAliasCount: 0 }), ofFixture],
  [/\.json$/, (text) => JSON.parse(text), ofCrawler],
];

/** What a file says, nothing where it is of no known form. */
function readFile(path: string): Labelled[] {
  const reader = readers.find(([name]) => name.test(path));
  if (!reader) return [];
  const [, read, labels] = reader;
  const items = read(readFileSync(path, "utf8"));
  return Array.isArray(items) ? items.flatMap(labels) : [];
}

/** The corpora below a directory, each user agent once. */
export function readCorpora(directory: string): Corpus[] {
  const byName = new Map<string, Map<string, Labelled>>();
  for (const file of filesBelow(directory).sort()) {
    const [name = file] = file.split("/");
    const agents = byName.get(name) ?? new Map<string, Labelled>();
    byName.set(name, agents);
    for (const labelled of readFile(join(directory, file)))
      agents.set(labelled.userAgent, labelled);
  }
  return [...byName]
    .filter(([, agents]) => agents.size > 0)
    .map(([name, agents]) => ({ name, agents: [...agents.values()] }));
}
