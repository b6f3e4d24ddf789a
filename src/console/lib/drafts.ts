/** @module Lists that are being changed and were not saved, by what they are of: they outlive the page that they were made on. */
import { signal } from "@preact/signals";
import type { Destination } from "./client.ts";
import { saves } from "./saves.ts";

/** A destination, and the text that it came from, which is what the API is given. */
export interface Pasted extends Destination {
  text: string;
}

/** As `destinations` of a request takes it. One that was kept already is sent as it was stored. */
export function inputOf({
  text,
  platform,
  url,
  shareText,
  replay,
  miniProgram,
  finderUserName,
}: Pasted) {
  const extra = {
    ...(replay ? { replay } : {}),
    ...(shareText && shareText !== text ? { shareText } : {}),
  };
  if (miniProgram) return { platform: "wechat" as const, miniProgram, ...extra };
  if (finderUserName) return { platform: "wechat" as const, finderUserName, ...extra };
  return text === url ? { url: text, platform, ...extra } : { text, platform, ...extra };
}

export interface DestinationDraft {
  list: readonly Pasted[];
  /** The one that was chosen here, if one was: else it stays as it is stored. */
  primary?: string | undefined;
  /** It is on its way as it is. */
  isSent?: boolean;
}

/** By the path of a stream or a link. */
export const drafts = signal<ReadonlyMap<string, DestinationDraft>>(new Map());

/** @param draft `undefined` gives it up */
export function keepDraft(path: string, draft: DestinationDraft | undefined): void {
  const next = new Map(drafts.value);
  if (draft) next.set(path, draft);
  else next.delete(path);
  drafts.value = next;
}

export function sendDraft(path: string, { list, primary }: DestinationDraft): void {
  keepDraft(path, { list, primary, isSent: true });
  const chosen = list.find(({ platform }) => platform === primary)?.platform;
  saves.setAll(path, [
    ["destinations", list.length === 0 ? null : list.map(inputOf)],
    ...(chosen ? [["primary", chosen] as const] : []),
  ]);
}

saves.onSaved((path) => {
  if (drafts.value.get(path)?.isSent && !saves.get(path, "destinations"))
    keepDraft(path, undefined);
});
