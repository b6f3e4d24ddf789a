import { afterEach, beforeEach, describe, it, vi } from "vitest";
import { answerPoll, forgetPolls, passedOn, rememberPoll } from "./poll.ts";

const tag = '"live-7"';
const minute = 60_000;

const poll = (known: string = tag, key = "mg_one") =>
  new Request("https://gate.example/api/streams/s1/stats", {
    headers: { Authorization: `Bearer ${key}`, "If-None-Match": known },
  });
const direct = { isHttps: true, isByEdge: false };
const answers = (...requests: Request[]) =>
  requests.map((request) => answerPoll(request)?.status ?? "asks");

describe("a poll", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 10 * minute, toFake: ["Date"] });
    forgetPolls();
    rememberPoll(poll(), tag, direct);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is told that nothing changed for 400 ms, by its key and tag", ({ expect }) => {
    vi.setSystemTime(10 * minute + 400);
    expect(answers(poll(), poll('"live-6"'), poll(tag, "mg_two"))).toEqual([304, "asks", "asks"]);
  });

  it("by a cookie is never taken for one by a key of the same text, nor one address for another", ({
    expect,
  }) => {
    const asking = (headers: Record<string, string>, path = "stats") =>
      new Request(`https://gate.example/api/streams/s1/${path}`, {
        headers: { ...headers, "If-None-Match": tag },
      });
    rememberPoll(asking({ Cookie: "a" }), tag, direct);
    expect(
      answers(
        asking({ Cookie: "a" }),
        asking({ Authorization: "a" }),
        asking({ Cookie: "a" }, "stats?link=b"),
        asking({}),
      ),
    ).toEqual([304, "asks", "asks", "asks"]);
  });

  it("of many at once, asks alone once those are over, and what it found is all others'", ({
    expect,
  }) => {
    vi.setSystemTime(10 * minute + 401);
    expect(answers(poll(), poll(), poll())).toEqual(["asks", 304, 304]);
    rememberPoll(poll(), '"live-8"', direct);
    expect(answers(poll(), poll('"live-8"'))).toEqual(["asks", 304]);
  });

  it("asks again when who asked never came back", ({ expect }) => {
    vi.setSystemTime(10 * minute + 401);
    expect(answers(poll())).toEqual(["asks"]);
    vi.setSystemTime(10 * minute + 800);
    expect(answers(poll())).toEqual([304]);
    vi.setSystemTime(10 * minute + 801);
    expect(answers(poll(), poll())).toEqual(["asks", "asks"]);
  });

  it("that comes after a pause is told nothing of before it, alone or not", ({ expect }) => {
    vi.setSystemTime(10 * minute + 5_000);
    expect(answers(poll(), poll())).toEqual(["asks", "asks"]);
  });

  it("asks when the minute turns, which its tag names", ({ expect }) => {
    vi.setSystemTime(11 * minute - 100);
    rememberPoll(poll(), tag, direct);
    vi.setSystemTime(11 * minute);
    expect(answers(poll(), poll())).toEqual(["asks", "asks"]);
  });

  it("by way of an edge is answered there as long as here, and the edge shows nobody how long", ({
    expect,
  }) => {
    const asked = 10 * minute;
    const headers = rememberPoll(poll(), tag, { isHttps: true, isByEdge: true });
    const kept = answerPoll(poll()) as Response;
    const atStore = (body: string | null, status: number) =>
      new Response(body, { status, headers: { ETag: tag, ...headers } });
    for (const answer of [atStore("{}", 200), atStore(null, 304), kept]) {
      forgetPolls();
      vi.setSystemTime(asked + 100);
      const shown = passedOn(poll(), answer, () => true);
      expect([shown.status, shown.headers.get("ETag")]).toEqual([answer.status, tag]);
      expect([...shown.headers.keys()].join()).not.toMatch(/poll/);
      vi.setSystemTime(asked + 399);
      expect(answers(poll(), poll(tag, "mg_two"))).toEqual([304, "asks"]);
      expect([...(answerPoll(poll())?.headers.keys() ?? [])].join()).not.toMatch(/poll/);
      vi.setSystemTime(asked + 400);
      expect(answers(poll(), poll())).toEqual(["asks", "asks"]);
    }
  });

  it("of which an edge hears too late, or that may not be remembered, is asked again", ({
    expect,
  }) => {
    const headers = rememberPoll(poll(), tag, { isHttps: true, isByEdge: true });
    forgetPolls();
    const other = new Response("{}", { headers: { ETag: tag } });
    expect(passedOn(poll(), other, () => true)).toBe(other);
    expect(answers(poll())).toEqual(["asks"]);
    vi.setSystemTime(10 * minute + 500);
    passedOn(poll(), new Response("{}", { headers: { ETag: tag, ...headers } }), () => true);
    expect(answers(poll())).toEqual(["asks"]);
  });
});
