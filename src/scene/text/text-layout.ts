import type { SharpLoader } from '../raster.js';
import { escapeXml } from './escape-xml.js';

const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
const STRONG = /[\p{L}]/u;

/** Base direction of a paragraph: that of its first letter (Unicode Standard Annex 9, rule P2). */
export function isRightToLeft(text: string): boolean {
  const first = STRONG.exec(text);
  return first !== null && RTL.test(first[0]);
}

/** Direction of a run of letters; undefined when it has none (digits, punctuation). */
export function runDirection(text: string): 'ltr' | 'rtl' | undefined {
  const first = STRONG.exec(text);
  if (first === null) return undefined;
  return RTL.test(first[0]) ? 'rtl' : 'ltr';
}

/** The style of a run of text. `families` is a comma-separated list. */
export interface TextFace {
  readonly families: string;
  readonly sizePx: number;
  readonly bold: boolean;
}

interface InkSize {
  readonly width: number;
  readonly height: number;
}

const CACHE_LIMIT = 4000;
const NOTHING: InkSize = { width: 0, height: 0 };
/**
 * Invisible characters: blanks, joiners, direction marks, an empty braille cell. The library cannot draw a text of only
 * these.
 */
const NO_INK = /^[\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffc]*$/u;
/** A letter in every face. */
const SURE_INK = 'x';

/** Measures text with Pango, as it will be drawn. Remembers recent answers. */
export class TextMeasure {
  private readonly cache = new Map<string, InkSize>();

  constructor(private readonly sharp: SharpLoader) {}

  /** Size in pixels of the ink of one line; {0, 0} for blank text. */
  async ink(text: string, face: TextFace): Promise<InkSize> {
    const line = text.trim();
    if (NO_INK.test(line)) return NOTHING;
    const key = `${face.sizePx}${face.bold ? 'b' : 'r'}${face.families}\u0000${line}`;
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const size = await this.measure(line, face).catch(async (error: unknown) => {
      // A combining mark on its own has no ink.
      await this.measure(line + SURE_INK, face).catch(() => {
        throw error;
      });
      return NOTHING;
    });
    if (this.cache.size >= CACHE_LIMIT) this.cache.delete(this.cache.keys().next().value!);
    this.cache.set(key, size);
    return size;
  }

  private async measure(line: string, face: TextFace): Promise<InkSize> {
    const sharp = await this.sharp();
    const weight = face.bold ? 'bold' : 'normal';
    const { width, height } = await sharp({
      text: {
        text: `<span weight="${weight}">${escapeXml(line)}</span>`,
        font: `${face.families} ${face.sizePx}`,
        dpi: 72,
      },
    }).metadata();
    return { width, height };
  }
}

/** An unbreakable piece of text and the space that follows it. */
interface TextUnit {
  readonly text: string;
  /** UTF-16 offset in the whole text. */
  readonly start: number;
  /** A line ends after this unit at any width. */
  readonly hardBreak: boolean;
}

/** No line starts with these (JIS X 4051, closing punctuation and small kana) … */
const NOT_AT_START =
  /^[\s\p{Pe}\p{Pf}!%,.:;?‰°·•…。、，．：；？！）】」』》〉％ーぁぃぅぇぉっゃゅょァィゥェォッャュョ、。]/u;
