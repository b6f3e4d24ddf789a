/** @module Settlement sheets as lines of an export, and their way back in: a restored service pays nothing twice. */
import type { KeptSheet, KeptSheetLines } from "../../model/settlement.ts";
import type { Taken } from "../archive.ts";
import { markSheet } from "./restated.ts";
import type { SheetStore } from "./sheet-store.ts";

const nothingYet = (): Required<Taken> => ({ taken: [], known: 0, refused: [] });

/** Sheets that are not known come in as they were closed; until their lines came too, no other of theirs is closed. */
export function restoreSheets(store: SheetStore, rows: readonly KeptSheet[]): Taken {
  const outcome = nothingYet();
  for (const [index, sheet] of rows.entries()) {
    const { id, creator, number, currency } = sheet;
    if (store.found(id)) outcome.known += 1;
    else if (store.hasNumber(sheet, number)) {
      const detail = `/row/number: ${creator} has another sheet ${number} in ${currency} here.`;
      outcome.refused.push({ index, detail });
    } else {
      store.writeSheet({ seq: store.nextSeq(), sheet }, sheet.lineCount);
      outcome.taken.push(index);
    }
  }
  return outcome;
}

export function restoreSheetLines(store: SheetStore, rows: readonly KeptSheetLines[]): Taken {
  const outcome = nothingYet();
  for (const [index, { sheet: id, first, lines }] of rows.entries()) {
    const stored = store.found(id);
    if (!stored || first + lines.length - 1 > stored.sheet.lineCount) {
      const detail = stored
        ? `/row/first: The settlement ${id} has ${stored.sheet.lineCount} lines.`
        : `/row/sheet: There is no settlement ${id}, here or in a line before.`;
      outcome.refused.push({ index, detail });
      continue;
    }
    const { seq } = stored;
    const missing = lines.length - store.present(seq, first, lines.length);
    if (missing === 0) {
      outcome.known += 1;
      continue;
    }
    store.writeLines(seq, first, lines);
    store.cameIn(seq, missing);
    // Orders here may have gone on since.
    markSheet(store.sql, seq, { isVoided: false, first });
    outcome.taken.push(index);
  }
  return outcome;
}
