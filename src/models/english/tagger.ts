import { JsonTable } from './json-table.js';

/**
 * Parts of speech (Penn Treebank) by an averaged perceptron over the word, its neighbours and the tags before it. A word
 * with one usual tag is answered from a table.
 */
const isLetters = (word: string): boolean => /^\p{L}+$/u.test(word);

function shape(word: string): string {
  if (isLetters(word)) {
    if (word === word.toLowerCase()) return 'x';
    if (word === word.toUpperCase()) return word.length > 1 ? 'XX' : 'X1';
    return /^\p{Lu}\p{Ll}+$/u.test(word) ? 'Xx' : 'xX';
  }
  if (/^\d+$/.test(word)) return 'd';
  return word
    .slice(0, 4)
    .replaceAll(/\d/g, 'd')
    .replaceAll(/\p{L}/gu, (c) => (c === 'd' ? 'd' : 'x'));
}

function normal(word: string): string {
  if (word.includes('-') && !word.startsWith('-')) return '!HYPHEN';
  if (/^\d{4}$/.test(word)) return '!YEAR';
  if (/^\d/.test(word)) return '!DIGITS';
  return word.toLowerCase();
}

export class Tagger {
  private readonly tags: readonly string[];
  private readonly usual: JsonTable;
  private readonly weights: JsonTable;
  private readonly vocabulary: ReadonlySet<string>;

  constructor(json: Buffer) {
    const table = new JsonTable(json);
    this.tags = table.get('tags') as string[];
    this.vocabulary = new Set(table.get('vocab') as string[]);
    this.usual = new JsonTable(json, table.placeOf('tagdict'));
    this.weights = new JsonTable(json, table.placeOf('weights'));
  }

  tag(words: readonly string[]): string[] {
    const context = ['-START2-', '-START-'];
    for (const word of words) {
      const plain = normal(word);
      context.push(this.vocabulary.has(plain) ? plain : `<${shape(word)}>`);
    }
    context.push('-END-', '-END2-');
    const tags: string[] = [];
    let [before, before2] = ['-START-', '-START2-'];
    for (const [i, word] of words.entries()) {
      const tag = (this.usual.get(word) as string | undefined) ?? this.predict(i, word, context, before, before2);
      tags.push(tag);
      [before, before2] = [tag, before];
    }
    return tags;
  }

  private predict(i: number, word: string, context: readonly string[], before: string, before2: string): string {
    const j = i + 2;
    const features = [
      'b',
      `s3=${word.slice(-3)}`,
      `p1=${word[0]}`,
      `w=${context[j]}`,
      `sh=${shape(word)}`,
      i === 0 ? 'i0' : 'i+',
      `t-1=${before}`,
      `t-2=${before2}`,
      `t-12=${before},${before2}`,
      `w-1=${context[j - 1]}`,
      `s3-1=${context[j - 1]!.slice(-3)}`,
      `w-2=${context[j - 2]}`,
      `w+1=${context[j + 1]}`,
      `s3+1=${context[j + 1]!.slice(-3)}`,
      `w+2=${context[j + 2]}`,
    ];
    const scores = new Map<string, number>();
    for (const feature of features) {
      const weights = this.weights.get(feature) as Record<string, number> | undefined;
      if (weights === undefined) continue;
      for (const tag of Object.keys(weights)) scores.set(tag, (scores.get(tag) ?? 0) + weights[tag]!);
    }
    if (scores.size === 0) return 'NN';
    let best = this.tags[0]!;
    let highest = -Infinity;
    for (const tag of this.tags) {
      const score = scores.get(tag) ?? 0;
      if (score > highest || (score === highest && tag > best)) [best, highest] = [tag, score];
    }
    return best;
  }
}
