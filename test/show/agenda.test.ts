import t from 'tap';
import { type Layer, layer as layerSchema } from '../../src/config/sections/layer.js';
import {
  Agenda,
  KIND_LIMITS,
  type LineOutcome,
  type LineRequest,
  MAX_WAITING_LINES,
} from '../../src/show/agenda/agenda.js';
import { templateRoom } from '../kit/on-air.js';
import { showRig } from './show-rig.js';

t.test('agenda lines', async (t) => {
  const FIRST = 'The lid is made of light oak.';
  const LINES = [FIRST, 'The base is steel.', 'It weighs one kilo.'];

  t.test('speaks a waiting line at the next line end, before a scheduled script line', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    t.same(rig.heard(), ['s0.0.0 30', 's0.0.1 51', 's0.0.2 63']);
    await rig.add({ kind: 'reply', text: 'Yes, we have it.' });
    t.same(rig.heard(), ['s0.0.0 30', 'reply-1 51', 's0.0.1 63', 's0.0.2 75']);
    t.same(
      rig.cuts().map(({ id, startFrame, atFrame }) => [id, startFrame, atFrame]),
      [
        ['s0.0.1', 51, 51],
        ['s0.0.2', 63, 63],
      ],
    );
    t.same(rig.spokenLines.length, 4, 'no line is spoken twice by the voice');
  });

  t.test('leaves a script line alone that is about to begin', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(50);
    await rig.add({ kind: 'reply', text: 'Yes, we have it.' });
    t.same(rig.heard(), ['s0.0.0 30', 's0.0.1 51', 'reply-1 63', 's0.0.2 75']);
  });

  t.test('chooses by urgency at the line end', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(31);
    rig.agenda.add({ kind: 'timed', text: 'Every hour we talk.' });
    rig.agenda.add({ kind: 'reply', text: 'Yes, we have it.' });
    rig.agenda.add({ kind: 'order', text: 'Thank you for ordering.' });
    await rig.settle();
    await rig.to(120);
    t.same(
      rig.heard().map((one) => one.split(' ')[0]),
      ['s0.0.0', 'order-1', 'reply-1', 'timed-1', 's0.0.1', 's0.0.2'],
    );
  });

  t.test('does not wait for a pause that the script has after a line', async (t) => {
    const rig = showRig(t, [{ text: FIRST, pauseMs: 60_000 }, 'The base is steel.']);
    await rig.to(300);
    await rig.add({ kind: 'operator', text: 'Still here.' });
    t.same(rig.heard(), ['s0.0.0 30', `say-1 ${300 + 12}`], '400 ms after it was ready');
    await rig.to(1900);
    t.equal(rig.heard().at(-1), `s0.0.1 ${51 + 1800}`, 'and the pause is as long as before');
  });

  t.test('speaks a line for the segment end after the segment', async (t) => {
    const script = { segments: [{ lines: LINES.map((text) => ({ text })) }, { lines: [{ text: 'Bye now.' }] }] };
    const rig = showRig(t, [], { script });
    await rig.to(31);
    await rig.add({ kind: 'operator', text: 'Later.', after: 'segment' });
    await rig.to(120);
    t.same(
      rig.heard().map((one) => one.split(' ')[0]),
      ['s0.0.0', 's0.0.1', 's0.0.2', 'say-1', 's0.1.0'],
    );
  });

  t.test('fills only where the script has nothing to say', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(31);
    await rig.add({ kind: 'filler', text: 'Well, well.' });
    await rig.to(300);
    t.same(
      rig.heard().map((one) => one.split(' ')[0]),
      ['s0.0.0', 's0.0.1', 's0.0.2', 'fill-1'],
    );
  });

  t.test('goes on with the script while a line is not ready', async (t) => {
    let release = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (release = resolve));
    const rig = showRig(t, LINES, { slow: (text) => (text.startsWith('Slow') ? waiting : undefined) });
    await rig.to(31);
    await rig.add({ kind: 'reply', text: 'Slow answer.' });
    await rig.to(52);
    release();
    await rig.to(120);
    t.same(
      rig.heard().map((one) => one.split(' ')[0]),
      ['s0.0.0', 's0.0.1', 'reply-1', 's0.0.2'],
    );
  });

  t.test('speaks a waiting line although the voice hangs at the script’s', async (t) => {
    const never = new Promise<void>(() => undefined);
    const rig = showRig(t, LINES, { slow: (text) => (text === FIRST ? never : undefined) });
    const planning = rig.runner.planUntil(600, () => 0 as never);
    rig.agenda.add({ kind: 'operator', text: 'Welcome to you all.' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    t.same(rig.heard(), ['say-1 30']);
    void planning;
  });

  t.test('reports why a line was not spoken', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(31);
    const outcomes: LineOutcome[] = [];
    const onOutcome = (outcome: LineOutcome): void => void outcomes.push(outcome);
    await rig.add({ kind: 'reply', text: 'Write to me on WhatsApp.', judgedAs: 'reply', onOutcome });
    t.match(outcomes, [{ outcome: 'refused', reason: /3\.2/ }]);
    t.match(
      rig.notes.filter(({ action }) => action === 'refuse'),
      [{ rule: '3.2', surface: 'reply' }],
    );
    t.match(rig.agenda.counters, { added: 1, refused: 1, spoken: 0 });
    t.notOk(rig.spokenLines.some((text) => text.includes('WhatsApp')));
  });

  t.test('shows the layers of a line from its first frame until after its end', async (t) => {
    const rig = showRig(t, LINES);
    await rig.to(36);
    const layer: Layer = layerSchema.parse({ id: 'question', type: 'text', text: 'How heavy is it?' });
    await rig.add({ kind: 'reply', text: 'It weighs one kilo.', layers: [{ layer, tailMs: 1000 }] });
    await rig.to(120);
    t.same(rig.stage, ['show question 51', 'hide question 93']);
  });

  const cued = () => {
    const room = templateRoom('minimal');
    const ladder = { id: 'ladder', type: 'text', text: 'From 100 pieces', shown: 'on-cue' };
    return { layers: [...room['layers'], ladder] };
  };

  t.test('shows a layer on cue through consecutive lines without a flicker', async (t) => {
    const lines = [FIRST, { text: 'The base is steel.', show: ['ladder'] }, { text: 'Bye now.', show: ['ladder'] }];
    const rig = showRig(t, [...lines, 'The end.'], { room: cued() });
    await rig.to(120);
    t.same(rig.stage, ['show ladder 51', 'hide ladder 69']);
  });

  t.test('removes the layers of a line that was cut, and shows them with its rest', async (t) => {
    const rig = showRig(t, [{ text: `${FIRST} It is light. It is strong and dry.`, show: ['ladder'] }], {
      room: cued(),
    });
    await rig.to(42);
    await rig.add({ kind: 'operator', text: 'One moment.', interrupt: true });
    await rig.to(160);
    t.same(rig.stage, ['show ladder 30', 'hide ladder 44', 'show ladder 54', 'hide ladder 99']);
  });

  t.test('speaks with the assistant’s voice, and no mouth moves', async (t) => {
    const assistant = { name: 'Kim', voice: { name: 'heart-hugo' } };
    const rig = showRig(t, [{ text: FIRST, role: 'assistant', gesture: 'wave' }, 'The base is steel.'], {
      room: { assistant },
    });
    await rig.to(36);
    const [first, second] = rig.speaks();
    t.equal(first!.mouth.viseme.length, 0);
    t.ok(second!.mouth.viseme.length > 0);
    t.notOk(rig.sent.some(({ type }) => type === 'gesture'));
  });

  t.test('leaves the script its share, however many answers wait', async (t) => {
    const rig = showRig(t, LINES, { script: { loop: true } });
    await rig.to(31);
    for (let n = 0; n < 12; n += 1)
      rig.agenda.add({ kind: n % 3 === 2 ? 'timed' : 'reply', text: `Yes, number ${n} too.`, maxWaitMs: 600_000 });
    await rig.settle();
    await rig.to(500);
    const kinds = rig.heard().map((one) => (/^s\d/.test(one) ? 's' : 'v'));
    t.match(kinds.join(''), /^svvvsvvvsvvvsvvvs/, rig.heard().slice(0, 18).join(' '));
    const script = rig.heard().filter((one) => /^s\d/.test(one));
    t.match(
      script.slice(0, 4).map((one) => one.split(' ')[0]),
      ['s0.0.0', 's0.0.1', 's0.0.2', 's1.0.0'],
    );
  });

  t.test('answers in the share that the room file gives them, and an operator at once', async (t) => {
    const rig = showRig(t, LINES, { script: { loop: true }, room: { replies: { maxInARow: 1 } } });
    await rig.to(31);
    for (let n = 0; n < 3; n += 1) rig.agenda.add({ kind: 'reply', text: `Yes, number ${n} too.`, maxWaitMs: 600_000 });
    await rig.settle();
    await rig.to(60);
    for (let n = 0; n < 2; n += 1) rig.agenda.add({ kind: 'operator', text: `The operator speaks, ${n}.` });
    await rig.settle();
    await rig.to(300);
    const kinds = rig
      .heard()
      .map((one) => (one[0] === 's' && one[1] === 'a' ? 'o' : one[0] === 's' ? 's' : 'v'))
      .join('');
    t.notMatch(kinds, /vv/, kinds);
    t.match(kinds, /oo/, 'the operator waits for no share');
  });
});

