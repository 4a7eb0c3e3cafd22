import t from 'tap';
import type { RoomConfig } from '../../../src/config/room-config.js';
import { EngineError } from '../../../src/core/errors.js';
import { silentLog } from '../../../src/core/log.js';
import { frameIndex } from '../../../src/core/time.js';
import { planAhead } from '../../../src/room/start/keep-on-air.js';
import type { RoomParts } from '../../../src/room/room-desk.js';

/** A runner that calls `plan` with the frame until which lines are needed. */
function rig(plan: (until: number) => void) {
  const errors: string[] = [];
  const parts = {
    room: { rate: { num: 30, den: 1 } } as RoomConfig,
    log: { ...silentLog, error: (_: unknown, message?: string) => errors.push(String(message)) },
    runner: { planUntil: (until: number) => Promise.resolve().then(() => plan(until)) },
  } as unknown as RoomParts;
  return { parts, errors };
}

t.test('schedules lines two seconds ahead, ten times a second, until the room stops', async (t) => {
  const stop = new AbortController();
  const wanted: number[] = [];
  const waits: number[] = [];
  let frame = 0;
  const { parts } = rig((until) => wanted.push(until));
  await planAhead(
    parts,
    () => frameIndex(frame),
    stop.signal,
    async (ms) => {
      waits.push(ms);
      frame += 3;
      if (waits.length === 3) stop.abort();
    },
  );
  t.same(wanted, [60, 63, 66]);
  t.same(waits, [100, 100, 100]);
});

t.test('logs a line that cannot be scheduled and retries a second later', async (t) => {
  const stop = new AbortController();
  const waits: number[] = [];
  let tries = 0;
  const { parts, errors } = rig(() => {
    tries += 1;
    if (tries === 1) throw new EngineError('E_VOICE_UNKNOWN', { where: 'voice', expected: 'sound', found: 'none' });
    stop.abort();
  });
  await planAhead(
    parts,
    () => frameIndex(0),
    stop.signal,
    async (ms) => void waits.push(ms),
  );
  t.equal(tries, 2);
  t.equal(errors.length, 1);
  t.match(errors[0], /voice/);
  t.same(waits, [1000, 100, 100]);
});

t.test('reports no error for failures caused by the stop', async (t) => {
  const stop = new AbortController();
  const { parts, errors } = rig(() => {
    stop.abort();
    throw new Error('aborted');
  });
  await planAhead(parts, () => frameIndex(0), stop.signal);
  t.same(errors, []);
});
