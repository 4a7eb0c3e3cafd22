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
  return {
    text: value['text'],
    words: heardTexts(value['words'], 'word'),
    segments: heardTexts(value['segments'], 'text'),
  };
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
