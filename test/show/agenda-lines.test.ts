import t from 'tap';
import type { Layer } from '../../src/config/sections/layer.js';
import { layer as layerSchema } from '../../src/config/sections/layer.js';
import type { LineOutcome } from '../../src/show/agenda/agenda-line.js';
import { templateRoom } from '../kit/on-air.js';
import { showRig } from './show-rig.js';

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
  const rig = showRig(t, [{ text: `${FIRST} It is light. It is strong and dry.`, show: ['ladder'] }], { room: cued() });
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
