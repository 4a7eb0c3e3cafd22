/** Words that end the name of a product and begin its keywords. */
const ENDS = /\s(?:for|with|from|used|suitable|perfect|ideal|including|by)\s|\s*[,;|/–—(（【[]/i;
/** Sellers' words about themselves; they state nothing about the product. */
const SLOGANS =
  /\b(?:hot[- ]?(?:sale|selling)|best[- ]?(?:sell(?:ing|er)|quality|price)|top[- ]?(?:quality|selling|grade)|high[- ]?quality|wholesale|factory (?:direct|price|supply)|cheap(?:est)?|new (?:arrivals?|design|style|fashion)|20[12]\d(?: new(?: (?:design|style|fashion|arrivals?))?)?|free (?:shipping|sample)s?|custom(?:i[sz]ed?)? logo|oem|odm|amazon)\b/gi;
const CHINESE_SLOGANS =
  /(?:厂家直销|批发|包邮|新款|爆款|热卖|热销|跨境|现货|一件代发|源头工厂|高档|高端|奢华|时尚|网红(?:同款)?|外贸|亚马逊|20[12]\d年?)/g;
/** Praise before the name; beside words that it is a part of ("New Year", "Best Friend") it stays. */
const PRAISE_BEFORE =
  /^(?:(?:luxur(?:y|ious)|premium|latest|trending|popular|fashion(?:able)?|promotional|custom(?:i[sz]ed?)?|personali[sz]ed|new(?! (?:year|zealand|york|england|mexico|delhi|orleans|jersey|guinea|age|moon|born|balance)\b)|best(?! (?:friend|man|dad|mum|mom)))s? )+/i;
const PRAISE_AFTER = /(?: (?:new|latest|luxury|premium|fashion|trending|popular))+$/i;
/** Seldom the name: "{BPA Free}", "[2024 New]". */
const BRACED = /\{[^}]*\}|\[[^\]]*\]|【[^】]*】|｛[^｝]*｝/g;
const BRACES = /[{}[\]【】｛｝]/g;
const MAX_WORDS = 8;
const MIN_WORDS = 2;
const MAX_HAN = 24;

/** A title without the slogans and keywords that sellers stuff it with: at most eight words, cut at the first preposition or bracket. */
export function cleanTitle(title: string): string {
  const plain = tidy(title.replace(BRACED, ' ').replace(BRACES, ' ')) || tidy(title.replace(BRACES, ' '));
  if (/\p{Script=Han}/u.test(plain)) {
    const short = plain
      .replace(CHINESE_SLOGANS, '')
      .replace(/[【[（(][^】\])）]*[】\])）]/g, '')
      .trim();
    return Array.from(short.split(/[，,。|/]/)[0]!.trim() || plain)
      .slice(0, MAX_HAN)
      .join('')
      .trim();
  }
  const kept =
    tidy(plain.replace(SLOGANS, ' '))
      .replace(/^[\s,;|/-]+/, '')
      .replace(PRAISE_BEFORE, '')
      .trim() || plain;
  const words = kept.split(' ');
  const at = words.slice(0, MIN_WORDS).join(' ').length;
  const end = ENDS.exec(kept.slice(at));
  const cut = end === null ? kept : kept.slice(0, at + end.index);
  return cut
    .split(' ')
    .slice(0, MAX_WORDS)
    .join(' ')
    .replace(/[\s,;|/–—-]+$/, '')
    .replace(PRAISE_AFTER, '');
}

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();
