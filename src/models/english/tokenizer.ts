/**
 * Words and punctuation by spaCy's rules for English (MIT): special cases first, then prefixes and suffixes are peeled
 * off each run between spaces, then the rest is cut at hyphens and slashes.
 */
const LOWER = 'a-zß-öø-ÿ';
const UPPER = 'A-ZÀ-ÖØ-Þ';
const QUOTES = `'"”“\`‘´’‚,„»«「」『』（）〔〕【】《》〈〉`;
const PUNCTUATION = '…,:;!?¿¡()[]{}<>_#*&。？！，、；：～·';
const ICONS = '™®©°§¶†‡•';
const CURRENCY = String.raw`\$|£|€|¥|฿|US\$|C\$|A\$|₽|₹|₩|₪|₺|₴|₦|₫|₱|₲|₵|₸|₼|₾|₿`;
const UNITS =
  'km|km²|km³|m|m²|m³|dm|dm²|dm³|cm|cm²|cm³|mm|mm²|mm³|ha|µm|nm|yd|in|ft|kg|g|mg|µg|t|lb|oz|m/s|km/h|kmh|mph|hPa|Pa|' +
  'mbar|mb|MB|kb|KB|gb|GB|tb|TB|T|G|M|K|%';
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
const each = (letters: string): string[] => Array.from(letters, escaped);

const PREFIXES = ['§', '%', '=', '—', '–', String.raw`\+(?![0-9])`, '…', ...each(PUNCTUATION), String.raw`\.\.+`];
PREFIXES.push(...each(QUOTES), CURRENCY, `[${ICONS}]`);
const SUFFIXES = ['…', ...each(PUNCTUATION), String.raw`\.\.+`, ...each(QUOTES), `[${ICONS}]`, "'s", "'S", '’s', '’S'];
SUFFIXES.push(
  '—',
  '–',
  String.raw`(?<=[0-9])\+`,
  String.raw`(?<=°[FfCcKk])\.`,
  `(?<=[0-9])(?:${CURRENCY})`,
  `(?<=[0-9])(?:${UNITS})`,
  String.raw`(?<=[0-9${LOWER}%²\-+${escaped(PUNCTUATION)}${escaped(QUOTES)}])\.`,
  String.raw`(?<=[${UPPER}][${UPPER}])\.`,
);
const INFIXES = [
  String.raw`\.\.+`,
  '…',
  `[${ICONS}]`,
  String.raw`(?<=[0-9])[+\-*^](?=[0-9\-])`,
  String.raw`(?<=[${LOWER}${escaped(QUOTES)}])\.(?=[${UPPER}${escaped(QUOTES)}])`,
  String.raw`(?<=\p{L}),(?=\p{L})`,
  String.raw`(?<=[\p{L}\p{N}])(?:--|---|——|-|–|—|~)(?=\p{L})`,
  String.raw`(?<=[\p{L}\p{N}])[:<>=/](?=\p{L})`,
];
const PREFIX = new RegExp(`^(?:${PREFIXES.join('|')})`, 'u');
const SUFFIX = new RegExp(`(?:${SUFFIXES.join('|')})$`, 'u');
const INFIX = new RegExp(INFIXES.join('|'), 'gu');

export interface Piece {
  readonly text: string;
  /** UTF-16 offset. */
  readonly at: number;
  /** White space follows. */
  readonly spaced: boolean;
}

export class Tokenizer {
  constructor(private readonly special: ReadonlyMap<string, readonly string[]>) {}

  cut(text: string): Piece[] {
    const out: Piece[] = [];
    for (const run of text.matchAll(/\S+/gu)) {
      const pieces = this.split(run[0]);
      let at = run.index;
      for (const [i, piece] of pieces.entries()) {
        out.push({ text: piece, at, spaced: i === pieces.length - 1 && run.index + run[0].length < text.length });
        at += piece.length;
      }
    }
    return out;
  }

  private split(run: string): string[] {
    const { special } = this;
    if (special.has(run)) return [...special.get(run)!];
    const before: string[] = [];
    const after: string[] = [];
    let rest = run;
    let last = -1;
    while (rest !== '' && rest.length !== last && !special.has(rest)) {
      last = rest.length;
      const prefix = PREFIX.exec(rest)?.[0] ?? '';
      const withoutPrefix = rest.slice(prefix.length);
      if (prefix !== '' && special.has(withoutPrefix)) {
        before.push(prefix);
        rest = withoutPrefix;
        break;
      }
      const suffix = SUFFIX.exec(withoutPrefix)?.[0] ?? '';
      const withoutSuffix = rest.slice(0, rest.length - suffix.length);
      if (suffix !== '' && special.has(withoutSuffix)) {
        after.unshift(suffix);
        rest = withoutSuffix;
        break;
      }
      if (prefix !== '') before.push(prefix);
      if (suffix !== '') after.unshift(suffix);
      rest = rest.slice(prefix.length, rest.length - suffix.length);
    }
    const pieces = [...before, ...this.inner(rest), ...after];
    return pieces.length > 1 ? this.rejoin(pieces) : pieces;
  }

  private inner(rest: string): string[] {
    if (rest === '') return [];
    const known = this.special.get(rest);
    if (known !== undefined) return [...known];
    const pieces: string[] = [];
    let start = 0;
    for (const infix of rest.matchAll(INFIX)) {
      if (infix.index === 0 || infix[0] === '') continue;
      if (infix.index > start) pieces.push(rest.slice(start, infix.index));
      pieces.push(infix[0]);
      start = infix.index + infix[0].length;
    }
    if (start < rest.length) pieces.push(rest.slice(start));
    return pieces;
  }

  /** Neighbours that spell a special case: `Sept` and `.` are `Sept.`. */
  private rejoin(pieces: readonly string[]): string[] {
    const out: string[] = [];
    for (let i = 0; i < pieces.length;) {
      const count = [3, 2].find((n) => i + n <= pieces.length && this.special.has(pieces.slice(i, i + n).join('')));
      if (count === undefined) out.push(pieces[i]!);
      else out.push(...this.special.get(pieces.slice(i, i + count).join(''))!);
      i += count ?? 1;
    }
    return out;
  }
}
