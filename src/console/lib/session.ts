/** @module Who is signed in, and what they may. */

import { signal } from "@preact/signals";
import { client, json, whenSignedOut } from "./client.ts";
import { drafts } from "./drafts.ts";
import { saves } from "./saves.ts";

export interface SignedIn {
  key: string;
  scopes: readonly string[];
  expiresAt: string;
}

/** `undefined` until it is known, `null` when nobody is signed in. */
export const session = signal<SignedIn | null | undefined>(undefined);

/** The session of who was signed in is over: the pages stay as they are, and the key is asked for over them. */
export const hasEnded = signal(false);

/** Rises with each sign-in: what was refused without one is asked for again. */
export const signIns = signal(0);

whenSignedOut(() => {
  hasEnded.value = session.value != null;
});

function signedIn(who: SignedIn): void {
  session.value = who;
  hasEnded.value = false;
  signIns.value += 1;
}

export async function readSession(): Promise<void> {
  const answer = await json(client.console.session.$get());
  if (answer.signedIn) session.value = answer;
  else if (session.value) hasEnded.value = true;
  else session.value = null;
}

/** ms; asking prolongs a session that is in use (src/auth/console-session.ts). */
const askedAgainAfter = 30 * 60_000;

/** Keeps a session while its page is seen. */
export function keepSession(): void {
  let askedAt = Date.now();
  const ask = () => {
    if (document.hidden || !session.value || hasEnded.value) return;
    if (Date.now() - askedAt < askedAgainAfter) return;
    askedAt = Date.now();
    readSession().catch(() => undefined);
  };
  setInterval(ask, 60_000);
  document.addEventListener("visibilitychange", ask);
}

/** The key was right, and the browser did not keep the cookie. */
export class NotKept extends Error {}

/** @throws {NotKept} when the session does not hold: asked again, nobody is signed in */
export async function signIn(key: string): Promise<void> {
  await json(client.console.session.$post({ json: { key } }));
  const answer = await json(client.console.session.$get());
  if (!answer.signedIn) throw new NotKept();
  signedIn(answer);
}

/** What is not saved is given up. */
export async function signOut(): Promise<void> {
  await client.console.session.$delete();
  saves.clear();
  drafts.value = new Map();
  session.value = null;
  hasEnded.value = false;
}

export function may(scope: string): boolean {
  return session.value?.scopes.includes(scope) ?? false;
}
