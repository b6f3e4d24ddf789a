/**
 * @module A pasted table of links → what `POST /api/streams/{id}/links` takes. Pure, without a parser of its
 * own: the console hands in cells too. Headers in Chinese or English; without any, the columns are name,
 * channel, slug. A known channel's words become its key (model/channel.ts).
 */
import { type Keyed, recordOf, tableOf } from "../lib/records.ts";
import { plainCell, plainHeader } from "../lib/spreadsheet-cells.ts";
import { platformOrders } from "../platforms/registry/orders.ts";
import { keyOfChannel, knownClassOf } from "./channel.ts";

/** Of an alliance's ids: what its platform says, and the field's name. */
const promotionColumns = platformOrders.flatMap(({ name, ids = {} }) =>
  Object.entries(ids).flatMap(([field, id]) => {
    if (!id) return [];
    const { headers = [], isNamedByHeadersAlone } = id;
    const names = isNamedByHeadersAlone ? headers : [field, ...headers];
    return [[`promotion.${name}.${field}`, names] as const];
  }),
);

/** Dotted paths into a link's input, and the headers that mean them. */
const columns: ReadonlyMap<string, readonly string[]> = new Map([
  ...tableOf<readonly string[]>({
    "creator.name": [
      "name",
      "creator",
      "creatorName",
      "promoter",
      "名称",
      "姓名",
      "达人",
      "主播",
      "达人昵称",
      "推广者",
      "分享人",
      "昵称",
    ],
    "creator.id": ["creatorId", "promoterId", "达人编号", "达人ID", "编号", "工号"],
    "creator.tier": ["tier", "层级", "级别", "类型", "达人类型"],
    slug: ["slug", "短链", "短链接", "后缀", "短码"],
    channel: ["channel", "渠道", "投放渠道"],
    channelClass: ["channelClass", "class", "渠道类别", "渠道类型"],
    campaign: ["campaign", "活动", "活动名称", "项目"],
    tags: ["tags", "tag", "标签"],
    note: ["note", "备注", "说明"],
    externalId: ["externalId", "外部编号", "外部ID"],
    primary: ["primary", "destination", "主平台", "目的地"],
    expiresAt: ["expiresAt", "过期时间", "有效期"],
    adLabel: ["adLabel", "ad", "广告", "广告标识", "标注广告"],
  }),
  ...promotionColumns,
]);

const tiers = tableOf({
  kol: "KOL",
  koc: "KOC",
  staff: "staff",
  brand: "brand",
  达人: "KOL",
  素人: "KOC",
  员工: "staff",
  导购: "staff",
  品牌: "brand",
});
const classes = tableOf({
  社交: "social",
  电商: "commerce",
  办公: "work",
  自有: "owned",
  付费: "paid",
  投放: "paid",
  其他: "other",
});

const yesOrNo = tableOf<boolean>({
  ...{ 是: true, 有: true, yes: true, true: true, y: true, "1": true, 广告: true },
  ...{ 否: false, 无: false, no: false, false: false, n: false, "0": false },
});

/** Mistakes that are named; of the others the number is told. */
const errorsAtMost = 49;

/** Without a header. */
const usual = ["creator.name", "channel", "slug"];

type Mistake = "column_twice" | "no_column" | "no_name";

export interface TableError {
  /** Row of the table, counted from 1; its header is a row too. */
  row: number;
  column: string;
  /** What it is, where a table makes it and not a link. */
  code?: Mistake;
  message: string;
}

/** A link's fields, nested; of the names in `columns` alone, and cells as they are. */
export interface LinkFields {
  creator?: { id?: string; name?: string; tier?: string };
  channel?: string;
  channelClass?: string;
  slug?: string;
  tags?: string[];
  promotion?: Keyed<object>;
}

/** One link as the table says it; the API checks it as it checks any. */
interface TableLink {
  row: number;
  link: LinkFields;
}

export interface LinksTable {
  /** Of every row, one with mistakes too. */
  links: TableLink[];
  /** With any of these nothing is made. */
  errors: TableError[];
  /** Columns whose head is no known one: what they say goes nowhere. */
  unknown: TableError[];
}

const pathByHeader = new Map(
  [...columns].flatMap(([path, headers]) =>
    headers.map((header) => [plainHeader(header), path] as const),
  ),
);

/**
 * Reads rows of cells. A creator without an id has the name as one, so that two rows of a name are one
 * creator.
 *
 * @param atMost links; the API makes 500 at once
 * @returns every row's link, and the mistakes by row and column
 */
