/**
 * @module For the process that runs this Worker directly, on a socket of its own with a secret of its own; never routed
 * to. Whoever ends the Worker asks here first and gives the signal to end *while* this is answering: workerd takes no
 * new connections then, and ends once what is under way is answered, which is when all that was counted is delivered.
 */
import { drain } from "../counting/isolate/recorder.ts";
import { startDraining } from "../http/draining.ts";
import { isOperator, type OperatorEnv } from "../http/operator-door.ts";
import { missing } from "./respond.ts";

/** ms in which `/healthz` says that this ends, for a balancer in front, while all else goes on. */
const announcedFor = 100;
/** ms that whoever asks has to give the signal, once the answer has begun: opens go on meanwhile, and count. */
const untilSignal = 200;
/** ms */
const deliversWithin = 10_000;

export const operator = {
  /** Answers soon with a line end, and once what was counted is delivered with `{"left":{"streams","events"}}`. */
  async fetch(request: Request, env: OperatorEnv): Promise<Response> {
    if (request.method !== "POST" || !isOperator(request, env)) return missing(request, 404);
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        startDraining();
        await scheduler.wait(announcedFor);
        controller.enqueue(encoder.encode("\n"));
        await scheduler.wait(untilSignal);
        const left = await drain(deliversWithin);
        controller.enqueue(encoder.encode(JSON.stringify({ left })));
        controller.close();
      },
    });
    return new Response(body, { headers: { "Content-Type": "application/json" } });
  },
} satisfies ExportedHandler<OperatorEnv>;
