import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { roleOf } from '../../../scripts/bench/kit/process-roles.js';
import {
  isFaultless,
  largestFaultless,
  roomFigures,
  type RoomReadings,
} from '../../../scripts/bench/kit/room-figures.js';
import { checkWords } from '../../../scripts/bench/proof/check-words.js';
import type { Injection } from '../../../scripts/bench/proof/injection.js';
import { LINES, readMarks } from '../../../scripts/bench/proof/lines.js';
import { framesOf, replacedSpans, standing, withoutCause } from '../../../scripts/bench/proof/replaced-share.js';
import { ForbiddenLines, textOfLine, withForbiddenLines } from '../../../scripts/bench/proof/script-lines.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { packageRoot, templatePath } from '../../../src/core/files/paths.js';
import { seededRandom } from '../../../src/core/random.js';
import type { Utterance } from '../../../src/core/speech.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { unheardSpans } from '../../../src/moderation/unheard/unheard-spans.js';
import { Listings } from '../../../src/show/listings.js';

t.test('lines', async (t) => {
  t.test('mutes the forbidden words of each proof line and no harmless ones', async (t) => {
    const judge = new TextJudge();
    for (const { language, marked } of LINES) {
      const { text, forbidden, around } = readMarks(marked);
      const { hits: all } = judge.judge(text, { surface: 'speech', language });
      const { places: hits } = unheardSpans(
        text,
        language,
        all.filter((h) => h.action === 'mute'),
      );
      t.ok(
        Array.from(text.matchAll(/\S/g)).every(
          ({ index: at }) =>
            at < forbidden.start || at >= forbidden.end || hits.some((h) => h.start <= at && at < h.end),
        ),
        marked,
      );
      for (const h of hits)
        t.ok(h.start >= around.start && h.end <= around.end, `${text.slice(h.start, h.end)}: ${marked}`);
    }
  });
});

t.test('check words', async (t) => {
  const RATE = 48_000;
  /** Each word half a second of noise that swells and fades, with a pause behind it. */
  const WORD = RATE / 2;
  const PAUSE = RATE / 20;
  const MARKED = 'one two {three four }[five]{ six seven} eight nine';
  const { text, forbidden, around } = readMarks(MARKED);
  const LOUDNESS = [0.2, 0.25, 0.6, 0.5, 0.6, 0.5, 0.6, 0.25, 0.2];

  function utter(): Utterance {
    const random = seededRandom(7);
    const names = text.split(' ');
    const pcm = new Float32Array(names.length * (WORD + PAUSE));
    let startChar = 0;
    const words = names.map((word, i) => {
      const startSample = i * (WORD + PAUSE);
      for (let k = 0; k < WORD; k += 1) {
        pcm[startSample + k] = LOUDNESS[i]! * Math.sin((Math.PI * k) / WORD) ** (1 + (i % 3)) * (random() * 2 - 1);
      }
      const from = startChar;
      startChar += word.length + 1;
      return { startChar: from, endChar: from + word.length, startSample, endSample: startSample + WORD, exact: true };
    });
    return { pcm, words } as unknown as Utterance;
  }

  /** A receiver's sound when the words of these characters were muted, at the given gain. */
  function received(utterance: Utterance, from: number, to: number, gain = 1): Float32Array {
    const sound = new Float32Array(RATE * 2 + utterance.pcm.length);
    sound.set(
      utterance.pcm.map((v) => v * gain),
      RATE,
    );
    for (const w of utterance.words) {
      if (w.startChar < to && w.endChar > from) sound.fill(0, RATE + w.startSample, RATE + w.endSample + PAUSE);
    }
    return sound;
  }

  const utterance = utter();
  const lines = [{ marked: MARKED, frame: 0, utterance }];
  const check = (sound: Float32Array) => checkWords('here', sound, lines)[0]!;

  t.test('finds a line with and without the words that may be muted', async (t) => {
    for (const { start, end } of [forbidden, around]) {
      const { audible, intact, neighbourDb } = check(received(utterance, start, end, 0.7));
      t.strictSame({ audible, intact }, { audible: false, intact: true });
      t.ok(Math.abs(neighbourDb!) < 1, `${neighbourDb} dB`);
    }
  });

  t.test('reports a muted harmless word as damage and an audible forbidden one as a leak', async (t) => {
    t.match(check(received(utterance, around.start, around.end + 4)), { audible: false, intact: false });
    t.match(check(received(utterance, 0, 0)), { audible: true });
  });
});

