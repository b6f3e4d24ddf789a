/** @module What a schema refused, as problem details: each field by its pointer, never its value. */
import type { z } from "zod";
import { cut } from "../lib/cut.ts";
import { inLanguage, type Language, said } from "../lib/said.ts";
import { type FieldProblem, most, Problem } from "./problem.ts";
import { ruleSaid } from "./rule-words.ts";

/** Names each field of a failed validation; never repeats the value. */
export function validationProblem(error: z.core.$ZodError, target: string): Problem {
  const errors = flatten(error.issues).flatMap((issue): FieldProblem[] => {
    const at = (extra?: string) => pointerOf(issue.path, target, extra);
    if (issue.code === "unrecognized_keys") {
      const message = said("Unknown field.", "没有这个字段。");
      return issue.keys.map((key) => ({ pointer: at(key), message }));
    }
    return [{ pointer: at(), message: ruleSaid(issue) }];
  });
  const named = (language: Language) =>
    errors
      .slice(0, 3)
      .map(({ pointer, message }) => {
        const words = cut(inLanguage(message, language), most.message);
        return `${cut(pointer, 64) || "body"}: ${words}`;
      })
      .join(" ");
  return new Problem("invalid_request", said(named("en"), named("zh-CN")), errors);
}

/** Names are cut before anything is made of them: a field's may be as long as the body. */
function pointerOf(path: readonly PropertyKey[], target: string, extra?: string): string {
  const parts = (extra === undefined ? path : [...path, extra]).map((part) =>
    cut(String(part), most.pointer).replaceAll("~", "~0").replaceAll("/", "~1"),
  );
  return target === "json" ? parts.map((part) => `/${part}`).join("") : `?${parts.join(".")}`;
}

/** Of a union that failed, the issues of the branch that came nearest: the one with the longest paths. */
function flatten(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "invalid_union") return [issue];
    const branches = issue.errors.map((branch) => flatten(branch as z.core.$ZodIssue[]));
    const depth = (branch: z.core.$ZodIssue[]) =>
      branch.some(({ code, path }) => code === "invalid_type" && path.length === 0) ? -1 : 1;
    const [best = []] = branches.sort((a, b) => depth(b) - depth(a));
    return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  });
}
