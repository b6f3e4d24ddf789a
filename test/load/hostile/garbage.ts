/**
 * @module Has the isolates of a workerd collect their garbage, over the inspector: only then does its memory
 * say what it remembers. Left to itself, a worker that answers nothing but 302 grows by 200 MiB.
 *
 * workerd collects when the isolate next does something, so somebody must be asking it meanwhile.
 */
import { worker } from "../../../scripts/start/plan.ts";
import { freePort } from "../../free-port.ts";

/** What the environment must tell a service that is started, so that its workerd has an inspector. */
export async function inspection(): Promise<{ port: number; env: Record<string, string> }> {
  const port = await freePort();
  return { port, env: { MOONGATE_INSPECTOR_PORT: String(port) } };
}

interface Target {
  webSocketDebuggerUrl: string;
}

/** The service's own isolate, objects included; the others are KV's, the files' and the way out. */
const own = (url: string): boolean => url.endsWith(`/${worker}`);
/** ms that an isolate may take. A store that nothing asks meanwhile has nothing to collect either. */
const within = { own: 30_000, others: 1_000 };

/** @param port of the inspector */
export async function collectGarbage(port: number): Promise<void> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as Target[];
  const urls = targets.map(({ webSocketDebuggerUrl }) => webSocketDebuggerUrl);
  if (!urls.some(own)) throw new Error(`no isolate of ours in ${urls.join(" ")}`);
  await Promise.all(
    urls.map(async (url) => {
      const isDone = await collect(url, own(url) ? within.own : within.others);
      if (!isDone && own(url)) throw new Error(`${url} collected no garbage`);
    }),
  );
}

/** Twice: what the first finalises, the second frees. @returns whether both ended in time */
function collect(url: string, time: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const end = (isDone: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(isDone);
    };
    const timer = setTimeout(() => end(false), time);
    const ask = (id: number) =>
      socket.send(JSON.stringify({ id, method: "HeapProfiler.collectGarbage" }));
    socket.addEventListener("open", () => ask(1));
    socket.addEventListener("error", () => end(false));
    socket.addEventListener("message", ({ data }) => {
      const { id } = JSON.parse(String(data)) as { id?: number };
      if (id === 1) ask(2);
      if (id === 2) end(true);
    });
  });
}
