/** @module Every figure that the read routes of a release say, and how those of two releases differ. */
import { eventually, type Service } from "../e2e/service.ts";
import type { World } from "./world.ts";

/** A route's answer by its path: JSON as it is, anything else as text. */
export type Figures = Map<string, unknown>;

/** As far as it is looked at here; releases before did not say how orders are. */
interface Stats {
  quality: { orders?: string };
}

/** Routes without figures of what is kept: they tell of the process, or need something of the caller. */
const withoutFigures = [
  ...["/healthz", "/metrics", "/api/wechat/signature", "/api/export"],
  ...["/api/links/{slug}/page", "/api/streams/{id}/failing-destinations"],
];

/** What is asked beside the plain path. */
const queries: readonly [path: string, queries: readonly string[]][] = [
  ["/api/streams/{id}/stats", ["?source=published", "?interval=hour", "?interval=day"]],
  ["/api/links/{slug}/stats", ["?interval=hour"]],
];
const reports = ["creator", "link", "channel"];

/** Paths of the release's own description, with the world's streams and links filled in. */
function paths(described: readonly string[], { streams, slugs }: World): string[] {
  return described.flatMap((path) => {
    if (withoutFigures.includes(path)) return [];
    if (path === "/api/reports/streams") return [`${path}?ids=${streams.join()}`];
    if (path.startsWith("/api/reports/")) {
      return streams.flatMap((id) =>
        reports.map((groupBy) => `${path}?streamId=${id}&groupBy=${groupBy}`),
      );
    }
    if (path === "/api/conversions" || path === "/api/links") {
      return [path, ...streams.map((id) => `${path}?streamId=${id}`)];
    }
    const asked = ["", ...(queries.find(([one]) => one === path)?.[1] ?? [])];
    const filled = path.includes("{id}")
      ? streams.map((id) => path.replace("{id}", id))
      : path.includes("{slug}")
        ? slugs.map((slug) => path.replace("{slug}", slug))
        : [path];
    return filled.flatMap((one) => asked.map((query) => one + query));
  });
}

/** @param known reads what these paths say; else all that the release describes */
export async function figuresOf(
  service: Service,
  world: World,
  known?: readonly string[],
): Promise<Figures> {
  const read = async (path: string): Promise<unknown> => {
    const answer = await fetch(service.url + path, {
      headers: { Authorization: `Bearer ${service.key}` },
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${text}`);
    if (!answer.headers.get("Content-Type")?.includes("json")) return text;
    const said = JSON.parse(text);
    // Each export that is read is one entry more.
    return path.startsWith("/api/audit")
      ? said.data.filter(({ action }: { action: string }) => action !== "export.read")
      : said;
  };
  const whole = (path: string) =>
    // Stats wait for orders a moment only, and a process that has just begun takes longer.
    eventually(
      () => read(path),
      (said) => ((said as Partial<Stats> | null)?.quality?.orders ?? "current") === "current",
      20_000,
    );
  const figures: Figures = new Map();
  const described = async () => {
    const { paths: all } = (await read("/openapi.json")) as {
      paths: Record<string, { get?: object }>;
    };
    return paths(
      Object.keys(all).filter((path) => all[path]?.get),
      world,
    );
  };
  for (const path of known ?? (await described())) figures.set(path, await whole(path));
  return figures;
}

/** An export's lines in the order of their texts, without its head: when it was made, and by which version. */
export async function exported(service: Service): Promise<string[]> {
  const answer = await fetch(`${service.url}/api/export`, {
    headers: { Authorization: `Bearer ${service.key}` },
  });
  const [head = "", ...lines] = (await answer.text()).trimEnd().split("\n");
  if (JSON.parse(head).type !== "moongate") throw new Error(`not an export: ${head}`);
  if (JSON.parse(lines.at(-1) ?? "{}").type !== "end") throw new Error("the export was cut short");
  return lines.filter((line) => !/^\{"type":"end"|"action":"export\.read"/.test(line)).sort();
}

/** A field of an answer: `/api/streams/{id}/stats totals.views`. */
export interface Difference {
  at: string;
  old: unknown;
  new: unknown;
}

/** Leaves of a JSON value by their place. */
function leaves(value: unknown, at: string, into: Map<string, unknown>): Map<string, unknown> {
  if (typeof value !== "object" || value === null) return into.set(at, value);
  const entries = Object.entries(value);
  if (entries.length === 0) into.set(at, Array.isArray(value) ? "[]" : "{}");
  for (const [key, inner] of entries) leaves(inner, `${at}.${key}`, into);
  return into;
}

export function differences(before: Figures, after: Figures): Difference[] {
  const found: Difference[] = [];
  for (const [path, value] of before) {
    const ours = leaves(value, `${path} `, new Map());
    const theirs = leaves(after.get(path), `${path} `, new Map());
    for (const at of new Set([...ours.keys(), ...theirs.keys()])) {
      if (ours.get(at) !== theirs.get(at)) {
        found.push({ at, old: ours.get(at), new: theirs.get(at) });
      }
    }
  }
  return found;
}
