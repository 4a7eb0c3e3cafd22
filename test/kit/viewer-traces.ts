/**
 * Finds characters of viewers in what a room sends out.
 *
 * Rule: three characters in a row that a viewer typed are a trace, unless they stand within words of the show: its
 * sentences in all languages, the listing, the room file, given names of the list, plain quantities. Blanks and signs do not
 * count, case neither.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Product } from '../../src/config/sections/product.js';
import { templatePath } from '../../src/core/files/paths.js';
import { meaningTables, spokenMeasure } from '../../src/meaning/index.js';
import { isPlainQuantity } from '../../src/viewers/replies/pending-answer.js';
import { expandWordings } from '../../src/writer/expand-wordings.js';
import { SpokenValues } from '../../src/writer/spoken-values.js';
import { sentencePlans, UNITS } from '../../src/writer/plan-schema.js';

export interface Typed {
  readonly user: string;
  readonly text: string;
}

export interface Trace {
  /** What went out. */
  readonly sent: string;
  /** The characters of the viewer in it. */
  readonly trace: string;
  readonly typed: string;
}

const RUN = 3;
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u;
/** Length of a piece of an own text that counts by itself: whole words, or pairs of signs in scripts without blanks. */
const MIN_PIECE = 6;
const MIN_DENSE_PIECE = 2;
const SIGN = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Hangul}ー';
/** Words, figures, and runs of a script without blanks: 2000件起 is a figure and a run. */
const WORDS = new RegExp(`\\p{N}+|[${SIGN}][${SIGN}\\p{M}]*|(?:(?![${SIGN}])\\p{L}|\\p{M})+`, 'gu');

const plain = (text: string): string => text.normalize('NFKC').toLowerCase();
const squeezed = (text: string): string => [...plain(text).matchAll(WORDS)].map(([word]) => word).join('');

/** All texts in the values of a JSON file. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value), value.toFixed(2)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** The sentences of the reply packs and of the writer's plans, without the keywords by which comments are read. */
function sentences(): string[] {
  const packs = readdirSync(templatePath('replies'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(templatePath('replies'), name), 'utf8')) as Record<string, unknown>)
    .map((pack) => [pack['sentences'], pack['viewer'], pack['asked'], pack['others'], pack['reactions']]);
  const plans = [...sentencePlans().values()].map((plan) => [
    plan.units,
    plan.variants,
    plan.topics,
    plan.words,
    plan.sentences,
    plan.leadIns,
    plan.axes,
    plan.madeOf,
    plan.ladderMore,
    plan.bridges,
  ]);
  const meaning = [...meaningTables().languages.values()].map(({ units, words, attributes }) => [
    units,
    words,
    Object.values(attributes).map(({ name, sentence, yes, no }) => [name, sentence, yes, no]),
  ]);
  const selling = ['goods', 'benefits'].map(
    (name) => JSON.parse(readFileSync(templatePath('selling', `${name}.json`), 'utf8')) as unknown,
  );
  return expandWordings([]).concat(textsIn([packs, plans, meaning, selling]).flatMap((text) => expandWordings([text])));
}

/** Quantities, sums and times of every size in every language, as the show words them. */
function quantities(): string[] {
  return [...sentencePlans().values()].flatMap((plan) => {
    const values = new SpokenValues(plan);
    const counts = [1, 1.5, 2, 3, 5, 10, 20, 100];
    const { language } = plan;
    const sums = ['USD', 'EUR', 'CNY'].flatMap((currency) => counts.map((count) => values.money(count, currency)));
    const lists = [2, 3].map((length) => values.list(Array.from({ length }, () => '1')));
    const days = counts.flatMap((count) => [
      values.days(count),
      ...UNITS.map((unit) => values.quantity(count, unit, true)),
    ]);
    return [
      language,
      ...sums,
      ...lists,
      ...days,
      ...UNITS.flatMap((unit) => counts.map((count) => values.quantity(count, unit))),
    ];
  });
}

export class ViewerTraces {
  private readonly own: string;
  private readonly words: ReadonlySet<string>;

  /** `more`: texts of the room beside its listings: rules, script, layers. */
  constructor(products: readonly Product[], more: readonly string[] = []) {
    const listed = textsIn(products);
    const texts = [...sentences(), ...quantities(), ...listed, ...measures(listed), ...textsIn(more)].map(plain);
    const names = readFileSync(templatePath('names/given-names.txt'), 'utf8').split(/\s+/u).map(plain);
    this.own = texts.join('\n');
    this.words = new Set([...texts.flatMap((text) => text.match(WORDS) ?? []), ...names]);
  }

  /** The characters of a sent text that are not the show's own, as runs. */
  foreign(sent: string): string[] {
    const runs: string[] = [];
    for (const [word] of plain(sent).matchAll(WORDS)) {
      if (this.words.has(word) || isFigure(word)) continue;
      let rest = '';
      for (let at = 0; at < word.length;) {
        const length = this.pieceAt(word, at);
        if (length > 0) rest += ' ';
        else rest += word[at]!;
        at += Math.max(1, length);
      }
      runs.push(...rest.split(' ').filter((run) => run !== ''));
    }
    return runs;
  }

  /** Traces of what was typed in what was sent. */
  find(sent: Iterable<string>, typed: readonly Typed[]): Trace[] {
    const keys = typed.flatMap(({ user, text }) => [user, text]).map((one) => ({ one, key: squeezed(one) }));
    const found: Trace[] = [];
    for (const text of new Set(sent)) {
      // Runs are joined, so that a number said in parts is one.
      const rest = this.foreign(text).join('');
      for (let at = 0; at + RUN <= rest.length; at += 1) {
        const trace = rest.slice(at, at + RUN);
        const by = keys.find(({ key }) => key.includes(trace));
        if (by === undefined) continue;
        found.push({ sent: text, trace, typed: by.one });
        break;
      }
    }
    return found;
  }

  /** Length of the own piece that begins at a place of a word. */
  private pieceAt(word: string, at: number): number {
    let length = 0;
    while (at + length < word.length && this.own.includes(word.slice(at, at + length + 1))) length += 1;
    return length >= (DENSE.test(word[at]!) ? MIN_DENSE_PIECE : MIN_PIECE) ? length : 0;
  }
}

/** Values of a listing as each language words them: "750 milliliters". */
const measures = (texts: readonly string[]): string[] =>
  [...sentencePlans().values()].flatMap((plan) => {
    const values = new SpokenValues(plan);
    const table = meaningTables().languages.get(plan.language);
    const said = (text: string): string[] => [values.measure(text) ?? '', (table && spokenMeasure(text, table)) ?? ''];
    return texts.flatMap(said).filter((text) => text !== '');
  });

/** A plain quantity, or a part of a figure: a price is compared with the listing. */
const isFigure = (word: string): boolean => /^\d+$/.test(word) && isPlainQuantity(Number(word));
