/**
 * @module Whether a link is labelled as an advertisement: 广告 on its page, its poster and its share text, as
 * 互联网广告管理办法 (2023) art. 9 asks of those who recommend goods with a link to buy them. What nobody decided is no label
 * and asked about in the console; nothing that runs is labelled, or loses its label, by itself.
 */
import type { NewLink } from "./link.ts";

interface Promoted {
  creator?: { tier?: string | undefined } | null | undefined;
  channelClass?: string | null | undefined;
}

/** Promoters who are paid, and paid placements. Whether a link of theirs is no advertisement, people decide. */
export const isPromoted = ({ creator, channelClass }: Promoted): boolean =>
  creator?.tier === "KOL" || creator?.tier === "KOC" || channelClass === "paid";

/** Of a link that is made: what its request says, else a label for those that need one, else nothing that was decided. */
export const labelOfNew = (link: NewLink): boolean | null =>
  link.adLabel ?? (isPromoted(link) ? true : null);
