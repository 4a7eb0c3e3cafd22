import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog } from '../../src/core/log.js';
import type { LineOutcome, LineRequest } from '../../src/show/agenda/agenda.js';
import { renderRoom } from '../../src/render/render-room.js';
import { templateRoom } from '../kit/on-air.js';

const dir = mkdtempSync(join(tmpdir(), 'showroom-cut-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

const SAMPLES_PER_FRAME = 1600;
const SCRIPT = 'The lid is made of light oak wood. The base is heavy dark steel. The cable is two metres long.';
const GAP_FRAMES = 14;
const CUT_IN = 'One moment please, there is a question.';

/** One channel of the sound that left the gate. */
async function sound(name: string, text: string, seconds: number, lines?: { atFrame: number; request: LineRequest }[]) {
  const file = join(dir, `${name}.json`);
  const room = {
    ...templateRoom('minimal'),
    video: { width: 128, height: 128, fps: 30 },
    script: { loop: false, segments: [{ lines: [{ text }] }] },
  };
  writeFileSync(file, JSON.stringify(room));
  const out = join(dir, `${name}.raw`);
  const { audioSha256, replaced } = await renderRoom(loadRoom(file), {
    fromSeconds: 0,
    toSeconds: seconds,
    out,
    log: silentLog,
    signal: new AbortController().signal,
    ...(lines === undefined ? {} : { lines }),
  });
  const bytes = readFileSync(join(out, 'audio.f32'));
  const stereo = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  return { mono: stereo.filter((_, i) => i % 2 === 0), audioSha256, replaced };
}

const power = (of: Float32Array, from: number, to: number): number =>
  of.subarray(from, to).reduce((sum, x) => sum + x * x, 0) / (to - from);

/** Correlation of two stretches of sound, −1 to 1. */
function alike(a: Float32Array, from: number, b: Float32Array, at: number, samples: number): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < samples; i += 1) {
    const [x, y] = [a[from + i]!, b[at + i]!];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

t.test('cuts a line in the real loop: a fade, the new line, and the cut sentence again', async (t) => {
  // In the second sentence.
  const AT = 108;
  const outcomes: LineOutcome[] = [];
  const request: LineRequest = { kind: 'operator', text: CUT_IN, interrupt: true, onOutcome: (o) => outcomes.push(o) };
  const plain = await sound('plain', SCRIPT, 6);
  const alone = await sound('alone', CUT_IN, 2.5);
  const cut = await sound('cut', SCRIPT, 8, [{ atFrame: AT, request }]);
  t.equal(cut.replaced, 0);
  t.match(outcomes, [{ outcome: 'scheduled' }]);
  const [{ startFrame, endFrame }] = outcomes as [Extract<LineOutcome, { outcome: 'scheduled' }>];
  t.ok((startFrame - AT) * 33.4 <= 200, `first sample ${startFrame - AT} frames after the request`);

  const fadeFrom = (AT + 2) * SAMPLES_PER_FRAME;
  const start = startFrame * SAMPLES_PER_FRAME;
  let same = 0;
  while (cut.mono[same] === plain.mono[same]) same += 1;
  t.ok(same >= fadeFrom - 512 && same < fadeFrom + 512, `equal up to the cut: ${same} of ${fadeFrom}`);
  t.ok(power(plain.mono, fadeFrom, start) > 1e-5, 'the line would have been heard there');
  const tail = start - SAMPLES_PER_FRAME / 4;
  t.ok(power(cut.mono, tail, start) < power(plain.mono, tail, start) / 30, 'it has faded');

  // A second of the new line, as it sounds by itself after the first second of a show.
  t.ok(alike(alone.mono, 48_000, cut.mono, start, 48_000) > 0.98, 'the new line from its first sample');
  const rest = (endFrame + GAP_FRAMES) * SAMPLES_PER_FRAME;
  let best = { from: 0, value: 0 };
  const look = (first: number, end: number, step: number): void => {
    for (let from = first; from < end; from += step) {
      const value = alike(plain.mono, from, cut.mono, rest, 9600);
      if (value > best.value) best = { from, value };
    }
  };
  look(48_000, fadeFrom, 20);
  // High frequencies lose their likeness within ten samples.
  look(best.from - 20, best.from + 20, 1);
  t.ok(best.value > 0.95, `the cut sentence comes again (${best.value.toFixed(3)})`);
  t.ok(best.from > 48_000 + 24_000 && best.from < fadeFrom, `not from the beginning of the line: ${best.from}`);
  const again = await sound('again', SCRIPT, 8, [{ atFrame: AT, request: { ...request } }]);
  t.equal(again.audioSha256, cut.audioSha256, 'the same lines give the same sound');
});
