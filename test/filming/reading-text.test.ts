import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readingLanguages, readingText } from '../../src/filming/text/reading-text.js';
import { readConsent } from '../../src/filming/read-consent.js';

t.test('has a text of about 90 s in each language of the rules', async (t) => {
  const wanted = 'ar de en es fr hi id it ja ko nl pl pt ru th tr vi zh'.split(' ');
  t.same(readingLanguages().sort(), wanted);
  for (const language of wanted) {
    const lines = readingText(language).split('\n');
    t.equal(lines.length, 18, language);
    t.ok(
      lines.every((line) => line.trim() === line && line.length > 8),
      language,
    );
  }
  t.equal(readingText('pt-BR'), readingText('pt'));
  t.throws(() => readingText('eo'), { code: 'E_BAD_REQUEST', todo: /--text/ });
});

t.test('takes the consent from a file or from options, and says what is missing', async (t) => {
  const dir = t.testdir();
  const whole = {
    who: 'Ana Torres',
    date: '2026-05-02',
    use: 'live sales',
    document: 'a.pdf',
    adult: true,
    onePerson: true,
  };
  const file = join(dir, 'consent.json');
  writeFileSync(file, JSON.stringify(whole));
  t.same(await readConsent({ file }), whole);
  const { who, date, use, document } = whole;
  t.same(await readConsent({ who, date, use, document, adult: true }), whole);
  await t.rejects(readConsent({ who, date, use, document }), {
    code: 'E_PRESENTER_INVALID',
    where: /adult/,
    todo: /--adult/,
  });
  await t.rejects(readConsent({ who, date, use, adult: true }), { code: 'E_PRESENTER_INVALID', where: /document/ });
  await t.rejects(readConsent({ who, date: '2.5.2026', use, document, adult: true }), {
    code: 'E_PRESENTER_INVALID',
    where: /date/,
  });
  await t.rejects(readConsent({ who, date: '2999-01-01', use, document, adult: true }), {
    code: 'E_PRESENTER_INVALID',
    expected: /has come/,
  });
  await t.rejects(readConsent({ file: join(dir, 'none.json') }), { code: 'E_PRESENTER_INVALID' });
  writeFileSync(file, '[]');
  await t.rejects(readConsent({ file }), { code: 'E_PRESENTER_INVALID' });
});
