const ONES = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const SCALES = ['', ' thousand', ' million', ' billion', ' trillion', ' quadrillion'];
const ORDINALS: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

function below1000(n: number): string {
  const words: string[] = [];
  let rest = n;
  if (rest >= 100) {
    words.push(ONES[Math.floor(rest / 100)]!, 'hundred');
    rest %= 100;
  }
  if (rest >= 20) words.push(TENS[Math.floor(rest / 10)] + (rest % 10 > 0 ? `-${ONES[rest % 10]}` : ''));
  else if (rest > 0 || words.length === 0) words.push(ONES[rest]!);
  return words.join(' ');
}

/** `1234` → `one thousand two hundred thirty-four`. */
export function cardinal(n: number): string {
  if (n < 0) return `minus ${cardinal(-n)}`;
  if (n < 1000) return below1000(n);
  const groups: string[] = [];
  for (let rest = n, scale = 0; rest > 0 && scale < SCALES.length; rest = Math.floor(rest / 1000), scale += 1)
    if (rest % 1000 > 0) groups.unshift(below1000(rest % 1000) + SCALES[scale]);
  return groups.join(' ');
}

/** `21` → `twenty-first`. */
export function ordinal(n: number): string {
  return cardinal(n).replace(/[a-z]+$/, (last) => {
    const irregular = ORDINALS[last];
    if (irregular !== undefined) return irregular;
    return last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`;
  });
}

/** Four digits in pairs: `1905` → `nineteen oh-five`, `2500` → `twenty-five hundred`. */
export function year(n: number): string {
  const high = Math.floor(n / 100);
  const low = n % 100;
  if (high === 0 || (high % 10 === 0 && low < 10) || high >= 100) return cardinal(n);
  if (low === 0) return `${cardinal(high)} hundred`;
  return `${cardinal(high)} ${low < 10 ? 'oh-' : ''}${cardinal(low)}`;
}

/** `3.14` → `three point one four`. */
export function decimal(written: string): string {
  const [whole, fraction = ''] = written.split('.');
  const words = cardinal(Number(whole));
  return fraction === '' ? words : `${words} point ${Array.from(fraction, (digit) => ONES[Number(digit)]).join(' ')}`;
}
