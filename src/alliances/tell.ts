/** @module Robots hear of what of connections fails and of what ends, each once. */
import { log } from "../lib/log.ts";
import { afterTelling, type ConnectionListener, noticesOf } from "./notices.ts";
import type { PullPorts } from "./pull.ts";

/** @returns whether all is told; else it is to be told again soon */
export async function tell(
  { store, transaction }: Pick<PullPorts, "store" | "transaction">,
  notifier: ConnectionListener,
  now: number,
): Promise<boolean> {
  const notices = store
    .connections()
    .map((connection) => ({ id: connection.id, told: noticesOf(connection, now) }))
    .filter(({ told }) => told.length > 0);
  if (notices.length === 0) return true;
  try {
    await notifier.connectionsTell(notices.flatMap(({ told }) => told));
  } catch (error) {
    log("connections_not_told", { error: String(error) });
    return false;
  }
  transaction(() => {
    for (const { id, told } of notices) {
      const connection = store.connection(id);
      if (connection) store.put(afterTelling(connection, told));
    }
  });
  return true;
}
