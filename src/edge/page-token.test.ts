import { createHmac } from "node:crypto";
import { describe, it } from "vitest";
import {
  issueToken,
  mayReport,
  type PageSigned,
  Replays,
  readToken,
  renewToken,
} from "./page-token.ts";

const stream = { secret: "s3cret" };
/** Taobao by universal link, scheme, copying and the web; then JD. */
const offer = "TuscwJuw";
const now = Date.parse("2026-11-20T12:00:00Z");
const minute = 60_000;
const day = 24 * 60 * minute;

const isGood = (from: { secret: string }, slug: string, token: string, at: number): boolean => {
  const page = readToken(from, slug, token);
  return page !== null && mayReport(page, at);
};
function pageOf(token: string, slug = "abc"): PageSigned {
  const page = readToken(stream, slug, token);
  if (!page) throw new Error(`${token} is not good`);
  return page;
}

/** As releases before this one made them. */
function oldToken(slug: string, at: number, nonce = "AbCdEfGhIjKl1"): string {
  const payload = `${(at + 10 * minute).toString(36)}.${nonce}`;
  const macs = createHmac("sha512", stream.secret).update(`${slug}.${payload}`).digest();
  return `${payload}.3.${macs.toString("base64url", 24, 32)}`;
}

describe("a page's token", () => {
  it("is good for its link, for ten minutes", ({ expect }) => {
    const token = issueToken(stream, "abc", { standing: "viewed", offer }, now);
    expect(isGood(stream, "abc", token, now)).toBe(true);
    expect(isGood(stream, "abc", token, now + 599_999)).toBe(true);
    expect(isGood(stream, "abc", token, now + 600_000)).toBe(false);
    expect(isGood(stream, "xyz", token, now)).toBe(false);
    expect(isGood({ secret: "other" }, "abc", token, now)).toBe(false);
  });

  it("says what became of the open, which nobody else can", ({ expect }) => {
    for (const standing of ["viewed", "limited", "prefetched"] as const) {
      const token = issueToken(stream, "abc", { standing, offer }, now);
      expect(pageOf(token)).toMatchObject({ standing, bornAt: now });
      for (const letter of ["v", "l", "p"]) {
        const forged = token.replace(/-[vlp]-/, `-${letter}-`);
        expect(isGood(stream, "abc", forged, now)).toBe(forged === token);
      }
    }
  });

  it("is never the same twice, and none is good with another's signature or index", ({
    expect,
  }) => {
    const tokens = Array.from({ length: 100 }, () =>
      issueToken(stream, "abc", { standing: "viewed", offer }, now),
    );
    expect(new Set(tokens).size).toBe(100);
    expect(new Set(tokens.map((token) => pageOf(token).id)).size).toBe(100);
    expect(tokens.every((token) => isGood(stream, "abc", token, now))).toBe(true);
    const [first = "", second = ""] = tokens;
    const parts = first.split(".");
    const swapped = [...parts.slice(0, 3), second.split(".")[3]].join(".");
    expect(isGood(stream, "abc", swapped, now)).toBe(false);
    const moved = [parts[0], parts[1], (Number(parts[2]) + 1) % 8, parts[3]].join(".");
    expect(isGood(stream, "abc", moved, now)).toBe(false);
    const later = [(now + 9e8).toString(36), ...parts.slice(1)].join(".");
    expect(isGood(stream, "abc", later, now)).toBe(false);
  });

  it("is never anything else", ({ expect }) => {
    for (const text of ["", ".", "a.b.c.d", "a.b.0.AAAAAAAAAAA", "x".repeat(500)]) {
      expect(readToken(stream, "abc", text)).toBeNull();
    }
  });

  it("has a shape that the release before reads too", ({ expect }) => {
    const token = renewToken(
      stream,
      "abc",
      pageOf(issueToken(stream, "abc", { standing: "limited", offer }, now)),
      offer,
      now,
    );
    const shape = /^(([0-9a-z]{1,12})\.[\w-]{1,40})\.([0-7])\.([\w-]{11})$/;
    for (const one of [
      token ?? "",
      issueToken(stream, "abc", { standing: "viewed", offer }, now),
    ]) {
      const [, payload = "", expiry = "", index = "", mac = ""] = shape.exec(one) ?? [];
      const macs = createHmac("sha512", stream.secret).update(`abc.${payload}`).digest();
      expect(macs.toString("base64url", Number(index) * 8, Number(index) * 8 + 8)).toBe(mac);
      expect(Number.parseInt(expiry, 36)).toBe(now + 10 * minute);
      const [, birth = "", letter] = /^[^.]+\.([0-9a-z]{1,10})-([a-z])-/.exec(one) ?? [];
      expect(Number.parseInt(birth, 36)).toBe(now);
      expect(letter).toMatch(/[vl]/);
    }
  });

  it("says what its page offered, which nobody else can", ({ expect }) => {
    for (const one of ["", "Tw", offer]) {
      const token = issueToken(stream, "abc", { standing: "viewed", offer: one }, now);
      expect(pageOf(token).offer).toBe(one);
      const [expiry = "", nonce = "", ...rest] = token.split(".");
      const forged = [expiry, nonce.replace(/[A-Za-z]*$/, "Jw"), ...rest].join(".");
      expect(isGood(stream, "abc", forged, now)).toBe(false);
    }
  });

  it("of the release before is the same page's, and says what it offers once it is renewed", ({
    expect,
  }) => {
    const nonce = `${now.toString(36)}-l-ab-_EfGhIjKl1-Ab`;
    const old = pageOf(oldToken("abc", now, nonce));
    expect(old).toMatchObject({ bornAt: now, standing: "limited", offer: null });
    const renewed = pageOf(renewToken(stream, "abc", old, offer, now + minute) ?? "");
    expect(renewed).toMatchObject({ id: old.id, bornAt: now, standing: "limited", offer });
  });

  it("of a release long before is good for its ten minutes, and never renewed", ({ expect }) => {
    const token = oldToken("abc", now);
    expect(isGood(stream, "abc", token, now + minute)).toBe(true);
    expect(isGood(stream, "abc", token, now + 10 * minute)).toBe(false);
    expect(pageOf(token)).toMatchObject({ bornAt: null, standing: "viewed" });
    expect(renewToken(stream, "abc", pageOf(token), offer, now)).toBeNull();
  });
});

