import t from 'tap';
import { layer } from '../../../src/config/sections/layer.js';
import { product } from '../../../src/config/sections/product.js';
import { frameIndex } from '../../../src/core/time.js';
import { ShotDirector, type CutQuestion } from '../../../src/show/shots/shot-director.js';

const RATE = { num: 30, den: 1 };
const IN_SHOTS = { hero: {}, 'side-by-side': {}, 'close-up': {} };
const SET = [
  layer.parse({ id: 'who', type: 'presenter', shots: IN_SHOTS }),
  layer.parse({ id: 'words', type: 'text', text: 'Pot', shots: { 'close-up': {}, 'side-by-side': {} } }),
];
const POT = product.parse({
  id: 'pot',
  title: 'Cooking pot',
  image: 'pot.webp',
  price: { amount: 12.8, currency: 'USD' },
  attributes: [{ name: 'Coating', value: 'ceramic' }],
  variants: [{ name: 'Colour', values: [{ name: 'green' }, { name: 'red' }] }],
});

const directorOf = (seed: number, layers = SET, shots: object = {}) =>
  new ShotDirector({ seed, rate: RATE, layers, shots: { cuts: true, rhythmSeconds: 25, opening: 'hero', ...shots } });

/** A line of three seconds at a second of the show. */
const lineAt = (
  second: number,
  text: string,
  more: Partial<CutQuestion['line'] & CutQuestion['slot']> = {},
): CutQuestion => {
  const { productFrame, ...line } = more;
  return {
    line: { id: `line-${second}`, kind: 'script', text, layers: [], judgedAs: 'speech', ...line },
    slot: { startFrame: frameIndex(second * 30), endFrame: frameIndex((second + 3) * 30), productFrame },
    product: POT,
    hasBeside: true,
  };
};

/** A plain line every four seconds; the cuts. */
function show(seed: number, seconds: number) {
  const director = directorOf(seed);
  const cuts = [];
  for (let second = 0; second < seconds; second += 4) {
    const cut = director.decide(lineAt(second, 'So much for that.'));
    if (cut !== undefined) cuts.push({ ...cut });
  }
  return cuts;
}

t.test(
  'without any reason the rhythm cuts from the hero, in turn to the close-up and the comparison, and back',
  (t) => {
    const cuts = show(7, 240);
    t.same(
      cuts.slice(0, 4).map(({ shot, reason }) => [shot, reason]),
      [
        ['close-up', 'rhythm'],
        ['hero', 'return'],
        ['side-by-side', 'rhythm'],
        ['hero', 'return'],
      ],
    );
    for (const [i, cut] of cuts.entries()) {
      const held = (cut.atFrame - (cuts[i - 1]?.atFrame ?? 0)) / 30;
      t.ok(held >= 6, `cut ${i} after ${held} s`);
      if (cut.reason === 'rhythm') t.ok(held >= 20 && held <= 34, `the hero stays 20 to 30 s and a line: ${held}`);
    }
    t.end();
  },
);

t.test('the same seed cuts the same way, another one otherwise', (t) => {
  t.same(show(3, 600), show(3, 600));
  t.notSame(show(3, 600), show(4, 600));
  t.end();
});

t.test('a line about an attribute takes the close-up, one that compares the comparison, a price goes back', (t) => {
  const director = directorOf(1);
  t.equal(director.decide(lineAt(4, 'Its coating is ceramic.')), undefined, 'the hero stays for its shortest time');
  t.match(director.decide(lineAt(13, 'Its coating is ceramic.')), { shot: 'close-up', reason: 'attribute' });
  t.equal(director.decide(lineAt(17, 'Nice.')), undefined, 'not within six seconds');
  t.equal(director.decide(lineAt(20, 'Ceramic needs no oil.')), undefined, 'it stays while the line is about it');
  t.match(director.decide(lineAt(24, 'It costs 12.8 dollars.')), { shot: 'hero', reason: 'price' });
  t.match(director.decide(lineAt(40, 'In red and in green.')), { shot: 'side-by-side', reason: 'comparison' });
  t.end();
});

t.test('a new product always takes the hero, at the frame where it comes', (t) => {
  const director = directorOf(1);
  t.match(director.decide(lineAt(13, 'Its coating is ceramic.')), { shot: 'close-up' });
  const cut = director.decide(lineAt(15, 'And now the kettle.', { productFrame: frameIndex(440) }));
  t.match(cut, { shot: 'hero', reason: 'new-product', atFrame: 440 });
  t.equal(director.at(439).shot, 'close-up');
  t.equal(director.at(440).shot, 'hero');
  t.end();
});

t.test('an answer about an attribute shows it at once; any other answer brings the hero back', (t) => {
  const director = directorOf(1);
  const answer = { judgedAs: 'reply', kind: 'reply' } as const;
  t.match(director.decide(lineAt(8, 'Yes, it is ceramic.', answer)), { shot: 'close-up', reason: 'question' });
  t.match(director.decide(lineAt(15, 'We ship on Monday.', answer)), { shot: 'hero', reason: 'question' });
  t.end();
});

t.test('forgets the cuts of lines that are taken back', (t) => {
  const director = directorOf(1);
  director.decide(lineAt(13, 'Its coating is ceramic.'));
  t.equal(director.at(1000).shot, 'close-up');
  t.ok(director.dropFrom(13 * 30));
  t.notOk(director.dropFrom(13 * 30));
  t.equal(director.at(1000).shot, 'hero');
  t.end();
});

t.test('a room whose layers name no shot, or that wants no cuts, stays in its shot', (t) => {
  const plain = directorOf(1, [layer.parse({ id: 'who', type: 'presenter' })]);
  const quiet = directorOf(1, SET, { cuts: false, opening: 'close-up' });
  for (let second = 0; second < 120; second += 4) {
    t.equal(plain.decide(lineAt(second, 'Its coating is ceramic.')), undefined);
    t.equal(quiet.decide(lineAt(second, 'So much for that.')), undefined);
  }
  t.equal(quiet.at(0).shot, 'close-up');
  t.end();
});
