import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import type { EspeakEvent } from '../espeak/espeak-messages.js';
import { isSwitch, plainIpa } from '../espeak/espeak-provider.js';

const ids = z.array(z.int().min(0)).min(1);
/** The used part of a model's settings, `voice.onnx.json`. */
const settings = z.object({
  audio: z.object({ sample_rate: z.int().min(8000).max(96_000) }),
  espeak: z.object({ voice: z.string().min(1).max(40) }).optional(),
  phoneme_type: z.string().default('espeak'),
  inference: z
    .object({
      noise_scale: z.number().default(0.667),
      length_scale: z.number().positive().default(1),
      noise_w: z.number().default(0.8),
    })
    .prefault({}),
  num_speakers: z.int().default(1),
  speaker_id_map: z.record(z.string(), z.int()).default({}),
  phoneme_id_map: z.record(z.string(), ids),
});
export type PiperSettings = z.infer<typeof settings>;

/** Reads the settings beside a model. @param where place in the room file */
export function readPiperModel(model: string, where: string): PiperSettings {
  let text: string;
  try {
    text = readFileSync(`${model}.json`, 'utf8');
  } catch (cause) {
    throw new EngineError('E_ASSET_MISSING', {
      where: `${where}.model`,
      expected: 'a Piper model: voice.onnx with voice.onnx.json beside it',
      found: `no ${model}.json`,
      todo: 'put both files into one folder and name the .onnx file',
      cause,
    });
  }
  const faulty = (found: string): EngineError =>
    new EngineError('E_ASSET_INVALID', { where: `${model}.json`, expected: 'the settings of a Piper model', found });
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw faulty('something that is not JSON');
  }
  const read = settings.safeParse(raw);
  if (!read.success) throw faulty(`${read.error.issues[0]!.path.join('.')}: ${read.error.issues[0]!.message}`);
  if (read.data.phoneme_type !== 'espeak' && read.data.phoneme_type !== 'text')
    throw faulty(`phonemes of the type "${read.data.phoneme_type}", which eSpeak does not give`);
  return read.data;
}

/** The id of a speaker by name or number; undefined in a model with one voice. */
export function speakerOf(
  { num_speakers, speaker_id_map }: PiperSettings,
  name: string | undefined,
  where: string,
): number | undefined {
  if (num_speakers <= 1) return undefined;
  if (name === undefined) return 0;
  const id = speaker_id_map[name] ?? (/^\d+$/.test(name) ? Number(name) : undefined);
  if (id !== undefined && id < num_speakers) return id;
  const names = Object.keys(speaker_id_map);
  throw new EngineError('E_VOICE_UNKNOWN', {
    where: `${where}.name`,
    expected: names.length === 0 ? `a number below ${num_speakers}` : `one of ${names.slice(0, 20).join(', ')}`,
    found: `"${name}"`,
  });
}

/** Part of a model's input: a sound, a space or a mark of punctuation. */
export interface PiperSymbol {
  /** Keys of the model's table, one code point each. */
  readonly text: string;
  /** Plain IPA for the mouth; empty for spaces and punctuation. */
  readonly ipa: string;
  /** UTF-16 offset of its word. */
  readonly char: number;
  /** First symbol of its word. */
  readonly first: boolean;
}

const PUNCTUATION = /[.,;:!?…。，、；：！？।॥۔؟،؛]/u;
/** Marks of other scripts as a model's table has them. */
const PLAIN: Readonly<Record<string, string>> = {
  '。': '.',
  '，': ',',
  '、': ',',
  '；': ';',
  '：': ':',
  '！': '!',
  '？': '?',
  '…': '.',
  '।': '.',
  '॥': '.',
  '۔': '.',
  '؟': '?',
  '،': ',',
  '؛': ';',
};

/**
 * Symbols from eSpeak's events, in the form in which Piper's voices were trained: sounds with stress marks, a space
 * between words, and punctuation after the word it follows.
 *
 * @param at UTF-16 offset for each code point that eSpeak counts
 */
export function espeakSymbols(text: string, events: readonly EspeakEvent[], at: Int32Array): PiperSymbol[] {
  const symbols: PiperSymbol[] = [];
  let char = 0;
  let begins = true;
  const between = (from: number, to: number): void => {
    for (const sign of text.slice(from, to))
      if (PUNCTUATION.test(sign)) symbols.push({ text: PLAIN[sign] ?? sign, ipa: '', char: from, first: false });
  };
  for (const event of events) {
    if (event.type === 'word') {
      const next = at[Math.min(event.position, at.length - 1)] ?? char;
      if (symbols.length > 0 && next > char) {
        between(char, next);
        symbols.push({ text: ' ', ipa: '', char, first: false });
      }
      char = Math.max(char, next);
      begins = true;
    } else if (event.type === 'phoneme' && event.name !== '' && !isSwitch(event.name)) {
      symbols.push({ text: event.name.replace(/[_|]/g, ''), ipa: plainIpa(event.name), char, first: begins });
      begins = false;
    }
  }
  if (symbols.length > 0) between(char, text.length);
  return symbols;
}

/** Symbols of a model that reads letters. */
export function letterSymbols(text: string): PiperSymbol[] {
  const symbols: PiperSymbol[] = [];
  let word = 0;
  let at = 0;
  let begins = true;
  for (const letter of text) {
    if (/\s/u.test(letter)) begins = true;
    else if (begins) word = at;
    symbols.push({ text: letter, ipa: '', char: word, first: begins && !/\s/u.test(letter) });
    if (!/\s/u.test(letter)) begins = false;
    at += letter.length;
  }
  return symbols;
}

export interface PiperInput {
  readonly ids: number[];
  /** For each id, the index of its symbol, or −1. */
  readonly symbolOf: number[];
}

/** `^` pad, then each symbol with a pad after it, then `$`. A sign that the table lacks is left out. */
export function piperIds(symbols: readonly PiperSymbol[], { phoneme_id_map: table }: PiperSettings): PiperInput {
  const ids: number[] = [];
  const symbolOf: number[] = [];
  const put = (list: readonly number[] | undefined, symbol: number): boolean => {
    for (const id of list ?? []) {
      ids.push(id);
      symbolOf.push(symbol);
    }
    return list !== undefined;
  };
  put(table['^'], -1);
  put(table['_'], -1);
  for (const [i, { text }] of symbols.entries())
    for (const sign of text.normalize('NFD')) if (put(table[sign], i)) put(table['_'], i);
  put(table['$'], -1);
  return { ids, symbolOf };
}
