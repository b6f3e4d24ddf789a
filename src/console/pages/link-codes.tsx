/** @module A link's QR code and, where this version draws one, its poster. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Link } from "../lib/client.ts";
import { inLanguage } from "../lib/prefs.ts";
import { texts as common } from "../lib/texts.ts";
import { Icon } from "../ui/icons.tsx";
import { linkTexts } from "./links.text.ts";

export function Codes({ link, onClose }: { link: Link; onClose: () => void }): JSX.Element {
  const t = inLanguage(linkTexts);
  const box = useRef<HTMLDialogElement>(null);
  const [hasPoster, setPoster] = useState(true);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} onClose={onClose} aria-label={t.qr(link.slug)}>
      <h2 class="mono">{link.shortUrl.replace(/^https?:\/\//, "")}</h2>
      <p class="soft small">{t.scan}</p>
      <div class="codes">
        <figure>
          <img src={`/${link.slug}/qr.svg`} alt={t.qr(link.slug)} width="220" height="220" />
          <a
            class="btn small"
            href={`/${link.slug}/qr.png?size=1024`}
            download={`${link.slug}-qr.png`}
          >
            <Icon name="download" />
            {t.saveQr} PNG
          </a>
          <a class="btn quiet small" href={`/${link.slug}/qr.svg`} download={`${link.slug}-qr.svg`}>
            SVG
          </a>
        </figure>
        {hasPoster ? (
          <figure>
            <img
              class="poster"
              src={`/${link.slug}/poster.svg`}
              alt=""
              onError={() => setPoster(false)}
            />
            <a
              class="btn small"
              href={`/${link.slug}/poster.svg`}
              download={`${link.slug}-poster.svg`}
            >
              <Icon name="download" />
              {t.savePoster}
            </a>
          </figure>
        ) : null}
      </div>
      <div class="dialog-end">
        <button type="button" class="btn" onClick={() => box.current?.close()}>
          {inLanguage(common).close}
        </button>
      </div>
    </dialog>
  );
}
