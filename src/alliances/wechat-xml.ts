/**
 * @module The small XML of WeChat's pushes: elements in a root, one level of others in them, texts and CDATA. Read in one pass
 * from left to right. No attribute, no comment, no document type, no entity but XML's own five; what lies deeper is refused.
 */
import { type Keyed, recordOf } from "../lib/records.ts";

type Value = string | Keyed<string>;

const fieldsAtMost = 200;
const tagAtMost = 100;
const cdata = "<![CDATA[";

const entities = new Map([
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&amp;", "&"],
  ["&quot;", '"'],
  ["&apos;", "'"],
]);
const unescaped = (text: string): string =>
  text.replace(/&(?:lt|gt|amp|quot|apos);/g, (entity) => entities.get(entity) ?? entity);

/** A piece, and where the next one begins. */
type Piece = { end: number } & ({ text: string } | { tag: string });

/** `null`: it does not end. */
function pieceAt(xml: string, at: number): Piece | null {
  const upTo = (mark: string, from: number) => {
    const end = xml.indexOf(mark, from);
    return end === -1 ? null : { end: end + mark.length, inner: xml.slice(from, end) };
  };
  if (xml.startsWith(cdata, at)) {
    const found = upTo("]]>", at + cdata.length);
    return found && { end: found.end, text: found.inner };
  }
  if (xml.startsWith("<", at)) {
    const found = upTo(">", at + 1);
    return found && { end: found.end, tag: found.inner };
  }
  const next = xml.indexOf("<", at);
  const end = next === -1 ? xml.length : next;
  return { end, text: unescaped(xml.slice(at, end)) };
}

/** @returns the root's fields, each a text or a record of texts; `null` where it is no such XML */
export function fieldsOfXml(xml: string): Keyed<Value> | null {
  const fields: [string, Value][] = [];
  let parts: [string, string][] = [];
  /** Elements that are open: the root, a field, a part of it. */
  const open: string[] = [];
  let isOver = false;
  let text = "";
  for (let at = 0; at < xml.length; ) {
    const piece = pieceAt(xml, at);
    if (!piece || fields.length + parts.length > fieldsAtMost) return null;
    at = piece.end;
    if ("text" in piece) {
      if (open.length < 2 && piece.text.trim() !== "") return null;
      text += piece.text;
      continue;
    }
    if (piece.tag.length > tagAtMost) return null;
    // What stands before the root: `<?xml version="1.0"?>`.
    if (piece.tag.startsWith("?") && open.length === 0) continue;
    const [, slash, name] = /^(\/?)([\w.-]+)$/.exec(piece.tag.trim()) ?? [];
    if (name === undefined) return null;
    if (slash === "") {
      if (isOver || open.length === 3) return null;
      open.push(name);
    } else {
      if (open.pop() !== name) return null;
      if (open.length === 2) parts.push([name, text]);
      if (open.length === 1) {
        fields.push([name, parts.length > 0 ? recordOf(parts) : text]);
        parts = [];
      }
      isOver = open.length === 0;
    }
    text = "";
  }
  return isOver ? recordOf(fields) : null;
}
