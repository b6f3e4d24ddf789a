/** @module The ids by which alliances' orders come back, as fields to fill in: a link's own, or a promoter's for all links. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { recordOf } from "../../lib/records.ts";
import type { Link } from "../lib/client.ts";
import { nameOf } from "../lib/names.ts";
import { inLanguage } from "../lib/prefs.ts";
import { promotionFields, readPromotion } from "../lib/promotion.ts";
import { saves } from "../lib/saves.ts";
import { EditField } from "./edit-field.tsx";

const texts = {
  "zh-CN": { all: "显示全部联盟" },
  en: { all: "Show all alliances" },
};

type Ids = Link["promotion"];

interface IdFieldsProps {
  /** Where the thing is, and which of its fields has the ids. */
  path: string;
  field: "promotion" | "ids";
  stored: Ids;
  /** Alliances that are shown at first, beside those of which there is an id. */
  alliances: readonly string[];
}

export function IdFields({ path, field, stored, alliances }: IdFieldsProps): JSX.Element {
  const edited = saves.get(path, field);
  const now = edited ? (edited.value as Ids) : stored;
  const [isAll, setAll] = useState(false);
  const wanted = new Set([...Object.keys(now ?? {}), ...alliances]);
  const shown = promotionFields.filter(({ platform }) => isAll || wanted.has(platform));
  return (
    <>
      <div class="grid2">
        {shown.map(({ platform, field: id, label }) => (
          <EditField
            key={`${platform}.${id}`}
            path={path}
            field={field}
            label={`${nameOf("destination", platform)} ${label}`}
            stored={stored}
            show={(value) => readPromotion(value, platform, id)}
            read={(text) => {
              const ids = withId(now, platform, id, text.trim());
              // A promoter's are none; a link without any has no such thing.
              const none = field === "ids" ? {} : null;
              return { value: Object.keys(ids).length > 0 ? ids : none };
            }}
          />
        ))}
      </div>
      {shown.length < promotionFields.length ? (
        <button type="button" class="btn quiet small" onClick={() => setAll(true)}>
          {inLanguage(texts).all}
        </button>
      ) : null}
    </>
  );
}

/** The ids with one of them changed; an alliance without any is left out. */
function withId(now: Ids, platform: string, field: string, id: string) {
  const alliances = new Map(Object.entries(now ?? {}));
  const ids = new Map(Object.entries(alliances.get(platform) ?? {}));
  if (id === "") ids.delete(field);
  else ids.set(field, id);
  if (ids.size === 0) alliances.delete(platform);
  else alliances.set(platform, recordOf(ids));
  return recordOf(alliances);
}
