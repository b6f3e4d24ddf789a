/** @module Records by outside keys, written down as tests know them: as objects. */
import { type Keyed, recordOf } from "../src/lib/records.ts";

export const keyed = <V>(object: Readonly<Record<string, V>>): Keyed<V> =>
  recordOf(Object.entries(object));
