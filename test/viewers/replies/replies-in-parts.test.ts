import t from 'tap';
import { Agenda } from '../../../src/show/agenda/agenda.js';
import type { LineRequest } from '../../../src/show/agenda/agenda-line.js';
import { repliesInParts, replyParts } from '../../../src/viewers/replies/replies-in-parts.js';

t.test('cuts an answer behind a first clause of about a second, and at its sentences', async (t) => {
  for (const [text, parts] of [
    ['谢谢您的提问！每种颜色的起订量是五十件。', ['谢谢您的提问！', '每种颜色的起订量是五十件。']],
    ['可以的，壶盖是不锈钢的。', ['可以的，', '壶盖是不锈钢的。']],
    ['可以的，有货。', ['可以的，有货。']],
    ['对，有现货的。', ['对，有现货的。']],
    ['Sí, claro que sí, la tapa es de acero.', ['Sí, claro que sí,', 'la tapa es de acero.']],
    // Without a mark near enough: between words, but no number loses its unit and no small word its noun.
    ['小王和另外两位朋友问到交货期，样品三天之内发货。', ['小王和另外', '两位朋友问到交货期，', '样品三天之内发货。']],
    ['这款汤锅的材质是陶瓷，价格是12美元。', ['这款汤锅的材质', '是陶瓷，价格是12美元。']],
    [
      '¡Gracias por la pregunta! El mínimo es de 50 piezas.',
      ['¡Gracias por la pregunta!', 'El mínimo es de 50 piezas.'],
    ],
    ['Sí. Claro que sí, amigos.', ['Sí. Claro que sí, amigos.']],
  ] as const)
    t.same(replyParts(text, 'slow'), parts, text);
  const long = '欢迎新来的朋友，我们今天带来的三款产品都可以先看样品再下单，大货十五天发出，运费我们来出。';
  const made = replyParts(long, 'slow');
  t.equal(made.join(''), long, 'nothing is lost');
  t.ok(made[0]!.length <= 10, made.join(' | '));
});

t.test('cuts a quick voice’s answer once, at about four seconds', async (t) => {
  for (const [text, parts] of [
    ['Yes, it is dishwasher safe.', ['Yes, it is dishwasher safe.']],
    [
      'Thanks, Tom! It holds 750 ml, keeps drinks hot for 12 hours. The lid is bamboo.',
      ['Thanks, Tom!', 'It holds 750 ml, keeps drinks hot for 12 hours. The lid is bamboo.'],
    ],
    [
      'The smallest order is one hundred pieces for each colour and the samples leave our factory within three working days.',
      [
        'The smallest order is one hundred pieces for each colour',
        'and the samples leave our factory within three working days.',
      ],
    ],
  ] as const)
    t.same(replyParts(text, 'quick'), parts, text);
});

t.test('speaks the rest of an answer right behind its first part, before other answers', async (t) => {
  const agenda = new Agenda(() => 0);
  const made: string[] = [];
  const inParts = repliesInParts(agenda, { pace: () => 'slow', ahead: ({ text }) => void made.push(text) });
  const outcomes: string[] = [];
  const answer: LineRequest = {
    kind: 'reply',
    text: '谢谢您的提问！每种颜色的起订量是五十件。样品三天发货。',
    layers: [],
    onOutcome: ({ outcome }) => void outcomes.push(outcome),
  };
  inParts.add(answer);
  inParts.add({ kind: 'reply', text: '可以的。' });
  agenda.add({ kind: 'order', text: '谢谢下单！' });
  t.same(made, ['谢谢您的提问！', '每种颜色的起订量是五十件。', '样品三天发货。'], 'all parts are begun at once');
  const spoken: string[] = [];
  const isThanked = (): boolean => spoken.includes('谢谢下单！');
  for (let head = agenda.peek(false); head !== undefined; head = agenda.peek(false)) {
    spoken.push(head.request.text);
    agenda.settle(head.id, { outcome: 'scheduled', startFrame: 0, endFrame: 1 });
    if (spoken.length === 1) t.notOk(!isThanked(), 'an order comes first');
  }
  t.same(spoken, ['谢谢下单！', '谢谢您的提问！', '每种颜色的起订量是五十件。', '样品三天发货。', '可以的。']);
  t.same(outcomes, ['scheduled'], 'the answer is answered once');
});

t.test('leaves other lines, and answers in a fast voice, whole', async (t) => {
  const agenda = new Agenda(() => 0);
  const fast = repliesInParts(agenda, { pace: () => undefined, ahead: () => t.fail('nothing to make') });
  fast.add({ kind: 'reply', text: '谢谢您的提问！每种颜色的起订量是五十件。' });
  const slow = repliesInParts(agenda, { pace: () => 'slow', ahead: () => t.fail('nothing to make') });
  slow.add({ kind: 'timed', text: '谢谢大家的关注！别忘了点一下关注。' });
  slow.add({ kind: 'reply', text: '谢谢您的提问！起订量是五十件。', interrupt: true });
  t.equal(agenda.length, 3);
});
