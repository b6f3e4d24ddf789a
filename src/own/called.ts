/** @module What an edge's process calls of the objects, by the binding of their class. */
export const called = {
  CATALOG: ["edgeRecords", "noteSpill"],
  COUNTER: ["add", "saltFor"],
} as const;
export type Called = keyof typeof called;

export interface Gate {
  /**
   * @param name the object's
   * @throws what the object throws
   */
  call(binding: Called, name: string, method: string, values: readonly unknown[]): Promise<unknown>;
}
