/** @module `node:crypto` for src/, whose salts are drawn by the schedule's seed. */
import { here } from "../place.ts";

export * from "node:crypto";

export function randomBytes(size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, () => here().chance.between(0, 255)));
}
