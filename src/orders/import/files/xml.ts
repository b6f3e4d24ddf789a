/**
 * @module XML as it comes, by saxes (strict; no entity is followed), bounded where a parser is not: how deep
 * elements lie, and how long one tag or text may be before the next.
 */
import { SaxesParser } from "saxes";
import { FileProblem } from "./file-problem.ts";

export interface XmlHandlers {
  /** @param name without a prefix: writers choose their own */
  open?: (name: string, attributes: ReadonlyMap<string, string>) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
}

const depthAtMost = 64;
/** Characters from one `<` to the next. */
const gapAtMost = 262_144;
/** Characters; a cell's text arrives in one piece. */
const pieceSize = 16_384;

const damaged = () =>
  new FileProblem(
    "malformed_file",
    "The workbook is damaged: its XML can't be read. Open it in a spreadsheet program, save it again, and send that file.",
    "工作簿已损坏，无法读取。请用表格软件打开，重新保存后上传。",
  );

const local = (name: string): string => name.slice(name.indexOf(":") + 1);

export class XmlReader {
  readonly #parser = new SaxesParser({ position: false });
  #decoder: TextDecoder | undefined;
  #depth = 0;
  #gap = 0;
  #attributes = new Map<string, string>();

  constructor({ open, text, close }: XmlHandlers) {
    this.#parser.on("error", ({ message }) => {
      // A title with a control character in it: other programs write it, and it is no one's id.
      if (!message.endsWith("disallowed character.")) throw damaged();
    });
    this.#parser.on("attribute", ({ name, value }) => {
      this.#attributes.set(local(name), value);
    });
    this.#parser.on("opentag", ({ name }) => {
      this.#depth += 1;
      if (this.#depth > depthAtMost) throw damaged();
      const attributes = this.#attributes;
      if (attributes.size > 0) this.#attributes = new Map();
      open?.(local(name), attributes);
    });
    this.#parser.on("closetag", ({ name }) => {
      this.#depth -= 1;
      close?.(local(name));
    });
    if (text) {
      this.#parser.on("text", text);
      this.#parser.on("cdata", text);
    }
  }

  push(bytes: Uint8Array): void {
    this.#decoder ??= new TextDecoder(encodingOf(bytes));
    this.#write(this.#decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.#write(this.#decoder?.decode() ?? "");
    this.#parser.close();
  }

  #write(text: string): void {
    for (let at = 0; at < text.length; at += pieceSize) {
      const piece = text.slice(at, at + pieceSize);
      const last = piece.lastIndexOf("<");
      this.#gap = last === -1 ? this.#gap + piece.length : piece.length - last;
      if (this.#gap > gapAtMost) throw damaged();
      this.#parser.write(piece);
    }
  }
}

/** UTF-8, but for what begins with a mark of UTF-16. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

/** Reads a part of a workbook to its end. */
export async function readXml(
  content: AsyncIterable<Uint8Array>,
  handlers: XmlHandlers,
): Promise<void> {
  const reader = new XmlReader(handlers);
  for await (const bytes of content) reader.push(bytes);
  reader.end();
}
