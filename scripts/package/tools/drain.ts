/**
 * @module What `moongate` has workerd do before a process ends: ask it by its operator's socket to deliver what it has counted. Prints
 * `begun` once that has begun, which is the time for the signal to end; then what was not delivered.
 */
import { drainAsked, leftIn } from "../../start/operator.ts";

interface Env {
  DOOR: { fetch: (url: string, init: object) => Promise<Response> };
  OPERATOR_SECRET: string;
}

async function drain({ DOOR, OPERATOR_SECRET }: Env): Promise<string | null> {
  const { path, ...asked } = drainAsked(OPERATOR_SECRET);
  const response = await DOOR.fetch(`http://operator${path}`, asked);
  if (response.status !== 200) return `the drain failed: ${await response.text()}`;
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    if (text === "") console.log("begun");
    text += decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return leftIn(text);
}

export default {
  async test(_controller: unknown, env: Env): Promise<void> {
    const words = await drain(env).catch((error: unknown) => `the drain failed: ${String(error)}`);
    if (words !== null) console.log(words);
  },
};
