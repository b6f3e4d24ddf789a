/** @module One promoted link, asked of the alliance's gateway at the account's rate; what passes is tried again. */
import type { Adapter, Call, Fault, FaultKind, Promoted, Wanted } from "../adapter.ts";
import type { Connection } from "../connection.ts";
import { accountOf, expire, type PullPorts, paced } from "../pull.ts";

/** Tries of one call, the first included. */
const triesAtMost = 4;
const firstPauseMs = 2_000;
const passing: ReadonlySet<FaultKind> = new Set(["retry", "throttled"]);

export type Maker = (
  wanted: Wanted,
  asked: Call,
) => Promise<{ ok: true; promoted: Promoted } | Fault>;

/** @param isOver nothing is tried again then */
export function makerOf(
  ports: PullPorts,
  connection: Connection,
  promotions: NonNullable<Adapter["promotions"]>,
  isOver: () => boolean,
): Maker {
  const ask = async (asked: Call) => {
    let hasRenewed = false;
    for (let tries = 1; ; tries += 1) {
      const account = await accountOf(ports, connection);
      if ("kind" in account) return account;
      const opened = await paced(ports, connection.id, account, asked);
      if (opened.ok) return opened;
      if (opened.kind === "expired" && !hasRenewed) {
        hasRenewed = true;
        if (await expire(ports, connection)) continue;
      }
      const pauseMs = opened.waitMs ?? firstPauseMs * 2 ** (tries - 1);
      if (!passing.has(opened.kind) || tries >= triesAtMost || isOver()) return opened;
      await ports.wait(pauseMs);
    }
  };
  return async (wanted, asked) => {
    const opened = await ask(asked);
    if (!opened.ok) return opened;
    const made = promotions.read(opened.data, wanted, ports.now());
    if (!made.ok) return made;
    if (!("further" in made)) return made;
    // What is known without it is a promoted link already.
    const rest = await ask(made.further.call);
    return { ok: true, promoted: rest.ok ? made.further.read(rest.data) : made.promoted };
  };
}
