const DIGITS = '零一二三四五六七八九';
const SMALL = ['', '十', '百', '千'];
const LARGE = ['', '万', '亿', '万亿'];
/** Longer runs of digits are read one by one. */
const MAX_DIGITS = 16;

/** A number in Chinese words: 1,280.5 is 一千二百八十点五. */
export function chineseNumber(written: string): string {
  const [whole = '', ...parts] = written.replace(/,(?=\d{3}(?:\D|$))/g, '').split(/[.,]/);
  const named = parts.length > 1 || whole.length > MAX_DIGITS || (whole.length > 1 && whole.startsWith('0'));
  const digits = (text: string): string => [...text].map((digit) => DIGITS[Number(digit)]!).join('');
  if (named) return [whole, ...parts].map(digits).join('点');
  const fraction = parts[0] === undefined ? '' : `点${digits(parts[0])}`;
  return wholeNumber(whole) + fraction;
}

function wholeNumber(whole: string): string {
  const groups: string[] = [];
  for (let end = whole.length; end > 0; end -= 4) groups.unshift(whole.slice(Math.max(0, end - 4), end));
  let said = '';
  for (const [i, group] of groups.entries()) {
    const value = Number(group);
    if (value === 0) continue;
    // A zero is said once between groups, and only where a higher digit stands before it.
    if (said !== '' && value < 1000) said += '零';
    said += fourDigits(value) + LARGE[groups.length - 1 - i]!;
  }
  return said === '' ? '零' : said.replace(/^一十/, '十');
}

function fourDigits(value: number): string {
  let said = '';
  let gap = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(value / 10 ** place) % 10;
    if (digit === 0) gap ||= said !== '';
    else {
      said += (gap ? '零' : '') + DIGITS[digit]! + SMALL[place]!;
      gap = false;
    }
  }
  return said;
}
