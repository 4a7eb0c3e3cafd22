import t from 'tap';
import { chooseMouths, easeMouths } from '../../../src/avatar/filmed/choose-mouths.js';
import { VISEMES, type MouthTrack } from '../../../src/core/speech.js';
import { featuresOf } from '../../../src/filming/mouths/talk-bank.js';
import { MOUTH_SHAPES } from '../../../src/filming/mouths/filmed-mouth-shapes.js';

const shapes = MOUTH_SHAPES.map(({ viseme, openness, spread }) => ({ viseme, openness, spread, next: -1 }));
const track = (parts: readonly (readonly [string, number, number])[]): MouthTrack => ({
  viseme: Uint8Array.from(parts.flatMap(([v, , n]) => Array.from({ length: n }, () => VISEMES.indexOf(v as 'aa')))),
  openness: Uint8Array.from(parts.flatMap(([, o, n]) => Array.from({ length: n }, () => o))),
});

t.test('rests in silence, meets lips on a closure, bites on an F', async (t) => {
  const chosen = chooseMouths(
    track([
      ['sil', 0, 4],
      ['aa', 150, 4],
      ['PP', 0, 1],
      ['aa', 220, 4],
      ['FF', 45, 2],
      ['sil', 0, 3],
    ]),
    featuresOf(shapes),
  );
  t.same([...chosen.slice(0, 4)], [0, 0, 0, 0]);
  t.equal(shapes[chosen[8]!]!.viseme, 'PP');
  t.ok(shapes[chosen[11]!]!.openness > 170);
  t.equal(shapes[chosen[13]!]!.viseme, 'FF');
  t.equal(chosen.at(-1), 0);
});

t.test('rounds for U and O and spreads for I', async (t) => {
  const of = (viseme: string, openness: number): number => {
    const chosen = chooseMouths(track([[viseme, openness, 6]]), featuresOf(shapes));
    return shapes[chosen[3]!]!.spread;
  };
  t.ok(of('U', 110) < -0.5);
  t.ok(of('O', 180) < -0.3);
  t.ok(of('I', 110) > 0.4);
});

t.test('prefers the person’s own steps where two mouths are equally near', async (t) => {
  const mouths = [
    { viseme: 'sil', openness: 0, spread: 0, next: -1 },
    { viseme: 'aa', openness: 100, spread: 0, next: 3 },
    { viseme: 'aa', openness: 204, spread: 0, next: -1 },
    { viseme: 'aa', openness: 200, spread: 0, next: -1 },
  ] as const;
  const chosen = chooseMouths(
    track([
      ['aa', 100, 1],
      ['aa', 203, 1],
    ]),
    featuresOf([...mouths]),
  );
  t.same([...chosen], [1, 3]);
});

t.test('follows the wanted opening over a whole line', async (t) => {
  const wanted = Array.from({ length: 60 }, (_, i) => Math.round(110 + 100 * Math.sin(i / 4)));
  const chosen = chooseMouths(
    { viseme: new Uint8Array(60).fill(VISEMES.indexOf('aa')), openness: Uint8Array.from(wanted) },
    featuresOf(shapes),
  );
  const off = wanted.map((w, i) => Math.abs(w - shapes[chosen[i]!]!.openness));
  t.ok(Math.max(...off) <= 40);
  t.same([...chooseMouths({ viseme: new Uint8Array(0), openness: new Uint8Array(0) }, featuresOf(shapes))], []);
});

t.test(
  'goes from mouth to mouth through the warps between them, in two to four frames, with closed lips kept',
  async (t) => {
    const features = featuresOf(shapes);
    const wanted = track([
      ['aa', 230, 5],
      ['U', 120, 5],
      ['PP', 0, 2],
      ['aa', 230, 5],
      ['I', 60, 5],
    ]);
    const chosen = chooseMouths(wanted, features);
    const eased = easeMouths(chosen, features);
    const jump = (list: Uint8Array): number =>
      Math.max(
        ...[...list].slice(1).map((m, i) => {
          const [a, b] = [shapes[list[i]!]!, shapes[m]!];
          if (a.viseme === 'PP' || b.viseme === 'PP') return 0;
          return Math.hypot((a.openness - b.openness) / 100, (a.spread - b.spread) / 0.8);
        }),
      );
    t.ok(jump(chosen) > 1.4, `at once: ${jump(chosen)}`);
    t.ok(jump(eased) < 1.15, `by steps: ${jump(eased)}`);
    for (const f of [10, 11]) t.equal(shapes[eased[f]!]!.viseme, 'PP');
    const changed = [...eased].filter((m, f) => m !== chosen[f]).length;
    t.ok(changed >= 2 && changed <= 12, `${changed} frames lie between`);
  },
);
