/** @module What the soak prints of the accounts, and what of it does not hold. */
import type { Sold } from "../../alliances/accounts.ts";
import { isSame, type Soaked } from "./pulled.ts";

const shown = ({ orders, gmv, refunds }: Sold) => `${orders} / ${gmv} / ${refunds}`;

/** @returns what does not hold, in words */
export function report({ told, booked, seconds }: Soaked): string[] {
  const wrong: string[] = [];
  console.log(
    "\naccount: rows, calls (failed), most in a second and a minute (allowed), orders / GMV / refunds",
  );
  for (const [index, { alliance, rows, sold, watched }] of told.entries()) {
    const { calls, faults, most, allowed, over } = watched;
    const kept = booked[index] ?? { orders: 0, gmv: 0, refunds: 0 };
    const isRight = isSame(kept, sold);
    const rate = `${most.second} and ${most.minute} (${allowed.second} and ${allowed.minute})`;
    const sum = isRight ? "" : ` BUT THE SUM IS ${shown(sold)}`;
    console.log(`${alliance}: ${rows}, ${calls} (${faults}), ${rate}, ${shown(kept)}${sum}`);
    if (!isRight) wrong.push(`${alliance} sold something else`);
    if (over > 0) wrong.push(`${alliance} was called ${over} times too often`);
  }
  const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
  const calls = sumOf(told.map(({ watched }) => watched.calls));
  const faults = sumOf(told.map(({ watched }) => watched.faults));
  const counted = told.flatMap(({ watched }) => Object.entries(watched.ways));
  const ways = [...Map.groupBy(counted, ([way]) => way)].map(
    ([way, counts]) => `${way} ${sumOf(counts.map(([, count]) => count))}`,
  );
  const share = `${((100 * faults) / calls).toFixed(1)} %: ${ways.join(", ")}`;
  const rows = sumOf(told.map((one) => one.rows));
  console.log(
    `\nrows ${rows}, calls ${calls}, failed ${faults} (${share}), in ${seconds.toFixed(0)} s`,
  );
  return wrong;
}
