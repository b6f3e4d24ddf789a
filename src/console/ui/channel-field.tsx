/** @module A channel to type or choose: a known one is taken by any of its names, of another is asked what it is. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { keyOfChannel, knownChannels, knownClassOf } from "../../model/channel.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage, language } from "../lib/prefs.ts";
import type { ChannelAnswer } from "../lib/promoters.ts";
import { saves } from "../lib/saves.ts";
import { linkTexts } from "../pages/links.text.ts";
import { ChannelSelect } from "./channel-questions.tsx";
import { EditField, type EditProps } from "./edit-field.tsx";

/** The names to choose from, in the reader's language. */
export function ChannelNames({ id }: { id: string }): JSX.Element {
  const isEnglish = language.value === "en";
  return (
    <datalist id={id}>
      {knownChannels.map(({ key, zh, en }) => (
        <option key={key} value={isEnglish ? en : zh} />
      ))}
    </datalist>
  );
}

/** What a channel that was typed changes in a link; `undefined` where it has to be asked for. */
export function channelSet(
  typed: string,
  answer?: ChannelAnswer,
): { channel: string | null; channelClass?: string | null } | undefined {
  const text = typed.trim();
  if (text === "") return { channel: null, channelClass: null };
  const channel = keyOfChannel(text);
  const known = knownClassOf(channel);
  if (known) return { channel, channelClass: known };
  if (!answer) return undefined;
  return "channel" in answer
    ? { channel: answer.channel, channelClass: knownClassOf(answer.channel) ?? null }
    : { channel, ...answer };
}

type ChannelProps = Pick<EditProps, "path" | "stored" | "label"> & { list: string };

export function ChannelField({ path, stored, label, list }: ChannelProps): JSX.Element {
  const t = inLanguage(linkTexts);
  const [asked, setAsked] = useState<string>();
  const [times, setTimes] = useState(0);
  const answer = (given: ChannelAnswer | undefined) => {
    const set = given && asked !== undefined ? channelSet(asked, given) : undefined;
    if (!set) return;
    saves.setAll(path, Object.entries(set));
    setAsked(undefined);
    setTimes((count) => count + 1);
  };
  return (
    <div class="stack tight">
      <EditField
        key={times}
        path={path}
        field="channel"
        label={label}
        stored={stored}
        list={list}
        show={(value) => (value ? nameOf("channel", String(value)) : "")}
        read={(text) => {
          const set = channelSet(text);
          setAsked(set ? undefined : text.trim());
          return set ? { value: set.channel } : { wrong: t.unknownChannel(text.trim()) };
        }}
        beside={(channel) =>
          Object.entries(channelSet(String(channel ?? "")) ?? {}).filter(
            ([field]) => field !== "channel",
          )
        }
      />
      {asked === undefined ? null : (
        <ChannelSelect written={asked} answer={undefined} onAnswer={answer} label={label} />
      )}
    </div>
  );
}
