import { isLoose, isWordy } from './scripts.js';
import { rewrite, type TextView, ViewBuilder } from './text-view.js';
import { wordTable } from '../words/word-table.js';

const WORDS = wordTable('link-view');

/**
 * A folded text with common disguises of addresses undone: "dot com", "点com", "t . me", "www abc com", "hxxp", "name
 * (at) gmail". A space separates Chinese from Latin, so that a domain has an end.
 */

const COMMON = WORDS.any('common-ends');
const SURE = 'com|net|org|cn|ru|info|biz|xyz';
/** "dot" in each language. */
const DOT_WORDS = WORDS.any('dots');
const AT_WORDS = WORDS.any('ats');

const DOT_WORD = new RegExp(
  `(?<=[a-z0-9])\\s{0,2}[[({<*"'_-]{0,2}\\s{0,2}(?:${DOT_WORDS})\\s{0,2}[\\])}>*"'_-]{0,2}\\s{0,2}(?=(?:${SURE}|c[0o]m)(?![a-z0-9]))`,
  'g',
);
/** A site with a Chinese name: 蓝海贸易点com. */
const DOT_HAN = /(?<=\p{Script=Han}{2})\s?[点點]\s?(?=(?:com|cn|net|org)(?![a-z0-9]))/gu;
const DOT_EN =
  /(?<=[a-z0-9])\s{0,2}(?:[[({<]\s{0,2}dot\s{0,2}[\])}>]|\sdot\s)\s{0,2}(?=(?:me|io|co|ly|gg|shop|store|de|fr|it|es)(?![a-z0-9]))/g;
/** Country endings that are also words: only at the end of the text, "joiasdomar . pt", "kanchi dot in". */
const LAST_ENDS = WORDS.any('last-ends');
const AT_END = '(?=[^\\p{L}\\p{N}]*$)';
const DOT_LAST = new RegExp(
  `(?<=[a-z0-9-]{4})(?:\\s(?:${DOT_WORDS})\\s| {1,2}\\. {0,2}| {0,2}\\. {1,2}(?=(?:[a-z]{2,3}\\. ?)?(?:br|pt|fr|pl|nl|vn|jp|kr|tr|mx|uk)\\s*$))(?=(?:(?:com|co|or|ne)\\s?(?:\\.|dot|ponto|punto|nokta|titik)\\s?)?(?:${LAST_ENDS})(?![a-z0-9])${AT_END})`,
  'gu',
);
/** "Saree dot kanchi dot in": the name before is also part of the address. */
const DOT_BEFORE_LAST = new RegExp(
  `(?<=[a-z0-9-]{3})\\s(?:${DOT_WORDS})\\s(?=[a-z0-9-]{3,30}\\.[a-z]{2,6}(?![a-z0-9]))`,
  'g',
);
const BRACKET_DOT = /(?<=[a-z0-9])\s?[[({<]\s?[.,]\s?[\])}>]\s?(?=[a-z])/g;
const SPACED_DOT = new RegExp(
  `(?<=[a-z0-9-])(?: {1,2}\\. {0,2}| {0,2}\\. {1,2})(?=(?:com|net|org|cn)(?![a-z0-9]))`,
  'g',
);
const SPACED_SHORT = new RegExp(`(?<=(?:^|[^a-z0-9])[a-z]{1,12}) {1,2}\\. {1,2}(?=(?:${COMMON})(?![a-z0-9]))`, 'g');
/** No space after it: "à mão, com água" is Portuguese. */
const COMMA_DOT = /(?<=[a-z0-9])(?:,|。|·)(?=(?:com|cn|net)(?![a-z0-9]))/g;
/** A drawn dot: "sunnylamps ● com". Only at the end, because "com" is Portuguese for "with". */
const DRAWN_DOT = /(?<=[a-z0-9-]{3})\s{0,2}[●⚫⬤⚪·∙•◦☆]\s{0,2}(?=(?:com|cn|net|org)(?:[^\p{L}\p{N}]*$))/gu;
/** "cedarcrib , com" where no object of "with" follows. */
const SPACED_COMMA = /(?<=[a-z0-9-]{4}) , ?(?=(?:com|net)(?:\s*$|\s*[/!?.)]))/g;
/** An address letter by letter: "c h e a p . c o m". */
const LETTERS = /(?<![\p{L}\p{M}\p{N}.])[a-z0-9](?: (?:\. ?)?[a-z0-9]){4,40}(?![\p{L}\p{M}\p{N}])/gu;
const LEET_COM = /(?<=\. {0,2})c ?[o0] ?m(?![a-z0-9])/g;
const WWW = /(?<![a-z0-9])w ?w ?w ?[., ·-]{1,3}(?=[a-z0-9])/g;
const WWW_TAIL = /(?<=www\.[a-z0-9-]{2,40})[ ,·]{1,3}(?=(?:com|net|org|cn|ru)(?![a-z0-9]))/g;
const HXXP = /hxxp|h ?t ?t ?p(?=s? ?: ?\/)/g;
const PROVIDERS = WORDS.any('providers');
const AT_WORD = new RegExp(
  `(?<=[a-z0-9._-]{2})\\s{0,2}(?:[[({<]\\s?(?:${AT_WORDS}|@)\\s?[\\])}>]|\\s@\\s?|@\\s|\\s?(?:${AT_WORDS})\\s?)\\s{0,2}(?=(?:${PROVIDERS})(?![a-z0-9]))`,
  'g',
);
/** Providers spoken as figures in Chinese: 艾特一六三. */
const SPOKEN_PROVIDER = /(?<=艾特|圈a|@|＠) ?(一六三|幺六三|一二六|幺二六|扣扣|球球)(?=[点點.])/g;
const PROVIDER_FIGURES: Readonly<Record<string, string>> = {
  一六三: '163',
  幺六三: '163',
  一二六: '126',
  幺二六: '126',
  扣扣: 'qq',
  球球: 'qq',
};
const AT_BRACKET = /(?<=[a-z0-9._-]{2})\s?[[({<]\s?(?:at|@)\s?[\])}>]\s?(?=[a-z0-9-]{2,40}\.)/g;

