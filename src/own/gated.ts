/** @module Objects of the store's process as an edge's has them: by the gate, and no more of them than that lets through. */
import { recordOf } from "../lib/records.ts";
import { type Called, called, type Gate } from "./called.ts";

/** A class's objects, as far as an edge's process calls them, through the gate. */
export function objectsOf(gate: Gate, binding: Called): DurableObjectNamespace {
  const getByName = (name: string) =>
    recordOf(
      called[binding].map((method) => [
        method,
        (...values: readonly unknown[]) => gate.call(binding, name, method, values),
      ]),
    );
  return { getByName } as unknown as DurableObjectNamespace;
}
