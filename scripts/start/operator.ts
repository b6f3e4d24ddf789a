/**
 * @module The operator's door (`Operator` in src/worker.ts): a socket that is a file of this user's, and a
 * secret of this start's on top, which is all there is where sockets can't be files (Windows).
 */
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { join } from "node:path";

export const secretName = "OPERATOR_SECRET";
const hasFileSockets = process.platform !== "win32";
/** ms; the Worker gives up delivering after 10 s. */
const answerWithin = 15_000;

export interface Door {
  secret: string;
  /** As workerd is told to listen. */
  address: string;
  /** The socket's file, where it is one. */
  file: string | undefined;
}

export const operatorSocket = (runFolder: string): string => join(runFolder, "operator");

export function openDoor(runFolder: string): Door {
  const file = hasFileSockets ? operatorSocket(runFolder) : undefined;
  return {
    secret: randomBytes(32).toString("base64url"),
    address: file === undefined ? "127.0.0.1:0" : `unix:${file}`,
    file,
  };
}

/** @param answer `{"left":{"streams","events"}}`, or what else came */
function leftIn(answer: string): string {
  try {
    const { left } = JSON.parse(answer) as { left: { streams: number; events: number } };
    const { streams, events } = left;
    return `${events} counted events of ${streams} streams could be delivered nowhere and are lost`;
  } catch {
    return `not everything was delivered: ${answer}`;
  }
}

/**
 * Takes no new opens and delivers what is counted.
 *
 * @param port of the door where it is no file
 * @returns what went wrong; `null` when everything was delivered
 */
export function drain({ file, secret }: Door, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = request(
      {
        ...(file === undefined ? { host: "127.0.0.1", port } : { socketPath: file }),
        method: "POST",
        path: "/drain",
        headers: { Host: "operator", Authorization: `Bearer ${secret}` },
        timeout: answerWithin,
      },
      async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve(response.statusCode === 200 ? null : leftIn(text));
      },
    );
    asked.once("timeout", () => asked.destroy(new Error("no answer")));
    asked.once("error", (error) => resolve(`the drain failed: ${String(error)}`));
    asked.end();
  });
}
