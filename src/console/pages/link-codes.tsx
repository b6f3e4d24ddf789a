/** @module A link's QR code and poster, as pictures to send: on a phone by a long press. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Link } from "../lib/client.ts";
import { addressOf } from "../lib/names.ts";
import { asDataUrl, posterPng } from "../lib/poster-png.ts";
import { inLanguage } from "../lib/prefs.ts";
import { texts as common } from "../lib/texts.ts";
import { Icon } from "../ui/icons.tsx";
import { linkTexts } from "./links.text.ts";

interface CodesProps {
  link: Link;
  onClose: () => void;
}

export function Codes({ link, onClose }: CodesProps): JSX.Element {
  const t = inLanguage(linkTexts);
  const box = useRef<HTMLDialogElement>(null);
  const { slug } = link;
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} onClose={onClose} aria-label={t.qr(slug)}>
      <h2 class="mono">{addressOf(link.shortUrl)}</h2>
      <p class="soft small">
        {t.scan} {t.longPress}
      </p>
      <div class="codes">
        <figure>
          <img src={`/${slug}/qr.png?size=1024`} alt={t.qr(slug)} width="220" height="220" />
          <div class="row tight">
            <a class="btn small" href={`/${slug}/qr.png?size=1024`} download={`${slug}-qr.png`}>
              <Icon name="download" />
              {t.saveQr}
            </a>
            <a class="btn quiet small" href={`/${slug}/qr.svg`} download={`${slug}-qr.svg`}>
              SVG
            </a>
          </div>
        </figure>
        <Poster slug={slug} />
      </div>
      <div class="dialog-end">
        <button type="button" class="btn" onClick={() => box.current?.close()}>
          {inLanguage(common).close}
        </button>
      </div>
    </dialog>
  );
}

/** Drawn here; until it is, the service's own drawing is shown. */
function Poster({ slug }: { slug: string }): JSX.Element {
  const t = inLanguage(linkTexts);
  const [drawn, setDrawn] = useState<string>();
  const [isWrong, setWrong] = useState(false);
  useEffect(() => {
    let isOver = false;
    posterPng(slug)
      .then(asDataUrl)
      .then(
        (url) => !isOver && setDrawn(url),
        () => !isOver && setWrong(true),
      );
    return () => {
      isOver = true;
    };
  }, [slug]);
  const svg = `/${slug}/poster.svg`;
  return (
    <figure>
      <img class="poster" src={drawn ?? svg} alt={t.poster} />
      <div class="row tight">
        {drawn ? (
          <a class="btn small" href={drawn} download={`${slug}-poster.png`}>
            <Icon name="download" />
            {t.savePoster}
          </a>
        ) : (
          <span class="soft small">{isWrong ? t.notDrawn : `${t.drawing}…`}</span>
        )}
        <a class="btn quiet small" href={svg} download={`${slug}-poster.svg`}>
          SVG
        </a>
      </div>
    </figure>
  );
}
