/** @module Whose page viewers see: a stream's brand, each part saved by itself. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { colorShape } from "../../lib/brand-shapes.ts";
import type { Stream } from "../lib/client.ts";
import { logoOf } from "../lib/logo.ts";
import { streamPath } from "../lib/paths.ts";
import { inLanguage } from "../lib/prefs.ts";
import { refusalOf } from "../lib/refusals.ts";
import { saves } from "../lib/saves.ts";
import { may } from "../lib/session.ts";
import { Field } from "../ui/basics.tsx";
import { EditField } from "../ui/edit-field.tsx";
import { FileButton } from "../ui/file-button.tsx";
import { detailTexts } from "./details.text.ts";

export function BrandCard({ stream }: { stream: Stream }): JSX.Element {
  const t = inLanguage(detailTexts);
  const path = streamPath(stream.id);
  return (
    <section class="card pad stack" aria-labelledby="brand">
      <div>
        <h2 id="brand">{t.brand}</h2>
        <p class="soft small">{t.brandHint}</p>
      </div>
      <div class="grid2">
        <EditField path={path} field="brandName" label={t.brandName} stored={stream.brandName} />
        <EditField
          path={path}
          field="brandColor"
          label={t.brandColor}
          hint={t.brandColorHint}
          stored={stream.brandColor}
          read={(text) => {
            const given = text.trim();
            if (given === "") return { value: null };
            return colorShape.test(given) ? { value: given } : { wrong: t.brandColorWrong };
          }}
        />
        <EditField
          path={path}
          field="operatorName"
          label={t.operatorName}
          stored={stream.operatorName}
        />
        <EditField
          path={path}
          field="filingNumber"
          label={t.filingNumber}
          hint={t.filingHint}
          stored={stream.filingNumber}
        />
      </div>
      <Logo path={path} stored={stream.brandLogo} />
    </section>
  );
}

/** A picture is made small here, and sent once it is chosen. */
function Logo({ path, stored }: { path: string; stored: string | null }): JSX.Element {
  const t = inLanguage(detailTexts);
  const [isBad, setBad] = useState(false);
  const edit = saves.get(path, "brandLogo");
  const shown = edit ? (edit.value as string | null) : stored;
  const choose = async (file: File | undefined) => {
    if (!file) return;
    const logo = await logoOf(file);
    setBad(logo === null);
    if (logo !== null) saves.set(path, "brandLogo", logo);
  };
  const wrong = isBad ? t.logoBad : edit?.problem && refusalOf(edit.problem);
  return (
    <Field label={t.logo} hint={t.logoHint} wrong={wrong}>
      {(attributes) => (
        <div class="row">
          {shown ? <img class="logo-shown" src={shown} alt="" /> : null}
          <FileButton
            attributes={attributes}
            label={t.chooseLogo}
            accept="image/png,image/jpeg,image/webp"
            isOff={!may("links:write")}
            onChoose={(file) => void choose(file)}
          />
          {shown ? (
            <button
              type="button"
              class="btn quiet small"
              disabled={!may("links:write")}
              onClick={() => {
                setBad(false);
                saves.set(path, "brandLogo", null);
              }}
            >
              {t.removeLogo}
            </button>
          ) : null}
        </div>
      )}
    </Field>
  );
}