t.test('replaced share', async (t) => {
  const composed: Injection = {
    way: 'x',
    detail: '',
    outcome: 'composed',
    fromFrame: 500,
    toFrame: 560,
    partsFrom: 400,
  };
  const resumed = (frame: number, replacedFrames: number) => ({
    kind: 'frame',
    action: 'resume',
    frame,
    detail: { replacedFrames },
  });

  t.test('counts a replacement that lasts to the end', async (t) => {
    t.strictSame(replacedSpans([resumed(120, 20)], 20, 1000), [{ from: 100, to: 120 }]);
    t.strictSame(replacedSpans([resumed(120, 20)], 50, 1000), [
      { from: 100, to: 120 },
      { from: 970, to: 1000 },
    ]);
  });

  t.test('finds the cause of a replacement while parts of a code are shown', async (t) => {
    t.strictSame(withoutCause([{ from: 380, to: 635 }], [composed]), []);
    t.strictSame(withoutCause([{ from: 370, to: 640 }], [composed]), [
      { from: 370, to: 380 },
      { from: 635, to: 640 },
    ]);
    t.strictSame(withoutCause([{ from: 380, to: 635 }], [{ ...composed, outcome: 'refused' }]), [], 'the others stood');
    t.equal(standing([composed], 2000), 160);
    t.equal(standing([composed], 450), 50);
  });

  t.test('attributes later replacements to a killed scan thread, wherever its code is', async (t) => {
    const troubled: Injection = { ...composed, troubledAt: [1000] };
    t.strictSame(withoutCause([{ from: 980, to: 1180 }], [troubled]), []);
    t.equal(framesOf(withoutCause([{ from: 980, to: 1180 }], [composed])), 200);
  });
});

t.test('script lines', async (t) => {
  const script = { segments: [{ lines: [{ text: 'One.' }, { text: 'Two.' }] }, { lines: [{ text: 'Three.' }] }] };

  t.test('puts a forbidden line after each script line, starting at another one for each seed', async (t) => {
    const first = new Set<string>();
    for (let seed = 0; seed < 5; seed += 1) {
      const made = withForbiddenLines(script, seed);
      t.strictSame(
        made.segments.map(({ lines }) => lines.length),
        [4, 2],
      );
      first.add(textOfLine(made, 's3.0.1')!);
      t.equal(textOfLine(made, 's3.1.0'), 'Three.');
    }
    t.equal(first.size, 5);
    t.equal(textOfLine(script, 'say-1'), undefined);
  });

  t.test('counts a heard line without a ledger entry as unmuted', async (t) => {
    const made = withForbiddenLines(script, 0);
    const heard = new ForbiddenLines();
    heard.see(textOfLine(made, 's0.0.1'), 30);
    heard.see(textOfLine(made, 's0.0.3'), 90);
    heard.see('One.', 120);
    const entry = { kind: 'text', action: 'mute', frame: 28, detail: { line: 's0.0.1' } };
    t.match(heard.injections([entry], made), [
      { outcome: 'spoken', line: 's0.0.1', fromFrame: 28, muted: true },
      { outcome: 'spoken', fromFrame: 90, muted: false },
    ]);
  });

  t.test('mutes nothing else in these lines with the products of the demo room', async (t) => {
    const room = loadRoom(templatePath('rooms', 'demo-portrait', 'room.json'));
    const entries = new Listings(room.products);
    const judge = new TextJudge();
    for (const { language, marked } of LINES) {
      const { text, around } = readMarks(marked);
      for (const { id } of room.products) {
        const { hits } = judge.judge(text, { surface: 'speech', language, entry: entries.of(id, text) });
        const { places } = unheardSpans(
          text,
          language,
          hits.filter((h) => h.action === 'mute'),
        );
        for (const p of places) t.ok(p.start >= around.start && p.end <= around.end, `${id}: ${marked}`);
      }
    }
  });
});

