/** @module Faults of the lane and its way to the Counter, planted at the lane's ports. */
import type { Ack, Batch } from "../../../src/counting/batch.ts";
import type { LanePorts } from "../../../src/counting/isolate/lane.ts";
import { type Any, type Fault, method, type Reached } from "../planted.ts";

type LanePortsOf = (...args: Any[]) => LanePorts;

/** Changes the ports that a lane is given. */
const ports = (
  name: string,
  change: (real: LanePorts, reached: Reached) => Partial<LanePorts>,
  transport: "do" | "kv" = "do",
): Fault => ({
  name,
  seenBy: {
    kind: "storm",
    transport,
    weather: { faults: { network: 0.6, vanish: 0.1, kv: 0.5 }, edits: 20, outages: 4 },
  },
  in: [
    [
      "counting/isolate/transport.ts",
      "lanePorts",
      (lanePorts: LanePortsOf, reached: Reached): LanePortsOf =>
        (...args) => {
          const real = lanePorts(...args);
          return { ...real, ...change(real, reached) };
        },
    ],
  ],
});

/** The lane's producers and sequences as another lane would have them that does not rotate in time. */
function unrotated(real: LanePorts, reached: Reached, isOver: (spilled: boolean) => boolean) {
  interface Name {
    producer: string;
    offset: number;
  }
  const names = new Map<string, Name>();
  let last: Name & { seq: number } = { producer: "", offset: 0, seq: 0 };
  let isSpilling = false;
  /** What a gap makes a lane take is a producer of its own. */
  let isGap = false;
  const as = (batch: Batch): Batch => {
    const name = names.get(batch.producer) ?? { producer: batch.producer, offset: 0 };
    if (name.producer !== batch.producer) {
      if (isOver(!isSpilling)) {
        // Now it is rotated: the lane's own name, from where it stands.
        names.set(batch.producer, { producer: batch.producer, offset: -batch.seq + 1 });
        return as(batch);
      }
      reached();
    }
    last = { ...name, seq: batch.seq + name.offset };
    return { ...batch, producer: name.producer, seq: batch.seq + name.offset };
  };
  return {
    newProducer: () => {
      const producer = real.newProducer();
      if (last.seq > 0 && !isGap)
        names.set(producer, { producer: last.producer, offset: last.seq });
      return producer;
    },
    async deliver(batch: Batch, known: number) {
      const ack = await real.deliver(as(batch), known);
      isGap = ack.status === "gap";
      return ack;
    },
    spill: async (batch: Batch) => {
      isSpilling = true;
      await real.spill(as(batch));
      isSpilling = false;
    },
  };
}

export const laneFaults: readonly Fault[] = [
  ports("two in flight", (real, reached) => ({
    // What takes long is taken for settled, and goes on being sent beside the next one.
    async deliver(batch, known) {
      const sent: Promise<Ack> = (async () => {
        for (let tries = 0; ; tries += 1) {
          try {
            return await real.deliver(batch, known);
          } catch (error) {
            if (tries > 20) throw error;
            await real.wait(100);
          }
        }
      })();
      sent.catch(() => undefined);
      const soon = real.wait(150).then((): Ack => {
        reached();
        return { status: "added" };
      });
      return Promise.race([sent, soon]);
    },
  })),
  ports("spill without rotation", (real, reached) => unrotated(real, reached, () => false)),
  ports("spill before rotation", (real, reached) =>
    unrotated(real, reached, (isSpilled) => isSpilled),
  ),
  ports("no spill", (_, reached) => ({
    async spill() {
      reached();
    },
  })),
  ports("a late driver clears a later batch", (real, reached) => {
    let current: Batch | undefined;
    let attempts = 0;
    return {
      async deliver(batch, known) {
        const isLate = current !== batch && attempts > 1;
        attempts = current === batch ? attempts + 1 : 1;
        current = batch;
        const answered = real.deliver(batch, known);
        if (!isLate) return answered;
        // An attempt of the batch before is still to be answered: its answer is taken for this one's.
        reached();
        answered.catch(() => undefined);
        return { status: "added" };
      },
    };
  }),
  ports(
    "strict is decided anew for each attempt",
    (real, reached) => ({
      deliver(batch, known) {
        reached();
        return real.deliver({ ...batch }, known);
      },
      spill(batch) {
        reached();
        return real.spill({ ...batch });
      },
    }),
    "kv",
  ),
  {
    name: "no lease",
    in: [
      [
        "counting/isolate/lane.ts",
        "Lane",
        (Lane: Any, reached: Reached) => {
          const driven = new WeakSet();
          const { drive, needsDriver } = Lane.prototype;
          Lane.prototype.drive = async function (this: object) {
            driven.add(this);
            await drive.call(this);
            driven.delete(this);
          };
          Lane.prototype.needsDriver = function (this: object, ...args: unknown[]) {
            if (!driven.has(this)) return true;
            if (needsDriver.apply(this, args)) reached();
            return false;
          };
          return Lane;
        },
      ],
    ],
  },
  {
    name: "changed shards never reach a lane",
    seenBy: { kind: "storm", transport: "do" },
    in: [["counting/isolate/recorder.ts", "record", asFirst("shards")]],
  },
  {
    name: "changed durability never reaches a lane",
    seenBy: { kind: "storm", transport: "do" },
    in: [["counting/isolate/recorder.ts", "record", asFirst("durability")]],
  },
  {
    name: "visitors are noted under the lane's first epoch",
    in: [
      [
        "counting/isolate/visitors.ts",
        "Visitors",
        method("note", (note, reached) => {
          const first = new WeakMap<object, unknown>();
          return function (who, epoch) {
            const known = first.get(this) ?? epoch;
            first.set(this, known);
            if ((known as Any).id !== epoch.id) reached();
            return note.call(this, who, known);
          };
        }),
      ],
    ],
  },
  {
    name: "an outbox acknowledges what it does not keep",
    seenBy: { kind: "storm", transport: "do", weather: { faults: { network: 0.6 }, outages: 4 } },
    in: [["own/outbox.ts", "Outbox", method("keep", (_, reached) => async () => reached())]],
  },
];

/** Records go on by the stream as it was when it was first counted. */
function asFirst(field: string) {
  return (record: (...args: Any[]) => Any, reached: Reached) => {
    const first = new Map<string, unknown>();
    return (ports: Any, stream: Any, ...rest: Any[]) => {
      if (!first.has(stream.id)) first.set(stream.id, stream[field]);
      if (first.get(stream.id) !== stream[field]) reached();
      return record(ports, { ...stream, [field]: first.get(stream.id) }, ...rest);
    };
  };
}
