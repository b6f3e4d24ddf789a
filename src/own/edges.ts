/**
 * @module All edges of this server as one: a Worker of its own beside the store's, which tells each what was written and
 * asks each how it is. Its bindings are the edges, by their names.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { IsolateReport, Learnt, Neighbour, Neighbours } from "../edge/beside.ts";
import { within } from "../lib/deadline.ts";
import { type Keyed, mapOf } from "../lib/records.ts";

/** ms; one that takes longer is beginning again, or hangs. */
const answersWithin = 500;

export class Edges extends WorkerEntrypoint<Keyed<Neighbour>> implements Neighbours {
  async learn(learnt: Learnt): Promise<void> {
    await this.#askAll((edge) => edge.learn(learnt));
  }

  async forgetPolls(): Promise<void> {
    await this.#askAll((edge) => edge.forgetPolls());
  }

  async reports(): Promise<{ reports: IsolateReport[]; silent: string[] }> {
    const answers = await this.#askAll((edge) => edge.report());
    return {
      reports: answers.flatMap(({ answer }) => answer ?? []),
      silent: answers.flatMap(({ name, answer }) => (answer === null ? name : [])),
    };
  }

  #askAll<T>(ask: (edge: Neighbour) => Promise<T>): Promise<{ name: string; answer: T | null }[]> {
    return Promise.all(
      [...mapOf(this.env)].map(async ([name, edge]) => ({
        name,
        answer: await within(ask(edge), answersWithin, name).catch(() => null),
      })),
    );
  }
}

export default Edges;
