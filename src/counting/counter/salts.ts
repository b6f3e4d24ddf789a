/** @module The salts of a stream's epochs: random, kept by shard 0 only, destroyed when an epoch is over. */
import { randomBytes } from "../../lib/hash.ts";
import type { Sql } from "../../lib/sql.ts";
import { saltGrace } from "../epoch.ts";

/** A salt, and the epoch that its visitors are counted in. */
export interface Salt {
  epoch: string;
  /** 32 random bytes. */
  value: Uint8Array;
}

/**
 * The one salt of an epoch; an end that is moved later moves the salt's own. An epoch that comes back when its
 * salt is destroyed (the broadcast is put off by a day) is counted as another, `live.2`, since nobody can be
 * recognised any more: one sketch of two salts would count whoever comes to both twice and not say so.
 *
 * @param isSketched whether anybody was counted in an epoch: one without a salt here had it destroyed by an earlier
 *   release, or left out of an export
 * @param endsAt of the epoch, UTC ms
 * @returns `null` once the epoch is over
 */
export function saltOf(
  sql: Sql,
  isSketched: (epoch: string) => boolean,
  epoch: string,
  endsAt: number,
  now: number,
): Salt | null {
  const destroyedAt = endsAt + saltGrace;
  if (now >= destroyedAt) return null;
  for (let turn = 1; ; turn += 1) {
    const name = turn === 1 ? epoch : `${epoch}.${turn}`;
    const [row] = sql
      .exec<{ value: ArrayBuffer; destroyed_at: number }>(
        "SELECT value, destroyed_at FROM salt WHERE epoch = ?",
        name,
      )
      .toArray();
    if (!row && !isSketched(name)) return newSalt(sql, name, destroyedAt);
    if (!row || row.destroyed_at <= now || row.value.byteLength === 0) continue;
    if (row.destroyed_at < destroyedAt) {
      sql.exec("UPDATE salt SET destroyed_at = ? WHERE epoch = ?", destroyedAt, name);
    }
    return { epoch: name, value: new Uint8Array(row.value) };
  }
}

function newSalt(sql: Sql, epoch: string, destroyedAt: number): Salt {
  const value = randomBytes(32);
  sql.exec(
    "INSERT INTO salt (epoch, value, destroyed_at) VALUES (?, ?, ?)",
    epoch,
    value.buffer,
    destroyedAt,
  );
  return { epoch, value };
}

/** Destroys what is due. That there was a salt is remembered, so that its epoch never has a second. */
export function forgetSalts(sql: Sql, now: number): void {
  sql.exec(
    "UPDATE salt SET value = zeroblob(0) WHERE destroyed_at <= ? AND length(value) > 0",
    now,
  );
}

/** When the next salt must be destroyed, UTC ms. */
export function dueSaltAt(sql: Sql): number | null {
  const [row] = sql
    .exec<{ at: number | null }>("SELECT min(destroyed_at) AS at FROM salt WHERE length(value) > 0")
    .toArray();
  return row?.at ?? null;
}