/** … and none ends with these. */
const NOT_AT_END = /[\p{Ps}\p{Pi}$€£¥￥#@（【「『《〈]$/u;
const JOINED = /[\p{L}\p{N}\p{M}'’\-_/&+.,:]/u;
const ANYWHERE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Splits a text at its line break opportunities: between words, and in Chinese, Japanese, Thai, Lao, Khmer and Burmese between the words of
 * ICU's dictionary, never before closing or after opening punctuation.
 */
export function breakText(text: string, language: string): TextUnit[] {
  const units: { text: string; start: number; hardBreak: boolean }[] = [];
  for (const { segment, index } of segmenter(language).segment(text)) {
    if (/[\r\n]/.test(segment)) {
      const last = units.at(-1);
      if (last !== undefined) last.hardBreak = true;
      continue;
    }
    const last = units.at(-1);
    const glue =
      last !== undefined &&
      !last.hardBreak &&
      (NOT_AT_START.test(segment) || NOT_AT_END.test(last.text) || joins(last.text, segment));
    if (glue) last.text += segment;
    else units.push({ text: segment, start: index, hardBreak: false });
  }
  return units;
}

const joins = (before: string, after: string): boolean => {
  const a = Array.from(before).at(-1)!;
  const b = Array.from(after)[0]!;
  if (/\s/u.test(a)) return false;
  if (ANYWHERE.test(a) || ANYWHERE.test(b)) return false;
  return JOINED.test(a) && (JOINED.test(b) || !/\s/u.test(b));
};

const cache = new Map<string, Intl.Segmenter>();
function segmenter(language: string): Intl.Segmenter {
  let one = cache.get(language);
  if (one === undefined) {
    let locale: string | undefined = language;
    try {
      Intl.getCanonicalLocales(language);
    } catch {
      locale = undefined; // not a BCP-47 tag: the default rules break it
    }
    one = new Intl.Segmenter(locale, { granularity: 'word' });
    if (cache.size < 64) cache.set(language, one);
  }
  return one;
}

export interface TextLine {
  readonly text: string;
  /** UTF-16 offset of its first character in the whole text. */
  readonly start: number;
  readonly units: readonly TextUnit[];
  /** Width of the ink in pixels. */
  readonly width: number;
}

export interface TextBlock {
  readonly lines: readonly TextLine[];
  /** Lines of the whole text; more than `lines` when it was cut. */
  readonly wantedLines: number;
  readonly rightToLeft: boolean;
  /** Width of the widest line. */
  readonly width: number;
  readonly lineHeight: number;
  /** From the top of a line to its baseline. */
  readonly baseline: number;
}

/** Line pitch and baseline as shares of the font size; room for Thai and Devanagari marks and Arabic tails. */
const LINE_HEIGHT = 1.42;
const BASELINE = 1.06;

interface LayoutOptions {
  face: TextFace;
  language: string;
  maxWidth: number;
  /** Lines beyond this are cut and end in an ellipsis; undefined: no limit. */
  maxLines?: number;
}

/** Breaks a text into lines that fit a width. */
export async function layoutText(text: string, measure: TextMeasure, options: LayoutOptions): Promise<TextBlock> {
  const { face, maxWidth, maxLines } = options;
  let lines = await wrap(breakText(text, options.language), measure, face, maxWidth);
  const wantedLines = lines.length;
  if (maxLines !== undefined && lines.length > maxLines) {
    const kept = lines.slice(0, maxLines);
    kept[maxLines - 1] = await ellipsis(kept[maxLines - 1]!, measure, face, maxWidth);
    lines = kept;
  }
  return {
    lines,
    wantedLines,
    rightToLeft: isRightToLeft(text),
    width: lines.reduce((w, l) => Math.max(w, l.width), 0),
    lineHeight: Math.round(face.sizePx * LINE_HEIGHT),
    baseline: Math.round(face.sizePx * BASELINE),
  };
}

async function wrap(units: TextUnit[], measure: TextMeasure, face: TextFace, maxWidth: number): Promise<TextLine[]> {
  const lines: TextLine[] = [];
  let line: TextUnit[] = [];
  const finish = async (): Promise<void> => {
    const text = textOf(line).trimEnd();
    if (line.length > 0) {
      const { width } = await measure.ink(text, face);
      lines.push({ text, start: line[0]!.start, units: line, width });
    }
    line = [];
  };
  const queue = [...units];
  for (let i = 0; i < queue.length; i += 1) {
    const unit = queue[i]!;
    if (line.length === 0 && unit.text.trim() === '' && !unit.hardBreak) continue;
    const { width } = await measure.ink(textOf(line) + unit.text, face);
    if (width > maxWidth && line.length > 0) {
      await finish();
      i -= 1;
      continue;
    }
    if (width > maxWidth && graphemes(unit).length > 1) {
      queue.splice(i, 1, ...graphemes(unit));
      i -= 1;
      continue;
    }
    line.push(unit);
    if (unit.hardBreak) await finish();
  }
  await finish();
  return lines;
}

const textOf = (units: readonly TextUnit[]): string => units.map((u) => u.text).join('');

const graphemeSegmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const graphemes = (unit: TextUnit): TextUnit[] => {
  const parts = [...graphemeSegmenter.segment(unit.text)];
  return parts.map(({ segment, index }, i) => ({
    text: segment,
    start: unit.start + index,
    hardBreak: unit.hardBreak && i === parts.length - 1,
  }));
};

async function ellipsis(line: TextLine, measure: TextMeasure, face: TextFace, maxWidth: number): Promise<TextLine> {
  const parts = [...graphemeSegmenter.segment(line.text)].map((s) => s.segment);
  for (;;) {
    const text = `${parts
      .join('')
      .trimEnd()
      .replace(/[\s,.;:，。、；：]+$/u, '')}…`;
    const { width } = await measure.ink(text, face);
    if (width <= maxWidth || parts.length === 0) {
      return { text, start: line.start, units: [{ text, start: line.start, hardBreak: false }], width };
    }
    parts.pop();
  }
}
