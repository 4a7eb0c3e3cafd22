import t from 'tap';
import { silentLog } from '../../../src/core/log.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { ShowHealth } from '../../../src/room/watches/show-health.js';

t.test('shows and ends the slate with the stall, and records both', async (t) => {
  let owed = 0;
  const notes: string[] = [];
  const slates: boolean[] = [];
  const health = new ShowHealth({
    owedMs: () => owed,
    slateMs: 60_000,
    note: ({ action }: LedgerEntry) => notes.push(action),
    log: silentLog,
    onSlate: (slate) => slates.push(slate),
  });
  t.teardown(() => health.close());
  for (owed of [0, 6000, 7000, 61_000, 62_000]) health.check();
  t.equal(health.slate, true);
  owed = 0;
  health.check();
  t.equal(health.slate, false);
  t.same(notes, ['show-stalled', 'show-slate', 'show-goes-on']);
  t.same(slates, [true, false]);
  owed = 6000;
  health.check();
  owed = 0;
  health.check();
  t.same(slates, [true, false], 'idling alone shows no slate');
});
