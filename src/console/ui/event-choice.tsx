/** @module Which moments a notifier is told of: each by itself, or some that are wanted together. */
import type { JSX } from "preact";
import { inLanguage } from "../lib/prefs.ts";
import { notifierTexts } from "../pages/notifiers.text.ts";

export type EventType = keyof (typeof notifierTexts)["en"]["eventNames"];

export const eventTypes = Object.keys(notifierTexts.en.eventNames) as EventType[];

const presets: readonly (readonly [
  name: keyof (typeof notifierTexts)["en"]["presets"],
  events: readonly EventType[],
])[] = [
  ["all", eventTypes],
  [
    "alerts",
    [
      "destination.error",
      "clicks.fell",
      "promoted.expiring",
      "connection.failed",
      "connection.expiring",
    ],
  ],
  ["reports", ["report.hourly", "report.final"]],
];

interface ChoiceProps {
  chosen: readonly EventType[];
  onChange: (chosen: EventType[]) => void;
}

export function EventChoice({ chosen, onChange }: ChoiceProps): JSX.Element {
  const t = inLanguage(notifierTexts);
  return (
    <fieldset class="plain">
      <legend>{t.events}</legend>
      <div class="row">
        {eventTypes.map((event) => (
          <label key={event} class="row tight">
            <input
              type="checkbox"
              checked={chosen.includes(event)}
              // One that is told of nothing is none.
              disabled={chosen.length === 1 && chosen[0] === event}
              onChange={({ currentTarget }) =>
                onChange(
                  eventTypes.filter((one) =>
                    one === event ? currentTarget.checked : chosen.includes(one),
                  ),
                )
              }
            />
            {t.eventNames[event]}
          </label>
        ))}
      </div>
      <div class="row tight">
        {presets.map(([name, events]) => (
          <button
            key={name}
            type="button"
            class="btn quiet small"
            onClick={() => onChange([...events])}
          >
            {t.presets[name]}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
