/** @module The real counting code, from src/ or from a mutated copy of it. */
import type * as collected from "../../src/counting/collected.ts";
import type * as intake from "../../src/counting/intake.ts";
import type * as lane from "../../src/counting/lane.ts";
import type * as ledger from "../../src/counting/ledger.ts";
import type * as publisher from "../../src/counting/publisher.ts";
import type * as sweep from "../../src/counting/sweep.ts";
import type * as transport from "../../src/counting/transport.ts";

export type Sources = typeof collected &
  typeof intake &
  typeof lane &
  typeof ledger &
  typeof publisher &
  typeof sweep &
  typeof transport;

const files = ["collected", "intake", "lane", "ledger", "publisher", "sweep", "transport"];

/** @param root absolute path of a `src` folder */
export async function loadSources(root: string): Promise<Sources> {
  const modules = await Promise.all(files.map((file) => import(`${root}/counting/${file}.ts`)));
  return Object.assign({}, ...modules) as Sources;
}
