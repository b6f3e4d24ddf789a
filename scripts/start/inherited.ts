/**
 * @module The port as it was opened by who starts this and keeps it meanwhile, as systemd does with a .socket unit
 * (sd_listen_fds(3)): from one release to the next nobody is refused, and who comes between them waits.
 */
import type { Listeners } from "./listener.ts";

/** SD_LISTEN_FDS_START. */
const firstDescriptor = 3;

/**
 * @param name of the socket
 * @param env LISTEN_PID, whom the socket is for; LISTEN_FDS, how many there are
 * @returns `null` where none is given to this process; a text where it can't be taken
 */
export function inheritedSocket(
  name: string,
  env: NodeJS.ProcessEnv = process.env,
  pid: number = process.pid,
): Listeners | string | null {
  const { LISTEN_PID: whose, LISTEN_FDS: count = "" } = env;
  if (whose !== String(pid) || count === "") return null;
  if (count !== "1")
    return `LISTEN_FDS is ${count}; expected one socket, that of the service's port.`;
  return { descriptors: new Map([[name, firstDescriptor]]), close: () => Promise.resolve() };
}
