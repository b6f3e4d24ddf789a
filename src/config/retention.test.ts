import { describe, it } from "vitest";
import { type Env, settings, wrongSettings } from "./env.ts";

const env = (given: Partial<Env>) => ({ ADMIN_KEY: "k".repeat(20), ...given }) as Env;
const day = 86_400_000;

describe("retention settings", () => {
  it("are days, with defaults, and a deleted stream stays a quarter of an hour at the least", ({
    expect,
  }) => {
    expect(settings(env({})).retention).toEqual({
      auditFor: 365 * day,
      deletedFor: 30 * day,
      visitorsFor: undefined,
    });
    expect(
      settings(
        env({ RETAIN_AUDIT_DAYS: "7", RETAIN_DELETED_DAYS: "0", RETAIN_VISITORS_DAYS: "1.5" }),
      ).retention,
    ).toEqual({ auditFor: 7 * day, deletedFor: 900_000, visitorsFor: 1.5 * day });
  });

  it("that are wrong are named, and their defaults taken", ({ expect }) => {
    const wrong = env({ RETAIN_AUDIT_DAYS: "soon", RETAIN_DELETED_DAYS: "-1" });
    expect(wrongSettings(wrong)).toEqual([
      "setting RETAIN_AUDIT_DAYS: expected a number of days, 0 or more",
      "setting RETAIN_DELETED_DAYS: expected a number of days, 0 or more",
    ]);
    expect(settings(wrong).retention).toMatchObject({ auditFor: 365 * day, deletedFor: 30 * day });
  });
});
