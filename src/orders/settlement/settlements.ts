/**
 * @module Settlement sheets in the Orders object: previewed, closed, listed, voided. What stands on one: drafts.ts. Each
 * method is called inside one transaction, so a sheet is of one moment.
 */
import type { DraftSheet, KeptSheet, SettledLine } from "../../model/settlement.ts";
import { randomId } from "../../model/slug.ts";
import type { OrdersStore } from "../store.ts";
import { Drafts, type SheetRefusal, type SheetRequest } from "./drafts.ts";
import { DueStore } from "./due-store.ts";
import { markSheet } from "./restated.ts";
import type { Account, SheetStore, StoredSheet } from "./sheet-store.ts";

export interface LinePage {
  lines: SettledLine[];
  /** Place of the last one; `null` at the end. */
  next: number | null;
}

/** Why a sheet can't be voided. */
export type VoidRefusal =
  | "not_found"
  | "already_voided"
  | "not_newest"
  | "taken_elsewhere"
  | "orders_deleted";

export class Settlements {
  readonly #orders: OrdersStore;
  readonly #sheets: SheetStore;
  readonly #due: DueStore;
  readonly #drafts: Drafts;

  constructor(orders: OrdersStore, sheets: SheetStore) {
    this.#orders = orders;
    this.#sheets = sheets;
    this.#due = new DueStore(orders.sql);
    this.#drafts = new Drafts(orders, this.#due);
  }

  /** Whether anything was ever settled with a promoter. */
  knows(creator: string): boolean {
    return this.#sheets.hasSheets(creator);
  }

  /** What a sheet would be, with a page of its lines. Writes nothing. */
  preview(
    asked: SheetRequest,
    after: number,
    limit: number,
  ): { sheet: DraftSheet; page: LinePage } | SheetRefusal {
    const lines: SettledLine[] = [];
    let place = 0;
    const sheet = this.#drafts.make(asked, (part) => {
      const first = Math.max(0, after - place);
      if (lines.length < limit) lines.push(...part.slice(first, first + limit - lines.length));
      place += part.length;
    });
    if (typeof sheet === "string") return sheet;
    return { sheet, page: { lines, next: after + limit < place ? after + limit : null } };
  }

  close(asked: SheetRequest, by: string, now: number): KeptSheet | SheetRefusal {
    const seq = this.#sheets.nextSeq();
    let place = 1;
    const draft = this.#drafts.make(asked, (part) => {
      this.#sheets.writeLines(seq, place, part);
      place += part.length;
    });
    if (typeof draft === "string") return draft;
    const id = `set_${randomId()}`;
    const sheet: KeptSheet = { ...draft, id, closedAt: now, closedBy: by, voided: null };
    this.#sheets.writeSheet({ seq, sheet });
    this.#due.forgetRestated(asked);
    this.#note("settlement.closed", sheet, by, now);
    return sheet;
  }

  /** Frees what a sheet has: the next one has it. Of sheets that follow each other the last alone can be voided. */
  void(
    id: string,
    { by, reason }: { by: string; reason: string | null },
    now: number,
  ): KeptSheet | VoidRefusal {
    const stored = this.#sheets.found(id);
    if (!stored) return "not_found";
    const { seq, sheet } = stored;
    if (sheet.voided) return "already_voided";
    if (!this.#sheets.isNewest(stored)) return "not_newest";
    if (this.#due.isTakenElsewhere(seq)) return "taken_elsewhere";
    if (this.#due.isOfDeleted(seq)) return "orders_deleted";
    markSheet(this.#sheets.sql, seq, { isVoided: true });
    const voided = this.#sheets.writeVoid(stored, { at: now, by, reason });
    this.#note("settlement.voided", voided, by, now);
    return voided;
  }

  sheet(id: string): KeptSheet | null {
    return this.#sheets.found(id)?.sheet ?? null;
  }

  lines(id: string, after: number, limit: number): LinePage {
    const stored = this.#sheets.found(id);
    if (!stored) return { lines: [], next: null };
    const lines = this.#sheets.lines(stored.seq, after, limit);
    const place = after + lines.length;
    return { lines, next: place < stored.sheet.lineCount && lines.length > 0 ? place : null };
  }

  /** The newest first. */
  list(
    of: Partial<Account>,
    limit: number,
    cursor: number | null,
  ): { sheets: KeptSheet[]; nextCursor: string | null } {
    const found = this.#sheets.list(of, limit + 1, cursor ?? undefined);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      sheets: page.map(({ sheet }) => sheet),
      nextCursor: found.length > limit && last ? String(last.seq) : null,
    };
  }

  dump(after: number, limit: number): StoredSheet[] {
    return this.#sheets.after(after, limit);
  }

  #note(
    action: "settlement.closed" | "settlement.voided",
    { id, creator, number, from, to, currency, lineCount, sums, voided }: KeptSheet,
    by: string,
    now: number,
  ): void {
    const { commission, slotFee, refundsOfEarlier, total } = sums;
    const amounts = { commission, slotFee, refundsOfEarlier, total };
    const reason = voided?.reason ?? null;
    const after = { creator, number, from, to, currency, lineCount, ...amounts, reason };
    this.#orders.audit.note(by, now, [{ action, target: id, after }]);
  }
}
