/**
 * @module Whether parsed JSON has more in it than anything that is taken: told before a schema sees it, which
 * makes an error of some hundred bytes for each wrong element and unknown field.
 */

import { cut } from "./cut.ts";
import { own } from "./records.ts";
import { type Said, said } from "./said.ts";

/** The fullest that is taken: 500 links with every field are 60,000 values, 1,000 orders 25,000. */
export const fullest = { elements: 2_000, fields: 200, values: 100_000, depth: 32 };

/** @returns where (a JSON pointer) and what there is too much of; `null` when it is well */
export function overfull(
  value: unknown,
  most = fullest,
): { pointer: string; message: Said } | null {
  let values = 0;
  const waiting: { value: object; pointer: string; depth: number }[] = [];
  const enter = (inner: unknown, pointer: string, depth: number) => {
    if (typeof inner === "object" && inner !== null) waiting.push({ value: inner, pointer, depth });
  };
  enter(value, "", 1);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value: found, pointer, depth } = next;
    const isList = Array.isArray(found);
    const names = isList ? [] : Object.keys(found);
    const count = isList ? found.length : names.length;
    const limit = isList ? most.elements : most.fields;
    if (count > limit) {
      const message = isList
        ? said(`Expected at most ${limit} elements.`, `最多 ${limit} 个元素。`)
        : said(`Expected at most ${limit} fields.`, `最多 ${limit} 个字段。`);
      return { pointer, message };
    }
    values += count;
    if (values > most.values) {
      const message = said(
        `Expected at most ${most.values} values in all.`,
        `总共最多 ${most.values} 个值。`,
      );
      return { pointer: "", message };
    }
    if (depth > most.depth) {
      const message = said(`Expected at most ${most.depth} levels.`, `最多 ${most.depth} 层。`);
      return { pointer, message };
    }
    const inner = (name: string | number) => `${pointer}/${cut(String(name), 64)}`;
    if (isList) {
      for (const [index, element] of found.entries()) enter(element, inner(index), depth + 1);
    } else {
      for (const name of names) {
        enter(own(found, name), inner(name), depth + 1);
      }
    }
  }
  return null;
}
