import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { loadRoom } from '../../src/config/load-room.js';
import { EngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import { frameIndex } from '../../src/core/time.js';
import type { LedgerEntry } from '../../src/core/verdict.js';
import { Agenda } from '../../src/show/agenda/agenda.js';
import { Rundown } from '../../src/show/rundown.js';
import type { ShowParts } from '../../src/show/show-command.js';
import { ShowRunner } from '../../src/show/show-runner.js';
import { EMPTY_UPDATE } from '../../src/scene/scene-update.js';
import { spokenText } from '../../src/speech/spoken-text.js';
import { templateRoom } from '../kit/on-air.js';

const failed = new EngineError('E_SPEECH_FAILED', { where: 'speech', found: 'no voice today' });

/** A show whose voice does `speak`, and whose scene fails on request. */
function show(t: Test, speak: (text: string) => Promise<unknown>) {
  const file = join(t.testdir(), 'room.json');
  const lines = ['One lamp.', 'Two lamps.', 'Three lamps.', 'Four lamps.'].map((text) => ({ text, caption: '' }));
  writeFileSync(file, JSON.stringify({ ...templateRoom('minimal'), script: { loop: true, segments: [{ lines }] } }));
  const room = loadRoom(file);
  const noted: LedgerEntry[] = [];
  const sent: { type: string; id?: string }[] = [];
  const rundown = new Rundown(room.script);
  const agenda = new Agenda(() => 0);
  const scene = {
    product: async () => EMPTY_UPDATE,
    caption: async (): Promise<unknown> => EMPTY_UPDATE,
    clearCaption: () => EMPTY_UPDATE,
  };
  const parts = {
    room,
    judge: new TextJudge(),
    rundown,
    agenda,
    speech: { speak: ({ text }: { text: string }) => speak(text), spoken: spokenText, isSlow: () => false },
    scene,
    log: silentLog,
    send: (command: { type: string; id?: string }) => void sent.push(command),
    ledger: (entry: LedgerEntry) => void noted.push(entry),
  } as unknown as ShowParts;
  const runner = new ShowRunner(parts, new AbortController().signal);
  /** Twice, as the planning does not wait for a line of the agenda. */
  const plan = async (frames: number) => {
    await runner.planUntil(frames, () => frameIndex(0));
    await setImmediate();
    await runner.planUntil(frames, () => frameIndex(0));
  };
  const unspoken = () => noted.filter((entry) => entry.action === 'unspoken');
  return { runner, agenda, scene, plan, unspoken, sent };
}

const sound = (samples: number) => ({ pcm: new Float32Array(samples), loudnessLufs: -16, words: [], phonemes: [] });

t.test('counts each line of a dead voice in the state, and records the first in a row', async (t) => {
  const { runner, plan, unspoken } = show(t, () => Promise.reject(failed));
  t.strictSame(runner.unspoken.snapshot(), { total: 0, last: null });
  await t.rejects(plan(300), { code: 'E_SPEECH_FAILED' });
  await t.rejects(plan(300), { code: 'E_SPEECH_FAILED' });
  const { total, last } = runner.unspoken.snapshot();
  t.ok(total > 3);
  t.match(last, { line: String, text: /lamp/, code: 'E_SPEECH_FAILED', message: /no voice today/ });
  t.match(unspoken(), [
    {
      kind: 'text',
      surface: 'speech',
      evidence: 'One lamp.',
      detail: { code: 'E_SPEECH_FAILED', why: /no voice today/ },
    },
  ]);
  t.equal(unspoken().length, 1);
});

t.test('records each inserted line that was not spoken', async (t) => {
  const { runner, agenda, plan, unspoken } = show(t, async (text) => {
    if (text.includes('lamp')) return sound(48_000);
    throw failed;
  });
  for (const text of ['First wish.', 'Second wish.']) agenda.add({ kind: 'operator', text, caption: '' });
  await plan(300);
  t.match(unspoken(), [{ evidence: /wish/ }, { evidence: /wish/ }]);
  t.equal(runner.unspoken.snapshot().total, 2);
});

t.test('records lines without audible words, and lines that cannot be scheduled', async (t) => {
  const { agenda, scene, plan, unspoken, sent } = show(t, async (text) => sound(text === '🎉' ? 0 : 48_000));
  agenda.add({ kind: 'operator', text: '🎉', caption: '' });
  await plan(300);
  t.match(unspoken(), [{ evidence: '🎉', detail: { why: /silence/ } }]);
  scene.caption = () => Promise.reject(failed);
  agenda.add({ kind: 'operator', text: 'Shown.', caption: 'Shown.' });
  await t.rejects(plan(600), { code: 'E_SPEECH_FAILED' });
  t.match(unspoken()[1], { evidence: 'Shown.' });
  const { line } = unspoken()[1]!.detail as { line: string };
  t.notOk(
    sent.some(({ type, id }) => type === 'speak' && id === line),
    'and is not heard',
  );
});
