/** @module The API as the console asks it: by `moongate/client`, with the session's cookie for a key. */
import type { InferResponseType } from "hono/client";
import { ApiProblem, createClient, problemOf } from "moongate/client";
import { language } from "./prefs.ts";

export { ApiProblem, answer as json } from "moongate/client";

/** Called when the session turns out to have ended. */
let onSignedOut: () => void = () => undefined;
export const whenSignedOut = (act: () => void): void => {
  onSignedOut = act;
};

/** `fetch` whose every answer but success and 304 is thrown as a problem; status 0 when nothing answered. */
export async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    const headers = new Headers(init?.headers);
    headers.set("Accept-Language", language.value);
    response = await fetch(input, { ...init, headers });
  } catch (error) {
    throw new ApiProblem(0, { code: "offline", detail: String(error) });
  }
  if (response.ok || response.status === 304) return response;
  if (response.status === 401 && !response.url.endsWith("/console/session")) onSignedOut();
  throw await problemOf(response);
}

export const client = createClient("/", null, send);

const { api } = client;
export type Stream = InferResponseType<(typeof api.streams)[":id"]["$get"], 200>;
export type Link = InferResponseType<(typeof api.links)[":slug"]["$get"], 200>;
export type Creator = InferResponseType<(typeof api.creators)[":id"]["$get"], 200>;
export type Stats = InferResponseType<(typeof api.streams)[":id"]["stats"]["$get"], 200>;
export type Destination = Stream["destinations"][number];
export type Explanation = InferResponseType<(typeof api.links)[":slug"]["explain"]["$post"], 200>;
