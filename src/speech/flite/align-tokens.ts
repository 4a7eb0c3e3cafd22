import { isVowel } from './arpabet.js';

/**
 * Finds the sound of a sentence at which each of its words begins.
 *
 * Problem: only the sounds of the separate words are known; in the sentence some vowels are weaker ("to", "a", "the")
 * and a sound may be missing or added where words meet.
 * Rule: the alignment with the fewest changes (edit distance), in which a vowel becomes another vowel cheaply and never
 * a consonant.
 *
 * @param phones of the sentence, without pauses
 * @param tokens sounds of each word, none of them empty
 * @returns for each word the index of its first sound
 */
export function alignTokens(phones: readonly string[], tokens: readonly (readonly string[])[]): number[] {
  const alone = tokens.flat();
  const width = alone.length + 1;
  const cost = new Float64Array((phones.length + 1) * width);
  for (let j = 1; j <= alone.length; j += 1) cost[j] = j * GAP;
  for (let i = 1; i <= phones.length; i += 1) {
    cost[i * width] = i * GAP;
    for (let j = 1; j <= alone.length; j += 1) {
      cost[i * width + j] = Math.min(
        cost[(i - 1) * width + j - 1]! + change(phones[i - 1]!, alone[j - 1]!),
        cost[(i - 1) * width + j]! + GAP,
        cost[i * width + j - 1]! + GAP,
      );
    }
  }
  // For each sound of the separate words, its sound in the sentence, or the next one.
  const at = new Int32Array(alone.length + 1).fill(phones.length);
  let i = phones.length;
  let j = alone.length;
  while (j > 0) {
    const here = cost[i * width + j]!;
    if (i > 0 && here === cost[(i - 1) * width + j - 1]! + change(phones[i - 1]!, alone[j - 1]!)) {
      i -= 1;
      j -= 1;
    } else if (i > 0 && here === cost[(i - 1) * width + j]! + GAP) {
      i -= 1;
      continue;
    } else j -= 1;
    at[j] = i;
  }
  let first = 0;
  return tokens.map((token) => {
    const index = at[first]!;
    first += token.length;
    return index;
  });
}

const GAP = 1;

function change(a: string, b: string): number {
  if (a === b) return 0;
  return isVowel(a) === isVowel(b) ? 0.7 : 1.9;
}
