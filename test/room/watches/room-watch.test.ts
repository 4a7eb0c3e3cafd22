import t from 'tap';
import { RuleActions } from '../../../src/moderation/packs/rule-table.js';
import { silentLog } from '../../../src/core/log.js';
import { seededRandom } from '../../../src/core/random.js';
import { frameIndex } from '../../../src/core/time.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { duplicateWatch, actions } from '../../../src/config/sections/compliance.js';
import { RoomWatch } from '../../../src/room/watches/room-watch.js';

t.test('keeps a fault in the snapshot while it lasts, and records its beginning and end', async (t) => {
  const notes: LedgerEntry[] = [];
  const watch = new RoomWatch({
    note: (entry: LedgerEntry) => notes.push(entry),
    log: silentLog,
    actions: new RuleActions({}),
    onStop: () => t.fail('unexpected stop'),
    width: 32,
    height: 32,
    thresholds: duplicateWatch.parse({}),
    still: async () => new Uint8Array(1536),
    frame: () => frameIndex(0),
  });
  t.teardown(() => watch.close());
  const at = (frame: number) => ({ since: frameIndex(frame - 90), frame: frameIndex(frame), value: 0.912345 });
  watch.take({ kind: 'black', rule: '5.10', active: true, ...at(900) });
  watch.take({ kind: 'dead-air', rule: '5.8', active: true, ...at(950) });
  t.strictSame(watch.faults(), [
    { kind: 'black', rule: '5.10', since: 810, value: 0.912 },
    { kind: 'dead-air', rule: '5.8', since: 860, value: 0.912 },
  ]);
  watch.take({ kind: 'black', rule: '5.10', active: false, ...at(1200) });
  t.strictSame(
    watch.faults().map((f) => f.kind),
    ['dead-air'],
  );
  t.match(notes, [
    { kind: 'frame', rule: '5.10', surface: 'frame', action: 'warn', frame: 810, detail: { kind: 'black' } },
    { kind: 'audio', rule: '5.8', surface: 'speech', action: 'warn', frame: 860, detail: { kind: 'dead-air' } },
    { kind: 'frame', rule: '5.10', action: 'warn-over', frame: 1110 },
  ]);
});

t.test('reports an hour of the same picture once, and clears it when the show changes', async (t) => {
  let nowMs = 0;
  const notes: LedgerEntry[] = [];
  let shade = 0;
  const still = async (): Promise<Uint8Array> => {
    const random = seededRandom(1 + shade);
    const blocks = Array.from({ length: 36 }, () => 16 + Math.floor(random() * 220));
    return Uint8Array.from({ length: 96 * 144 }, (_, i) => {
      return blocks[6 * Math.floor(i / 96 / 16) + Math.floor((i % 96) / 16)] ?? 128;
    });
  };
  const watch = new RoomWatch({
    note: (entry: LedgerEntry) => notes.push(entry),
    log: silentLog,
    actions: new RuleActions({}),
    onStop: () => t.fail('unexpected stop'),
    width: 96,
    height: 96,
    still,
    thresholds: duplicateWatch.parse({ stillsShare: 0.9 }),
    frame: () => frameIndex(7),
    now: () => nowMs,
  });
  t.teardown(() => watch.close());
  const minute = async (): Promise<void> => {
    nowMs += 60_000;
    await watch.compare();
  };
  for (let i = 0; i < 40; i += 1) await minute();
  t.match(watch.faults(), [{ kind: 'repeated-picture', rule: '5.7' }]);
  for (let i = 1; i <= 12; i += 1) {
    shade = i;
    await minute();
  }
  t.strictSame(watch.faults(), []);
  t.strictSame(
    notes.map((n) => n.action),
    ['warn', 'warn-over'],
  );
});

t.test('ends the show at the first fault of a rule with the action "stop"', async (t) => {
  const notes: LedgerEntry[] = [];
  const stops: string[] = [];
  const watch = new RoomWatch({
    note: (entry: LedgerEntry) => notes.push(entry),
    log: silentLog,
    actions: new RuleActions(actions.parse({ '5.8': { speech: 'stop' }, '5.10': 'stop' })),
    onStop: (rule) => stops.push(rule),
    width: 32,
    height: 32,
    thresholds: duplicateWatch.parse({}),
    still: async () => new Uint8Array(1536),
    frame: () => frameIndex(0),
  });
  t.teardown(() => watch.close());
  const at = { since: frameIndex(60), frame: frameIndex(150), value: 0.5 };
  watch.take({ kind: 'presenter-absent', rule: '5.8', active: true, ...at });
  t.strictSame(stops, [], "the table's action for the picture");
  watch.take({ kind: 'dead-air', rule: '5.8', active: true, ...at });
  t.strictSame(stops, ['5.8']);
  watch.take({ kind: 'silent', rule: '5.10', active: true, ...at });
  t.strictSame(stops, ['5.8', '5.10'], 'sound without an entry in the table follows the picture');
  watch.take({ kind: 'silent', rule: '5.10', active: false, ...at });
  t.equal(stops.length, 2, 'the end of a fault ends nothing');
  t.strictSame(
    notes.map((n) => [n.detail!['kind'], n.action]),
    [
      ['presenter-absent', 'warn'],
      ['dead-air', 'stop'],
      ['silent', 'stop'],
      ['silent', 'warn-over'],
    ],
  );
});
