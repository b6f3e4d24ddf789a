/** @module What is polled, shown: that it is awaited or failed until it is there, and a list of it as a table. */
import type { JSX } from "preact";
import type { Polled } from "../lib/poll.ts";
import { inLanguage } from "../lib/prefs.ts";
import { texts } from "../lib/texts.ts";
import { Empty, Failure, Waiting } from "./basics.tsx";
import { Table, type TableProps } from "./table.tsx";

interface PendingProps {
  polled: Pick<Polled<unknown>, "problem" | "refresh">;
  lines?: number;
}

/** In the place of what was not read yet. */
export function Pending({ polled: { problem, refresh }, lines = 4 }: PendingProps): JSX.Element {
  return problem ? <Failure problem={problem} retry={refresh} /> : <Waiting lines={lines} />;
}

interface PolledTableProps<Row> extends Omit<TableProps<Row>, "rows"> {
  polled: Polled<{ data: Row[] }>;
  /** What is said where the list is empty. */
  none: string;
  /** Reads a page more; absent where there is none. */
  further?: (() => void) | undefined;
}

export function PolledTable<Row>(props: PolledTableProps<Row>): JSX.Element {
  const { polled, none, further, ...table } = props;
  const rows = polled.data?.data;
  if (!rows) return <Pending polled={polled} />;
  return (
    <>
      {rows.length === 0 ? <Empty small title={none} /> : <Table {...table} rows={rows} />}
      {further ? (
        <button type="button" class="btn quiet small more" onClick={further}>
          {inLanguage(texts).further}
        </button>
      ) : null}
    </>
  );
}
