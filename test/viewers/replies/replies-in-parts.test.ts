import t from 'tap';
import { Agenda } from '../../../src/show/agenda/agenda.js';
import type { LineRequest } from '../../../src/show/agenda/agenda-line.js';
import { repliesInParts, replyParts } from '../../../src/viewers/replies/replies-in-parts.js';

t.test('cuts an answer behind its first clause, and at its sentences', async (t) => {
  for (const [text, parts] of [
    ['谢谢您的提问！每种颜色的起订量是五十件。', ['谢谢您的提问！', '每种颜色的起订量是五十件。']],
    ['可以的，壶盖是不锈钢的。', ['可以的，', '壶盖是不锈钢的。']],
    ['可以的，有货。', ['可以的，有货。']],
    ['对，壶盖是不锈钢的。', ['对，壶盖是不锈钢的。']],
    ['Sí, claro que sí, la tapa es de acero.', ['Sí, claro que sí,', 'la tapa es de acero.']],
    [
      '小王和另外两位朋友问到交货期，样品三天之内发货，大货十五天。',
      ['小王和另外两位朋友问到交货期，', '样品三天之内发货，大货十五天。'],
    ],
    ['Solo cuesta 1.5 dólares por pieza.', ['Solo cuesta 1.5 dólares por pieza.']],
    [
      '¡Gracias por la pregunta! El mínimo es de 50 piezas.',
      ['¡Gracias por la pregunta!', 'El mínimo es de 50 piezas.'],
    ],
    ['Sí. Claro que sí, amigos.', ['Sí. Claro que sí, amigos.']],
  ] as const)
    t.same(replyParts(text), parts, text);
});

t.test('speaks the rest of an answer right behind its first part, before other answers', async (t) => {
  const agenda = new Agenda(() => 0);
  const made: string[] = [];
  const inParts = repliesInParts(agenda, { isSlow: () => true, ahead: ({ text }) => void made.push(text) });
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
  const fast = repliesInParts(agenda, { isSlow: () => false, ahead: () => t.fail('nothing to make') });
  fast.add({ kind: 'reply', text: '谢谢您的提问！每种颜色的起订量是五十件。' });
  const slow = repliesInParts(agenda, { isSlow: () => true, ahead: () => t.fail('nothing to make') });
  slow.add({ kind: 'timed', text: '谢谢大家的关注！别忘了点一下关注。' });
  slow.add({ kind: 'reply', text: '谢谢您的提问！起订量是五十件。', interrupt: true });
  t.equal(agenda.length, 3);
});
