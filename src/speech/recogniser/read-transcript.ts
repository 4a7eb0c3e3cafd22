import type { HeardText, Transcript } from './recogniser.js';

const MAX_WORDS = 5000;

type Fields = Readonly<Record<string, unknown>>;

/** The transcript of a `verbose_json` or `json` answer; undefined for anything else. */
export function readTranscript(answer: string): Transcript | undefined {
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch {
    return undefined;
  }
  if (!isFields(value) || typeof value['text'] !== 'string') return undefined;
  const words = heardTexts(value['words'], 'word');
  return {
    text: value['text'],
    words: words.length > 0 ? words : heardTexts(wordsInSegments(value['segments']), 'word'),
    segments: heardTexts(value['segments'], 'text'),
  };
}

/** Several servers (whisper.cpp, faster-whisper) list the words within their segments. */
function wordsInSegments(segments: unknown): unknown {
  if (!Array.isArray(segments) || segments.length > MAX_WORDS) return [];
  return segments.flatMap((one: unknown) => (isFields(one) && Array.isArray(one['words']) ? one['words'] : []));
}

/** A list with a damaged item counts as none: words must not fall out of it. */
function heardTexts(list: unknown, key: 'word' | 'text'): HeardText[] {
  if (!Array.isArray(list) || list.length > MAX_WORDS) return [];
  const texts = list.map((one: unknown): HeardText | undefined => {
    if (!isFields(one)) return undefined;
    const { start, end } = one;
    const text = one[key] ?? one['word'] ?? one['text'];
    if (typeof text !== 'string' || typeof start !== 'number' || typeof end !== 'number') return undefined;
    if (!(start >= 0) || !(end >= start)) return undefined;
    return { text, startMs: start * 1000, endMs: end * 1000 };
  });
  return texts.includes(undefined) ? [] : (texts as HeardText[]);
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
