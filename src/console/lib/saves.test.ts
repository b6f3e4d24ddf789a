import "../../../test/browser.ts";
import { afterEach, beforeEach, describe, it, vi } from "vitest";
import { ApiProblem } from "./client.ts";
import { Saves, unsaved } from "./saves.ts";

type Answer = { ok: unknown } | { problem: ApiProblem };

const path = "/api/links/one/costs";
let asked: { path: string; fields: object; answer: (answer: Answer) => void }[];
let saves: Saves;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  saves = new Saves(
    (path, fields) =>
      new Promise((done, fail) => {
        const answer = (given: Answer) => ("ok" in given ? done(given.ok) : fail(given.problem));
        asked.push({ path, fields, answer });
      }),
  );
});
afterEach(() => vi.useRealTimers());

const answer = async (given: Answer): Promise<void> => {
  asked.at(-1)?.answer(given);
  await vi.advanceTimersByTimeAsync(0);
};
const nobody = { problem: new ApiProblem(0, { code: "offline" }) };
const states = () => unsaved(saves);

describe("edits that are not saved yet", () => {
  it("are shown at once, and are gone when the service has them", async ({ expect }) => {
    const saved: unknown[] = [];
    saves.onSaved((...given) => saved.push(given));
    saves.set(path, "slotFee", 100);
    expect(saves.get(path, "slotFee")).toEqual({ value: 100, state: "sending" });
    expect(asked.map(({ fields }) => fields)).toEqual([{ slotFee: 100 }]);
    await answer({ ok: { slotFee: 100 } });
    expect(saves.get(path, "slotFee")).toBe(undefined);
    expect(saved).toEqual([[path, { slotFee: 100 }]]);
  });

  it("go one request after the other, and what is typed meanwhile goes next, as it is then", async ({
    expect,
  }) => {
    saves.set(path, "slotFee", 1);
    saves.set(path, "slotFee", 12);
    saves.set(path, "slotFee", 123);
    saves.set(path, "adSpend", 5);
    saves.set("/api/links/two/costs", "slotFee", 9);
    expect(asked).toHaveLength(2);
    asked[0]?.answer({ ok: { slotFee: 1 } });
    await vi.advanceTimersByTimeAsync(0);
    expect(saves.get(path, "slotFee")?.value).toBe(123);
    expect(asked[2]?.fields).toEqual({ slotFee: 123, adSpend: 5 });
    await answer({ ok: {} });
    expect(saves.edits.value.get(path)).toBe(undefined);
  });

  it("wait while nothing answers, are sent again, and at once when they are asked for", async ({
    expect,
  }) => {
    saves.set(path, "slotFee", 100);
    await answer(nobody);
    expect(states()).toEqual({ sending: 0, held: 1, refused: 0 });
    expect(saves.get(path, "slotFee")?.value).toBe(100);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toHaveLength(2);
    await answer({ problem: new ApiProblem(401, { code: "unauthorized" }) });
    expect(states().held).toBe(1);
    saves.retry();
    expect(asked).toHaveLength(3);
    await answer({ ok: {} });
    expect(states()).toEqual({ sending: 0, held: 0, refused: 0 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(3);
  });

  it("stay when they are refused, with the reason, until they are mended or taken back", async ({
    expect,
  }) => {
    const refusal = new ApiProblem(400, {
      code: "invalid_request",
      detail: "wrong",
      errors: [{ pointer: "/slotFee", message: "Too much." }],
    });
    saves.set(path, "slotFee", 1e15);
    await answer({ problem: refusal });
    expect(saves.get(path, "slotFee")).toMatchObject({
      value: 1e15,
      state: "refused",
      problem: { detail: "Too much." },
    });
    saves.retry();
    expect(asked).toHaveLength(1);
    saves.set(path, "slotFee", 10);
    await answer({ ok: {} });
    expect(saves.get(path, "slotFee")).toBe(undefined);
    saves.set(path, "slotFee", 1e15);
    await answer({ problem: refusal });
    saves.undo(path, "slotFee");
    expect(saves.get(path, "slotFee")).toBe(undefined);
  });

  it("that are in order go again without the one that is refused", async ({ expect }) => {
    saves.set(path, "coupons", 0);
    saves.set(path, "slotFee", 1e15);
    saves.set(path, "adSpend", 7);
    await answer({ ok: {} });
    expect(asked[1]?.fields).toEqual({ slotFee: 1e15, adSpend: 7 });
    const errors = [{ pointer: "/slotFee", message: "Too much." }];
    await answer({ problem: new ApiProblem(400, { code: "invalid_request", errors }) });
    expect(asked[2]?.fields).toEqual({ adSpend: 7 });
    await answer({ ok: {} });
    expect(states()).toEqual({ sending: 0, held: 0, refused: 1 });
  });

  it("are given up with who made them, and are nobody else's", async ({ expect }) => {
    saves.set(path, "slotFee", 1);
    await answer(nobody);
    saves.clear();
    expect(states()).toEqual({ sending: 0, held: 0, refused: 0 });
    await vi.advanceTimersByTimeAsync(60_000);
    saves.retry();
    expect(asked).toHaveLength(1);
  });

  it("that were made while the one before was under way are not lost with it", async ({
    expect,
  }) => {
    saves.set(path, "slotFee", 1);
    saves.set(path, "slotFee", 2);
    await answer(nobody);
    expect(asked.map(({ fields }) => fields)).toEqual([{ slotFee: 1 }, { slotFee: 2 }]);
    await answer({ problem: new ApiProblem(404, { code: "not_found", detail: "No such link." }) });
    expect(saves.get(path, "slotFee")).toMatchObject({ value: 2, state: "refused" });
  });
});
