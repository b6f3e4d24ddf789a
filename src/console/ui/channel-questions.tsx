/** @module Asks what a channel is that is not known: a known one in other words, or a new one, and then of which class. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { mapOf, recordOf } from "../../lib/records.ts";
import { channelsLike, knownChannels } from "../../model/channel.ts";
import { channelClasses } from "../../platforms/types.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import type { ChannelAnswer } from "../lib/promoters.ts";

const texts = {
  "zh-CN": {
    head: "这些渠道不认识，请选一下，否则社交与电商的对比会不准",
    rows: (count: number) => `${count} 行`,
    is: (channel: string) => `“${channel}”是`,
    choose: "请选择…",
    like: "您是不是想写",
    known: "已知渠道",
    asNew: "新渠道，属于",
  },
  en: {
    head: "These channels are not known. Say what they are, or social against e-commerce is wrong",
    rows: (count: number) => `${count} ${count === 1 ? "row" : "rows"}`,
    is: (channel: string) => `“${channel}” is`,
    choose: "Choose…",
    like: "Did you mean",
    known: "Known channels",
    asNew: "A new channel, of class",
  },
};

const keptAs = "moongate.channels";

/** What was answered here before. */
function remembered(): ReadonlyMap<string, ChannelAnswer> {
  try {
    return mapOf<ChannelAnswer>(JSON.parse(localStorage.getItem(keptAs) ?? "{}"));
  } catch {
    return new Map();
  }
}

/** The answers, kept in this browser: next week's table has the same channels. */
export function useChannelAnswers(): [
  ReadonlyMap<string, ChannelAnswer>,
  (channel: string, answer: ChannelAnswer | undefined) => void,
] {
  const [answers, setAnswers] = useState(remembered);
  const answer = (channel: string, given: ChannelAnswer | undefined) => {
    const next = new Map(answers);
    if (given) next.set(channel, given);
    else next.delete(channel);
    localStorage.setItem(keptAs, JSON.stringify(recordOf(next)));
    setAnswers(next);
  };
  return [answers, answer];
}

const optionOf = (answer: ChannelAnswer | undefined): string =>
  answer ? ("channel" in answer ? `=${answer.channel}` : `+${answer.channelClass}`) : "";

function answerOf(value: string): ChannelAnswer | undefined {
  const chosen = value.slice(1);
  if (value.startsWith("=")) return { channel: chosen };
  return value === "" ? undefined : { channelClass: chosen };
}

interface QuestionsProps {
  /** Each with its number of rows. */
  channels: ReadonlyMap<string, number>;
  answers: ReadonlyMap<string, ChannelAnswer>;
  onAnswer: (channel: string, answer: ChannelAnswer | undefined) => void;
}

export function ChannelQuestions({
  channels,
  answers,
  onAnswer,
}: QuestionsProps): JSX.Element | null {
  const t = inLanguage(texts);
  if (channels.size === 0) return null;
  return (
    <fieldset class="card pad stack tight">
      <legend>{t.head}</legend>
      {[...channels].map(([channel, count]) => (
        <div class="row" key={channel}>
          <label for={`channel-${channel}`}>
            {t.is(channel)} <span class="soft small">{t.rows(count)}</span>
          </label>
          <ChannelSelect
            written={channel}
            answer={answers.get(channel)}
            onAnswer={(given) => onAnswer(channel, given)}
          />
        </div>
      ))}
    </fieldset>
  );
}

interface SelectProps {
  written: string;
  answer: ChannelAnswer | undefined;
  onAnswer: (answer: ChannelAnswer | undefined) => void;
  /** Where no label stands beside it. */
  label?: string;
}

export function ChannelSelect({ written, answer, onAnswer, label }: SelectProps): JSX.Element {
  const t = inLanguage(texts);
  const like = channelsLike(written);
  const known = knownChannels.filter((one) => !like.includes(one));
  const groups = [
    { name: t.like, channels: like },
    { name: t.known, channels: known },
  ].filter(({ channels }) => channels.length > 0);
  return (
    <select
      id={`channel-${written}`}
      class="input compact"
      aria-label={label}
      value={optionOf(answer)}
      onChange={(event) => onAnswer(answerOf(event.currentTarget.value))}
    >
      <option value="">{t.choose}</option>
      {groups.map(({ name, channels }) => (
        <optgroup key={name} label={name}>
          {channels.map(({ key, zh, en }) => (
            <option key={key} value={`=${key}`}>
              {zh} {en}
            </option>
          ))}
        </optgroup>
      ))}
      <optgroup label={t.asNew}>
        {channelClasses.map((one) => (
          <option key={one} value={`+${one}`}>
            {nameOf("channelClass", one)}
          </option>
        ))}
      </optgroup>
    </select>
  );
}
