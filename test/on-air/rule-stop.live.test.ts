import t from 'tap';
import { onAir, templateRoom, until } from '../kit/on-air.js';

const base = templateRoom('minimal');

t.test('ends a silent show where the room file says so', { timeout: 300_000 }, async (t) => {
  const air = await onAir(t, {
    ...base,
    audio: {},
    script: { loop: false, segments: [{ lines: [{ text: 'Welcome to the show.', caption: '' }] }] },
    layers: base['layers'].filter((l: { type: string }) => l.type === 'presenter'),
    compliance: { actions: { '5.8': 'stop' }, watch: { sound: { deadAirMs: 1500 } } },
  });
  await t.rejects(air.live.ended(new AbortController().signal), {
    code: 'E_RULE_STOP',
    message: /rule 5\.8: expected a show that keeps this rule/,
  });
  await until('the ledger records why', () => air.ledger().some((e) => e.rule === '5.8' && e.action === 'stop'));
});

t.test('refuses a room with an action nothing carries out, before it is on air', async (t) => {
  await t.rejects(onAir(t, { ...base, compliance: { actions: { '5.8': { speech: 'mute' } } } }), {
    code: 'E_ROOM_REFUSED',
    message: /compliance\.actions\["5\.8"\]\.speech: expected "warn", "stop" on speech, found "mute"/,
  });
});
