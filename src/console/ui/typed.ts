/** @module A field that somebody may be typing in: under a cursor no answer changes it, and leaving it is an edit. */
import type { TargetedInputEvent, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

type Control = HTMLInputElement | HTMLTextAreaElement;

interface Typed {
  bind: {
    value: string;
    onFocus: () => void;
    onInput: (event: TargetedInputEvent<Control>) => void;
    onBlur: () => void;
    onKeyDown: (event: TargetedKeyboardEvent<Control>) => void;
  };
  /** Whatever was typed is none: another way filled the field. */
  letGo: () => void;
}

/** What Safari says of the key that ends a composition. */
const composing = 229;

/**
 * @param shown what the field shows while nobody types in it
 * @param onEnter takes what was typed; whether it is another than what is stored
 */
export function useTyped(shown: string, onEnter: (text: string) => boolean): Typed {
  const [text, setText] = useState(shown);
  const isHere = useRef(false);
  const isTyped = useRef(false);
  const letGo = () => {
    isHere.current = false;
    isTyped.current = false;
  };
  // Under somebody's cursor no answer changes a thing: what is typed next would go between.
  useEffect(() => {
    if (!isHere.current) setText(shown);
  }, [shown]);
  const leave = () => {
    const isEdit = isTyped.current && text !== shown && onEnter(text);
    letGo();
    // `1.5万` where 15000 is stored; or what was stored while somebody only stood here.
    if (!isEdit) setText(shown);
  };
  const left = useRef(leave);
  left.current = leave;
  // The page may go away under a field that is being typed in.
  useEffect(() => () => (isTyped.current ? left.current() : undefined), []);
  return {
    letGo,
    bind: {
      value: text,
      onFocus: () => {
        isHere.current = true;
      },
      onInput: (event) => {
        isHere.current = true;
        isTyped.current = true;
        setText(event.currentTarget.value);
      },
      onBlur: leave,
      onKeyDown: (event) => {
        const { currentTarget: control } = event;
        // What the keyboard's own candidates are chosen or dropped by is no word to this field.
        if (event.isComposing || event.keyCode === composing) return;
        if (event.key === "Enter" && control instanceof HTMLInputElement) control.blur();
        if (event.key !== "Escape") return;
        letGo();
        setText(shown);
      },
    },
  };
}
