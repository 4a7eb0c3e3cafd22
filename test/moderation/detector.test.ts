import t from 'tap';
import { type Detector, runStages } from '../../src/moderation/detector.js';
import { Lexicon } from '../../src/moderation/lexicon/lexicon.js';
import type { Match } from '../../src/moderation/match.js';
import { loadRulePacks } from '../../src/moderation/packs/rule-packs.js';
import { Reading } from '../../src/moderation/reading.js';
import { judgeStages } from '../../src/moderation/text-judge.js';

const packs = loadRulePacks();
const lexicon = new Lexicon(packs);
const reading = (text: string): Reading => new Reading(text, { surface: 'speech', language: 'en' }, lexicon);
const match = (kind: string, start = 0): Match => ({ rule: '2.1', kind, start, end: start + 1 });

t.test('a detector sees the matches of all detectors before it, in order', async (t) => {
  const seen: string[][] = [];
  const named = (name: string): Detector => ({
    name,
    detect: ({ found }) => {
      seen.push(found.map(({ kind }) => kind));
      return [match(name)];
    },
  });
  const one = reading('a line');
  runStages(
    [
      { name: 'first', detectors: [named('a'), named('b')] },
      { name: 'second', detectors: [named('c')] },
    ],
    one,
  );
  t.same(seen, [[], ['a'], ['a', 'b']]);
  t.same(
    one.found.map(({ kind }) => kind),
    ['a', 'b', 'c'],
  );
});

t.test('the end of a stage can drop matches of all detectors before it', async (t) => {
  const give = (kind: string): Detector => ({ name: kind, detect: () => [match(kind)] });
  const one = reading('a line');
  runStages(
    [
      { name: 'first', detectors: [give('a')] },
      { name: 'second', detectors: [give('b')], finish: (r) => r.keepOnly(({ kind }) => kind !== 'a') },
      { name: 'third', detectors: [give('c')] },
    ],
    one,
  );
  t.same(
    one.found.map(({ kind }) => kind),
    ['b', 'c'],
  );
});

t.test('the judge has its detectors in stages, each with a name of its own', async (t) => {
  const stages = judgeStages(packs, lexicon);
  t.same(
    stages.map(({ name }) => name),
    ['lexicon', 'disguises', 'names', 'contacts', 'numbers', 'sense', 'listing'],
  );
  const names = stages.flatMap(({ detectors }) => detectors.map(({ name }) => name));
  t.equal(new Set(names).size, names.length);
});

t.test('distinguishes words of the lexicon from matches by form', async (t) => {
  const one = reading('message me on whatsapp, or call +1 415 555 2671');
  runStages(judgeStages(packs, lexicon), one);
  const kinds = (matches: Iterable<Match>): string[] => [...matches].map(({ kind }) => kind);
  t.ok(kinds(one.ofLexicon).includes('platform'));
  t.notOk(kinds(one.ofLexicon).includes('phone'));
  t.ok(kinds(one.found).includes('phone'));
});
