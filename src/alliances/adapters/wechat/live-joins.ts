/** @module How many entered a live room by a promoter's link, as WeChat counts them: for 机构 that have the permission (H). */
import type { JoinReport } from "../../adapter.ts";
import { integerOf, at as valueAt } from "../../raw.ts";

const seconds = (at: number): number => Math.floor(at / 1_000);

export const liveJoins: JoinReport = {
  call: (sharerAppid, liveId, { start, end }) => ({
    method: "/channels/ec/league/headsupplier/promoteraction/getlivestats",
    params: {
      sharer_appid: sharerAppid,
      live_id: liveId,
      start_time: seconds(start),
      end_time: seconds(end),
    },
  }),
  read: (data) => ({
    joins: integerOf(valueAt(data, "join_count")),
    users: integerOf(valueAt(data, "join_user_count")),
  }),
};
