/** @module A picture to choose as a stream's cover: shown before it is sent, and refused by its size. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { inLanguage } from "../lib/prefs.ts";
import { newTexts } from "../pages/new.text.ts";
import { Field } from "./basics.tsx";
import { FileButton } from "./file-button.tsx";

const coverAtMost = 512 * 1_024;

interface CoverProps {
  file?: File | undefined;
  /** Of the cover that is kept. */
  kept?: string | undefined;
  onChange: (file?: File) => void;
}

export function CoverField({ file, kept, onChange }: CoverProps): JSX.Element {
  const t = inLanguage(newTexts);
  const [wrong, setWrong] = useState<string>();
  const [chosen, setChosen] = useState<string>();
  useEffect(() => {
    if (!file) return setChosen(undefined);
    const url = URL.createObjectURL(file);
    setChosen(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  const shown = chosen ?? kept;
  return (
    <Field label={t.cover} hint={t.coverHint} wrong={wrong}>
      {(attributes) => (
        <div class="row">
          {shown ? <img class="cover-shown" src={shown} alt="" /> : null}
          <FileButton
            attributes={attributes}
            label={t.choose}
            accept="image/jpeg,image/png,image/webp,image/gif,image/avif"
            onChoose={(first) => {
              const isBig = (first?.size ?? 0) > coverAtMost;
              setWrong(isBig ? t.coverBig : undefined);
              onChange(isBig ? undefined : first);
            }}
          />
          <span class="soft small">{file?.name}</span>
        </div>
      )}
    </Field>
  );
}
