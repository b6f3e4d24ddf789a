/**
 * @module The processes of one service: the store's, and the edges', which open links beside it. They begin together; the store
 * ends after the last edge, so that what edges have counted has somewhere to go. Where the origin is elsewhere there are
 * edges alone.
 */
import { join } from "node:path";
import {
  edgeConfiguration,
  edgeSocket,
  elsewhereConfiguration,
  jointsOf,
  mainSocket,
  numbers,
  operatorSocketOf,
  type Place,
  storeConfiguration,
} from "./configuration.ts";
import {
  canHandOver,
  type Listener,
  type Listeners,
  type Listening,
  noListeners,
} from "./listener.ts";
import { type Door, drain, newSecret, secretName } from "./operator.ts";
import type { Plan } from "./plan.ts";
import { withoutSecrets } from "./secrets.ts";
import { surroundings } from "./surroundings.ts";
import { type Runtime, runWorkerd } from "./workerd.ts";

/** That of the store where one is asked for; each edge's is behind it, by its number. */
function inspectorPortOf(number: number): number | undefined {
  const first = process.env.MOONGATE_INSPECTOR_PORT;
  return first ? Number(first) + number : undefined;
}

export interface Start extends Omit<Place, "addressOf" | "around" | "hearsLogs"> {
  plan: Plan;
  runFolder: string;
  /** ADMIN_KEY among them. */
  settings: ReadonlyMap<string, string>;
  /** Where strangers ask. */
  main: { host: string; port: number; address: string };
  /** Its listener, where this process has it. */
  open: Listeners | null;
  /** For the sockets by which these processes reach each other; `null` where there is one process. */
  listener: Listener | null;
  /** There is no store here: edges deliver to the origin that settings name. */
  isElsewhere: boolean;
}

export interface Processes {
  /** @returns what was not delivered, in words */
  stop: () => Promise<string[]>;
}

/** @returns `null` when one ends before it listens; its own words are in the log then */
export async function runProcesses(start: Start): Promise<Processes | null> {
  const { plan, runFolder, main, open, listener, edges, isElsewhere } = start;
  const fileOf = (socket: string) => join(runFolder, socket);
  const place: Place = {
    ...start,
    around: surroundings(),
    hearsLogs: true,
    addressOf: (socket) =>
      socket === mainSocket ? main.address : canHandOver ? `unix:${fileOf(socket)}` : "127.0.0.1:0",
  };
  const secret = newSecret();
  const settings = new Map([...start.settings, [secretName, secret]]);
  const edgeSettings = withoutSecrets(settings);
  const joints = edges > 0 ? jointsOf(plan, isElsewhere) : [];
  const inner = listener
    ? await listener.listen(
        new Map(joints.map((name): [string, Listening] => [name, { path: fileOf(name) }])),
      )
    : noListeners;
  const atPort = new Map(open?.descriptors ?? []);

  const storeOf = () =>
    runWorkerd({
      file: fileOf("store.capnp"),
      configuration: storeConfiguration(plan, place, settings),
      settings,
      sockets: [operatorSocketOf(), ...(edges > 0 ? joints : [mainSocket])],
      handedOver: edges > 0 ? inner.descriptors : atPort,
      socketFiles: canHandOver ? [fileOf(operatorSocketOf())] : [],
      inspectorPort: inspectorPortOf(0),
    });
  const configured = isElsewhere ? elsewhereConfiguration : edgeConfiguration;
  const edgeOf = (number: number) => {
    const own = [operatorSocketOf(number), ...(isElsewhere ? [] : [edgeSocket(number)])];
    const shared = isElsewhere && number === 1 ? inner.descriptors : [];
    return runWorkerd({
      file: fileOf(`edge-${number}.capnp`),
      configuration: configured(plan, place, number, edgeSettings),
      settings: edgeSettings,
      sockets: [mainSocket, ...own, ...new Map(shared).keys()],
      handedOver: new Map([...atPort, ...shared]),
      socketFiles: own.map(fileOf),
      inspectorPort: inspectorPortOf(number),
    });
  };
  // Together: an edge that asks before the store answers waits at its sockets, which listen already.
  const [kept, ...begun] = await Promise.all([
    isElsewhere ? undefined : storeOf(),
    ...numbers(edges).map(edgeOf),
  ]);
  if (kept === null || begun.some((edge) => edge === null)) return null;

  const doorOf = ({ ports }: Runtime, edge?: number): Door => {
    const socket = operatorSocketOf(edge);
    return canHandOver
      ? { socketPath: fileOf(socket) }
      : { host: "127.0.0.1", port: ports.get(socket) ?? 0 };
  };
  const end = (runtime: Runtime, edge?: number) =>
    runtime.stop((signal) => drain(doorOf(runtime, edge), secret, signal));
  return {
    stop: async () => {
      await open?.close();
      const left = await Promise.all(
        begun.map((edge, index) => (edge ? end(edge, index + 1) : null)),
      );
      if (kept) left.push(await end(kept));
      await inner.close();
      return left.filter((words) => words !== null);
    },
  };
}