describe("a renewed token", () => {
  it("is the same page's, also after its own ten minutes, until a day after its birth", ({
    expect,
  }) => {
    let token = issueToken(stream, "abc", { standing: "viewed", offer }, now);
    const { id } = pageOf(token);
    let at = now;
    for (; at < now + day; at += 9 * minute) {
      const next = renewToken(stream, "abc", pageOf(token), offer, at);
      expect(next).not.toBeNull();
      token = next ?? "";
      expect(pageOf(token)).toMatchObject({ id, bornAt: now, standing: "viewed" });
      expect(isGood(stream, "abc", token, at)).toBe(true);
      expect(isGood(stream, "abc", token, now + day)).toBe(false);
    }
    expect(renewToken(stream, "abc", pageOf(token), offer, now + day)).toBeNull();
    const asleep = pageOf(issueToken(stream, "abc", { standing: "viewed", offer }, now));
    expect(renewToken(stream, "abc", asleep, offer, now + 5 * 60 * minute)).not.toBeNull();
  });

  it("says what its page shows from now on", ({ expect }) => {
    const page = pageOf(issueToken(stream, "abc", { standing: "viewed", offer }, now));
    const next = pageOf(renewToken(stream, "abc", page, "Jw", now + minute) ?? "");
    expect(next).toMatchObject({ id: page.id, offer: "Jw" });
  });

  it("keeps what became of the open", ({ expect }) => {
    const page = pageOf(issueToken(stream, "abc", { standing: "limited", offer }, now));
    const token = renewToken(stream, "abc", page, offer, now + minute) ?? "";
    expect(pageOf(token).standing).toBe("limited");
  });
});

describe("replays", () => {
  it("are seen by page and thing, through every renewal, in bounded memory", ({ expect }) => {
    const replays = new Replays();
    const page = pageOf(issueToken(stream, "abc", { standing: "viewed", offer }, now));
    expect(replays.first("abc", page, "click", now)).toBe(true);
    expect(replays.first("abc", page, "rendered", now)).toBe(true);
    expect(replays.first("abc", page, "click", now + 1)).toBe(false);
    const renewed = pageOf(renewToken(stream, "abc", page, offer, now + 9 * minute) ?? "");
    expect(replays.first("abc", renewed, "click", now + 12 * minute)).toBe(false);
    expect(replays.first("abc", renewed, "click", now + day - 1)).toBe(false);
    const other = pageOf(issueToken(stream, "abc", { standing: "viewed", offer }, now));
    expect(replays.first("abc", other, "click", now)).toBe(true);
    for (let index = 0; index < 200_000; index += 1) {
      replays.first("abc", { ...other, id: `${index}` }, "click", now);
    }
    expect(replays.first("abc", { ...other, id: "199999" }, "click", now)).toBe(false);
  });
});
