/** @module A service with edges (EDGES), as its tests look at it: its processes, a load, what is counted. */
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { agents } from "../agents.ts";
import { type Service, startService } from "./service.ts";

const headers = { "User-Agent": agents.taobaoIos };

export const viewsOf = async ({ api }: Service, slug: string): Promise<number> => {
  const { body } = await api("GET", `/api/links/${slug}/stats`);
  return (body as { totals?: { views: number } }).totals?.views ?? -1;
};

/** What the processes run by their configuration's name: the store's, and the edges'. */
export function processesOf({ process: { pid } }: Service): Map<string, number> {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return new Map(
    children.flatMap((child) => {
      let words: string[];
      try {
        words = readFileSync(`/proc/${child}/cmdline`, "utf8").split("\0");
      } catch {
        return []; // It ended between the list and this.
      }
      const file = words.find((word) => word.endsWith(".capnp")) ?? "";
      return [[file.slice(file.lastIndexOf("/") + 1, -".capnp".length), Number(child)] as const];
    }),
  );
}

/**
 * Opens a link by many connections, kept or new, until it is stopped; what came, by status or by the error.
 *
 * @param next the slug of the next open, or of all
 * @param from the header in which each open says another address than those before
 */
export function load(
  { url: origin }: Pick<Service, "url">,
  next: string | ((opened: number) => string),
  from?: string,
) {
  let opened = 0;
  const addressed = () => {
    opened += 1;
    return from === undefined
      ? headers
      : { ...headers, [from]: `2001:db8:0:${opened.toString(16)}::1` };
  };
  const came = new Map<string, number>();
  let isOver = false;
  const kept = new Agent({ keepAlive: true });
  const once = (agent: Agent | false) =>
    new Promise<string>((done) => {
      const slug = typeof next === "string" ? next : next(opened);
      const given = { headers: addressed(), agent: agent || new Agent() };
      request(`${origin}/${slug}`, given, (response) => {
        response.resume().once("end", () => done(String(response.statusCode)));
      })
        .once("error", (error: NodeJS.ErrnoException) => done(error.code ?? String(error)))
        .end();
    });
  const clients = Array.from({ length: 8 }, async (_, client) => {
    while (!isOver) {
      const what = await once(client % 2 === 0 && kept);
      came.set(what, (came.get(what) ?? 0) + 1);
    }
  });
  return {
    came,
    stop: async () => {
      isOver = true;
      await Promise.all(clients);
      kept.destroy();
    },
  };
}

/** Started as systemd does with a .socket unit: its port is open, and given as descriptor 3. */
export function startOnSocket(
  folder: string,
  descriptor: number,
  env: Record<string, string>,
): Promise<Service> {
  const command = ["sh", "-c", `LISTEN_PID=$$ exec "${process.execPath}" scripts/start.ts`];
  return startService(folder, { LISTEN_FDS: "1", ...env }, { command, descriptor });
}