t.test('end with us', async (t) => {
  /** A script that starts an endless child and prints its process id. */
  const SCRIPT = `
  const { spawn } = await import('node:child_process');
  const { endWithUs } = await import(${JSON.stringify(pathToFileURL(join(packageRoot(), 'scripts', 'bench', 'kit', 'end-with-us.ts')).href)});
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], { stdio: ['ignore', 'pipe', 'ignore'] });
  endWithUs(child);
  child.stdout.once('data', () => console.log(child.pid));
`;

  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    t.test(`leaves no child behind when ended by ${signal}`, async (t) => {
      const script = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', SCRIPT], {
        cwd: packageRoot(),
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const closed = new Promise<number | null>((resolve) => script.once('close', resolve));
      const child = await new Promise<number>((resolve) => script.stdout.once('data', (data) => resolve(Number(data))));
      t.ok(process.kill(child, 0), 'the child is there');
      script.kill(signal);
      t.equal(await closed, signal === 'SIGTERM' ? 143 : 129);
      t.throws(() => process.kill(child, 0), { code: 'ESRCH' });
    });
  }
});

t.test('room figures', async (t) => {
  const counters = (rendered: number, unjudged: number, late = 0): RoomReadings['began'] => ({
    frames: { rendered, released: rendered - unjudged - 20, replaced: unjudged, inWindow: 20, releasedUnjudged: 0 },
    replacedBy: { unjudged, violation: 0 },
    lateTicks: { total: late, render: 0, scan: late, encode: 0, stall: 0 },
  });

  const figures = (began: RoomReadings['began'], ended: RoomReadings['began']) =>
    roomFigures({
      room: 1,
      startMs: 2100.4,
      began,
      ended,
      cpuSeconds: 18,
      memory: { peak: { engine: 250.4, 'video encoder': 60.4 }, meanMiB: 290.6 },
    });

  t.test('counts faults from the first frame on, CPU over the time with all rooms', (t) => {
    t.strictSame(figures(counters(200, 6), counters(2000, 9, 1)), {
      room: 1,
      startMs: 2100,
      frames: 2000,
      releasedUnjudged: 0,
      lateTicks: 1,
      lateBy: { scan: 1 },
      replaced: 9,
      replacedBy: { unjudged: 9 },
      replacedWhileStarting: 6,
      cpuMsPerFrame: 10,
      memoryMeanMiB: 291,
      memoryPeakMiB: 311,
      memoryAtPeak: { engine: 250, 'video encoder': 60 },
    });
    t.end();
  });

  t.test('finds the largest number of rooms without a late tick or a replaced frame', async (t) => {
    const clean = figures(counters(200, 0), counters(2000, 0));
    const replaced = figures(counters(200, 1), counters(2000, 1));
    const late = figures(counters(200, 0), counters(2000, 0, 1));
    t.ok(isFaultless([clean, clean]));
    t.notOk(isFaultless([clean, replaced]));
    t.notOk(isFaultless([late]));
    const tried: number[] = [];
    const run = async (rooms: number) => {
      tried.push(rooms);
      return rooms < 3 ? Array.from({ length: rooms }, () => clean) : [clean, replaced, clean];
    };
    t.equal(await largestFaultless(8, run), 2);
    t.strictSame(tried, [1, 2, 3]);
    t.equal(await largestFaultless(2, run), 2);
  });

  t.test('names the processes of a room by their command lines', (t) => {
    t.equal(roleOf('ffmpeg -f rawvideo -pix_fmt yuv420p -i pipe:3 -c:v libx264'), 'video encoder');
    t.equal(roleOf('ffmpeg -f f32le -ar 48000 -i pipe:3 -c:a aac'), 'audio encoder');
    t.equal(roleOf('node dist/compliance/ocr/ocr-process.js 19'), 'reader of words');
    t.equal(roleOf('node dist/scene/drawing/picture-child.js 5'), 'drawing');
    t.equal(roleOf('node dist/speech/espeak/espeak-child.js'), 'voice');
    t.equal(roleOf('sleep 1'), 'other');
    t.end();
  });
});
