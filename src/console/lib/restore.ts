/** @module A deleted stream or link brought back. */
import { send } from "./client.ts";
import { saves } from "./saves.ts";

/** @throws {ApiProblem} where it can't be brought back any more */
export async function restore(path: string): Promise<void> {
  const answer = await send(`${path}/restore`, { method: "POST" });
  saves.heard(path, await answer.json());
}
