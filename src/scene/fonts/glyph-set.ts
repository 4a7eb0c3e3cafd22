import { type FileHandle, open, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { findLanguage, scriptOf } from '../../config/languages/language-table.js';
import { FONT_PACKS, prepareFonts } from './prepare-fonts.js';

const SC = 'Noto Sans SC Thin';
const TC = 'Noto Sans TC Thin';
const JP = 'Noto Sans JP Thin';
const KR = 'Noto Sans KR Thin';

/** Han characters look different in each of these languages, so the language's own font goes first. */
function hanFont(language: string): string | undefined {
  const tag = language.toLowerCase();
  if (/^(zh-(.*-)?(hant|tw|hk|mo)|yue)\b/.test(tag)) return TC;
  if (/^(zh|cmn|wuu|nan|hak)\b/.test(tag)) return SC;
  if (/^ja\b/.test(tag)) return JP;
  if (/^ko\b/.test(tag)) return KR;
  return undefined;
}

/**
 * The comma-separated family list for a font name and BCP-47 language: "sans" is the built-in set; any other family
 * goes first, with the built-in set as its fallback. The font of the language's script, where it is no part of that set,
 * goes before it.
 */
export function fontFamilies(font: string, language: string): string {
  const first = hanFont(language);
  const list = FONT_PACKS.map((p) => p.family).filter((f) => f !== first);
  if (first !== undefined) list.unshift(first);
  // Named, it is drawn in the wanted weight; a fallback that the library finds is always regular.
  const row = findLanguage(language);
  const own = row === undefined ? undefined : scriptOf(row).family;
  if (own !== undefined) list.unshift(own);
  if (font !== 'sans') list.unshift(font.replace(/[,;"'<>&]/g, ' ').trim());
  return list.join(', ');
}

/** First and last code point, both included. */
type CodePointRange = readonly [first: number, last: number];

/**
 * The code points that a font's "cmap" table maps to a glyph, by the two forms in use: 4 (basic plane) and 12 (all of
 * Unicode). Throws a RangeError for a table that ends early.
 *
 * Source: OpenType 1.9.1, "cmap". Segments of form 4 with a glyph array may map single characters to glyph 0; those are
 * left out.
 */
export function cmapRanges(cmap: DataView): CodePointRange[] {
  const ranges: CodePointRange[] = [];
  const subtables = cmap.getUint16(2);
  const seen = new Set<number>();
  for (let i = 0; i < subtables; i += 1) {
    const record = 4 + i * 8;
    const platform = cmap.getUint16(record);
    const encoding = cmap.getUint16(record + 2);
    const at = cmap.getUint32(record + 4);
    if (!(platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10))) || seen.has(at)) continue;
    seen.add(at);
    const form = cmap.getUint16(at);
    if (form === 4) segments(cmap, at, ranges);
    else if (form === 12) groups(cmap, at, ranges);
  }
  return ranges;
}

function segments(cmap: DataView, at: number, ranges: CodePointRange[]): void {
  const bytes = cmap.getUint16(at + 6);
  const ends = at + 14;
  const starts = ends + bytes + 2;
  const deltas = starts + bytes;
  const offsets = deltas + bytes;
  for (let i = 0; i < bytes; i += 2) {
    const first = cmap.getUint16(starts + i);
    const last = cmap.getUint16(ends + i);
    if (first === 0xffff) continue;
    const delta = cmap.getUint16(deltas + i);
    const offset = cmap.getUint16(offsets + i);
    const isMapped = (code: number): boolean =>
      offset === 0 ? ((code + delta) & 0xffff) !== 0 : cmap.getUint16(offsets + i + offset + 2 * (code - first)) !== 0;
    let from = -1;
    for (let code = first; code <= last + 1; code += 1) {
      const mapped = code <= last && isMapped(code);
      if (mapped && from < 0) from = code;
      if (!mapped && from >= 0) {
        ranges.push([from, code - 1]);
        from = -1;
      }
    }
  }
}

function groups(cmap: DataView, at: number, ranges: CodePointRange[]): void {
  const count = cmap.getUint32(at + 12);
  for (let i = 0; i < count; i += 1) {
    const group = at + 16 + i * 12;
    const glyph = cmap.getUint32(group + 8);
    const first = cmap.getUint32(group) + (glyph === 0 ? 1 : 0);
    const last = cmap.getUint32(group + 4);
    if (first <= last) ranges.push([first, last]);
  }
}

/** Marks, joiners, spaces and controls that need no glyph of their own. */
const NO_GLYPH = /^[\p{Z}\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]$/u;
const FONT_FILE = /\.(?:ttf|otf)$/i;
const MAX_TABLES = 64;
const MAX_CMAP_BYTES = 4 << 20;

/** The characters for which the fonts of a machine hold glyphs. */
export class GlyphSet {
  /** Disjoint and ascending. */
  private readonly ranges: readonly CodePointRange[];

  constructor(ranges: readonly CodePointRange[]) {
    this.ranges = merge(ranges);
  }

  has(codePoint: number): boolean {
    let [low, high] = [0, this.ranges.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [first, last] = this.ranges[middle]!;
      if (codePoint < first) high = middle - 1;
      else if (codePoint > last) low = middle + 1;
      else return true;
    }
    return false;
  }

  /** Characters of a text that would be drawn as empty boxes, each once. */
  missing(text: string): string[] {
    const found = new Set<string>();
    for (const char of text.normalize('NFC')) {
      if (NO_GLYPH.test(char) || this.has(char.codePointAt(0)!)) continue;
      // A shaper draws an accented letter from its parts.
      const parts = [...char.normalize('NFD')];
      if (parts.length > 1 && parts.every((part) => this.has(part.codePointAt(0)!))) continue;
      found.add(char);
    }
    return [...found];
  }
}

/** Reads the glyphs of all fonts that the picture is drawn with: the packaged ones and those in the user's folder. */
export async function readGlyphs(): Promise<GlyphSet> {
  const own = join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'fonts');
  const ranges: CodePointRange[] = [];
  for (const folder of [dirname(await prepareFonts()), own]) {
    const files = await readdir(folder, { recursive: true }).catch(() => []); // no fonts of the user's own
    for (const file of files) if (FONT_FILE.test(file)) ranges.push(...(await rangesOf(join(folder, file))));
  }
  return new GlyphSet(ranges);
}

/** A damaged font has no glyphs. */
async function rangesOf(file: string): Promise<CodePointRange[]> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return [];
  try {
    const head = await readAt(handle, 0, 12 + MAX_TABLES * 16);
    const tables = Math.min(MAX_TABLES, head.getUint16(4));
    for (let i = 0, at = 12; i < tables; i += 1, at += 16) {
      if (head.getUint32(at) !== CMAP) continue;
      const bytes = Math.min(MAX_CMAP_BYTES, head.getUint32(at + 12));
      return cmapRanges(await readAt(handle, head.getUint32(at + 8), bytes));
    }
    return [];
  } catch {
    return [];
  } finally {
    await handle.close();
  }
}

const CMAP = 0x636d6170;

async function readAt(handle: FileHandle, position: number, bytes: number): Promise<DataView> {
  const buffer = new Uint8Array(bytes);
  const { bytesRead } = await handle.read(buffer, 0, bytes, position);
  return new DataView(buffer.buffer, 0, bytesRead);
}

function merge(ranges: readonly CodePointRange[]): CodePointRange[] {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}
