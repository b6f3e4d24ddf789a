/** @module All posters and QR codes of a stream's links in one file, with how far it is and a way to give it up. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiProblem, type Link, type Stream } from "../lib/client.ts";
import { fileName, save } from "../lib/poster-png.ts";
import { inLanguage } from "../lib/prefs.ts";
import { Failure } from "../ui/basics.tsx";
import { Icon } from "../ui/icons.tsx";
import { linkTexts } from "./links.text.ts";

interface PicturesProps {
  stream: Stream;
  links: readonly Link[];
  /** The table that goes with them, its heads first. */
  table: () => Promise<string[][]>;
}

export function Pictures({ stream, links, table }: PicturesProps): JSX.Element {
  const t = inLanguage(linkTexts);
  const [done, setDone] = useState<number>();
  const [problem, setProblem] = useState<ApiProblem>();
  const under = useRef<AbortController>(null);
  useEffect(() => () => under.current?.abort(), []);
  const make = async () => {
    const control = new AbortController();
    under.current = control;
    setProblem(undefined);
    setDone(0);
    try {
      // Whoever never makes one need not load it.
      const { picturesZip } = await import("../lib/pictures-zip.ts");
      const zip = await picturesZip(links, {
        table: await table(),
        onProgress: setDone,
        signal: control.signal,
      });
      save(zip, `${fileName(stream.title, 60)}.zip`);
    } catch (error) {
      if (error instanceof ApiProblem) setProblem(error);
      else if (!control.signal.aborted) throw error;
    } finally {
      setDone(undefined);
    }
  };
  if (done !== undefined) {
    return (
      <span class="row tight" role="status">
        {t.drawn(done, links.length)}
        <button type="button" class="btn quiet small" onClick={() => under.current?.abort()}>
          {t.giveUp}
        </button>
      </span>
    );
  }
  return (
    <>
      <button type="button" class="btn small" onClick={() => void make()}>
        <Icon name="download" />
        {t.pictures}
      </button>
      {problem ? <Failure problem={problem} again={() => void make()} /> : null}
    </>
  );
}
