/** @module What a person chose: language, theme, the colour of a rise. Kept in this browser, applied to the page. */
import { computed, effect, type Signal, signal } from "@preact/signals";

export type Language = "zh-CN" | "en";
export type Theme = "system" | "light" | "dark";
/** The colour of a rise: red as in the mainland, green as elsewhere, or blue for people who can't tell these apart. */
export type Rise = "red" | "green" | "blue";

const stored = <T extends string>(name: string, allowed: readonly T[], initial: T): Signal<T> => {
  const key = `moongate.${name}`;
  const kept = localStorage.getItem(key) as T | null;
  const value = signal<T>(kept !== null && allowed.includes(kept) ? kept : initial);
  let isFirst = true;
  effect(() => {
    const now = value.value;
    if (!isFirst) localStorage.setItem(key, now);
    isFirst = false;
  });
  return value;
};

const speaksEnglish = /^en\b/i.test(navigator.languages[0] ?? "");

export const language = stored<Language>(
  "language",
  ["zh-CN", "en"],
  speaksEnglish ? "en" : "zh-CN",
);
export const theme = stored<Theme>("theme", ["system", "light", "dark"], "system");
export const rise = stored<Rise>("rise", ["red", "green", "blue"], speaksEnglish ? "green" : "red");

const hiddenAs = "moongate.hidden-tiles";

function keptNames(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(hiddenAs) ?? "[]");
    return new Set(Array.isArray(kept) ? kept.map(String) : []);
  } catch {
    return new Set();
  }
}

/** Tiles of boards that are not to be seen in this browser. */
export const hiddenTiles = signal(keptNames());

/** @param names of the tiles that are not to be seen from now on */
export function hideTiles(names: ReadonlySet<string>): void {
  hiddenTiles.value = names;
  localStorage.setItem(hiddenAs, JSON.stringify([...names]));
}

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(prefersDark.matches);
prefersDark.addEventListener("change", ({ matches }) => {
  systemIsDark.value = matches;
});

export const isDark = computed(() =>
  theme.value === "system" ? systemIsDark.value : theme.value === "dark",
);

/** Keeps the document's attributes as chosen. Called once, before anything is drawn. */
export function applyPrefs(): void {
  const { documentElement: root } = document;
  effect(() => {
    root.lang = language.value;
    root.dataset.theme = isDark.value ? "dark" : "light";
    root.dataset.rise = rise.value;
  });
}

/** The text of the chosen language. */
export function inLanguage<T>(texts: Record<Language, T>): T {
  return texts[language.value];
}
