/**
 * @module An .xlsx: a zip of XML whose parts point to each other. Read are the list of sheets, the texts that
 * cells share, the styles (for what is a time), and of a sheet its rows; formulas, pictures and names are not.
 */
import type { Table } from "../csv-table.ts";
import type { Budget } from "./budget.ts";
import { FileProblem } from "./file-problem.ts";
import { isDateFormat } from "./number-cells.ts";
import { readSharedStrings } from "./shared-strings.ts";
import { type Cells, sheetTable } from "./sheet.ts";
import { contentOf, type ZipEntry } from "./unzip.ts";
import { readXml } from "./xml.ts";

export interface Sheet {
  name: string;
  table: Table;
}

/** Sheets and styles that are looked at. */
const sheetsAtMost = 255;
const stylesAtMost = 65_536;

/** Parts of a package that say what it is. */
const packages: readonly (readonly [part: string, name: string, zh: string])[] = [
  ["xl/workbook.bin", "an Excel binary workbook (.xlsb)", "Excel 二进制工作簿（.xlsb）"],
  ["word/document.xml", "a Word document", "Word 文档"],
  ["ppt/presentation.xml", "a PowerPoint presentation", "PowerPoint 演示文稿"],
  ["index/document.iwa", "an Apple Numbers or Pages document", "Apple Numbers/Pages 文档"],
  ["meta-inf/manifest.xml", "an OpenDocument file (.ods) or a program", "OpenDocument（.ods）文件"],
  ["androidmanifest.xml", "an Android program", "安卓安装包"],
];

const plain = (name: string): string => name.replace(/^\/+/, "").toLowerCase();

/** Whether the zip is a package of documents rather than an archive of files. */
export const isPackage = (entries: readonly ZipEntry[]): boolean =>
  entries.some(({ name }) => {
    const part = plain(name);
    return part === "[content_types].xml" || packages.some(([own]) => own === part);
  });

/** The parts of one package, by what they are and what they point to. */
class Parts {
  readonly #bytes: Uint8Array;
  readonly #budget: Budget;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  constructor(bytes: Uint8Array, entries: readonly ZipEntry[], budget: Budget) {
    this.#bytes = bytes;
    this.#budget = budget;
    this.#entries = new Map(entries.map((entry) => [plain(entry.name), entry]));
  }

  has(part: string): boolean {
    return this.#entries.has(plain(part));
  }

  content(part: string): AsyncGenerator<Uint8Array> | null {
    const entry = this.#entries.get(plain(part));
    return entry ? contentOf(this.#bytes, entry, this.#budget) : null;
  }

  /** What a part points to, by id and by the last word of its type. */
  async linksOf(part: string): Promise<{ id: string; type: string; target: string }[]> {
    const at = part.lastIndexOf("/") + 1;
    const content = this.content(`${part.slice(0, at)}_rels/${part.slice(at)}.rels`);
    const links: { id: string; type: string; target: string }[] = [];
    if (!content) return links;
    await readXml(content, {
      open: (name, attributes) => {
        if (name !== "Relationship" || links.length > sheetsAtMost + 45) return;
        const type = attributes.get("Type") ?? "";
        const target = attributes.get("Target") ?? "";
        links.push({
          id: attributes.get("Id") ?? "",
          type: type.slice(type.lastIndexOf("/") + 1),
          target: resolved(part.slice(0, at), target),
        });
      },
    });
    return links;
  }
}

/** A target as a path in the package: from its root, or from the folder of the part that names it. */
function resolved(folder: string, target: string): string {
  const path: string[] = [];
  const full = target.startsWith("/") ? target : `${folder}${target}`;
  for (const step of full.replaceAll("\\", "/").split("/", 32)) {
    if (step === "..") path.pop();
    else if (step !== "" && step !== ".") path.push(step);
  }
  return path.join("/");
}

/**
 * The sheets of a workbook, each read when it is asked for, in their order.
 *
 * @throws {FileProblem} that names a package which is no workbook
 */
export async function* sheetsOf(
  bytes: Uint8Array,
  entries: readonly ZipEntry[],
  budget: Budget,
): AsyncGenerator<Sheet> {
  const parts = new Parts(bytes, entries, budget);
  const root = await parts.linksOf("");
  const main = root.find(({ type }) => type === "officeDocument")?.target ?? "xl/workbook.xml";
  const content = main.toLowerCase().endsWith(".xml") ? parts.content(main) : null;
  const foreign = packages.find(([part]) => parts.has(part));
  if (!content || foreign) throw noWorkbook(foreign);
  const { sheets, is1904 } = await readSheets(content);
  if (sheets.length === 0) throw noWorkbook(foreign);
  const links = await parts.linksOf(main);
  const targetOf = (wanted: string) => links.find(({ type }) => type === wanted)?.target;
  const shared = parts.content(targetOf("sharedStrings") ?? "");
  const styles = parts.content(targetOf("styles") ?? "");
  const cells: Cells = {
    strings: shared && (await readSharedStrings(shared)),
    areDates: styles ? await readStyles(styles) : [],
    is1904,
  };
  for (const { name, id } of sheets) {
    // A chart may be a sheet too; it has no rows.
    const link = links.find((one) => one.id === id && one.type === "worksheet");
    const rows = link && parts.content(link.target);
    if (rows) yield { name, table: sheetTable(rows, cells) };
  }
}

function noWorkbook(found: (typeof packages)[number] | undefined): FileProblem {
  const [, name, zh] = found ?? ["", "a package without a workbook", "没有工作表的文件包"];
  return new FileProblem(
    "spreadsheet",
    `This is ${name}, not an .xlsx workbook. Open it, save it as .xlsx, and send that file.`,
    `这是${zh}，不是 .xlsx 工作簿。请打开后另存为 .xlsx 再上传。`,
  );
}

async function readSheets(content: AsyncIterable<Uint8Array>) {
  const sheets: { name: string; id: string }[] = [];
  let is1904 = false;
  await readXml(content, {
    open: (name, attributes) => {
      if (name === "sheet" && sheets.length < sheetsAtMost) {
        sheets.push({ name: attributes.get("name") ?? "", id: attributes.get("id") ?? "" });
      } else if (name === "workbookPr") {
        is1904 = ["1", "true"].includes(attributes.get("date1904") ?? "");
      }
    },
  });
  return { sheets, is1904 };
}

/** For each style of a cell, in their order, whether it shows a time. */
async function readStyles(content: AsyncIterable<Uint8Array>): Promise<boolean[]> {
  const patterns = new Map<number, string>();
  const areDates: boolean[] = [];
  let isCells = false;
  await readXml(content, {
    open: (name, attributes) => {
      if (name === "numFmt" && patterns.size < stylesAtMost) {
        patterns.set(Number(attributes.get("numFmtId")), attributes.get("formatCode") ?? "");
      } else if (name === "cellXfs") isCells = true;
      else if (name === "xf" && isCells && areDates.length < stylesAtMost) {
        const id = Number(attributes.get("numFmtId") ?? 0);
        areDates.push(isDateFormat(id, patterns.get(id)));
      }
    },
    close: (name) => {
      if (name === "cellXfs") isCells = false;
    },
  });
  return areDates;
}
