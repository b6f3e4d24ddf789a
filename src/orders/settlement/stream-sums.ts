/** @module What a settlement sheet has of each stream: a promoter knows a sheet by broadcasts. Pure; money in minor units. */
import {
  type SettledFee,
  type SettledLine,
  type StreamSum,
  streamsAtMost,
} from "../../model/settlement.ts";
import { isFirst } from "./rules.ts";

interface Named {
  streamId: string;
  title: string;
  startsAt: number;
}

export class StreamSums {
  readonly #names: ReadonlyMap<string, Named>;
  readonly #sums = new Map<string, StreamSum>();

  /** @param links of which streams, by what they are called */
  constructor(links: readonly Named[]) {
    this.#names = new Map(links.map((link) => [link.streamId, link]));
  }

  addLine(line: SettledLine): void {
    const sum = this.#of(line.streamId);
    sum.lines += 1;
    sum.commission += line.worth - line.worthBefore;
    if (!isFirst(line)) return;
    sum.amount += line.amount;
    sum.refunds += line.refunds;
  }

  addFee({ streamId, fee, feeBefore }: SettledFee): void {
    this.#of(streamId).slotFee += fee - feeBefore;
  }

  /** By when they began; what has no name last. */
  get sums(): StreamSum[] {
    const last = Number.MAX_SAFE_INTEGER;
    return [...this.#sums.values()].sort((a, b) => (a.startsAt ?? last) - (b.startsAt ?? last));
  }

  #of(wanted: string): StreamSum {
    const isOneMore = !this.#sums.has(wanted) && this.#sums.size >= streamsAtMost;
    const streamId = isOneMore ? "" : wanted;
    const known = this.#sums.get(streamId);
    if (known) return known;
    const { title = "", startsAt = null } = this.#names.get(streamId) ?? {};
    const sum = {
      streamId,
      title,
      startsAt,
      lines: 0,
      amount: 0,
      refunds: 0,
      commission: 0,
      slotFee: 0,
    };
    this.#sums.set(streamId, sum);
    return sum;
  }
}
