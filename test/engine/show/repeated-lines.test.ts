import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { TextJudge } from '../../../src/compliance/text/text-judge.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { silentLog } from '../../../src/core/log.js';
import { frameIndex } from '../../../src/core/time.js';
import type { LedgerEntry } from '../../../src/core/verdict.js';
import { Rundown } from '../../../src/director/rundown.js';
import { ShowRunner, type ShowParts } from '../../../src/engine/show/show-runner.js';
import { EMPTY_UPDATE } from '../../../src/scene/scene-update.js';
import { templateRoom } from '../../on-air/kit.js';

t.test('a script that comes round too often is told about by the show, at most once a minute', async (t) => {
  const text = 'This desk lamp has three steps of brightness and a cable of two metres.';
  const dir = t.testdir();
  const file = join(dir, 'room.json');
  const script = { loop: true, gapMs: 0, segments: [{ lines: [{ text, caption: '' }] }] };
  const compliance = { watch: { duplicates: { repeatsPerHour: 3 } } };
  writeFileSync(file, JSON.stringify({ ...templateRoom('minimal'), script, compliance }));
  const room = loadRoom(file);
  const entries: LedgerEntry[] = [];
  // Every line takes ten seconds.
  const speak = async () => ({ pcm: new Float32Array(480_000), loudnessLufs: -16, words: [], phonemes: [] });
  const parts = {
    room,
    judge: new TextJudge(),
    rundown: new Rundown(room.script),
    speech: { speak },
    scene: { product: async () => EMPTY_UPDATE },
  };
  const runner = new ShowRunner(
    {
      ...parts,
      log: silentLog,
      send: () => undefined,
      ledger: (e: LedgerEntry) => entries.push(e),
    } as unknown as ShowParts,
    new AbortController().signal,
  );
  await runner.planUntil(30 * 29, () => frameIndex(0));
  t.strictSame(entries, [], 'three times are allowed');
  await runner.planUntil(30 * 119, () => frameIndex(0));
  t.match(entries, [
    { rule: '5.7', surface: 'speech', action: 'warn', evidence: text, detail: { timesInHour: 4 } },
    { rule: '5.7', detail: { timesInHour: 10 } },
  ]);
  t.equal(entries.length, 2);
});
