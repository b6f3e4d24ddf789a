import { describe, it } from "vitest";
import { fc } from "../../test/properties.ts";
import { freshHealth } from "./events.ts";
import { lastMinute, lifeOfDelivery, messagesAMinute, nextSlot, retryAt } from "./schedule.ts";

const t0 = Date.parse("2026-11-20T12:00:00Z");
const minute = 60_000;

describe("when a message is sent", () => {
  it("it is tried for nearly a day, ever less often, and then given up", ({ expect }) => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 }),
        (randoms) => {
          let at = t0;
          let before = 0;
          let tries = 1;
          for (const random of randoms) {
            const next = retryAt(tries, at, random);
            if (next === null) break;
            expect(next - at).toBeGreaterThan(before);
            before = next - at;
            at = next;
            tries += 1;
          }
          expect(tries).toBe(11);
          expect(at - t0).toBeLessThan(lifeOfDelivery);
          expect(at - t0).toBeGreaterThan(0.85 * lifeOfDelivery);
        },
      ),
    );
  });

  it("never are there more than fifteen in any minute, and none closer than a second", ({
    expect,
  }) => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { minLength: 1, maxLength: 120 }), (gaps) => {
        const health = freshHealth();
        const sent: number[] = [];
        let now = t0;
        for (const gap of gaps) {
          now = nextSlot(health, now + gap);
          health.sent = [...lastMinute(health.sent, now), now];
          sent.push(now);
        }
        for (const [index, at] of sent.entries()) {
          const within = sent.filter((other) => other > at - minute && other <= at);
          expect(within.length).toBeLessThanOrEqual(messagesAMinute);
          if (index > 0) expect(at - (sent[index - 1] ?? 0)).toBeGreaterThanOrEqual(1_000);
        }
      }),
    );
  });

  it("a clock that is set back stops nothing", ({ expect }) => {
    const health = { ...freshHealth(), sent: Array.from({ length: 15 }, () => t0) };
    expect(nextSlot(health, t0)).toBe(t0 + minute);
    expect(nextSlot(health, t0 - 3_600_000)).toBe(t0 - 3_600_000);
  });
});
