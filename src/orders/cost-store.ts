/** @module What links cost, in the Orders object's tables: put by hand, and imported ad spend. */
import type { Sql, SqlRow } from "../lib/sql.ts";
import type { Costs, Spend } from "../model/costs.ts";
import type { Promoter } from "../model/promoter.ts";

export interface SpendOutcome {
  accepted: number;
  updated: number;
  duplicates: number;
  /** Places in the request of rows whose link is not known. */
  unknown: number[];
}

export interface CostRow {
  slug: string;
  costs: Costs;
  /** Imported ad spend, in minor units. */
  spent: number;
}

export class CostStore {
  readonly sql: Sql;

  /** @param sql of a store that `migrateOrders` has seen */
  constructor(sql: Sql) {
    this.sql = sql;
  }

  #rows(query: string, ...bindings: (string | number | null)[]): SqlRow[] {
    return this.sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  costsOf(links: readonly string[]): CostRow[] {
    return this.#rows(
      `SELECT k.value AS slug, cost.record,
         (SELECT sum(amount) FROM spend WHERE spend.link = k.value) AS spent
       FROM json_each(?) k LEFT JOIN cost ON cost.slug = k.value`,
      JSON.stringify(links),
    ).map((row) => ({
      slug: String(row.slug),
      costs: row.record === null ? {} : (JSON.parse(String(row.record)) as Costs),
      spent: Number(row.spent ?? 0),
    }));
  }

  putCosts(slug: string, costs: Costs): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO cost (slug, record) VALUES (?, ?)",
      slug,
      JSON.stringify(costs),
    );
  }

  spend(platform: string, day: string, scene: string): { link: string; amount: number } | null {
    const [row] = this.#rows(
      "SELECT link, amount FROM spend WHERE platform = ? AND day = ? AND scene = ?",
      platform,
      day,
      scene,
    );
    return row ? { link: String(row.link), amount: Number(row.amount) } : null;
  }

  putSpend({ platform, day, scene, name, link, amount }: Spend): void {
    this.sql.exec(
      "INSERT OR REPLACE INTO spend (platform, day, scene, name, link, amount) VALUES (?, ?, ?, ?, ?, ?)",
      platform,
      day,
      scene,
      name,
      link,
      amount,
    );
  }

  /**
   * Books rows on the link they name, else on the one whose slug is their scene. To be called inside one
   * transaction.
   *
   * @param find links by key
   */
  addSpend(
    rows: readonly Spend[],
    find: (key: string) => readonly Promoter[],
    dry: boolean,
  ): SpendOutcome {
    const outcome: SpendOutcome = { accepted: 0, updated: 0, duplicates: 0, unknown: [] };
    const seen = new Map<string, { link: string; amount: number }>();
    for (const [index, row] of rows.entries()) {
      const wanted = row.link === "" ? [row.scene, row.name] : [row.link];
      const link = wanted.flatMap((slug) => find(`slug:${slug.toLowerCase()}`))[0]?.slug;
      if (link === undefined) {
        outcome.unknown.push(index);
        continue;
      }
      const key = [row.platform, row.day, row.scene].join("\n");
      const known = seen.get(key) ?? this.spend(row.platform, row.day, row.scene);
      if (!known) outcome.accepted += 1;
      else if (known.link === link && known.amount === row.amount) outcome.duplicates += 1;
      else outcome.updated += 1;
      seen.set(key, { link, amount: row.amount });
      if (!dry) this.putSpend({ ...row, link });
    }
    return outcome;
  }
}
