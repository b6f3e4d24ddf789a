/** @module A sentence for a person, in the two languages that Moongate speaks. */

export type Language = "zh-CN" | "en";

export interface Said {
  en: string;
  zh: string;
}

export const said = (en: string, zh: string): Said => ({ en, zh });

export const inLanguage = ({ en, zh }: Said, language: Language): string =>
  language === "en" ? en : zh;
