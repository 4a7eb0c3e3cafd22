import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SHERPA_MODELS } from '../../config/sections/services/recogniser.js';
import { EngineError } from '../../core/errors.js';
import type { HeardText, Transcript } from './speech-recogniser.js';

/** sherpa-onnx's result for a sound. */
export interface SherpaResult {
  readonly text: string;
  readonly tokens?: readonly string[];
  /** Seconds at which each token begins. */
  readonly timestamps?: readonly number[];
}

const WORD_BEGINS = /^[\s▁]/;
const CONTINUES = /@@$/;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Control tokens such as `<|zh|>`, and word boundaries. */
const CONTROL = /^<.*>$/;
/** A last token has no successor that would end it. */
const LAST_MS = 400;

/**
 * Joins tokens into words. Pieces of words begin with a space or `▁` where a word begins (BPE), or end with `@@` where it
 * goes on; letters of scripts without spaces are words of their own. A word ends where the next one begins.
 */
export function sherpaTranscript({ text, tokens = [], timestamps = [] }: SherpaResult, lengthMs: number): Transcript {
  if (tokens.length === 0 || tokens.length !== timestamps.length) return { text, words: [], segments: [] };
  const words: { text: string; startMs: number; endMs: number }[] = [];
  let goesOn = false;
  for (const [i, token] of tokens.entries()) {
    if (CONTROL.test(token)) continue;
    const piece = token.replace(/^▁|@@$/g, '').trim();
    const startMs = timestamps[i]! * 1000;
    const last = words.at(-1);
    const begins =
      last === undefined ||
      (!goesOn && (WORD_BEGINS.test(token) || tokens.some((one) => CONTINUES.test(one)))) ||
      UNSPACED.test(piece) ||
      (UNSPACED.test(last.text) && piece !== '');
    goesOn = CONTINUES.test(token);
    if (begins) {
      if (last !== undefined) last.endMs = Math.max(last.startMs, startMs);
      words.push({ text: piece, startMs, endMs: Math.min(lengthMs, startMs + LAST_MS) });
    } else last.text += piece;
  }
  const last = words.at(-1);
  if (last !== undefined) {
    const lastToken = timestamps.at(-1)! * 1000;
    last.endMs = Math.max(last.endMs, Math.min(lengthMs, lastToken + LAST_MS));
  }
  return { text, words: words satisfies HeardText[], segments: [] };
}

export type SherpaModel = (typeof SHERPA_MODELS)[number];

/** `modelConfig` of a sherpa-onnx OfflineRecognizer. */
export type SherpaModelConfig = Readonly<Record<string, unknown>>;

/** Quantised files are smaller and faster, with hardly more errors. */
const pick = (files: readonly string[], part: RegExp): string | undefined => {
  const found = files.filter((file) => file.endsWith('.onnx') && part.test(file)).toSorted();
  return found.find((file) => file.includes('int8')) ?? found[0];
};

/**
 * Reads the names of a model folder's files. Throws E_RECOGNISER_FAILED for a folder that is not there or lacks a file.
 *
 * @param kind where the names do not say it: a single `model.onnx` is taken for SenseVoice when the folder says so, else
 * for Paraformer
 */
export function sherpaModel(folder: string, kind?: SherpaModel): { kind: SherpaModel; config: SherpaModelConfig } {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch (cause) {
    throw bad(folder, 'a folder with a sherpa-onnx model', (cause as Error).message);
  }
  const tokens = files.find((file) => file.endsWith('tokens.txt'));
  if (tokens === undefined) throw bad(folder, 'a file tokens.txt', list(files));
  const [encoder, decoder, joiner] = [/encoder/, /decoder/, /joiner/].map((part) => pick(files, part));
  const single = pick(files, /^(?!.*(encoder|decoder|joiner))/);
  if (encoder !== undefined && joiner === undefined)
    throw bad(folder, 'a model whose words have times: transducer, Paraformer or SenseVoice', 'Whisper: a text alone');
  const found: SherpaModel =
    kind ?? (joiner !== undefined ? 'transducer' : /sense[-_]?voice/i.test(folder) ? 'sense-voice' : 'paraformer');
  const need = (file: string | undefined, what: string): string => {
    if (file === undefined) throw bad(folder, `${what} of a ${found} model`, list(files));
    return join(folder, file);
  };
  const models: Readonly<Record<SherpaModel, () => SherpaModelConfig>> = {
    transducer: () => ({
      transducer: {
        encoder: need(encoder, 'the encoder'),
        decoder: need(decoder, 'the decoder'),
        joiner: need(joiner, 'the joiner'),
      },
    }),
    'sense-voice': () => ({
      senseVoice: { model: need(single, 'the file model.onnx'), useInverseTextNormalization: 1 },
    }),
    paraformer: () => ({ paraformer: { model: need(single, 'the file model.onnx') } }),
  };
  return { kind: found, config: { ...models[found](), tokens: join(folder, tokens) } };
}

const list = (files: readonly string[]): string => (files.length === 0 ? 'no files' : files.slice(0, 8).join(', '));

const bad = (where: string, expected: string, found: string): EngineError =>
  new EngineError('E_RECOGNISER_FAILED', {
    where: `recogniser.folder ${where}`,
    expected,
    found,
    todo: 'unpack a model of sherpa-onnx there, with its tokens.txt',
  });
