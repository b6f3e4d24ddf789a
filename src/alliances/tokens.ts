/**
 * @module Tokens that end are made anew before, one at a time for a connection: what a platform gives in exchange for a
 * refresh token is often good once, so the new pair is stored before it is used.
 */
import { log } from "../lib/log.ts";
import type { Credentials, Fault } from "./adapter.ts";
import { type Account, type CallPorts, renew } from "./caller.ts";
import type { Sealer } from "./secrets.ts";
import type { ConnectionsStore } from "./store.ts";

export interface TokenPorts extends CallPorts {
  store: ConnectionsStore;
  transaction: <T>(run: () => T) => T;
  /** `null`: no CONNECTIONS_KEY is set. */
  sealer: Sealer | null;
  /** Renewals that are under way, by connection. */
  renewing: Map<string, Promise<Account | Fault>>;
  /** Until when a renewal that failed is not tried again while the token is still good. */
  renewAfter: Map<string, number>;
}

/** A token is not used in its last minute. */
const lastMinuteMs = 60_000;
const againMs = 60_000;
const againOfDeniedMs = 3_600_000;

const tokenOf = ({ session, accessToken }: Credentials): string | undefined =>
  session ?? accessToken;

/** Whether the account's token is to be made anew by now. */
function isToRenew({ adapter: { renewal }, credentials }: Account, now: number): boolean {
  if (!renewal) return false;
  if (renewal.isOfSecret && tokenOf(credentials) === undefined) return true;
  const { expiresAt, refreshToken } = credentials;
  const canRenew = renewal.isOfSecret || refreshToken !== undefined;
  return canRenew && expiresAt !== undefined && expiresAt - now < renewal.aheadMs;
}

const isGood = ({ credentials }: Account, now: number): boolean => {
  const { expiresAt } = credentials;
  return (
    tokenOf(credentials) !== undefined &&
    (expiresAt === undefined || expiresAt - now > lastMinuteMs)
  );
};

/** The account with a token that is good for a while, made anew where that is due. */
export async function fresh(
  ports: TokenPorts,
  id: string,
  account: Account,
): Promise<Account | Fault> {
  const { now, renewing, renewAfter } = ports;
  const at = now();
  const isSoon = isToRenew(account, at);
  const isPaused = (renewAfter.get(id) ?? 0) > at && isGood(account, at);
  if (!isSoon || isPaused) return account;
  const flight =
    renewing.get(id) ??
    renewed(ports, id, account).finally(() => {
      renewing.delete(id);
    });
  renewing.set(id, flight);
  return flight;
}

async function renewed(ports: TokenPorts, id: string, account: Account): Promise<Account | Fault> {
  const { now, renewAfter } = ports;
  const answer = await renew(ports, account);
  if (answer.ok) {
    const credentials = { ...account.credentials, ...answer.credentials };
    await keep(ports, id, credentials, now());
    renewAfter.delete(id);
    return { ...account, credentials };
  }
  const { code, kind } = answer;
  log("connection_token_not_renewed", { connection: id, code });
  const isFinal = kind === "denied" || kind === "refused" || kind === "expired";
  if (isGood(account, now())) {
    renewAfter.set(id, now() + (isFinal ? againOfDeniedMs : againMs));
    if (isFinal) mustAuthorizeBy(ports, id, account.credentials.expiresAt ?? null);
    return account;
  }
  return isFinal ? { ...answer, kind: "denied" } : answer;
}

/** Seals and stores credentials, and what the connection shows of them. */
export async function keep(
  { store, sealer, transaction }: TokenPorts,
  id: string,
  credentials: Credentials,
  renewedAt: number | null,
): Promise<void> {
  if (!sealer) throw new Error("CONNECTIONS_KEY is not set");
  const sealed = await sealer.seal(credentials, id);
  transaction(() => {
    const connection = store.connection(id);
    if (!connection) return;
    store.putSealed(id, sealed);
    store.put({
      ...connection,
      ...shownOf(credentials),
      renewedAt: renewedAt ?? connection.renewedAt,
    });
  });
}

/** What the former key sealed is sealed anew, of connections too that are paused or have stopped. */
export async function sealAnew(ports: TokenPorts): Promise<void> {
  const { store, sealer } = ports;
  if (!sealer) return;
  for (const { id } of store.connections()) {
    const sealed = store.sealed(id);
    if (!sealed || !sealer.isOld(sealed)) continue;
    try {
      await keep(ports, id, (await sealer.open(sealed, id)) as Credentials, null);
    } catch (error) {
      // Neither key is its own: the connection says so when it is used.
      log("connection_not_sealed_anew", { connection: id, error: String(error) });
    }
  }
}

/** What of credentials a connection shows. */
export const shownOf = ({ appKey, expiresAt, refreshToken, refreshExpiresAt }: Credentials) => ({
  keyEnd: appKey.slice(-4),
  expiresAt: expiresAt ?? null,
  authorizeBy: refreshExpiresAt ?? (refreshToken === undefined ? (expiresAt ?? null) : null),
});

function mustAuthorizeBy({ store }: TokenPorts, id: string, at: number | null): void {
  const connection = store.connection(id);
  if (connection) store.put({ ...connection, authorizeBy: at });
}
