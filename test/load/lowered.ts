/**
 * @module What a read of a stream costs whose shards were lowered to one: readers go through all that it ever had. With
 * visitors of each link, forty of which were opened since the last read.
 */
import type { Amounts } from "./amounts.ts";
import { pause } from "./drive.ts";
import { posted, started } from "./in-memory.ts";
import type { Lab } from "./lab.ts";
import type { Task } from "./lowered/task.ts";
import { memoryOf } from "./processes.ts";
import { atMost, type Report, type Row } from "./report.ts";
import { median } from "./rounds.ts";

interface Measured {
  links: number;
  shards: number;
  /** ms, of the first read and of those that follow. */
  first: number;
  read: number;
  /** Bytes that the runtime took more. */
  memory: number;
}

export async function measureLowered(_: Lab, { lowered }: Amounts): Promise<Report> {
  const { miniflare, pid } = await started("test/load/lowered/worker.ts", { COUNTER: "Counter" });
  const timed = async (task: Task) => {
    const began = performance.now();
    const { links } = await posted<{ links: number }>(miniflare, task);
    if (task.what === "read" && links !== task.links) throw new Error(`${links} links were told`);
    return performance.now() - began;
  };
  const measured = async (links: number, shards: number): Promise<Measured> => {
    const streamId = `${links} links ${shards} shards`;
    const of = (what: Task["what"]) => timed({ what, streamId, shards, links });
    await of("fill");
    const before = memoryOf(pid);
    const first = (await of("read")) - (await of("add"));
    const took: number[] = [];
    for (let round = 0; round < lowered.rounds; round += 1) {
      await pause(lowered.pause);
      const add = await of("add");
      await pause(lowered.pause);
      took.push((await of("read")) - add);
    }
    return { links, shards, first, read: median(took), memory: memoryOf(pid) - before };
  };
  try {
    const found: [one: Measured, many: Measured][] = [];
    for (const links of lowered.links) {
      found.push([await measured(links, 1), await measured(links, lowered.shards)]);
    }
    return { rows: found.map(rowOf), details: { lowered: found } };
  } finally {
    await miniflare.dispose();
  }
}

function rowOf([one, many]: [Measured, Measured]): Row {
  const ms = (of: "first" | "read") => `${many[of].toFixed(0)} ÷ ${one[of].toFixed(0)} ms`;
  const value = many.read / one.read;
  const name = `read for stats, ${many.links.toLocaleString("en")} links, ${many.shards} shards lowered to 1 ÷ 1`;
  const shown = `${value.toFixed(1)}  (${ms("read")}; the first ${ms("first")}, ${(many.memory / 2 ** 20).toFixed(0)} MiB)`;
  // A small call for each of them.
  return { ...atMost(name, value, many.shards, shown), goal: `≤ ${many.shards}, a call each` };
}