/** "sales arobase shop point fr": an at-word, a name, a dot-word and any short ending together are an address. */
const AT_DOT = new RegExp(
  `(?<=[a-z0-9._-]{2})\\s{1,2}(?:${AT_WORDS}|@)\\s{1,2}([a-z0-9-]{2,40})(?:\\s{1,2}(?:${DOT_WORDS})\\s{1,2}|\\s?\\.\\s?)(?=[a-z]{2,4}(?![a-z0-9]))`,
  'g',
);

function separateScripts(view: TextView): TextView {
  const { text, start, end } = view;
  const out = new ViewBuilder();
  for (let i = 0; i < text.length; i += 1) {
    if (i > 0) {
      const a = text.charCodeAt(i - 1);
      const b = text.charCodeAt(i);
      if (isLoose(a) !== isLoose(b) && isWordy(a) && isWordy(b)) out.push(' ', end[i - 1]!, end[i - 1]!);
    }
    out.push(text[i]!, start[i]!, end[i]!);
  }
  return out.build();
}

/** Undoes the disguises; the view's offsets still lead to the original. */
export function linkView(folded: TextView): TextView {
  let view = rewrite(folded, LETTERS, (m) => (m[0].includes('.') ? m[0].replaceAll(' ', '') : undefined));
  view = rewrite(view, SPOKEN_PROVIDER, (m) => PROVIDER_FIGURES[m[1]!]);
  view = rewrite(view, AT_DOT, (m) => `@${m[1]}.`);
  view = rewrite(view, LEET_COM, () => 'com');
  view = rewrite(view, DOT_WORD, () => '.');
  view = rewrite(view, DOT_HAN, () => '.');
  view = rewrite(view, DOT_EN, () => '.');
  view = rewrite(view, DOT_LAST, () => '.');
  view = rewrite(view, DOT_BEFORE_LAST, () => '.');
  view = rewrite(view, BRACKET_DOT, () => '.');
  view = rewrite(view, AT_WORD, () => '@');
  view = rewrite(view, AT_BRACKET, () => '@');
  view = rewrite(view, SPACED_DOT, () => '.');
  view = rewrite(view, SPACED_SHORT, () => '.');
  view = rewrite(view, COMMA_DOT, () => '.');
  view = rewrite(view, DRAWN_DOT, () => '.');
  view = rewrite(view, SPACED_COMMA, () => '.');
  view = rewrite(view, WWW, () => 'www.');
  view = rewrite(view, WWW_TAIL, () => '.');
  view = rewrite(view, HXXP, () => 'http');
  return separateScripts(view);
}
