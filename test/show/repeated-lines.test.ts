import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { RuleActions } from '../../src/moderation/packs/rule-table.js';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import { frameIndex } from '../../src/core/time.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { Rundown } from '../../src/show/rundown.js';
import type { ShowParts } from '../../src/show/show-command.js';
import { ShowRunner } from '../../src/show/show-runner.js';
import { EMPTY_UPDATE } from '../../src/scene/scene-update.js';
import { templateRoom } from '../kit/on-air.js';

const TEXT = 'This desk lamp has three steps of brightness and a cable of two metres.';

/** A show that repeats one line of ten seconds, allowed three times an hour. */
function show(t: Test, actions: RuleActions) {
  const file = join(t.testdir(), 'room.json');
  const script = { loop: true, gapMs: 0, segments: [{ lines: [{ text: TEXT, caption: '' }] }] };
  const compliance = { watch: { duplicates: { repeatsPerHour: 3 } } };
  writeFileSync(file, JSON.stringify({ ...templateRoom('minimal'), script, compliance }));
  const room = loadRoom(file);
  const entries: LedgerEntry[] = [];
  const stops: string[] = [];
  const speak = async () => ({ pcm: new Float32Array(480_000), loudnessLufs: -16, words: [], phonemes: [] });
  const parts = {
    room,
    judge: new TextJudge(),
    actions,
    rundown: new Rundown(room.script),
    speech: { speak, spoken: (line: string) => ({ text: line, offsets: new Int32Array(line.length) }) },
    scene: { product: async () => EMPTY_UPDATE },
    log: silentLog,
    send: () => undefined,
    ledger: (e: LedgerEntry) => entries.push(e),
    onStop: (rule: string) => stops.push(rule),
  };
  const runner = new ShowRunner(parts as unknown as ShowParts, new AbortController().signal);
  return { runner, entries, stops };
}

t.test('reports a repetitive script, at most once a minute', async (t) => {
  const { runner, entries, stops } = show(t, new RuleActions({}));
  await runner.planUntil(30 * 29, () => frameIndex(0));
  t.strictSame(entries, [], 'three times are allowed');
  await runner.planUntil(30 * 119, () => frameIndex(0));
  t.match(entries, [
    { rule: '5.7', surface: 'speech', action: 'warn', evidence: TEXT, detail: { timesInHour: 4 } },
    { rule: '5.7', detail: { timesInHour: 10 } },
  ]);
  t.equal(entries.length, 2);
  t.strictSame(stops, []);
});

t.test('ends the show for a repetitive script where the room file says so', async (t) => {
  const { runner, entries, stops } = show(t, new RuleActions({ '5.7': 'stop' }));
  await runner.planUntil(30 * 39, () => frameIndex(0));
  t.match(entries, [{ rule: '5.7', surface: 'speech', action: 'stop', evidence: TEXT }]);
  t.strictSame(stops, ['5.7']);
});
