import t from 'tap';
import type { LineOutcome } from '../../src/show/agenda/agenda-line.js';
import { audible, showRig } from './show-rig.js';

const LONG = 'The lid is oak. The base is made of dark steel. The cable has two metres.';

t.test('cuts in at once and starts the cut line again at its sentence', async (t) => {
  const rig = showRig(t, [LONG, 'We ship in cartons.']);
  await rig.to(30 + 18);
  const outcomes: LineOutcome[] = [];
  await rig.add({ kind: 'operator', text: 'One moment please.', interrupt: true, onOutcome: (o) => outcomes.push(o) });
  const cut = rig.cuts().find(({ id }) => id === 's0.0.0')!;
  t.match(cut, { startFrame: 30, atFrame: 50, atSample: 50 * 1600, fadeSamples: 2 * 1600 });
  const line = rig.speaks().find(({ id }) => id === 'say-1')!;
  t.equal(line.startFrame, 52, 'after the fade, 133 ms after the request');
  t.match(outcomes, [{ outcome: 'scheduled', startFrame: 52, endFrame: 61 }]);
  const rest = rig.speaks().find(({ id }) => id === 's0.0.0~1')!;
  t.equal(rest.startFrame, 61);
  t.equal(rest.pcm[0], 5, 'the fifth word begins the second sentence');
  t.equal(rest.pcm.length, 12 * 4800);
  t.same(rig.captions.at(-2), { text: LONG.slice(16), startFrame: 61 });
  t.equal(rig.heard().at(-1), `s0.0.1 ${61 + 36}`, 'then the script goes on');
  t.same(
    rig.spokenLines.filter((text) => text === LONG),
    [LONG],
    'without speaking it again',
  );
  t.ok(rig.cleared.includes(50), 'the caption is cut as well');
});

t.test('prepares the speech before it cuts', async (t) => {
  let release = (): void => undefined;
  const waiting = new Promise<void>((resolve) => (release = resolve));
  const rig = showRig(t, [LONG], { slow: (text) => (text === 'Now.' ? waiting : undefined) });
  await rig.to(40);
  await rig.add({ kind: 'operator', text: 'Now.', interrupt: true });
  await rig.to(60);
  t.same(rig.cuts(), []);
  release();
  await rig.settle();
  t.match(rig.cuts(), [{ id: 's0.0.0', atFrame: 62 }]);
});

t.test('lets a second interrupting line follow the first, before the rest of the cut line', async (t) => {
  const rig = showRig(t, [LONG]);
  await rig.to(48);
  await rig.add({ kind: 'operator', text: 'First of all.', interrupt: true });
  await rig.to(54);
  await rig.add({ kind: 'operator', text: 'And second.', interrupt: true });
  t.same(rig.heard(), ['s0.0.0 30', 'say-1 52', 'say-2 61', 's0.0.0~1 67']);
  t.equal(rig.speaks().find(({ id }) => id === 'say-1')!.pcm.length, 3 * 4800);
  t.notOk(rig.cuts().some(({ id }) => id === 'say-1'));
});

t.test('cuts a cut line again', async (t) => {
  const rig = showRig(t, [LONG]);
  await rig.to(34);
  await rig.add({ kind: 'operator', text: 'First.', interrupt: true });
  await rig.to(41 + 21);
  await rig.add({ kind: 'operator', text: 'Second.', interrupt: true });
  await rig.to(120);
  const rests = rig.speaks().filter(({ id }) => id.startsWith('s0.0.0~'));
  t.same(
    rests.map(({ id, pcm }) => [id, pcm[0]]),
    [
      ['s0.0.0~1', 1],
      ['s0.0.0~2', 5],
    ],
  );
});

t.test('keeps an account silent in the rest of a line whose app was named before the cut', async (t) => {
  const rig = showRig(t, ['We are on WhatsApp too. The name is kettle king eighty eight. The lid is made of oak.']);
  await rig.to(30 + 18);
  await rig.add({
    kind: 'operator',
    text: 'Hello to everyone here. We have many boards today. The boards are light. They are strong as well.',
    interrupt: true,
  });
  await rig.to(160);
  const [whole, , rest] = rig.speaks();
  t.equal(rest!.id, 's0.0.0~1');
  t.equal(rest!.pcm[0], 6);
  t.same(audible(whole!), [13, 14, 15, 16, 17, 18]);
  t.same(audible(rest!), [13, 14, 15, 16, 17, 18]);
  t.notOk(rig.captions.some(({ text }) => text.includes('kettle')));
});

t.test(
  'refuses an interrupting line that completes a contact of the line it would cut, and cuts nothing',
  async (t) => {
    const rig = showRig(t, ['138 0013 is a number. The lid is made of oak and the base of steel.']);
    await rig.to(30 + 3);
    const outcomes: LineOutcome[] = [];
    await rig.add({
      kind: 'operator',
      text: '8000 and that is all',
      interrupt: true,
      onOutcome: (o) => outcomes.push(o),
    });
    t.match(outcomes, [{ outcome: 'refused' }]);
    t.same(rig.cuts(), []);
    t.same(
      rig.speaks().map(({ id }) => id),
      ['s0.0.0'],
    );
    t.match(rig.notes.filter(({ action }) => action === 'refuse').length, 1);
  },
);

t.test('does not count the part of a line that was never heard', async (t) => {
  const rig = showRig(t, ['The lid is made of oak and steel. We are on WhatsApp too.', 'The name is kettle king.']);
  await rig.to(30 + 3);
  await rig.add({ kind: 'operator', text: 'The name is harbour kettles.', interrupt: true });
  t.ok(
    rig.speaks().some(({ id }) => id === 'say-1'),
    'no app has been named yet',
  );
  await rig.to(200);
  const last = rig.speaks().at(-1)!;
  t.equal(last.id, 's0.0.1');
  t.same(audible(last), [], 'now one has');
});

t.test('leaves an account after the app silent when lines come in between', async (t) => {
  const rig = showRig(t, ['The lid is oak. We are on WhatsApp too.', 'The name is kettle king.']);
  await rig.to(30 + 15);
  await rig.add({
    kind: 'operator',
    text: 'Hello all. Welcome here. It is warm. It is late. Sit down.',
    interrupt: true,
  });
  await rig.to(250);
  t.same(audible(rig.speaks().at(-1)!), []);
});

t.test('records the findings of a line once, however often it is scheduled', async (t) => {
  const rig = showRig(t, ['The lid is made of oak.', 'We are on WhatsApp too.', 'The base is steel.']);
  await rig.to(33);
  const before = rig.notes.filter(({ action }) => action === 'mute').length;
  t.equal(before, 1);
  await rig.add({ kind: 'operator', text: 'Welcome to you all.' });
  await rig.to(200);
  t.equal(rig.notes.filter(({ action }) => action === 'mute').length, 1);
  t.same(rig.heard(), ['s0.0.0 30', 'say-1 48', 's0.0.1 60', 's0.0.2 75']);
});
