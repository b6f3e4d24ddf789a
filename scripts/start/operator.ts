/**
 * @module The operator's door (`Operator` in src/worker.ts): a socket that is a file of this user's, and a
 * secret of this start's on top, which is all there is where sockets can't be files (Windows).
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";

export const secretName = "OPERATOR_SECRET";
/** ms; the Worker gives up delivering after 10 s. */
const answerWithin = 15_000;

/** The store's. */
export const operatorSocket = (runFolder: string): string => join(runFolder, "operator");

export const newSecret = (): string => randomBytes(32).toString("base64url");

/** Where a door is: a file, or a port of this machine. */
export type Door = { socketPath: string } | { host: string; port: number };

/** The request that asks for it. */
export const drainAsked = (secret: string) => ({
  method: "POST",
  path: "/drain",
  headers: { Host: "operator", Authorization: `Bearer ${secret}` },
});

/** @param answer `{"left":{"streams","events"}}`, or what else came. @returns `null` where nothing is left */
export function leftIn(answer: string): string | null {
  try {
    const { left } = JSON.parse(answer) as { left: { streams: number; events: number } };
    const { streams, events } = left;
    if (events === 0) return null;
    return `${events} counted events of ${streams} streams could be delivered nowhere and are lost`;
  } catch {
    return `not everything was delivered: ${answer}`;
  }
}

/**
 * Has what is counted delivered.
 *
 * @param begun is called once the answer has begun: the time for the signal to end (src/edge/operator.ts)
 * @returns what went wrong; `null` when everything was delivered
 */
export async function drain(door: Door, secret: string, begun: () => void): Promise<string | null> {
  // A start needs no client.
  const { request } = await import("node:http");
  return new Promise((resolve) => {
    const asked = request(
      { ...door, ...drainAsked(secret), timeout: answerWithin },
      async (response) => {
        let text = "";
        try {
          for await (const chunk of response) {
            if (text === "") begun();
            text += chunk;
          }
          resolve(response.statusCode === 200 ? leftIn(text) : `the drain failed: ${text}`);
        } catch (error) {
          resolve(`the drain failed: ${String(error)}`);
        }
      },
    );
    asked.once("timeout", () => asked.destroy(new Error("no answer")));
    asked.once("error", (error) => resolve(`the drain failed: ${String(error)}`));
    asked.end();
  });
}
