import { describe, it } from "vitest";
import { authorizationOf, clocksWithin, type Signed, senderOf } from "./edge-signature.ts";

const edge = { name: "shanghai-1", secret: "a-secret-of-an-edge-elsewhere" };
const now = Date.parse("2026-11-27T12:00:00Z");
const signed: Signed = { method: "POST", target: "/api/edge/batches?a=1" };
const body = '{"batch":"门"}';
const header = authorizationOf(edge, signed, body, now);
const from = (what: Partial<Signed>, known = [edge], at = now, text = header) =>
  senderOf(text, { ...signed, ...what }, known, at);
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("an edge's signature", () => {
  it("says which edge sent a request, by any of its secrets, and what its body is", ({
    expect,
  }) => {
    const older = { ...edge, secret: "the-secret-that-it-had-before-this" };
    for (const known of [[edge], [older, edge], [edge, older]]) {
      const sender = from({}, known);
      if (!("name" in sender)) throw new Error(sender.refused);
      const bodies = [body, '{"batch":"们"}', "", `${body} `].map(bytesOf);
      expect([sender.name, bodies.map(sender.isItsBody)]).toEqual([
        "shanghai-1",
        [true, false, false, false],
      ]);
    }
    const empty = senderOf(authorizationOf(edge, signed, "", now), signed, [edge], now);
    expect("name" in empty && empty.isItsBody(new Uint8Array(0))).toBe(true);
  });

  it("is good for this method, address and digest alone, and for an edge that is known", ({
    expect,
  }) => {
    const refused = { refused: "signature" };
    for (const other of [
      { method: "GET" },
      { target: "/api/edge/spills?a=1" },
      { target: "/api/edge/batches" },
    ]) {
      expect(from(other)).toEqual(refused);
    }
    expect(from({}, [])).toEqual(refused);
    expect(from({}, [{ ...edge, name: "shanghai-2" }])).toEqual(refused);
    expect(from({}, [{ ...edge, secret: `${edge.secret}!` }])).toEqual(refused);
    const other = authorizationOf(edge, signed, "other", now);
    const [, digest = ""] = /digest=([\w-]+)/.exec(other) ?? [];
    for (const text of [
      "",
      "Bearer mg_key",
      header.replace("shanghai-1", "shanghai-2"),
      header.replace("date=1", "date=2"),
      header.replace(/digest=[\w-]+/, `digest=${digest}`),
      `${header}x`,
      ` ${header}`,
      header.replace(/signature=.*/, "signature="),
    ]) {
      expect([text, from({}, [edge, { ...edge, name: "shanghai-2" }], now, text)]).toEqual([
        text,
        refused,
      ]);
    }
  });

  it("is good for five minutes, and says how far the clocks are apart", ({ expect }) => {
    for (const by of [clocksWithin, -clocksWithin]) {
      expect(from({}, [edge], now - by)).toMatchObject({ name: "shanghai-1" });
      const more = by + Math.sign(by);
      expect(from({}, [edge], now - more)).toEqual({ refused: "clock", by: more });
    }
  });
});
