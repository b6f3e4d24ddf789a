/** @module Who may use the operator's door: the process that started this Worker and gave it a secret. */
import { isSameSecret } from "../lib/hash.ts";
import { headerOf } from "./request-headers.ts";

export interface OperatorEnv {
  /** Of one start; where there is none, nobody may. */
  OPERATOR_SECRET?: string;
}

export function isOperator({ headers }: Request, env: OperatorEnv): boolean {
  const { OPERATOR_SECRET: secret } = env;
  if (!secret) return false;
  return isSameSecret(headerOf(headers, "Authorization") ?? "", `Bearer ${secret}`);
}
