/** @module A load that knows exactly how many opens it sent, and how many were answered. */
import { Agent, request } from "node:http";
import { pause } from "./drive.ts";
import { inTaobao } from "./fixture.ts";

export interface Opens {
  sent: number;
  /** Answered with a redirect: each of these must be counted. */
  acknowledged: number;
  /** Answered otherwise: 503 while the counts could not be made durable. */
  refused: number;
  /** Without an answer. */
  broken: number;
}

/** Opens links one after another on each connection, until a connection breaks or it is stopped. */
export function openUntilBroken(url: string, slugs: readonly string[], connections: number) {
  const opens: Opens = { sent: 0, acknowledged: 0, refused: 0, broken: 0 };
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let stopped = false;
  const connection = async () => {
    while (!stopped) {
      opens.sent += 1;
      const slug = slugs[opens.sent % slugs.length] ?? "";
      const answer = await answerOf(`${url}/${slug}`, agent);
      const status = answer?.status ?? null;
      if (status === 302) opens.acknowledged += 1;
      else if (status === null) opens.broken += 1;
      else opens.refused += 1;
      if (status === null) return;
    }
  };
  const ended = Promise.all(Array.from({ length: connections }, connection));
  return {
    opens,
    /** Resolves when every connection has its last answer, or none. */
    stop: async () => {
      stopped = true;
      await ended;
      agent.destroy();
    },
  };
}

/**
 * Opens a link again and again, each client one after the other.
 *
 * @param between ms that a client waits after each
 * @param leadsTo where each must lead, where that is one place
 * @returns how long each took, in ms, sorted
 * @throws where one was answered otherwise than with a redirect, or with one to elsewhere
 */
export async function opensUntil(
  url: string,
  { clients, between, leadsTo }: { clients: number; between: number; leadsTo?: string },
  isOver: () => boolean,
): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const took: number[] = [];
  const client = async (): Promise<void> => {
    while (!isOver()) {
      const began = performance.now();
      const answer = await answerOf(url, agent);
      if (answer?.status !== 302) throw new Error(`an open was answered ${answer?.status}`);
      if (leadsTo !== undefined && answer.location !== leadsTo) {
        throw new Error(`an open led to ${answer.location}`);
      }
      took.push(performance.now() - began);
      if (between > 0) await pause(between);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return took.sort((a, b) => a - b);
}

interface Answer {
  status: number | null;
  location: string | undefined;
}

/** `null` when the connection broke. A retry here would send an open that nobody has counted as sent. */
function answerOf(url: string, agent: Agent): Promise<Answer | null> {
  return new Promise((resolve) => {
    request(url, { agent, headers: inTaobao }, (response) => {
      const { statusCode: status = null, headers } = response;
      // The status came, so the open is acknowledged even if the rest of the answer is cut off.
      response.resume().once("close", () => resolve({ status, location: headers.location }));
      response.on("error", () => undefined);
    })
      .once("error", () => resolve(null))
      .end();
  });
}
