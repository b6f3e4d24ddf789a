/** @module What a stream is to reach: typed as people write it, shown on the board against the pace. */
import type { JSX } from "preact";
import { formatYuan, typedHundredths } from "../../lib/money.ts";
import type { Stream } from "../lib/client.ts";
import { streamPath } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { EditField } from "../ui/edit-field.tsx";
import { detailTexts } from "./details.text.ts";

const fields = ["targetViews", "targetClicks", "targetOrders", "targetGmv"] as const;

export function Targets({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(detailTexts);
  const path = streamPath(stream.id);
  return (
    <section class="card pad stack" aria-labelledby="targets">
      <div>
        <h2 id="targets">{t.targets}</h2>
        <p class="soft small">{t.targetsHint}</p>
      </div>
      <div class="grid2">
        {fields.map((field) => {
          const isMoney = field === "targetGmv";
          return (
            <EditField
              key={field}
              path={path}
              field={field}
              label={t.targetFields[field]}
              stored={stream[field]}
              show={(value) => {
                if (typeof value !== "number") return "";
                return isMoney ? formatYuan(value) : String(value);
              }}
              read={(text) => {
                if (text.trim() === "") return { value: null };
                const hundredths = typedHundredths(text);
                const value = isMoney || hundredths === null ? hundredths : hundredths / 100;
                const isOne = value !== null && Number.isInteger(value) && value >= 1;
                return isOne ? { value } : { wrong: isMoney ? t.targetGmvWrong : t.targetWrong };
              }}
            />
          );
        })}
      </div>
    </section>
  );
}
