/**
 * @module What an edge's process may call of the objects, which are in the store's process: the few methods that the
 * data plane uses, and no others. A Worker of its own beside the store's, reached by workerd's RPC over a socket file.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { stubOf } from "../config/objects.ts";
import { own } from "../lib/records.ts";
import { type Called, called, type Gate } from "./called.ts";

type Method = (...values: readonly unknown[]) => Promise<unknown>;

export class Objects
  extends WorkerEntrypoint<Record<Called, DurableObjectNamespace>>
  implements Gate
{
  async call(binding: Called, name: string, method: string, values: readonly unknown[]) {
    const methods: readonly string[] = own(called, binding) ?? [];
    if (!methods.includes(method)) throw new Error(`no edge calls ${binding}.${method}`);
    // biome-ignore lint/plugin: it is one of the names above, as was just asked
    return stubOf<Record<string, Method>>(this.env[binding], name)[method]?.(...values);
  }
}

export default Objects;
