/** @module A planted fault: what it is put into, by public names alone, and whether it was reached. */

import type { Wanted } from "./schedule.ts";

/** Told by a planted fault each time that it does otherwise than the real code. */
export type Reached = () => void;

// biome-ignore lint/suspicious/noExplicitAny: any export of any module
export type Any = any;

/** Makes of an export what takes its place. */
export type Wrap = (original: Any, reached: Reached) => Any;

export interface Fault {
  name: string;
  /** Module below `src`, the export of it that is replaced, and by what. */
  in: readonly (readonly [module: string, name: string, wrap: Wrap])[];
  /** Schedules that can see it; the seed's own otherwise. */
  seenBy?: Pick<Wanted, "kind" | "transport" | "weather">;
}

/** By their ids. */
const all = new Map<string, Planted>();

export class Planted {
  readonly id: string;
  readonly #fault: Fault;
  /** How often it did otherwise. */
  reached = 0;

  constructor(fault: Fault) {
    this.#fault = fault;
    this.id = `planted-${all.size}`;
    all.set(this.id, this);
  }

  exportsOf(module: string): string[] {
    return this.#fault.in.flatMap(([path, name]) => (path === module ? [name] : []));
  }

  make(module: string, name: string, original: unknown): unknown {
    const found = this.#fault.in.find(([path, one]) => path === module && one === name);
    if (!found || original === undefined) throw new Error(`${module} exports no ${name}`);
    return found[2](original, () => {
      this.reached += 1;
    });
  }
}

/** The fault that a module graph has. @param isolate the graph's name, which begins with the fault's id */
export const plantedIn = (isolate: string): Planted | undefined =>
  all.get(isolate.split(".")[0] ?? "");

// For the modules that isolates.ts serves with a fault: they can import nothing of the model's own state.
Object.assign(globalThis, {
  moongatePlanted: (isolate: string, module: string, name: string, original: unknown) =>
    plantedIn(isolate)?.make(module, name, original),
});

/** Replaces a public method of a class that is exported. */
export function method(
  name: string,
  make: (original: (...args: Any[]) => Any, reached: Reached) => (this: Any, ...args: Any[]) => Any,
): Wrap {
  return (target, reached) => {
    const original = target.prototype[name];
    if (typeof original !== "function") throw new Error(`${target.name} has no method ${name}`);
    target.prototype[name] = make(original, reached);
    return target;
  };
}
