/** @module Who may use the operator's door: the process that started this Worker and gave it a secret. */
import { headerOf } from "./request-headers.ts";

export interface OperatorEnv {
  /** Of one start; where there is none, nobody may. */
  OPERATOR_SECRET?: string;
}

const encoder = new TextEncoder();

/** Takes the same time for every wrong secret, whatever its length: digests are compared, not texts. */
export async function isOperator(request: Request, env: OperatorEnv): Promise<boolean> {
  const { OPERATOR_SECRET: secret } = env;
  if (!secret) return false;
  const given = headerOf(request.headers, "Authorization") ?? "";
  const digest = (text: string) => crypto.subtle.digest("SHA-256", encoder.encode(text));
  const [ours, theirs] = await Promise.all([digest(`Bearer ${secret}`), digest(given)]);
  return crypto.subtle.timingSafeEqual(ours, theirs);
}
