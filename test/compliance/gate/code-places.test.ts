import t from 'tap';
import { CodePlaces } from '../../../src/compliance/gate/replacement.js';
import { RectList } from '../../../src/core/media/picture.js';

type Rect = readonly [x: number, y: number, width: number, height: number];

const rects = (...all: Rect[]): RectList => {
  const list = new RectList();
  for (const r of all) list.push(...r);
  return list;
};
const placesOf = (places: CodePlaces, slot: number): number[][] | undefined => {
  const out = new RectList();
  if (!places.addTo(slot, out)) return undefined;
  return Array.from({ length: out.count }, (_, i) => [...out.items.subarray(i * 4, i * 4 + 4)]);
};

t.test('returns a frame’s codes, and none for a frame with an unjudged part', async (t) => {
  const places = new CodePlaces(4);
  places.put(1, rects([10, 10, 40, 40], [100, 20, 30, 30]));
  places.unknown(2);
  t.same(placesOf(places, 0), []);
  t.same(placesOf(places, 1), [
    [10, 10, 40, 40],
    [100, 20, 30, 30],
  ]);
  t.equal(placesOf(places, 2), undefined);
});

t.test('merges the codes after the seventh into one rectangle', async (t) => {
  const places = new CodePlaces(1);
  places.put(0, rects(...Array.from({ length: 10 }, (_, i): Rect => [i * 50, 0, 20, 20])));
  const found = placesOf(places, 0)!;
  t.equal(found.length, 8);
  t.same(found[7], [350, 0, 120, 20]);
});

t.test('a trail follows a moving code until a frame in which it was not read', async (t) => {
  const places = new CodePlaces(8);
  for (let n = 0; n < 4; n += 1) places.put(n, rects([n * 15, 0, 40, 40]));
  places.put(4, rects([300, 0, 40, 40]));
  places.unknown(5);
  places.begin(rects([60, 0, 40, 40]));
  t.ok([3, 2, 1, 0].every((slot) => places.follow(slot)));
  places.begin(rects([60, 0, 40, 40]));
  t.notOk(places.follow(0), 'the first rectangle does not overlap the last one');
  t.notOk(places.follow(4), 'another code elsewhere is not the same');
  t.notOk(places.follow(5), 'nobody knows');
});
