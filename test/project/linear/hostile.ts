/**
 * @module Texts that an expression may go over again and again, made of the expression itself: what comes
 * before a repetition and one turn of it, many times over, with an end that lets the whole fail or succeed.
 */
import { type AST, RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";
import type { Expression } from "./expressions.ts";

/** A text of `n` characters: `begin`, then `pump` as often as fits, then `end`. */
export interface Attack {
  begin: string;
  pump: string;
  end: string;
}

export function textOf({ begin, pump, end }: Attack, n: number): string {
  const times = Math.max(1, Math.floor((n - begin.length - end.length) / pump.length));
  return begin + pump.repeat(times) + end;
}

/** What no expression names: of every class of characters one, and what user agents and links are made of. */
const usual = [..." a1A-_/.:;,=\"'`<([{\t\n\r\u0000!%é中！」】\u2028"];
const usualPumps = ["a-", "a-a", "Version/1", " \n", "%2", "1,", 'a"', "/a", "a b"];
const nowhere = "\u0000\u0001";

/** Samples of what a part of an expression matches; `choice` takes another character and alternative. */
class Sampler {
  readonly #flags: string;
  readonly #characters: readonly string[];
  readonly #choice: number;
  readonly #known = new Map<string, string>();

  constructor({ flags }: Expression, characters: readonly string[], choice: number) {
    this.#flags = flags.replace(/[gy]/g, "");
    this.#characters = characters;
    this.#choice = choice;
  }

  of(node: AST.Element | AST.Alternative | AST.QuantifiableElement): string {
    switch (node.type) {
      case "Alternative":
        return node.elements.map((element) => this.of(element)).join("");
      case "Character":
        return String.fromCodePoint(node.value);
      case "CharacterClass":
      case "CharacterSet":
      case "ExpressionCharacterClass":
        return this.#characterOf(node.raw);
      case "Group":
      case "CapturingGroup":
        return this.of(this.#pick(node.alternatives));
      case "Quantifier":
        return node.max === 0 ? "" : this.of(node.element).repeat(Math.max(1, node.min));
      case "Backreference":
        return (
          [node.resolved]
            .flat()
            .map((group) => this.of(group))
            .at(-1) ?? ""
        );
      default:
        return "";
    }
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#choice % list.length] as T;
  }

  #characterOf(raw: string): string {
    const known = this.#known.get(raw);
    if (known !== undefined) return known;
    const single = new RegExp(`^${raw}$`, this.#flags);
    const fitting = this.#characters.filter((character) => single.test(character));
    const found = fitting.length === 0 ? "x" : this.#pick(fitting);
    this.#known.set(raw, found);
    return found;
  }
}

/** What stands before a part on the way to it. */
function before(node: AST.Node, sampler: Sampler): string {
  const { parent } = node;
  if (!parent) return "";
  if (parent.type !== "Alternative") return before(parent, sampler);
  const elements: readonly AST.Node[] = parent.elements;
  const earlier = parent.elements.slice(0, elements.indexOf(node));
  return before(parent, sampler) + earlier.map((element) => sampler.of(element)).join("");
}

/** The attacks on an expression, without repetition. */
export function attacksOn(expression: Expression): Attack[] {
  const { pattern, flags } = expression;
  const tree = new RegExpParser({ ecmaVersion: 2025 }).parsePattern(pattern, 0, pattern.length, {
    unicode: flags.includes("u"),
    unicodeSets: flags.includes("v"),
  });
  const own = new Set<string>();
  const quantifiers: AST.Quantifier[] = [];
  const alternatives: AST.Alternative[] = [];
  visitRegExpAST(tree, {
    onCharacterEnter: ({ value }) => own.add(String.fromCodePoint(value)),
    onQuantifierEnter: (node) => quantifiers.push(node),
    onAlternativeEnter: (node) => alternatives.push(node),
  });
  const attacks = new Map<string, Attack>();
  const add = (begin: string, pump: string, end: string) => {
    if (pump !== "") attacks.set([begin, pump, end].join("\u0000"), { begin, pump, end });
  };

  const wholes = new Set<string>();
  for (const characters of [
    [...own, ...usual],
    [...usual, ...own],
  ]) {
    for (const choice of [0, 1]) {
      const sampler = new Sampler(expression, characters, choice);
      const samples = alternatives.map((alternative) => sampler.of(alternative));
      const [whole = ""] = samples;
      wholes.add(whole);
      const ends = ["", nowhere, ...new Set(samples.slice(0, 12))];
      const pumps = alternatives.flatMap((alternative, index) => [
        samples[index] ?? "",
        before(alternative, sampler) + (samples[index] ?? "").slice(0, -1),
      ]);
      for (const pump of new Set(pumps)) for (const end of ["", nowhere, whole]) add("", pump, end);
      for (const { element, ...quantifier } of quantifiers.filter(({ max }) => max > 1)) {
        const turn = sampler.of(element);
        const lead = before({ element, ...quantifier } as AST.Quantifier, sampler);
        for (const end of ends) {
          add(lead, turn, end);
          add("", lead + turn, end);
          add("", turn, end);
        }
      }
    }
  }
  const letters = [...own].filter((character) => !/[a-z]/i.test(character));
  for (const pump of new Set([...usual, ...usualPumps, ...letters])) {
    for (const end of ["", nowhere]) add("", pump, end);
  }
  for (const whole of wholes) for (const pump of [" ", "a", "1", "\n"]) add(whole, pump, nowhere);
  return [...attacks.values()];
}
