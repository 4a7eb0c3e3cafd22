import type { Found } from './found.js';
import { LatinLanguages } from './latin-languages.js';

/** Which language a text is in, as far as its letters tell, and whether that is the room's (rule 5.6). */

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ['kana', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['han', /\p{Script=Han}/u],
  ['hangul', /\p{Script=Hangul}/u],
  ['thai', /\p{Script=Thai}/u],
  ['arabic', /\p{Script=Arabic}/u],
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['devanagari', /\p{Script=Devanagari}/u],
  ['latin', /\p{Script=Latin}/u],
];
const HOME: Readonly<Record<string, readonly string[]>> = {
  zh: ['han'], ja: ['kana', 'han'], ko: ['hangul'], th: ['thai'], ar: ['arabic'], ru: ['cyrillic'], hi: ['devanagari'],
}; // prettier-ignore

export interface LetterCounts {
  readonly letters: number;
  readonly byScript: Readonly<Record<string, number>>;
}

export function countLetters(text: string): LetterCounts {
  const byScript: Record<string, number> = {};
  let letters = 0;
  for (const c of text) {
    if (c < 'A') continue;
    for (const [name, script] of SCRIPTS) {
      if (!script.test(c)) continue;
      byScript[name] = (byScript[name] ?? 0) + 1;
      letters += 1;
      break;
    }
  }
  return { letters, byScript };
}

/** ISO 639-1 base of a BCP-47 tag; Malay counts as Indonesian, whose lines no detector can tell apart. */
export function baseLanguage(tag: string): string {
  const base = tag.toLowerCase().split(/[-_]/)[0];
  return base === 'ms' || base === 'in' ? 'id' : base === 'cmn' || base === 'yue' ? 'zh' : base;
}

export interface Guess {
  readonly language: string;
  readonly reliable: boolean;
  readonly scores: Readonly<Record<string, number>>;
}

let table: LatinLanguages | undefined;

/** Best guess for a text in Latin letters. */
export function guessLatin(text: string): Guess {
  table ??= LatinLanguages.open();
  const { language, reliable, scores: raw } = table.guess(text);
  const scores: Record<string, number> = {};
  for (const [one, score] of Object.entries(raw)) scores[baseLanguage(one)] = score;
  return { language: baseLanguage(language), reliable, scores };
}

/** Letters a text needs before its language is judged. */
const LEAST_LATIN_LETTERS = 32;
const LEAST_LATIN_WORDS = 6;
const LEAST_OTHER_LETTERS = 12;
/** Share of letters in foreign script that makes the text foreign. */
const FOREIGN_SHARE = 0.8;
/** How much better another language has to fit than the room's. */
const SCORE_LEAD = 0.22;

/** A hit over the whole text when it is surely not in the room's language. */
export function detectWrongLanguage(
  text: string,
  room: string,
  counts: LetterCounts,
  guess: Guess | undefined,
): Found[] {
  const home = HOME[room] ?? ['latin'];
  const { letters, byScript } = counts;
  let own = 0;
  for (const script of home) own += byScript[script] ?? 0;
  const foreign = letters - own;
  const hit: Found[] = [{ rule: '5.6', kind: 'language', start: 0, end: text.length }];
  if (room === 'zh' && (byScript['kana'] ?? 0) >= 6 && (byScript['kana'] ?? 0) / Math.max(1, letters) > 0.3) return hit;
  if (room === 'ja' && letters >= 16 && own / letters > FOREIGN_SHARE && byScript['kana'] === undefined) return hit;
  if (foreign / Math.max(1, letters) >= FOREIGN_SHARE) {
    const latin = byScript['latin'] ?? 0;
    const enough =
      latin > foreign / 2
        ? latin >= LEAST_LATIN_LETTERS && wordCount(text) >= LEAST_LATIN_WORDS
        : foreign >= LEAST_OTHER_LETTERS;
    return enough && !(room === 'zh' && isPinyin(text)) && !(room === 'hi' && isRomanHindi(text)) ? hit : [];
  }
  if (home[0] !== 'latin' || guess === undefined || !guess.reliable || guess.language === room) return [];
  if ((byScript['latin'] ?? 0) < LEAST_LATIN_LETTERS || wordCount(text) < LEAST_LATIN_WORDS) return [];
  return (guess.scores[guess.language] ?? 0) - (guess.scores[room] ?? 0) >= SCORE_LEAD ? hit : [];
}

/** Chinese in pinyin is Chinese: nearly all words are rows of its syllables, some of which no other language has. */
const PINYIN =
  /^(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|a|o|e|i|u|v)){1,8}$/;
