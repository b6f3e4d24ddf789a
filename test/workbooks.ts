/**
 * @module Writes workbooks in the shapes that back ends write: texts in the cells or shared, rows without
 * places, prefixed names, times as numbers with a style, days counted from 1904.
 */
import { type ZipFile, zipOf } from "./zips.ts";

/** A cell: a text; a number as XML has it; a day's number in a style that shows a time. */
export type Cell = string | { number: string } | { date: string; style?: number } | { xml: string };

export interface Sheet {
  name: string;
  rows: readonly (readonly Cell[])[];
  /** Blank rows above, which are not in the XML. */
  startsAt?: number;
}

export interface WorkbookStyle {
  texts: "inline" | "shared" | "formula" | "rich";
  /** Rows and cells say where they stand. */
  hasPlaces: boolean;
  prefix: "" | "x:";
  is1904: boolean;
  hasDimension: boolean;
  /** Targets from the package's root, as some writers have them. */
  isRooted: boolean;
  /** Shared texts stand behind the sheets, and sizes behind the bytes. */
  isLate: boolean;
  zip?: Partial<ZipFile>;
}

const plainStyle: WorkbookStyle = {
  texts: "inline",
  hasPlaces: true,
  prefix: "",
  is1904: false,
  hasDimension: false,
  isRooted: false,
  isLate: false,
};

const escaped = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\t", "_x0009_");

function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** Styles 0 to 4: general, a built-in time, one of China's, one of our own, a text. */
const styles = `${head}<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="176" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="177" formatCode="[Red]&quot;day&quot;#,##0.00_);\\d0"/></numFmts><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="31"/><xf numFmtId="176"/><xf numFmtId="49"/><xf numFmtId="177"/></cellXfs></styleSheet>`;

export function workbookOf(sheets: readonly Sheet[], style: Partial<WorkbookStyle> = {}) {
  const all = { ...plainStyle, ...style };
  const { texts, hasPlaces, prefix: p, is1904, hasDimension, isRooted, isLate } = all;
  const shared: string[] = [];
  const cellXml = (cell: Cell, place: string): string => {
    const r = hasPlaces ? ` r="${place}"` : "";
    if (typeof cell === "object" && "xml" in cell) return cell.xml;
    if (typeof cell === "object" && "date" in cell) {
      return `<${p}c${r} s="${cell.style ?? 3}"><${p}v>${cell.date}</${p}v></${p}c>`;
    }
    if (typeof cell === "object") return `<${p}c${r}><${p}v>${cell.number}</${p}v></${p}c>`;
    if (texts === "inline") {
      return `<${p}c${r} t="inlineStr"><${p}is><${p}t>${escaped(cell)}</${p}t></${p}is></${p}c>`;
    }
    if (texts === "formula") {
      return `<${p}c${r} t="str"><${p}f>A1&amp;""</${p}f><${p}v>${escaped(cell)}</${p}v></${p}c>`;
    }
    if (!shared.includes(cell)) shared.push(cell);
    return `<${p}c${r} t="s"><${p}v>${shared.indexOf(cell)}</${p}v></${p}c>`;
  };
  const sheetXml = ({ rows, startsAt = 1 }: Sheet): string => {
    const body = rows.map((cells, index) => {
      const line = startsAt + index;
      const own = cells
        .map((cell, column) =>
          hasPlaces && cell === "" ? "" : cellXml(cell, `${columnName(column)}${line}`),
        )
        .join("");
      return `<${p}row${hasPlaces ? ` r="${line}" spans="1:9"` : ""}>${own}</${p}row>`;
    });
    const name = p === "" ? `xmlns="${main}"` : `xmlns:x="${main}"`;
    const dimension = hasDimension ? `<${p}dimension ref="A1:Z999"/>` : "";
    return `${head}<${p}worksheet ${name}>${dimension}<${p}cols><${p}col min="1" max="2" width="9"/></${p}cols><${p}sheetData>${body.join("")}</${p}sheetData><${p}pageMargins left="0.7"/></${p}worksheet>`;
  };
  const root = isRooted ? "/xl/" : "";
  const parts: ZipFile[] = sheets.map((sheet, index) => ({
    name: `xl/worksheets/sheet${index + 1}.xml`,
    content: sheetXml(sheet),
  }));
  const strings = shared
    .map((text) =>
      texts === "rich"
        ? `<si><r><rPr><b/></rPr><t>${escaped(text.slice(0, 1))}</t></r><r><t xml:space="preserve">${escaped(text.slice(1))}</t></r><rPh sb="0" eb="1"><t>reading</t></rPh></si>`
        : `<si><t>${escaped(text)}</t></si>`,
    )
    .join("");
  const before: ZipFile[] = [
    { name: "[Content_Types].xml", content: `${head}<Types/>` },
    {
      name: "_rels/.rels",
      content: `${head}<Relationships><Relationship Id="rId1" Type="${links}/officeDocument" Target="${isRooted ? "/" : ""}xl/workbook.xml"/></Relationships>`,
    },
    {
      name: "xl/workbook.xml",
      content: `${head}<workbook xmlns="${main}" xmlns:r="${links}"><workbookPr${is1904 ? ' date1904="1"' : ""}/><sheets>${sheets.map(({ name }, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: `${head}<Relationships>${sheets.map((_, index) => `<Relationship Id="rId${index + 1}" Type="${links}/worksheet" Target="${root}worksheets/sheet${index + 1}.xml"/>`).join("")}<Relationship Id="rIdS" Type="${links}/styles" Target="${root}styles.xml"/><Relationship Id="rIdT" Type="${links}/sharedStrings" Target="${root}sharedStrings.xml"/></Relationships>`,
    },
    { name: "xl/styles.xml", content: styles },
  ];
  const texts1: ZipFile[] =
    shared.length > 0
      ? [{ name: "xl/sharedStrings.xml", content: `${head}<sst xmlns="${main}">${strings}</sst>` }]
      : [];
  const files = isLate ? [...before, ...parts, ...texts1] : [...before, ...texts1, ...parts];
  return zipOf(files.map((file) => ({ ...file, isLate, ...all.zip })));
}
