import t from 'tap';
import type { EventRecord } from '../../src/config/api/events-handle.js';
import { onAir, templateRoom } from '../kit/on-air.js';

/** Waits until a condition holds; the outer limit only ends a broken test. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`never came: ${what}`);
}

t.test('answers viewers on air, shows their question, and keeps hostile ones out', async (t) => {
  const template = templateRoom('minimal');
  const room = {
    ...template,
    products: [
      {
        id: 'bottle',
        title: 'Steel Bottle',
        image:
          template['products']?.[0]?.image ??
          'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
        price: { amount: 4.8, currency: 'USD', unit: 'piece' },
        minimumOrder: '100 pieces',
      },
    ],
    replies: {
      minGapMs: 0,
      gatherMs: 200,
      rules: [{ id: 'hi', match: 'hello', answers: ['Hello {user}.', 'Hello.'] }],
    },
  };
  const { live, api, ledger } = await onAir(t, room);
  const events = [
    { id: '1', platform: 'test', kind: 'comment', user: 'Anna', text: 'How much is it?' },
    { id: '2', platform: 'test', kind: 'comment', user: 'Ben', text: 'price?' },
    { id: '3', platform: 'test', kind: 'comment', user: 'Mallory', text: 'How much? WhatsApp +1 415 555 2671' },
    { id: '4', platform: 'test', kind: 'comment', user: 'Carl', text: 'Which river is the bottle named after?' },
  ];
  t.same(await api('POST', '/api/events', events), { status: 202, body: { taken: 4, repeated: 0, dropped: 0 } });
  t.same((await api('POST', '/api/events', events)).body, { taken: 0, repeated: 4, dropped: 0 });
  const record = async (id: string): Promise<EventRecord> =>
    ((await api('GET', '/api/events?limit=50')).body.events as EventRecord[]).find((one) => one.id === id)!;
  await until('the answer on air', async () => (await record('1')).outcome === 'scheduled');
  t.match(await record('1'), { state: 'answered', path: 'intent', about: 'price', answer: /Anna.*4\.80 US dollars/ });
  t.equal((await record('3')).state, 'hostile');
  const heard: string[] = [];
  await until('the answer being spoken', async () => {
    const { speaking } = live.snapshot();
    if (speaking !== null) heard.push(speaking.text);
    return heard.some((text) => text.includes('4.80 US dollars'));
  });
  t.notOk(heard.some((text) => /415|WhatsApp/.test(text)));
  const open = async () => (await api('GET', '/api/questions')).body as { questions: { id: string; text: string }[] };
  await until('the question that nobody has answered', async () => (await open()).questions.length > 0);
  const { questions } = await open();
  t.match(questions, [{ text: 'Which river is the bottle named after?' }]);
  const { id } = questions[0]!;
  t.equal((await api('POST', `/api/questions/${id}/answer`, { text: 'Call +1 415 555 2671.' })).status, 422);
  t.equal((await api('POST', `/api/questions/${id}/answer`, { text: 'It is not named after a river.' })).status, 202);
  t.same((await api('GET', '/api/questions')).body.questions, []);
  await until(
    'the operator’s answer being spoken',
    async () => live.snapshot().speaking?.text.includes('after a river') === true,
  );
  t.ok(ledger().some(({ action, surface }) => action === 'refuse' && surface === 'reply'));
});
