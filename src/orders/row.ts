/** @module A row of the Orders object's tables, by the columns that its own statements name. */

// biome-ignore lint/plugin: no column is named from outside
export type Row = Record<string, string | number | null>;
