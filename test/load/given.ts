/** @module An answer of the service, given to a worker of the benchmark's own, which then answers the same. */

/** Headers that the runtime sets itself. */
const ofTransport = new Set(["connection", "content-length", "date", "transfer-encoding"]);

/** What the service itself says in an answer. */
export const headersOf = (answer: Response): [name: string, value: string][] =>
  [...answer.headers].filter(([name]) => !ofTransport.has(name));

/** @param given as the worker at that address takes it */
export async function give(url: string, given: unknown): Promise<void> {
  const { status } = await fetch(url, { method: "PUT", body: JSON.stringify(given) });
  if (status !== 204) throw new Error(`the worker took no answer: ${status}`);
}
