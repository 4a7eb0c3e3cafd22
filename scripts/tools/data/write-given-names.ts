/**
 * Writes templates/names/given-names.txt: given names that the show may say to a viewer, one line a script and letter.
 *
 *     npm pack @faker-js/faker && tar xf faker-js-faker-*.tgz
 *     npm run tool -- write-given-names package/dist/index.js
 *
 * The names are those of Faker (MIT). Left out are: names with a blank or a sign, too short ones, words for numbers in any
 * language, names that any rule finds a fault with in any of the 18 languages, words of questions in the reply packs, and NOT_NAMES.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { templatePath } from '../../../src/core/files/paths.js';
import { foldComment } from '../../../src/viewers/replies/comments/comment-reader.js';
import { replyPacks } from '../../../src/viewers/replies/comments/reply-packs.js';
import { isNumberWord, TextJudge } from '../../../src/moderation/index.js';

const LOCALES = (
  'en en_AU en_GH en_IN en_NG en_ZA es es_MX pt_BR pt_PT fr de it nl pl ru id_ID vi th zh_CN ja ko ar ne ' +
  'da sv nb_NO fi hu ro az'
).split(' ');
/** Faker's Turkish list has many that nobody bears: these are the frequent ones. */
const TURKISH =
  'Mehmet Mustafa Ahmet Hüseyin Hasan İbrahim Yusuf Osman Murat Ömer Ramazan Halil Süleyman Emre Burak Fatih Serkan Can Cem Deniz Kemal Onur Tolga Volkan Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Hanife Merve Özlem Büşra Esra Sevgi Gülsüm Yasemin Hülya Derya Melek Selin Ebru Pınar Sibel Aylin Defne Ece';
/** Names that are brands, voice assistants, applications, rude words of some language, or heads of states. */
const NOT_NAMES = new Set(
  foldComment(
    'Alexa Siri Cortana Line Kik Tango Viber Signal Zalo Zoom Skype Bing Tinder Koo Meta Mercedes Porsche Tesla Ferrari Bentley Lexus Chanel Armani ' +
      'Dior Prada Gucci Hermes Nike Puma Chevrolet Dodge Ford Lincoln Royce Stella Heineken Dick Dicky Fanny Randy Willy Willie Gay Gaye Gaylord Cock Kuntal Hardik ' +
      'Semen Titty Boner Rod Johnson Peter Woody Roger Lesbia Adolf Adolph Benito Osama Isis Saddam Stalin Lenin Mao Vladimir Donald Jinping Xi Barack Trump ' +
      'Kim Castro Fidel Hitler Jesus Jesús Christ Allah Mohammed Muhammad Buddha Krishna Dong Wang Pippa Putin Xavier Cash Dollar Euro Penny Cassie Chance Lucky Bet Win ' +
      'Hoang Pubis Anus Phuc Dung Bich Phat Cu Dam Lon Bunda Rola Pinto Concha Polla Pepa Kaka Kaki Popo Pipi Zizi Nana Bite Con Putri Sissi Sissy ' +
      'Baby Sexy Lola Candy Cherry Angel Star Prince King Queen Duke Earl Major Judge Bishop Deacon Saint Messiah Legend ' +
      'Visa Amex Paypal Venmo Mail Dot Com Net Web Info At May Will Mark Bill Buy Call Text Add',
  ).split(' '),
);
const SCRIPTS: readonly (readonly [script: RegExp, min: number, max: number])[] = [
  [/^\p{Script=Latin}+$/u, 3, 12],
  [/^\p{Script=Cyrillic}+$/u, 4, 12],
  [/^\p{Script=Arabic}+$/u, 3, 10],
  [/^[\p{Script=Devanagari}\p{M}]+$/u, 3, 12],
  [/^[\p{Script=Thai}\p{M}]+$/u, 4, 14],
  [/^\p{Script=Han}+$/u, 2, 3],
  [/^\p{Script=Hangul}+$/u, 2, 3],
  [/^\p{Script=Hiragana}+$/u, 3, 5],
  [/^\p{Script=Katakana}+$/u, 3, 5],
];

type Names =
  | readonly string[]
  | { readonly generic?: readonly string[]; readonly female?: readonly string[]; readonly male?: readonly string[] };
const list = (names: Names | undefined): readonly string[] =>
  names === undefined
    ? []
    : 'length' in names
      ? names
      : [...(names.generic ?? []), ...(names.female ?? []), ...(names.male ?? [])];

const [faker] = process.argv.slice(2);
if (faker === undefined) throw new Error('expected the path of index.js of @faker-js/faker');
const { allLocales } = (await import(pathToFileURL(resolve(faker)).href)) as {
  allLocales: Readonly<Record<string, { person?: { first_name?: Names } }>>;
};
const packs = replyPacks();
const words = new Set(
  [...packs.values()].flatMap(({ intents }) =>
    Object.values(intents)
      .flatMap(({ strong, weak }) => [...strong, ...weak])
      .flatMap((one) => foldComment(one.replace('*', '')).split(' ')),
  ),
);
const judge = new TextJudge();
const languages = [...packs.keys()];
/** Of a Vietnamese name the last syllable is the one that people are called by. */
const called = (name: string, locale: string): string =>
  (locale === 'vi' ? name.split(' ').at(-1)! : name).normalize('NFC');

const isWellFormed = (name: string): boolean => {
  const signs = [...name].length;
  return SCRIPTS.some(([script, min, max]) => script.test(name) && signs >= min && signs <= max);
};
const isOwn = (name: string): boolean => {
  const folded = foldComment(name);
  return !NOT_NAMES.has(folded) && !words.has(folded) && !isNumberWord(name);
};
const isClean = (name: string): boolean =>
  languages.every((language) =>
    (['caption', 'speech', 'frame'] as const).every((surface) =>
      judge.judge(name, { surface, language }).hits.every(({ rule }) => rule === '5.6'),
    ),
  );

const all = [
  ...LOCALES.flatMap((locale) =>
    list(allLocales[locale]?.person?.first_name ?? undefined).map((name) => called(name, locale)),
  ),
  ...TURKISH.split(' '),
];
const wellFormed = [...new Map(all.filter(isWellFormed).map((name) => [name.toLowerCase(), name])).values()];
const names = wellFormed.filter((name) => isOwn(name) && isClean(name)).toSorted((a, b) => (a < b ? -1 : 1));
const refused = wellFormed.filter((name) => isOwn(name) && !names.includes(name));
const lines = new Map<string, string[]>();
for (const name of names) {
  const first = name[0]!;
  const line = lines.get(first);
  if (line === undefined) lines.set(first, [name]);
  else line.push(name);
}
const head = [
  '# Given names that may be said to a viewer. Written by scripts/tools/data/write-given-names.ts from the lists of Faker,',
  '# https://github.com/faker-js/faker, Copyright 2022-2025 Faker, MIT License (see NOTICE).',
];
writeFileSync(
  templatePath('names/given-names.txt'),
  [...head, ...[...lines.values()].map((line) => line.join(' ')), ''].join('\n'),
);
process.stdout.write(`${names.length} names of ${wellFormed.length}; refused by a rule: ${refused.join(' ')}\n`);
