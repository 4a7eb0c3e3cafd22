import type { Utterance } from '../../../src/core/speech.js';
import { muteSpans } from '../../../src/speech/mute-spans.js';
import { readMarks } from './lines.js';

/** A placed line: its text and first frame. */
export interface SpokenLine {
  readonly marked: string;
  readonly frame: number;
  readonly utterance: Utterance;
}

export interface WordResult {
  readonly receiver: string;
  readonly marked: string;
  /** Loudest 100 ms of the forbidden words, RMS in dBFS; undefined where the line was not found in the sound. */
  readonly forbiddenDb: number | undefined;
  /** Quietest harmless neighbour relative to its expected level, in dB. */
  readonly neighbourDb: number | undefined;
  readonly audible: boolean;
  readonly intact: boolean;
}

const RATE = 48_000;
const HOP = 240; // 5 ms
const WINDOW = 4800; // 100 ms
/** Codecs smear by some milliseconds: this much of each end of a span is left out. */
const GUARD = 960;
const AUDIBLE_DB = -55;
const DAMAGED_DB = -8;
/** Minimum correlation of a found line with its original. */
const LIKENESS = 0.6;
const FPS = 30;

/**
 * Finds each line in a receiver's sound by the envelope of its remaining part, and measures its forbidden words and
 * their harmless neighbours. The forbidden spans are those of the marked text, not those that the engine muted. Words
 * that may be muted with them are left out of the search: a line with all of them silent has only two thirds of the
 * whole line's correlation.
 */
export function checkWords(receiver: string, sound: Float32Array, lines: readonly SpokenLine[]): WordResult[] {
  const heard = envelope(sound);
  const templates = lines.map((line) => staying(line));
  const offsets = lines.map((line, i) => {
    const { lag, likeness } = search(heard, templates[i]!, 0, heard.length - templates[i]!.length);
    return { offset: lag * HOP - (line.frame / FPS) * RATE, likeness };
  });
  const offset = common(offsets.filter((o) => o.likeness > LIKENESS).map((o) => o.offset));
  return lines.flatMap((line, i) => {
    const expected = Math.round(((line.frame / FPS) * RATE + offset) / HOP);
    const template = templates[i]!;
    // Lines before the first or after the last sample of the recording are not judged.
    if (expected < 0 || expected + template.length > heard.length) return [];
    const { lag, likeness } = search(heard, template, expected - 60, expected + 60);
    if (likeness < LIKENESS) {
      const lost = { forbiddenDb: undefined, neighbourDb: undefined, audible: false, intact: false };
      return [{ receiver, marked: line.marked, ...lost }];
    }
    return [measure(receiver, line, sound, lag * HOP)];
  });
}

function measure(receiver: string, line: SpokenLine, sound: Float32Array, at: number): WordResult {
  const { utterance, marked } = line;
  const { forbidden, around } = readMarks(marked);
  let forbiddenDb = -Infinity;
  for (const span of muteSpans(utterance, [{ ...forbidden, rule: 'proof' }])) {
    const from = span.startSample + GUARD;
    const to = span.endSample - GUARD;
    for (let s = from; s < to; s += WINDOW / 4) {
      forbiddenDb = Math.max(forbiddenDb, level(sound, at + s, Math.min(at + s + WINDOW, at + to)));
    }
  }
  const wide = muteSpans(utterance, [{ ...around, rule: 'proof' }]);
  const words = utterance.words.filter(
    (w) =>
      (w.endChar <= around.start || w.startChar >= around.end) &&
      w.endSample - w.startSample > WINDOW &&
      wide.every((s) => w.endSample <= s.startSample || w.startSample >= s.endSample),
  );
  const gains = words.map(
    (w) => level(sound, at + w.startSample, at + w.endSample) - level(utterance.pcm, w.startSample, w.endSample),
  );
  const usual = gains.toSorted((a, b) => a - b)[gains.length >> 1] ?? 0;
  const neighbourDb = Math.min(...gains) - usual;
  const loudEnough = usual > -30;
  return {
    receiver,
    marked,
    forbiddenDb,
    neighbourDb,
    audible: forbiddenDb > AUDIBLE_DB,
    intact: gains.length > 0 && loudEnough && neighbourDb > DAMAGED_DB,
  };
}

/** RMS in dBFS. */
function level(pcm: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = Math.max(0, from); i < Math.min(pcm.length, to); i += 1) sum += pcm[i]! ** 2;
  return 10 * Math.log10(sum / Math.max(1, to - from) + 1e-12);
}

/** The envelope of the part of a line that must remain; NaN elsewhere. */
function staying({ utterance, marked }: SpokenLine): Float32Array {
  const out = envelope(utterance.pcm);
  for (const s of muteSpans(utterance, [{ ...readMarks(marked).around, rule: 'proof' }])) {
    out.fill(NaN, Math.floor(s.startSample / HOP), Math.ceil(s.endSample / HOP));
  }
  return out;
}

function envelope(pcm: Float32Array): Float32Array {
  const out = new Float32Array(Math.floor(pcm.length / HOP));
  for (let i = 0; i < out.length; i += 1) {
    let sum = 0;
    for (let k = i * HOP; k < (i + 1) * HOP; k += 1) sum += pcm[k]! ** 2;
    out[i] = Math.sqrt(sum / HOP);
  }
  return out;
}

/** The best match of the template in the sound, by correlation of envelopes: coarse first, then each hop. */
function search(
  heard: Float32Array,
  template: Float32Array,
  from: number,
  to: number,
): { lag: number; likeness: number } {
  let best = { lag: from, likeness: -1 };
  const coarse = to - from > 400 ? 4 : 1;
  for (let lag = Math.max(0, from); lag <= to; lag += coarse) {
    const likeness = correlation(heard, template, lag, coarse);
    if (likeness > best.likeness) best = { lag, likeness };
  }
  if (coarse === 1) return best;
  return search(heard, template, best.lag - coarse, best.lag + coarse);
}

function correlation(heard: Float32Array, template: Float32Array, lag: number, step: number): number {
  let n = 0;
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < template.length && lag + i < heard.length; i += step) {
    const x = template[i]!;
    if (Number.isNaN(x)) continue;
    const y = heard[lag + i]!;
    n += 1;
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const spread = Math.sqrt((sxx - (sx * sx) / n) * (syy - (sy * sy) / n));
  return spread > 0 ? (sxy - (sx * sy) / n) / spread : -1;
}

/** The offset on which most lines agree within 150 ms. */
function common(offsets: readonly number[]): number {
  let best: readonly number[] = [0];
  for (const o of offsets) {
    const near = offsets.filter((p) => Math.abs(p - o) < RATE * 0.15);
    if (near.length > best.length || best[0] === 0) best = near;
  }
  return best.toSorted((a, b) => a - b)[best.length >> 1]!;
}
