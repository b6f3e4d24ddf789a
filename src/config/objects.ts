/**
 * @module Stubs of Durable Objects. A binding does not say what its objects can do, or this room would know all
 * that come after it: who calls one names its class, or the few methods that it needs.
 */

/** Where an object is made that nobody has called yet: near those who use it. */
const locationHint = "apac";

/** @typeParam Stub `DurableObjectStub` of a class, or those of its methods that are called, as they answer from afar */
export function stubOf<Stub>(namespace: DurableObjectNamespace, name: string): Stub {
  return namespace.getByName(name, { locationHint }) as unknown as Stub;
}