t.test('agenda', async (t) => {
  /** An agenda with a clock of its own; `told` are the outcomes by text. */
  function desk() {
    let nowMs = 0;
    const told: [string, LineOutcome][] = [];
    const agenda = new Agenda(() => nowMs);
    const add = (kind: LineRequest['kind'], text: string, more: Partial<LineRequest> = {}) =>
      agenda.add({ kind, text, onOutcome: (outcome) => void told.push([text, outcome]), ...more });
    return { agenda, add, told, wait: (ms: number) => void (nowMs += ms) };
  }

  t.test('speaks the most urgent kind first, older lines of a kind before newer ones', async (t) => {
    const { agenda, add } = desk();
    add('filler', 'hm');
    add('reply', 'a');
    add('timed', 'b');
    add('reply', 'c');
    add('order', 'd');
    add('urgent', 'e');
    add('operator', 'f');
    t.same(
      agenda.items().map(({ text }) => text),
      ['f', 'e', 'd', 'a', 'c', 'b', 'hm'],
    );
    add('timed', 'now', { interrupt: true });
    t.equal(agenda.peek(false)?.request.text, 'now', 'an interrupting line comes before all others');
  });

  t.test(
    'answers the newest question first where many wait, but keeps the answer that is being prepared',
    async (t) => {
      const { agenda, add, wait } = desk();
      const next = (): string | undefined => agenda.peek(true)?.request.text;
      const speak = (): void =>
        void agenda.settle(agenda.peek(true)!.id, { outcome: 'scheduled', startFrame: 0, endFrame: 1 });
      for (const text of ['first', 'second']) {
        add('reply', text);
        wait(1000);
      }
      t.equal(next(), 'first', 'two are answered in turn');
      for (const text of ['third', 'fourth']) {
        add('reply', text);
        wait(1000);
      }
      t.equal(next(), 'first', 'the one that is being prepared');
      t.same(
        agenda.items().map(({ text }) => text),
        ['first', 'fourth', 'third', 'second'],
      );
      speak();
      t.equal(next(), 'fourth');
      add('order', 'thanks');
      t.equal(next(), 'thanks', 'more urgent kinds still come before');
      speak();
      add('reply', 'now', { interrupt: true });
      t.equal(next(), 'now');
      speak();
      t.equal(next(), 'fourth');
      speak();
      t.equal(next(), 'second', 'two again: in turn');
    },
  );

  t.test('numbers lines by kind', async (t) => {
    const { add } = desk();
    t.same(
      [add('operator', 'a'), add('operator', 'b'), add('filler', 'c'), add('reply', 'd')],
      [{ id: 'say-1' }, { id: 'say-2' }, { id: 'fill-1' }, { id: 'reply-1' }],
    );
  });

  t.test('keeps a line for the end of the segment until then', async (t) => {
    const { agenda, add } = desk();
    add('operator', 'later', { after: 'segment' });
    t.equal(agenda.peek(false), undefined);
    add('reply', 'soon');
    t.equal(agenda.peek(false)?.request.text, 'soon');
    t.equal(agenda.peek(true)?.request.text, 'later');
  });

  t.test('forgets a line that has waited longer than its kind allows, and never an operator’s', async (t) => {
    const { agenda, add, told, wait } = desk();
    add('order', 'thanks');
    add('reply', 'answer');
    add('reply', 'short', { maxWaitMs: 1000 });
    add('operator', 'mine');
    wait(1001);
    t.equal(agenda.length, 4);
    agenda.items();
    t.same(
      told.map(([text]) => text),
      ['short'],
    );
    wait(29_000);
    t.equal(agenda.peek(true)?.request.text, 'mine');
    t.same(told.at(-1), ['thanks', { outcome: 'forgotten', reason: 'waited longer than 30 s' }]);
    wait(15_000);
    t.same(
      agenda.items().map(({ text }) => text),
      ['mine'],
    );
    wait(24 * 3_600_000);
    t.equal(agenda.items()[0]?.waitedMs, 24 * 3_600_000 + 45_001);
    t.match(agenda.counters, { added: 4, forgotten: 3, spoken: 0 });
  });

  t.test('answers viewers between the thanks of a crowd that buys', async (t) => {
    const { agenda, add, wait } = desk();
    const said: string[] = [];
    add('reply', 'answer');
    for (let i = 0; i < 3; i += 1) {
      add('order', `thanks ${i}`);
      add('order', `gift ${i}`);
      if (i === 2) add('reply', 'another');
      const { id, request } = agenda.peek(false)!;
      said.push(request.text);
      agenda.settle(id, { outcome: 'scheduled', startFrame: 0, endFrame: 1 });
      wait(4000);
    }
    t.same(said, ['thanks 0', 'answer', 'gift 0']);
    t.equal(agenda.peek(false)?.request.text, 'another');
  });

  t.test('displaces the oldest line of a full kind, and refuses an operator’s beyond the limit', async (t) => {
    const { agenda, add, told } = desk();
    const { maxLines } = KIND_LIMITS.reply;
    for (let i = 0; i <= maxLines; i += 1) t.ok(add('reply', `r${i}`));
    t.match(told, [['r0', { outcome: 'displaced' }]]);
    for (let i = 0; i < KIND_LIMITS.operator.maxLines; i += 1) t.ok(add('operator', `o${i}`));
    t.equal(add('operator', 'one too many'), undefined);
    t.equal(told.length, 1, 'the caller already knows of a refused line');
    t.match(agenda.counters, { displaced: 1, refused: 1 });
  });

  t.test('displaces the oldest of the least urgent lines when the agenda is full', async (t) => {
    const { agenda, add, told } = desk();
    for (let i = 0; i < 50; i += 1) add('takeover', `k${i}`);
    for (let i = 0; i < 20; i += 1) add('order', `o${i}`);
    for (let i = 0; i < 20; i += 1) add('reply', `r${i}`);
    for (let i = 0; i < 10; i += 1) add('timed', `t${i}`);
    t.equal(agenda.length, MAX_WAITING_LINES);
    t.ok(add('operator', 'mine'));
    t.match(told, [['t0', { outcome: 'displaced' }]]);
    t.equal(add('filler', 'hm'), undefined, 'less urgent than all others');
    t.equal(agenda.length, MAX_WAITING_LINES);
  });

  t.test('reports each outcome once', async (t) => {
    const { agenda, add, told } = desk();
    const { id } = add('operator', 'a')!;
    const other = add('operator', 'b')!;
    t.ok(agenda.cancel(id));
    t.notOk(agenda.cancel(id));
    t.ok(agenda.settle(other.id, { outcome: 'scheduled', startFrame: 10, endFrame: 20 }));
    t.notOk(agenda.cancel(other.id), 'it no longer waits');
    t.match(told, [
      ['a', { outcome: 'cancelled' }],
      ['b', { outcome: 'scheduled', startFrame: 10 }],
    ]);
    t.match(agenda.counters, { added: 2, spoken: 1, cancelled: 1 });
  });
});
