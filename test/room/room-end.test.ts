import t from 'tap';
import { EngineError } from '../../src/core/errors.js';
import { RoomEnd } from '../../src/room/live-room.js';

const fault = new EngineError('E_TIMEOUT', { where: 'loop', expected: 'an answer', found: 'none' });

t.test('ends with the signal, after the stop was announced', async (t) => {
  const stop = new AbortController();
  const announced: string[] = [];
  const end = new RoomEnd().wait(stop.signal, () => void announced.push('stopping'));
  t.same(announced, []);
  stop.abort();
  await end;
  t.same(announced, ['stopping']);
});

t.test('ends at once when the signal came before', async (t) => {
  await new RoomEnd().wait(AbortSignal.abort(), () => undefined);
  t.pass('resolved');
});

t.test('rejects with the failure, whether it comes before or during the wait', async (t) => {
  const before = new RoomEnd();
  before.fail(fault);
  await t.rejects(
    before.wait(new AbortController().signal, () => undefined),
    { code: 'E_TIMEOUT' },
  );
  const during = new RoomEnd();
  const waiting = during.wait(new AbortController().signal, () => undefined);
  during.fail(fault);
  await t.rejects(waiting, { code: 'E_TIMEOUT' });
});
