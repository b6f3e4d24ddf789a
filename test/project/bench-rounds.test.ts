import { describe, it } from "vitest";
import type { Sample } from "../load/drive.ts";
import { errorOf, quotient, type Rounds, typical } from "../load/rounds.ts";

const sample = (cpu: number, answers = 100): Sample => ({
  answers,
  cpu,
  perSecond: 1e6 / cpu,
  busy: 1,
  p99: 1,
});
const rounds = (reference: Sample[], contender: Sample[]): Rounds => ({
  reference,
  contenders: { it: contender },
});

describe("the figures of the benchmark's rounds", () => {
  it("are of all that was spent, so that what few rounds pay is not left out", ({ expect }) => {
    const few = rounds([sample(10), sample(10), sample(10)], [sample(12), sample(12), sample(42)]);
    expect(typical(few, "cpu", "it")).toBeCloseTo(22);
    expect(quotient(few, "cpu", "it")).toBeCloseTo(2.2);
  });

  it("count each answer once, however many a round has", ({ expect }) => {
    const uneven = rounds([sample(10, 300), sample(20, 100)], [sample(10, 300), sample(20, 100)]);
    expect(typical(uneven, "cpu")).toBeCloseTo(12.5);
    expect(typical(uneven, "perSecond")).toBeCloseTo(1e6 / 12.5);
  });

  it("have an error that is the spread of rounds over the root of their number", ({ expect }) => {
    const ones = Array.from({ length: 16 }, () => sample(10));
    const spread = Array.from({ length: 16 }, (_, index) => sample(index % 2 ? 11 : 9));
    expect(errorOf(rounds(ones, ones), "cpu", "it")).toBe(0);
    // A deviation of 0.1 in each of 16 rounds.
    expect(errorOf(rounds(ones, spread), "cpu", "it")).toBeCloseTo(0.1 / Math.sqrt(15), 5);
    expect(errorOf(rounds([sample(1)], [sample(2)]), "cpu", "it")).toBeNull();
  });

  it("leave out a round with all its references", ({ expect }) => {
    const two: Rounds = {
      reference: [sample(10), sample(10), sample(20), sample(20)],
      contenders: { it: [sample(15), sample(30)], other: [sample(1), sample(2)] },
    };
    // Each round's own quotient is the same, so leaving one out changes nothing.
    expect(errorOf(two, "cpu", "it")).toBeCloseTo(0);
  });
});
