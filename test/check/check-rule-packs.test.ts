import t from 'tap';
import { checkRulePacks } from '../../src/check/check-rule-packs.js';

const pack = (more: object): string => JSON.stringify({ rule: '2.1', language: 'en', ...more });

t.test('accepts a sound pack, judged together with the project’s own', async (t) => {
  const say = { absolute: ['copper moon'] };
  const dir = t.testdir({
    '2.1': { 'en.json': pack({ say, trip: ['A copper moon of a pan.'], pass: ['The pan is made of copper.'] }) },
  });
  t.match(checkRulePacks(dir), { packs: 1, terms: 1, trip: 1, pass: 1, faults: [] });
});

t.test('names every fault with its file and place', async (t) => {
  const near = [{ kind: 'claim', all: ['nowhere', 'superlative'], within: 20 }];
  const say = { absolute: ['copper moon', 'copper moon'] };
  const dir = t.testdir({
    '2.1': {
      'de.json': pack({ language: 'de', near, say, trip: ['Eine Pfanne.'], pass: ['A copper moon, Leute.'] }),
      'en.json': '{\n  "rule": "2.1",\n  "language" "en"\n}',
      'es.json': pack({ language: 'es', say: { absolute: [''] }, sayings: {} }),
      'fr.json': pack({ language: 'it' }),
    },
  });
  t.strictSame(
    checkRulePacks(dir).faults.map(({ where }) => where),
    [
      '2.1/en.json:3',
      '2.1/es.json: say.absolute[0]',
      '2.1/es.json',
      '2.1/fr.json',
      '2.1/de.json: near[0].all[0]',
      '2.1/de.json: absolute',
      '2.1/de.json: trip[0]',
      '2.1/de.json: pass[0]',
    ],
  );
});

t.test('describes the expected contents of a folder without packs', async (t) => {
  t.throws(() => checkRulePacks(t.testdir({})), { code: 'E_ASSET_MISSING', expected: /<rule>\/<language>\.json/ });
  t.throws(() => checkRulePacks('/nowhere/at/all'), { code: 'E_ASSET_MISSING', found: 'no folder' });
});

t.test('a folder or a device in a pack’s place is a fault', async (t) => {
  const dir = t.testdir({ '2.1': { 'en.json': {} } });
  t.match(checkRulePacks(dir).faults, [{ where: '2.1/en.json', expected: 'a rule pack', found: 'a folder' }]);
});
