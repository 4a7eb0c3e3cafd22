import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../../../src/core/files/paths.js';
import { muteResult, readLines } from '../../../scripts/bench/mute/account-lines.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { unheardSpans, type Afterwards } from '../../../src/moderation/unheard/unheard-spans.js';

const CORPUS = join(packageRoot(), 'test/moderation/unheard/corpus');

const judge = new TextJudge();

for (const file of ['reported.jsonl', 'accounts.jsonl']) {
  t.test(`leaves no account of ${file} audible or visible`, async (t) => {
    for (const lines of readLines(join(CORPUS, file))) {
      const { audible, captioned } = muteResult(judge, lines);
      t.strictSame({ audible, captioned }, { audible: '', captioned: false }, lines.say.join(' | '));
    }
  });
}

t.test('silences only the sentence of a match beside prices, sizes and days', async (t) => {
  for (const lines of readLines(join(CORPUS, 'near-misses.jsonl'))) {
    t.equal(muteResult(judge, lines).beyondSentence, 0, lines.say.join(' | '));
  }
});

t.test('has lines in every language with rule packs', async (t) => {
  const languages = new Set(readLines(join(CORPUS, 'accounts.jsonl')).map(({ language }) => language));
  t.equal(languages.size, 18);
  t.ok(readLines(join(CORPUS, 'accounts.jsonl')).length >= 200);
  t.ok(readLines(join(CORPUS, 'near-misses.jsonl')).length >= 100);
});

/** Words in braces are the match; the silenced span is between bars. */
function silent(marked: string, rule = '3.2', kind = 'platform', before?: Afterwards): string {
  const text = marked.replace(/[{}]/g, '');
  const start = marked.indexOf('{');
  const hits = start < 0 ? [] : [{ rule, kind, start, end: marked.indexOf('}') - 1 }];
  const { places } = unheardSpans(text, 'en', hits, before);
  return places
    .toSorted((a, b) => a.start - b.start)
    .map((p) => text.slice(p.start, p.end))
    .join(' | ');
}

t.test('silences from the match to the end of its sentence', async (t) => {
  t.equal(
    silent('We pack well. Send it by {Zelle}, which is quick. Four colours.', '3.1', 'payment'),
    'Zelle, which is quick. | Four colours.',
  );
  t.equal(
    silent('Call {415 555 0133} at any time, thank you. The lid is oak.', '3.2', 'phone'),
    '415 555 0133 at any time, thank you.',
  );
});

t.test('an account on the other side of a payment is silenced with it, a price is not', async (t) => {
  t.equal(silent('We pack well, 612 345 678, by {Bizum}.', '3.1', 'payment'), '612 345 678, by Bizum.');
  t.equal(
    silent('Account 1234 5678. Pay by {bank transfer}.', '3.1', 'payment'),
    'Account 1234 5678. | bank transfer.',
  );
  t.equal(silent('It costs 24 dollars. Pay by {bank transfer}.', '3.1', 'payment'), 'bank transfer.');
});

t.test('continues over several sentences as long as they belong to the account, and no longer', async (t) => {
  t.equal(
    silent('Add me on {WeChat}. Six one seven. Triple five. Zero one three three. The lid is made of oak.'),
    'Add me on WeChat. | Six one seven. | Triple five. | Zero one three three.',
  );
  t.equal(
    silent('Add me on {WeChat}. The lid is made of oak. My name there is copper lady.'),
    'Add me on WeChat. | My name there is copper lady.',
  );
  const many = 'We have four colours. '.repeat(12).trim();
  t.equal(silent(`Add me on {WeChat}. ${many}`).split('four').length - 1, 4, 'weak signs end by themselves');
});

t.test('silences a match outside any sentence', async (t) => {
  const { places } = unheardSpans('  ', 'en', [{ rule: '3.2', kind: 'link', start: 0, end: 2 }]);
  t.strictSame(places, [{ start: 0, end: 2, rule: '3.2' }]);
});

t.test('a room without contacts carries nothing over', async (t) => {
  t.strictSame(unheardSpans('Call me 12345', 'en', [{ rule: '2.1', kind: 'absolute', start: 0, end: 4 }]), {
    places: [{ rule: '2.1', start: 0, end: 4 }],
    continued: [],
    afterwards: undefined,
  });
});
