import t from 'tap';
import { frameIndex, sampleIndex } from '../../../src/core/time.js';
import type { CutCommand, SpeakCommand } from '../../../src/external-avatar/speech/live-talking-speech.js';
import { SpeechTimeline } from '../../../src/external-avatar/speech/whip-speech.js';

const MS = 48;
const BLOCK = 20 * MS;
const LEAD_MS = 100;

/** A line at 30 frames a second whose samples are all `level`. */
const line = (
  id: string,
  startFrame: number,
  ms: number,
  level: number,
  more: Partial<SpeakCommand> = {},
): SpeakCommand => ({
  type: 'speak',
  id,
  startFrame: frameIndex(startFrame),
  startSample: sampleIndex(startFrame * 1600),
  pcm: new Float32Array(new SharedArrayBuffer(4 * MS * ms)).fill(level),
  loudnessLufs: -16,
  mutes: [],
  tone: false,
  verdict: 'clean',
  mouth: { viseme: Uint8Array.of(1), openness: Uint8Array.of(200) } as unknown as SpeakCommand['mouth'],
  ...more,
});

const cut = (id: string, startFrame: number, atFrame: number, fadeSamples = 0): CutCommand => ({
  type: 'cut',
  id,
  startFrame: frameIndex(startFrame),
  atFrame: frameIndex(atFrame),
  atSample: sampleIndex(atFrame * 1600),
  fadeSamples,
});

function timelineOf() {
  const begun: number[] = [];
  let atMs = 0;
  const timeline = new SpeechTimeline({
    startMs: (frame) => (frame * 1000) / 30 - LEAD_MS,
    onBegin: () => begun.push(atMs),
  });
  /** The sound from 0 on, block by block. */
  const heard: number[] = [];
  const read = (ms: number): void => {
    const block = new Float32Array(BLOCK);
    for (const end = atMs + ms; atMs < end; atMs += 20) {
      timeline.read(block, atMs);
      heard.push(...block);
    }
  };
  const first = (level: number): number => heard.indexOf(level) / MS;
  const last = (level: number): number => (heard.lastIndexOf(level) + 1) / MS;
  return { timeline, read, heard, first, last, begun };
}

t.test('a line begins ahead of its frame, to the sample, in the middle of a block', async (t) => {
  const { timeline, read, heard, first, last, begun } = timelineOf();
  timeline.add(line('a', 16, 130, 0.5)); // at 533.3 ms here, and so at 433.3 ms there
  read(700);
  t.ok(Math.abs(first(0.5) - 433.33) < 0.05, `${first(0.5)}`);
  t.ok(Math.abs(last(0.5) - 563.33) < 0.05, `${last(0.5)}`);
  t.equal(heard.filter((x) => x !== 0).length, 130 * MS);
  t.same(begun, [420]);
});

t.test('a line that is known too late begins at once, and the next one waits for its end', async (t) => {
  const { timeline, read, first, last } = timelineOf();
  read(400);
  timeline.add(line('b', 15, 100, 0.25)); // at 400 ms
  timeline.add(line('a', 12, 100, 0.5)); // since 300 ms
  read(400);
  t.equal(first(0.5), 400);
  t.equal(last(0.5), 500);
  t.equal(first(0.25), 500, 'in the order of the show');
  t.equal(last(0.25), 600);
});

t.test('is silent where viewers hear nothing', async (t) => {
  const { timeline, read, heard } = timelineOf();
  const mutes = [{ startSample: 50 * MS, endSample: 75 * MS, rule: '3.2' }];
  timeline.add(line('a', 3, 120, 0.5, { mutes }));
  read(200);
  t.equal(
    heard.slice(50 * MS, 75 * MS).every((x) => x === 0),
    true,
  );
  t.equal(heard.filter((x) => x === 0.5).length, 95 * MS);
});

t.test('a cut ends a line as early as it began, or at once', async (t) => {
  const { timeline, read, heard, last } = timelineOf();
  timeline.add(line('a', 3, 500, 0.5));
  timeline.add(line('never', 21, 100, -0.5));
  timeline.add(line('a', 30, 100, 0.75)); // the same line in the next round
  read(100);
  timeline.cut(cut('a', 3, 9, 10 * MS)); // at 300 ms here, at 200 ms there
  timeline.cut(cut('never', 21, 21));
  timeline.cut(cut('unknown', 3, 9));
  read(400);
  t.equal(last(0.5), 200 + 1 / MS, 'the first sample of the fade is whole');
  t.ok(heard[205 * MS]! > 0.2 && heard[205 * MS]! < 0.3, 'it fades');
  t.equal(
    heard.slice(210 * MS).every((x) => x === 0),
    true,
  );
  read(600);
  t.notOk(heard.includes(-0.5));
  t.ok(heard.includes(0.75));
  const late = timelineOf();
  late.timeline.add(line('a', 3, 500, 0.5));
  late.read(300);
  late.timeline.cut(cut('a', 3, 6)); // the time is over: 100 ms there
  late.read(100);
  t.equal(late.last(0.5), 300);
});
