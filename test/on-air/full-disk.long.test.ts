import { join } from 'node:path';
import t from 'tap';
import { verifyLedger } from '../../src/compliance/ledger/verify-ledger.js';
import { fullDisk } from '../compliance/ledger/full-disk.js';
import { onAir, templateRoom, until } from '../kit/on-air.js';

const base = templateRoom('minimal');
const room = {
  ...base,
  video: { width: 320, height: 320, fps: 30 },
  audio: {},
  script: { loop: false, segments: [{ lines: [{ text: 'Welcome to the show.', caption: '' }] }] },
  layers: base['layers'].filter((l: { type: string }) => l.type === 'presenter'),
};
/** More than may wait for the disk. */
const ORDERS = 10_050;

t.test(
  'keeps the show and the operator commands working on a full disk, and closes on one',
  { timeout: 300_000 },
  async (t) => {
    const disk = await fullDisk(t);
    const air = await onAir(t, room);
    const { live } = air;
    await until('frames leave', () => live.snapshot().frames.released > 10);
    disk.full = true;
    for (let i = 0; i < ORDERS; i += 1) live.mute();
    await until('the fault is reported', () => live.snapshot().ledger.failing);
    t.ok(live.snapshot().ledger.lost > 0);
    t.match(await air.api('POST', '/api/blank'), { status: 200, body: { blanked: true } });
    t.match(await air.api('POST', '/api/resume'), { status: 200, body: { blanked: false } });
    t.match(await air.api('GET', '/healthz'), { status: 200, body: { ok: true, degraded: ['ledger'] } });
    const { released } = live.snapshot().frames;
    await until('frames keep leaving', () => live.snapshot().frames.released > released + 10);
    disk.full = false;
    await until('the ledger is written again', () => {
      const { failing, waiting } = live.snapshot().ledger;
      return !failing && waiting === 0;
    });
    const { lost } = live.snapshot().ledger;
    const check = await verifyLedger(join(air.dir, 'ledger.jsonl'));
    t.match(check, { ok: true, notes: [{ reason: new RegExp(`^${lost} lines before it`) }] });

    disk.full = true;
    for (let i = 0; i < ORDERS; i += 1) live.mute();
    await live.close();
    t.equal(live.snapshot().state, 'stopping', 'a room whose ledger cannot be written is closed all the same');
  },
);
