import t from 'tap';
import { onAir, templateRoom } from '../kit/on-air.js';
import { eventually } from '../kit/eventually.js';

const LINES = [
  'Welcome to our showroom, we are glad that you are here today. We have cutting boards made of light oak.',
  'Each board is sanded by hand. It gets two coats of oil.',
];

t.test('edits the show, cuts in and holds the script on air', async (t) => {
  const ladder = { id: 'ladder', type: 'text', text: 'From 100 pieces', shown: 'on-cue', x: 8, y: 8 };
  const template = templateRoom('minimal');
  const show = await onAir(t, {
    ...template,
    video: { width: 256, height: 256 },
    layers: [...template['layers'], ladder],
    script: { segments: [{ id: 'main', lines: LINES.map((text) => ({ text, show: ['ladder'] })) }] },
  });
  const { api, live } = show;
  await eventually(() => live.snapshot().speaking !== null, 'a line on air');
  const agenda = await api('GET', '/api/agenda');
  t.match(agenda, { status: 200, body: { paused: false, current: { kind: 'script', state: 'speaking' } } });

  const said = await api('POST', '/api/say', { text: 'One moment please, everybody.', interrupt: true });
  t.match(said, { status: 202, body: { id: 'say-1' } });
  await eventually(() => live.snapshot().speaking?.text === 'One moment please, everybody.', 'the interrupting line');
  await eventually(() => LINES[0]!.endsWith(live.snapshot().speaking?.text ?? '-'), 'the cut line again');

  t.match(await api('PATCH', '/api/script/segments/main/lines/line-2', { text: 'Find us on WhatsApp.' }), {
    status: 422,
    body: { error: { code: 'E_TEXT_REFUSED', details: { reason: { en: /outside contact/ } } } },
  });
  const changed = await api('PATCH', '/api/script/segments/main/lines/line-2', { text: 'Each board is oiled twice.' });
  t.match(changed, { status: 200, body: { id: 'line-2', revision: 1 } });
  t.match(await api('POST', '/api/script/skip', { now: true }), { status: 200, body: { skipped: /^s0\.0\.0/ } });
  await eventually(() => live.snapshot().speaking?.text === 'Each board is oiled twice.', 'the edited line');

  t.match(await api('POST', '/api/script/pause'), { status: 200, body: { paused: true } });
  await eventually(() => live.snapshot().speaking === null, 'a held script');
  t.match(await api('POST', '/api/script/jump', { segment: 'main', line: 'line-1' }), {
    body: { next: { segment: 'main', line: 'line-1' } },
  });
  t.match(await api('POST', '/api/script/resume'), { body: { paused: false } });
  await eventually(() => live.snapshot().speaking?.text === LINES[0], 'the script from the line that was jumped to');
  const actions = (): string[] =>
    show
      .ledger()
      .filter(({ kind }) => kind === 'operator')
      .map(({ action }) => action);
  await eventually(() => actions().includes('script-resume'), 'the last command in the ledger');
  t.same(actions(), ['script-edit', 'script-skip', 'script-pause', 'script-jump', 'script-resume']);
  t.equal(live.snapshot().frames.releasedUnjudged, 0);
});
