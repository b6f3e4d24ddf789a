/**
 * @module The origin of an edge elsewhere, asked over HTTPS: every request is signed, bounded in time and follows no
 * redirect; an answer that is none of Moongate's is a failure.
 */
import type { EdgeSecret } from "../config/readers.ts";
import {
  type Calls,
  callPath,
  helloPath,
  nothingCode,
  overloadedCode,
} from "../edge/origin-calls.ts";
import { authorizationOf } from "../http/edge-signature.ts";
import { headerOf } from "../http/request-headers.ts";
import { signalled } from "../lib/deadline.ts";
import { own } from "../lib/records.ts";

/** ms. Somebody waits for what is read; a lane gives an attempt of its own time. */
const within = { read: 2_500, call: 6_000 };

/** An answer of the origin that is not what was asked for. */
export class OriginRefusal extends Error {
  readonly status: number;
  /** Of the problem, where it is one. */
  readonly code: string;
  /** As the stub of a Durable Object says it, by which a lane widens its window. */
  readonly overloaded: boolean;

  constructor(status: number, code: string, detail: string) {
    super(`the origin answered ${status}: ${detail}`);
    this.status = status;
    this.code = code;
    this.overloaded = code === overloadedCode;
  }
}

/** An answer was well, and not what was asked for: something in front of the origin made it. */
export const noneOfMoongate = () => new Error("the origin's answer is none of Moongate's");

async function refusalOf(answer: Response): Promise<OriginRefusal> {
  const text = await answer.text().catch(() => "");
  let problem: unknown = null;
  try {
    problem = JSON.parse(text);
  } catch {
    // What stands in front of the origin answers by itself.
  }
  const said = (name: string) =>
    String((typeof problem === "object" && problem && own(problem, name)) || "");
  return new OriginRefusal(answer.status, said("code"), said("detail") || "no problem of ours");
}

/** In what an edge passes on: one that is asked so is no origin, and passes it on no further. */
export const passedOn = "Moongate-Passed-On";

/** Of an answer that is passed on: others are of the way from the origin to here. */
const handedOn = ["Content-Type", "Cache-Control", "Content-Language", "Retry-After"];

/** The origin says that it has nothing of that name; whatever else answers does not. */
export const nothing = Symbol("nothing of that name");

/** Where it is, and by which secret it knows this edge: as settings say it. */
export interface OriginSettings {
  origin: string | undefined;
  secret: EdgeSecret | undefined;
}

export class Origin {
  readonly #settings: () => OriginSettings;

  /** @param settings asked for at each request, since they may change while an isolate lives */
  constructor(settings: () => OriginSettings) {
    this.#settings = settings;
  }

  /**
   * @param target path and query
   * @param take what is taken of an answer, within the same time
   * @throws {OriginRefusal}, and what a request throws that does not arrive
   */
  async #ask<T>(
    method: string,
    target: string,
    body: string,
    take: (answer: Response) => Promise<T>,
  ): Promise<T> {
    const { origin, secret } = this.#settings();
    if (!origin || !secret) throw new Error("EDGE_ORIGIN or EDGE_SECRET is missing or wrong");
    const headers = {
      Authorization: authorizationOf(secret, { method, target }, body, Date.now()),
      Accept: "application/json",
      ...(body === "" ? {} : { "Content-Type": "application/json" }),
    };
    const init = { method, headers, redirect: "manual" as const, ...(body === "" ? {} : { body }) };
    return signalled(body === "" ? within.read : within.call, async (signal) => {
      const answer = await fetch(`${origin}${target}`, { ...init, signal });
      if (!answer.ok) throw await refusalOf(answer);
      return take(answer);
    });
  }

  /** @returns the JSON of an answer */
  async get(target: string): Promise<unknown> {
    return this.#orNothing(this.#ask<unknown>("GET", target, "", (answer) => answer.json()));
  }

  /** @returns the bytes of an answer and their media type */
  async bytes(target: string): Promise<{ bytes: ArrayBuffer; type: string } | typeof nothing> {
    const take = async (answer: Response) => ({
      bytes: await answer.arrayBuffer(),
      type: headerOf(answer.headers, "Content-Type") ?? "application/octet-stream",
    });
    return this.#orNothing(this.#ask("GET", target, "", take));
  }

  async call<Call extends keyof Calls, T>(call: Call, body: Calls[Call]): Promise<T> {
    const take = (answer: Response) => answer.json() as Promise<T>;
    return this.#ask("POST", callPath(call), JSON.stringify(body), take);
  }

  /** An answer of the origin as it is, to what anybody may ask there. @param target path and query */
  async pass(target: string): Promise<Response> {
    const { origin } = this.#settings();
    if (!origin) throw new Error("EDGE_ORIGIN is missing or wrong");
    return signalled(within.call, async (signal) => {
      const init = { headers: { [passedOn]: "1" }, redirect: "manual" as const, signal };
      const answer = await fetch(`${origin}${target}`, init);
      const headers = handedOn.flatMap((name): [string, string][] => {
        const value = headerOf(answer.headers, name);
        return value === null ? [] : [[name, value]];
      });
      return new Response(await answer.arrayBuffer(), { status: answer.status, headers });
    });
  }

  /** @throws where it does not answer, or does not know this edge */
  async hello(): Promise<void> {
    const said = await this.get(helloPath);
    const version = typeof said === "object" && said ? own(said, "version") : undefined;
    if (typeof version !== "string") throw new Error("EDGE_ORIGIN is no origin of Moongate's");
  }

  async #orNothing<T>(asked: Promise<T>): Promise<T | typeof nothing> {
    try {
      return await asked;
    } catch (error) {
      const isNothing = error instanceof OriginRefusal && error.status === 404;
      if (isNothing && error.code === nothingCode) return nothing;
      throw error;
    }
  }
}
