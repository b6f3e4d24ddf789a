/** @module A short link, found by its promoter's name or by itself. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { client, type Link } from "../lib/client.ts";
import { useDelayed } from "../lib/delayed.ts";
import { nameOf, promoterName } from "../lib/names.ts";
import { usePoll } from "../lib/poll.ts";
import { Failure, Field } from "./basics.tsx";

interface PickerProps {
  label: string;
  hint: string;
  none: string;
  /** Of one stream alone. */
  streamId?: string | undefined;
  picked: Link | undefined;
  onPick: (link: Link | undefined) => void;
}

const shownAtMost = 8;

const labelOf = ({ slug, creator, channel }: Link): string =>
  [promoterName(creator), `/${slug}`, channel ? nameOf("channel", channel) : ""]
    .filter(Boolean)
    .join(" · ");

export function LinkPicker(props: PickerProps): JSX.Element {
  const { label, hint, none, streamId, picked, onPick } = props;
  const [text, setText] = useState("");
  const [q, setQ] = useState("");
  useDelayed(text, (typed) => setQ(typed.trim().replace(/^.*\//, "")), 200);
  const { data, problem } = usePoll<{ data: Link[] }>(
    picked ? null : `link picker ${streamId} ${q}`,
    (headers) =>
      client.api.links.$get(
        {
          query: {
            limit: String(shownAtMost),
            ...(q ? { q } : {}),
            ...(streamId ? { streamId } : {}),
          },
        },
        { headers },
      ),
    0,
  );
  // What is shown stays until more is known: nothing goes away under a finger.
  const shown = useRef<readonly Link[]>(undefined);
  if (data) shown.current = data.data;
  const links = shown.current;
  return (
    <div class="stack tight">
      <Field label={label} hint={hint}>
        {(attributes) => (
          <input
            {...attributes}
            class="input compact"
            type="search"
            value={picked ? labelOf(picked) : text}
            onInput={(event) => {
              setText(event.currentTarget.value);
              onPick(undefined);
            }}
          />
        )}
      </Field>
      {problem ? <Failure problem={problem} /> : null}
      {picked ? null : (
        <ul class="row tight">
          {links?.map((link) => (
            <li key={link.slug}>
              <button type="button" class="btn small" onClick={() => onPick(link)}>
                {labelOf(link)}
              </button>
            </li>
          ))}
          {links?.length === 0 ? <li class="soft small">{none}</li> : null}
        </ul>
      )}
    </div>
  );
}
