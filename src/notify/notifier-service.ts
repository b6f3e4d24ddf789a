/** @module What the API asks of the Notifier: create, list, change, delete, test. */
import { randomId } from "../model/slug.ts";
import type { Ports } from "./alarm.ts";
import { robotOf } from "./channels/index.ts";
import { noteFailure, noteSent, noteSuccess } from "./deliver.ts";
import { freshHealth, type TestResult } from "./events.ts";
import type { NewNotifier, Notifier, NotifierChange, ShownNotifier } from "./notifier.ts";
import { nextSlot } from "./schedule.ts";
import { send } from "./send.ts";

/** Each is looked at in every run. */
export const notifiersAtMost = 50;

export class NotifierService {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** @returns `null` when there are too many already */
  create(input: NewNotifier): ShownNotifier | null {
    const { store, now, transaction } = this.#ports;
    const count = store.notifiers().length;
    if (count >= notifiersAtMost) return null;
    const at = now();
    const made: Notifier = {
      id: `nt_${randomId()}`,
      ...input,
      createdAt: at,
      updatedAt: at,
      disabledAt: null,
      health: freshHealth(),
    };
    transaction(() => {
      if (count === 0) store.watchFrom(at);
      store.putNotifier(made);
      store.lookAtAll(at);
    });
    return this.#view(made);
  }

  list(): ShownNotifier[] {
    return this.#ports.store.notifiers().map((one) => this.#view(one));
  }

  change(id: string, { disabled, ...fields }: NotifierChange): ShownNotifier | null {
    const { store, now, transaction } = this.#ports;
    const before = store.notifier(id);
    if (!before) return null;
    const at = now();
    const after: Notifier = settled(before, { ...before, ...fields, updatedAt: at }, fields);
    if (disabled === true) {
      after.disabledAt ??= at;
      if (after.awaits) after.awaits = { ...after.awaits, isOnThen: false };
    }
    if (disabled === false && after.awaits) after.awaits = { ...after.awaits, isOnThen: true };
    else if (disabled === false) {
      after.disabledAt = null;
      after.health = { ...before.health, failures: 0, pausedUntil: 0 };
    }
    transaction(() => {
      store.putNotifier(after);
      store.lookAtAll(at);
      // What waits for its next try has a reason to hope.
      const isMended = ["url", "secret", "keyword"].some((name) => Object.hasOwn(fields, name));
      if (isMended || disabled === false) store.hasten(id, at);
    });
    return this.#view(after);
  }

  delete(id: string): boolean {
    const { store, transaction } = this.#ports;
    if (!store.notifier(id)) return false;
    transaction(() => store.deleteNotifier(id));
    return true;
  }

  async test(id: string): Promise<TestResult | null> {
    const { store, fetch, now, transaction } = this.#ports;
    const notifier = store.notifier(id);
    if (!notifier) return null;
    const at = now();
    const free = nextSlot(notifier.health, at);
    if (robotOf(notifier.kind) && free > at) {
      const seconds = Math.ceil((free - at) / 1_000);
      const detail = `The robot may be sent its next message in ${seconds} s.`;
      return { delivered: false, error: { code: "too_fast", detail } };
    }
    noteSent(store, id, at);
    const outcome = await send(notifier, { test: `test_${randomId()}` }, fetch, at);
    transaction(() => {
      const current = store.notifier(id);
      if (!current) return;
      if (outcome.ok) noteSuccess(current, now());
      else noteFailure(current, outcome.failure, now());
      store.putNotifier(current);
    });
    return outcome.ok ? { delivered: true } : { delivered: false, error: outcome.failure };
  }

  #view({ url, secret, awaits, ...shown }: Notifier): ShownNotifier {
    const pending = this.#ports.store.pending(shown.id);
    return {
      ...shown,
      url: url === "" ? `https://${awaits?.host ?? ""}/…` : masked(url),
      hasSecret: secret !== null,
      needs: awaits?.needs ?? [],
      pending,
    };
  }
}

/** One that an import brought goes on when the last that it needs is set. */
function settled(before: Notifier, after: Notifier, fields: NotifierChange): Notifier {
  if (!before.awaits) return after;
  const needs = before.awaits.needs.filter((need) => fields[need] === undefined);
  if (needs.length > 0) return { ...after, awaits: { ...before.awaits, needs } };
  const { awaits, ...whole } = after;
  const disabledAt = before.awaits.isOnThen ? null : after.disabledAt;
  return { ...whole, disabledAt, health: freshHealth() };
}

/** The host and the last four characters: enough to tell two robots apart. */
export function masked(url: string): string {
  const { protocol, host, pathname, search } = new URL(url);
  const rest = pathname + search;
  return `${protocol}//${host}/…${rest.length >= 12 ? rest.slice(-4) : ""}`;
}
