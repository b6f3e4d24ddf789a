/**
 * @module What one isolate holds of uploads that are not streamed: a zip's directory stands at its end, so all
 * of it is in memory. Held bytes are counted as they come, so that a slow upload holds no more than it sent.
 *
 * A request whose client went away may end without another line of ours being run, so what nobody touched for
 * a while counts no more.
 */
import { FileProblem } from "./file-problem.ts";

/** Bytes of all uploads together: two of the largest. */
const bytesAtMost = 32 * 1_048_576;
/** Uploads that are unpacked at once. */
const unpackedAtOnce = 2;
/** ms. */
const forgottenAfter = 30_000;
/** Turns that an upload waits until others are unpacked. */
const turnsAtMost = 500;

interface Claim {
  bytes: number;
  isUnpacking: boolean;
  touchedAt: number;
}

const claims = new Set<Claim>();

function living(now: number): Claim[] {
  for (const claim of claims) {
    if (now - claim.touchedAt > forgottenAfter) claims.delete(claim);
  }
  return [...claims];
}

const busy = () =>
  new FileProblem(
    "busy",
    "Other workbooks are being read. Try again in some seconds.",
    "正在读取其他工作簿，请稍后再试。",
  );

/** What one upload holds. */
export class Holding {
  readonly #claim: Claim = { bytes: 0, isUnpacking: false, touchedAt: 0 };

  /** @throws {FileProblem} `busy` */
  hold(bytes: number): void {
    const others = living(this.#touch()).filter((claim) => claim !== this.#claim);
    const held = others.reduce((sum, claim) => sum + claim.bytes, 0);
    this.#claim.bytes += bytes;
    if (held > 0 && held + this.#claim.bytes > bytesAtMost) {
      this.release();
      throw busy();
    }
    claims.add(this.#claim);
  }

  /**
   * Waits until few enough are unpacked.
   *
   * @throws {FileProblem} `busy`
   */
  async unpack(pause: (() => Promise<void>) | undefined): Promise<void> {
    for (let turn = 0; ; turn += 1) {
      const others = living(this.#touch()).filter(({ isUnpacking }) => isUnpacking);
      if (others.length < unpackedAtOnce) break;
      if (!pause || turn >= turnsAtMost) {
        this.release();
        throw busy();
      }
      await pause();
    }
    this.#claim.isUnpacking = true;
    claims.add(this.#claim);
  }

  /** To be called while it is worked on. */
  touch(): void {
    this.#touch();
  }

  release(): void {
    claims.delete(this.#claim);
  }

  #touch(): number {
    this.#claim.touchedAt = Date.now();
    return this.#claim.touchedAt;
  }
}
