/** @module What several queries of the Catalog ask of a stream or a link, as SQL. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { links, streams } from "./tables.ts";

/** When a stream begins; without a start it began when it was made. */
export const beginsAt = sql<number>`coalesce(${streams.startsAt}, ${streams.createdAt})`;

interface Promoted {
  tag?: string | undefined;
  creator?: string | undefined;
  campaign?: string | undefined;
}

/** Links of a promoter, a campaign, with a tag; `undefined` where none of them is asked for. */
export const promotedBy = ({ tag, creator, campaign }: Promoted): SQL | undefined =>
  and(
    creator === undefined ? undefined : eq(links.creatorId, creator),
    campaign === undefined ? undefined : eq(links.campaign, campaign),
    tag === undefined
      ? undefined
      : sql`exists (select 1 from json_each(${links.tags}) where value = ${tag})`,
  );
