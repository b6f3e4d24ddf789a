/** @module Times that are wanted most, by one click: this evening or the next at eight, and some hours after the start. */
import type { JSX } from "preact";
import { inLanguage } from "../lib/prefs.ts";
import { eveningOf, laterBy } from "../lib/zone.ts";

const texts = {
  "zh-CN": {
    evenings: ["今晚 20:00", "明晚 20:00"],
    hours: (count: number) => `开播后 ${count} 小时结束`,
  },
  en: {
    evenings: ["Tonight 20:00", "Tomorrow 20:00"],
    hours: (count: number) => `Ends ${count} h after the start`,
  },
};

interface QuickTimesProps {
  timeZone: string;
  /** As a `datetime-local` field has it. */
  startsAt: string;
  onStart: (local: string) => void;
  onEnd: (local: string) => void;
}

export function QuickTimes(props: QuickTimesProps): JSX.Element {
  const { timeZone, startsAt, onStart, onEnd } = props;
  const t = inLanguage(texts);
  return (
    <div class="row tight">
      {t.evenings.map((name, days) => (
        <button
          key={name}
          type="button"
          class="btn quiet small"
          onClick={() => onStart(eveningOf(Date.now(), timeZone, days))}
        >
          {name}
        </button>
      ))}
      {startsAt
        ? [2, 4].map((count) => (
            <button
              key={count}
              type="button"
              class="btn quiet small"
              onClick={() => onEnd(laterBy(startsAt, count))}
            >
              {t.hours(count)}
            </button>
          ))
        : null}
    </div>
  );
}
