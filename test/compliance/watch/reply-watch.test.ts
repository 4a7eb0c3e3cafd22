import t from 'tap';
import { seededRandom } from '../../../src/core/random.js';
import { ReplyWatch } from '../../../src/compliance/watch/reply-watch.js';
import { replyWatch } from '../../../src/config/sections/compliance.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const watch = (thresholds: object = {}): ReplyWatch => new ReplyWatch(replyWatch.parse(thresholds));
const answer = (n: number): string =>
  [
    'Shipping by sea to Hamburg takes about five weeks.',
    'The steel bottle keeps tea hot for twelve hours.',
    'Each carton holds forty pieces and weighs nine kilos.',
    'You can have your own logo from five hundred pieces on.',
    'The lid unscrews, and all its parts go into the dishwasher.',
    'Samples leave our warehouse within three working days.',
  ][n]!;

t.test('refuses answers beyond the number per minute, and accepts them a minute later', async (t) => {
  const w = watch({ perMinute: 3 });
  for (const n of [0, 1, 2]) t.equal(w.judge(answer(n), n * SECOND), undefined);
  t.match(w.judge(answer(3), 3 * SECOND), { rule: '2.3', kind: 'reply-rate', seen: 3, limit: 3 });
  t.match(w.judge(answer(4), MINUTE - 1), { kind: 'reply-rate' });
  t.equal(w.judge(answer(5), MINUTE), undefined, 'the first has left the minute');
});

t.test('the same answer with another name or price is repetition, a different answer is not', async (t) => {
  const w = watch({ repeats: 2 });
  const line = (name: string): string =>
    `Hello ${name}, click the product card below to get the coupon and then order before midnight today.`;
  t.equal(w.judge(line('Ann'), 0), undefined);
  t.equal(w.judge(line('Bob'), 10 * SECOND), undefined);
  t.match(w.judge(line('Carl'), 20 * SECOND), { kind: 'reply-repeated', seen: 2, limit: 2 });
  t.equal(w.judge(answer(0), 30 * SECOND), undefined);
  const later = 11 * MINUTE;
  t.equal(w.judge(line('Dora'), later), undefined, 'after the time it may be said again');
});

t.test('compares Chinese answers too, whatever signs are between their characters', async (t) => {
  const w = watch({ repeats: 1 });
  t.equal(w.judge('亲，点击下方的小黄车就可以领取优惠券，今晚十二点之前下单有效哦', 0), undefined);
  t.match(w.judge('亲～点击下方的小黄车！就可以领取优惠券～今晚十二点之前下单有效哦', SECOND), {
    kind: 'reply-repeated',
  });
  t.equal(w.judge('这款保温杯的容量是五百毫升，可以放进车里的杯架', 2 * SECOND), undefined);
});

t.test('a greeting may repeat more often, but not forever', async (t) => {
  const w = watch({ repeats: 2, perMinute: 100 });
  for (let i = 0; i < 6; i += 1) t.equal(w.judge('Welcome!', i * SECOND), undefined, `${i}`);
  t.match(w.judge('welcome', 7 * SECOND), { kind: 'reply-repeated', seen: 6, limit: 6 });
  t.equal(w.judge('Hello!', 8 * SECOND), undefined, 'another greeting is another');
});

t.test('a flood ends: refused answers do not count against later ones', async (t) => {
  const w = watch({ repeats: 3, perMinute: 10 });
  let given = 0;
  for (let i = 0; i < 5000; i += 1) if (w.judge(answer(0), i * 10) === undefined) given += 1;
  t.equal(given, 3);
  t.equal(w.judge(answer(1), 60 * SECOND), undefined);
});

t.test('remembers an answer for the whole comparison time, however many follow', async (t) => {
  const watch = new ReplyWatch({ perMinute: 120, repeats: 3, repeatMinutes: 5, similarity: 0.6 });
  const random = seededRandom(9);
  const other = (): string => Array.from({ length: 6 }, () => Math.floor(random() * 1e9).toString(36)).join(' ');
  const same = 'Yes, the steel bottle comes with a gift box and a cleaning brush.';
  const refused: number[] = [];
  for (let i = 0; i < 5 * 110; i += 1) {
    const spam = watch.judge(i % 138 === 0 ? same : other(), i * 545);
    if (spam?.kind === 'reply-repeated') refused.push(i / 138);
  }
  t.same(refused, [3]);
});
