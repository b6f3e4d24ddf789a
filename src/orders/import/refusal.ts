/** @module Why a row of a file is refused. */

/** Why a row is refused; thrown where it is found, caught by whoever reads the file. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** What is wrong with an id, behind "The order id … ". */
export const idRefusals = {
  id_missing: "is empty.",
  id_lost_digits:
    "was changed by a spreadsheet (such as 1.23E+18, or zeros after the 15th digit) and has lost digits. Export the file again and import it without opening and saving it.",
  id_invalid: "has characters that no order id has.",
};

/** @param header of the column that the id stands in */
export const lostDigits = (header: string, id: string): Refusal =>
  new Refusal("id_lost_digits", `The id ${quoted(id)} (${header}) ${idRefusals.id_lost_digits}`);

/** A cell as it is said in a refusal. */
export const quoted = (text: string): string => JSON.stringify(text.slice(0, 40));