export function linksOfRows(rows: readonly (readonly string[])[], atMost = 500): LinksTable {
  const [errors, unknown]: [TableError[], TableError[]] = [[], []];
  let more = 0;
  const wrong = (row: number, column: string, code: Mistake, message: string) => {
    if (errors.length < errorsAtMost) errors.push({ row, column, code, message });
    else more += 1;
  };
  const filled = rows
    .map((cells, index) => ({ row: index + 1, cells }))
    .filter(({ cells }) => cells.some((cell) => plainCell(cell) !== ""));
  const [first, ...rest] = filled;
  if (!first) return one(1, "", "The table is empty.");
  const paths = first.cells.map((cell) => pathByHeader.get(plainHeader(cell)));
  const hasHeader = isHeader(first.cells, paths);
  const wanted = hasHeader ? paths : usual;
  for (const [index, cell] of first.cells.entries()) {
    const name = plainCell(cell);
    if (hasHeader && paths[index] === undefined && name !== "") {
      unknown.push({ row: first.row, column: name, message: unknownColumn });
    }
    if (hasHeader && paths[index] && paths.indexOf(paths[index]) !== index) {
      wrong(first.row, name, "column_twice", "Another column means the same.");
    }
  }
  const body = hasHeader ? rest : filled;
  if (body.length === 0) return one(first.row, "", "There is a header and no row under it.");
  if (body.length > atMost) {
    return one(body[atMost]?.row ?? 0, "", `Expected at most ${atMost} links at once.`);
  }
  const links = body.map(({ row, cells }): TableLink => {
    const fields: Field[] = [];
    for (const [index, cell] of cells.entries()) {
      const path = wanted[index];
      const text = plainCell(cell);
      if (text === "") continue;
      if (path === undefined) {
        if (!hasHeader || first.cells[index] === undefined) {
          wrong(row, String(index + 1), "no_column", "No column has this cell.");
        }
        continue;
      }
      fields.push([path.split("."), readCell(path, text)]);
    }
    const link: LinkFields = nested(fields);
    const { creator } = link;
    if (creator && creator.id === undefined) {
      if (creator.name === undefined) {
        wrong(row, "creator.tier", "no_name", "A tier needs a name or an id.");
      } else creator.id = creator.name.slice(0, 64);
    }
    return { row, link };
  });
  if (more > 0)
    errors.push({ row: errors.at(-1)?.row ?? 1, column: "", message: `And ${more} more.` });
  return { links, errors, unknown };
}

/** A header of `视频号` is Channels' account's, and beside a name it is a channel: by itself it makes no row a header. */
function isHeader(cells: readonly string[], paths: readonly (string | undefined)[]): boolean {
  const isNamed = (_: string, index: number) => paths[index] !== undefined;
  const filled = cells.filter((cell) => plainCell(cell) !== "");
  return (
    cells.some((cell, index) => isNamed(cell, index) && knownClassOf(cell) === undefined) ||
    filled.length === cells.filter(isNamed).length
  );
}

function readCell(path: string, text: string): unknown {
  if (path === "tags") {
    return text
      .split(/[,，、;；|]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "");
  }
  if (path === "channel") return keyOfChannel(text);
  if (path === "creator.tier") return tiers.get(text.toLowerCase()) ?? text;
  if (path === "adLabel") return yesOrNo.get(text.toLowerCase()) ?? text;
  if (path === "channelClass") return classes.get(text) ?? text;
  // In full width too: whoever types slugs in Chinese has them.
  if (path === "slug") return text.normalize("NFKC").replace(/^https?:\/\/[^/]+\//, "");
  return text;
}

type Field = readonly [path: readonly string[], value: unknown];

/** Paths and their values as an object of objects. */
function nested(fields: readonly Field[]): object {
  const byHead = Map.groupBy(fields, ([[head = ""]]) => head);
  return recordOf(
    [...byHead].map(([head, inner]) => {
      const leaf = inner.find(([path]) => path.length === 1);
      const rest = inner.map(([[, ...path], value]): Field => [path, value]);
      return [head, leaf ? leaf[1] : nested(rest)];
    }),
  );
}

const one = (row: number, column: string, message: string): LinksTable => ({
  links: [],
  errors: [{ row, column, message }],
  unknown: [],
});

const unknownColumn = `Unknown column. Known: ${[...columns.values()]
  .flatMap(([name]) => name ?? [])
  .join(", ")}.`;
