import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { packageRoot } from '../../../src/core/files/paths.js';
import { loadEnglish } from '../../../src/models/english/english-job.js';
import { spokenText } from '../../../src/speech/spoken-text.js';

/** A line of a show and the symbols it is read by, checked by reading. */
const LINES = readFileSync(join(packageRoot(), 'test/models/english/lines.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((row) => row.split('\t') as [written: string, symbols: string]);

const english = await loadEnglish();
const read = async (written: string) => (await english({ text: spokenText(written, 'en').text })).words;

t.test('reads prices, measures, dates, homographs, acronyms and unknown words', async (t) => {
  for (const [written, symbols] of LINES) {
    const words = await read(written);
    t.equal(words.map((word) => word.symbols + word.pause).join(' '), symbols, written);
  }
  t.ok(LINES.length >= 60);
});

t.test('every word has its place in the text, in order', async (t) => {
  const written = 'Only 25 pieces, from 5-7 days, at 7:30 pm; IP67 and 500ml for you.';
  const words = await read(written);
  for (const [i, { at }] of words.entries()) t.ok(i === 0 || at >= words[i - 1]!.at, `${at}`);
  const placeOf = (symbols: string): number => words.find((word) => word.symbols === symbols)!.at;
  t.equal(placeOf('pˈisᵻz'), written.indexOf('pieces'));
  t.equal(placeOf('sˈɛvən'), written.indexOf('7 days'));
  t.equal(placeOf('dˈAz'), written.indexOf('days'));
  t.equal(placeOf('ju'), written.indexOf('you'));
});

t.test('knows which words are an amount of money', async (t) => {
  const words = await read('We sold 300 pieces at $29.99 in two days.');
  t.same(
    words.filter(({ price }) => price).map(({ symbols }) => symbols),
    ['twˈɛnti nˈIn', 'dˈɑləɹz', 'ænd', 'nˈIndi nˈIn', 'sˈɛnts'],
  );
});

t.test('reads anything without a fault', async (t) => {
  for (const odd of [
    '',
    '   ',
    '!!!',
    '…—“”()',
    '😀',
    '\u0000\u0007',
    'a'.repeat(5000),
    '1'.repeat(400),
    "'''''",
    '/-/-/',
    'ﬁ ß œ',
    '½ ² ³',
  ])
    t.ok(Array.isArray(await read(odd)), JSON.stringify(odd.slice(0, 12)));
});
