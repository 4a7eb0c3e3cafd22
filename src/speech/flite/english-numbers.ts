const ONES = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const SCALES = ['', 'thousand', 'million', 'billion'];
const ORDINALS: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};
/** Longer numbers, and those with a leading zero, are identifiers and are read digit by digit. */
const MAX_READ_DIGITS = 9;

/** A number in lower-case words: `4.80` → `four point eight zero`. Takes digits, thousands separators and one point. */
export function englishNumber(written: string): string[] {
  const [whole = '', ...parts] = written.replaceAll(',', '').split('.');
  const words = whole === '' ? [] : wholeNumber(whole);
  for (const part of parts) words.push('point', ...digits(part));
  return words;
}

/** `21` → `twenty first`. */
export function englishOrdinal(written: string): string[] {
  const words = englishNumber(written);
  const last = words.pop() ?? '';
  return [...words, ORDINALS[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`)];
}

const digits = (written: string): string[] => Array.from(written, (digit) => ONES[Number(digit)]!);

function wholeNumber(written: string): string[] {
  if (written.length > MAX_READ_DIGITS || (written.length > 1 && written.startsWith('0'))) return digits(written);
  if (Number(written) === 0) return ['zero'];
  const words: string[] = [];
  for (let scale = SCALES.length - 1; scale >= 0; scale -= 1) {
    const group = Math.floor(Number(written) / 1000 ** scale) % 1000;
    if (group === 0) continue;
    words.push(...belowThousand(group));
    if (scale > 0) words.push(SCALES[scale]!);
  }
  return words;
}

function belowThousand(n: number): string[] {
  const words = n >= 100 ? [ONES[Math.floor(n / 100)]!, 'hundred'] : [];
  const rest = n % 100;
  if (rest === 0) return words;
  if (words.length > 0) words.push('and');
  if (rest < 20) return [...words, ONES[rest]!];
  words.push(TENS[Math.floor(rest / 10)]!);
  return rest % 10 === 0 ? words : [...words, ONES[rest % 10]!];
}
