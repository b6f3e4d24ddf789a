/** @module WeChat's and WeCom's proof that a domain is ours: files at its root, from the setting DOMAIN_PROOFS. */
import { domainProofs, type Env } from "../config/env.ts";
import { refusedMethod } from "../http/problems.ts";

/** @returns the file; `null` when the setting names none of this name */
export function domainProof(request: Request, env: Env, name: string): Response | null {
  const content = domainProofs(env).get(name);
  if (content === undefined) return null;
  const headers = {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
  };
  return (
    refusedMethod(request) ?? new Response(request.method === "HEAD" ? null : content, { headers })
  );
}
