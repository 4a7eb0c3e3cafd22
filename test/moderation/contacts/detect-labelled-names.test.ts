import t from 'tap';
import { detectLabelledNames } from '../../../src/moderation/stages/name-stage.js';
import { normalise } from '../../../src/moderation/normalise/normalise.js';

const names = (text: string): string[] =>
  detectLabelledNames(normalise(text).folded).map((f) => text.slice(f.start, f.end));

t.test('detects a short app name, a pointing sign and a name as an account', async (t) => {
  t.same(names('IG: wajan.bunda'), ['IG: wajan.bunda']);
  t.same(names('New colours | fb → rosaskitchen'), ['fb → rosaskitchen']);
  t.same(names('Tele: @noinhamai'), ['Tele: @noinhamai']);
  t.same(names('ＩＧ：kratahouse.bkk'), ['ＩＧ：kratahouse.bkk']);
});

t.test('ambiguous short names require a name that looks like one', async (t) => {
  for (const line of ['Face: cotton', 'Tele: 70 mm', 'Line: nylon', 'Snap: brass', 'ig: the', 'big: wajan']) {
    t.same(names(line), [], line);
  }
});
