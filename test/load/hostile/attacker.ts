/**
 * @module `node test/load/hostile/attacker.ts <JSON of an Attack>`: sends so many hostile requests at a
 * steady pace, all kinds mixed, and prints what was answered. A process of its own, of the lowest priority,
 * so that neither who measures nor the service waits for it. Bounded in count and time; 127.0.0.1 only.
 */
import { setPriority } from "node:os";
import { kinds } from "./kinds.ts";
import { anyAddress, below, type Hostile, oneOf, seeded } from "./request.ts";
import { converse, type Outcome } from "./wire.ts";

export interface Attack {
  port: number;
  /** Requests in all. */
  amount: number;
  perSecond: number;
  /** s after which nothing more is sent. */
  within: number;
  /** ms after which a connection is cut. */
  patience: number;
  long: number;
  large: number;
  slugs: readonly string[];
  seed: number;
  /** These alone; all without it. */
  only?: readonly string[];
  addressHeader: string;
  /** All go to a path that is no link, where the service looks at nothing of them. */
  isAside: boolean;
}

export interface Attacked {
  sent: number;
  seconds: number;
  /** What became of each kind's: a status, "closed" without one, or "cut" when time was up. */
  outcomes: Record<string, Record<string, number>>;
}

const host = "127.0.0.1";
/** So many connections at once, or the pace falls behind. */
const openAtMost = 128;
/** Small requests go several at once on one connection. */
const pipelined = 8;
const fewAddresses = 64;
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const smallAtMost = 8_192;

/** Whether others may follow it on its connection: after half a head, or a body that is refused, none can. */
function isSmall({ path, headers = [], body, isHalf }: Hostile): boolean {
  const ofHead = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  const ofBody = body?.framing === "length" ? body.bytes.length : 0;
  if (isHalf || (body && body.framing !== "length")) return false;
  return path.length + ofHead + ofBody <= smallAtMost;
}

function* drawn({ amount, long, large, slugs, seed, only, addressHeader, isAside }: Attack) {
  const random = seeded(seed);
  const chosen = kinds.filter(([name]) => !only || only.includes(name));
  const counts = new Map<string, number>();
  const names = (request: Hostile) => (request.headers ?? []).map(([name]) => name);
  for (let sent = 0; sent < amount; ) {
    const [kind, make] = oneOf(random, chosen);
    const many = Math.min(random() < 0.25 ? pipelined : 1, amount - sent);
    const requests = Array.from({ length: many }, () => {
      const at = counts.get(kind) ?? 0;
      counts.set(kind, at + 1);
      const drawn = make({ random, long, large, slugs, at });
      const request = isAside ? { ...drawn, path: "/-" } : drawn;
      if (names(request).includes(addressHeader)) return request;
      // Half of them from a few addresses, half each from another.
      const address =
        at % 2 === 0 ? `198.51.100.${below(random, fewAddresses)}` : anyAddress(random);
      return {
        ...request,
        headers: [...(request.headers ?? []), [addressHeader, address] as const],
      };
    });
    const lone = requests.findIndex((request) => !isSmall(request));
    const conversation = lone === -1 ? requests : requests.slice(0, lone + 1);
    sent += conversation.length;
    yield { kind, requests: conversation };
  }
}

async function attack(config: Attack): Promise<Attacked> {
  const { port, perSecond, within, patience } = config;
  const outcomes: Attacked["outcomes"] = {};
  const open = new Set<Promise<void>>();
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1_000;
  let sent = 0;
  const note = (kind: string, { statuses, isCut }: Outcome, asked: number) => {
    outcomes[kind] ??= {};
    const ofKind = outcomes[kind];
    const add = (name: string, count = 1) => {
      ofKind[name] = (ofKind[name] ?? 0) + count;
    };
    for (const status of statuses) add(String(status));
    const missing = asked - statuses.length;
    if (missing > 0) add(isCut ? "cut" : "closed", missing);
  };
  for (const { kind, requests } of drawn(config)) {
    if (elapsed() > within) break;
    const due = sent / perSecond - elapsed();
    if (due > 0.002) await pause(due * 1_000);
    while (open.size >= openAtMost && elapsed() <= within) {
      await Promise.race([...open, pause(1_000)]);
    }
    sent += requests.length;
    const conversation = converse({ host, port }, requests, patience).then((outcome) => {
      note(kind, outcome, requests.length);
      open.delete(conversation);
    });
    open.add(conversation);
  }
  await Promise.all(open);
  return { sent, seconds: elapsed(), outcomes };
}

setPriority(19);
const config = JSON.parse(process.argv[2] ?? "") as Attack;
console.log(JSON.stringify(await attack(config)));
process.exit(0);