const PINYIN_ONLY =
  /zh|x[iu]|q[iu]|iang|uang|iao|uo|sh[aeiu]|ian|(?<![a-z])(?:de|shi|hao|wo|ni|da|jia|bu|ge)(?![a-z])/g;
const PINYIN_SHARE = 0.85;

function isPinyin(text: string): boolean {
  const words =
    text
      .toLowerCase()
      .slice(0, 600)
      .match(/[a-z]+/g) ?? [];
  const pinyin = words.filter((w) => w.length <= 24 && PINYIN.test(w));
  return pinyin.length >= words.length * PINYIN_SHARE && (pinyin.join(' ').match(PINYIN_ONLY)?.length ?? 0) >= 3;
}

/** Hindi in Latin letters is Hindi: its small words, of which every sentence has some. Those that English has too do not count. */
const ROMAN_HINDI =
  /(?<![a-z])(?:h(?:ai|ain|oon|un|oga|ogi|ota|oti|ote|ua|ui|ue)|tha|thi|ka|ki|ke|ko|kaa|kee|se|mein|mai|mei|nahi|nahin|nhi|mat|kya|kyu|kyun|kaise|kahan|kab|kaun|kaunsa|kaunsi|kitna|kitne|kitni|aur|ya|lekin|magar|par|pe|ye|yeh|woh|wo|wala|wali|wale|bhi|hi|toh|tak|agar|jab|isme|usme|iska|iski|iske|uska|unka|apna|apni|apne|aap|aapka|aapko|hum|hame|humare|humari|mera|meri|mere|mujhe|tera|teri|tere|tujhe|tum|kar|karo|karna|karke|karte|karti|kiya|kijiye|kariye|lo|le|lena|lijiye|do|de|dena|dijiye|diya|raha|rahi|rahe|gaya|gayi|gaye|jao|jaye|jata|jati|sakte|sakta|sakti|chahiye|bhaiya|bhai|didi|behen|ji|yaar|accha|acha|achha|theek|thik|sirf|bahut|bohot|thoda|zyada|abhi|aaj|kal|yahan|yahin|wahan|sab|sabko|koi|kuch|ek|teen|paise|rupaye|wapas|saath|liye|baad|pehle|andar|bahar|dekho|bolo|batao|milega|milegi|milta|namaste|shukriya|dhanyavaad|kapda|ghar|roz|din|raat|isi|chaar|chai|piyo|wale|walo|karza|pakki|pakka|pehno|naukri|khatam|logo|sab|dukaan|chor|maal|paisa|bhejna|rakho|jaldi|zaroorat|hona|hone|hua|dono|naya|nayi|purana|sasta|mehenga|bada|badi|bade|chhota|choti|chote)(?![a-z])/g;
const ROMAN_HINDI_SHARE = 0.3;

function isRomanHindi(text: string): boolean {
  const lower = text.toLowerCase().slice(0, 600);
  const found: readonly string[] = lower.match(ROMAN_HINDI) ?? [];
  return new Set(found).size >= 2 && found.length >= (lower.match(/[a-z]+/g)?.length ?? 0) * ROMAN_HINDI_SHARE;
}

const wordCount = (text: string): number => text.trim().split(/\s+/).length;

/** Which languages a text may be in: those whose words count in it. */
export interface ReadLanguages {
  readonly counts: LetterCounts;
  readonly guess: Guess | undefined;
  readonly languages: ReadonlySet<string>;
  /** It holds kana, so its Chinese characters are Japanese words. */
  readonly japanese: boolean;
}

/** Those with word lists that are written in Latin letters. */
const LISTED_LATIN = ['en', 'es', 'pt', 'fr', 'de', 'it', 'tr', 'id', 'vi', 'pl', 'nl'];

/** A short line in Spanish may be taken for Catalan: then the best of the listed languages counts too. */
function nearest({ scores }: Guess): string {
  let best = 'en';
  for (const one of LISTED_LATIN) if ((scores[one] ?? 0) > (scores[best] ?? 0)) best = one;
  return best;
}

export function readLanguages(text: string, room: string): ReadLanguages {
  const counts = countLetters(text);
  const guess = (counts.byScript['latin'] ?? 0) >= 12 ? guessLatin(text) : undefined;
  const languages = new Set([room, 'en', 'any']);
  if (counts.byScript['han'] !== undefined) languages.add('zh');
  if (guess !== undefined) languages.add(guess.language).add(nearest(guess));
  return { counts, guess, languages, japanese: (counts.byScript['kana'] ?? 0) > 0 && room !== 'zh' };
}
