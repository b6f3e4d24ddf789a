/** @module A button that asks for a file, as every browser's own field for one would look different. */
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { FieldAttributes } from "./basics.tsx";

interface FileButtonProps {
  /** What its label gives it, or its name where there is none. */
  attributes: FieldAttributes | { "aria-label": string };
  label: string;
  /** Media types and endings, with commas. */
  accept: string;
  isOff?: boolean;
  /** How the button looks. */
  look?: "btn" | "link";
  onChoose: (file: File | undefined) => void;
}

export function FileButton(props: FileButtonProps): JSX.Element {
  const { attributes, label, accept, isOff = false, look = "btn", onChoose } = props;
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={look} disabled={isOff} onClick={() => chooser.current?.click()}>
        {label}
      </button>
      <input
        {...attributes}
        ref={chooser}
        type="file"
        class="sr-only"
        tabIndex={-1}
        accept={accept}
        onChange={(event) => {
          onChoose(event.currentTarget.files?.[0]);
          // Else the same file, mended, could not be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
