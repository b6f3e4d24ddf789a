/**
 * @module Edits that the service does not have yet. Each is one field of one thing, which is the path that a PATCH of
 * that field goes to. It is shown from the moment in which it was made; of a thing one request is under way at a time, so that
 * what was typed last is stored last. Where nothing answers it waits and is sent again; what is refused stays with the reason,
 * until it is mended or taken back. They outlive the page that they were made on.
 */
import { signal } from "@preact/signals";
import { recordOf } from "../../lib/records.ts";
import { ApiProblem, send } from "./client.ts";

export interface Edit {
  value: unknown;
  /** `held`: nothing answered, and it will be sent again. */
  state: "sending" | "held" | "refused";
  /** Why it was refused, as the API says it. */
  problem?: { code: string; detail: string };
}

type Fields = ReadonlyMap<string, Edit>;

/** What the service answered to a PATCH, as JSON. */
type Patch = (path: string, fields: object) => Promise<unknown>;

const patch: Patch = async (path, fields) => {
  const answer = await send(path, {
    method: "PATCH",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
  });
  return answer.json();
};

/** ms until a held edit is sent again; doubled each time. */
const firstPause = 2_000;
const longestPause = 30_000;

/** A refusal that another try changes: nobody answers, or nobody is signed in. */
const passes = ({ status }: ApiProblem): boolean =>
  status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;

/** `/slotFee`, `/destinations/0/url` → the field. */
const fieldAt = (pointer: string): string => pointer.split("/")[1] ?? "";

export class Saves {
  /** By path, then by field. */
  readonly edits = signal<ReadonlyMap<string, Fields>>(new Map());
  /** The last answer of each path. */
  readonly answers = signal<ReadonlyMap<string, unknown>>(new Map());
  readonly #patch: Patch;
  readonly #sending = new Set<string>();
  readonly #listeners = new Set<(path: string, answer: unknown) => void>();
  #pause = firstPause;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: Patch = patch) {
    this.#patch = send;
  }

  get(path: string, field: string): Edit | undefined {
    return this.edits.value.get(path)?.get(field);
  }

  /** Called with each answer. @returns what ends that */
  onSaved(act: (path: string, answer: unknown) => void): () => void {
    this.#listeners.add(act);
    return () => this.#listeners.delete(act);
  }

  /** @param value `null` takes the field's away */
  set(path: string, field: string, value: unknown): void {
    this.setAll(path, [[field, value]]);
  }

  /** Fields that are refused alone and taken together: a stream's start that is moved with its end. */
  setAll(path: string, values: readonly (readonly [field: string, value: unknown])[]): void {
    this.#change(path, (fields) => {
      for (const [field, value] of values) fields.set(field, { value, state: "sending" });
    });
    void this.#flush(path);
  }

  /** Takes an answer of the service as the newest of its thing: of a PATCH by itself, of others when told. */
  heard(path: string, answer: unknown): void {
    this.answers.value = new Map(this.answers.value).set(path, answer);
    for (const act of this.#listeners) act(path, answer);
  }

  /** What was read, or what was answered since to an edit of it. */
  newest<T extends { updatedAt: string }>(path: string, read: T): T {
    const answered = this.answers.value.get(path) as T | undefined;
    return answered && answered.updatedAt >= read.updatedAt ? answered : read;
  }

  /** Takes an edit back that is not under way: what is stored is shown again. */
  undo(path: string, field: string): void {
    this.#change(path, (fields) => fields.delete(field));
  }

  /** Gives up all of them: who comes next is somebody else. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.edits.value = new Map();
    this.answers.value = new Map();
  }

  /** Sends at once what is held. */
  retry(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [path] of this.edits.value) {
      this.#mark(path, "held", "sending");
      void this.#flush(path);
    }
  }

  #change(path: string, act: (fields: Map<string, Edit>) => unknown): void {
    const edits = new Map(this.edits.value);
    const fields = new Map(edits.get(path));
    act(fields);
    if (fields.size > 0) edits.set(path, fields);
    else edits.delete(path);
    this.edits.value = edits;
  }

  #mark(path: string, from: Edit["state"], to: Edit["state"]): void {
    this.#change(path, (fields) => {
      for (const [field, edit] of fields) {
        if (edit.state === from) fields.set(field, { ...edit, state: to });
      }
    });
  }

  async #flush(path: string): Promise<void> {
    if (this.#sending.has(path)) return;
    const wanted = [...(this.edits.value.get(path) ?? [])].filter(
      ([, { state }]) => state === "sending",
    );
    if (wanted.length === 0) return;
    this.#sending.add(path);
    try {
      const answer = await this.#patch(
        path,
        recordOf(wanted.map(([field, { value }]) => [field, value])),
      );
      this.#pause = firstPause;
      // What was typed meanwhile is another edit, and goes next.
      this.#each(path, wanted, (fields, field) => fields.delete(field));
      this.heard(path, answer);
    } catch (error) {
      this.#failed(path, wanted, error);
    } finally {
      this.#sending.delete(path);
    }
    void this.#flush(path);
  }

  /** Those of the edits that are as they were sent. */
  #each(
    path: string,
    sent: readonly (readonly [string, Edit])[],
    act: (fields: Map<string, Edit>, field: string, edit: Edit) => unknown,
  ): void {
    this.#change(path, (fields) => {
      for (const [field, edit] of sent) if (fields.get(field) === edit) act(fields, field, edit);
    });
  }

  #failed(path: string, sent: readonly (readonly [string, Edit])[], error: unknown): void {
    const problem =
      error instanceof ApiProblem ? error : new ApiProblem(0, { detail: String(error) });
    if (passes(problem)) {
      this.#each(path, sent, (fields, field, edit) =>
        fields.set(field, { ...edit, state: "held" }),
      );
      this.#later();
      return;
    }
    const named = new Map(
      problem.errors.map(({ pointer, message }) => [fieldAt(pointer), message]),
    );
    const isNamed = sent.some(([field]) => named.has(field));
    this.#each(path, sent, (fields, field, edit) => {
      // Beside a field that is named the others are in order, and go again without it.
      if (isNamed && !named.has(field)) return;
      const detail = named.get(field) ?? problem.message;
      fields.set(field, { ...edit, state: "refused", problem: { code: problem.code, detail } });
    });
  }

  #later(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.retry(), this.#pause);
    this.#pause = Math.min(longestPause, this.#pause * 2);
  }
}

export const saves = new Saves();

/** How many edits there are in each state. */
export function unsaved({ edits }: Saves): Readonly<Record<Edit["state"], number>> {
  const counts = { sending: 0, held: 0, refused: 0 };
  for (const fields of edits.value.values()) {
    for (const { state } of fields.values()) counts[state] += 1;
  }
  return counts;
}
