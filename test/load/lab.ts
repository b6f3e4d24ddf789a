/** @module What the parts of the benchmark measure on: services and single workers, started when first asked for. */
import { addressHeader } from "./fixture.ts";
import { inspection } from "./hostile/garbage.ts";
import {
  ownFolder,
  type Running,
  type RunningService,
  runService,
  runWorker,
  type WorkerName,
} from "./processes.ts";

export interface OwnService extends RunningService {
  /** Of workerd's inspectors, one for each process, where they were asked for. */
  inspectorPorts: readonly number[];
  remove: () => Promise<void>;
}

export class Lab {
  /** In a run of seconds even those parts share services and workers that would want their own. */
  readonly #shares: boolean;
  #service: Promise<OwnService> | undefined;
  readonly #workers = new Map<WorkerName, Promise<Running>>();

  constructor({ isShared }: { isShared: boolean }) {
    this.#shares = isShared;
  }

  /** The service that parts share. */
  service(): Promise<OwnService> {
    this.#service ??= newService({ isInspected: this.#shares, edges: this.#shares ? 1 : 0 });
    return this.#service;
  }

  /** One whose memory and links are the caller's alone, who also removes it. */
  async ownService({ isInspected = false, edges = 0 } = {}): Promise<OwnService> {
    if (!this.#shares) return newService({ isInspected, edges });
    return { ...(await this.service()), remove: () => Promise.resolve() };
  }

  worker(name: WorkerName): Promise<Running> {
    const known = this.#workers.get(name) ?? runWorker(name);
    this.#workers.set(name, known);
    return known;
  }

  /** One that has answered nothing yet, which its user stops. */
  async freshWorker(name: WorkerName): Promise<Running> {
    if (!this.#shares) return runWorker(name);
    return { ...(await this.worker(name)), stop: () => Promise.resolve() };
  }

  /** Ends what is shared, so that what comes is measured alone. */
  async clear(): Promise<void> {
    const ends = [...this.#workers.values()].map(async (worker) => (await worker).stop());
    if (this.#service) ends.push((await this.#service).remove());
    this.#workers.clear();
    this.#service = undefined;
    await Promise.all(ends);
  }
}

/** On a folder that goes with it. @param edges processes beside the store's; 0 is one process for all */
async function newService({
  isInspected,
  edges,
}: {
  isInspected: boolean;
  edges: number;
}): Promise<OwnService> {
  const folder = ownFolder();
  const inspected = isInspected ? await inspection() : undefined;
  const service = await runService(folder.path, {
    CLIENT_ADDRESS_HEADER: addressHeader,
    EDGES: String(edges),
    ...inspected?.env,
  });
  const remove = async () => {
    await service.stop();
    folder.remove();
  };
  const inspectorPorts = inspected ? service.pids.map((_, index) => inspected.port + index) : [];
  return { ...service, inspectorPorts, remove };
}
