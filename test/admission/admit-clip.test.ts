import { join } from 'node:path';
import t from 'tap';
import { TextJudge } from '../../src/moderation/text-judge.js';
import { loadRoom } from '../../src/config/load-room.js';
import { silentLog, type Log } from '../../src/core/log.js';
import { templatePath } from '../../src/core/files/paths.js';
import type { FrameVerdict, LedgerEntry } from '../../src/core/verdict.js';
import { admitClip, type AdmitClipParts, Admission } from '../../src/admission/admission.js';
import { openAdmittedPictures, type AdmittedPictures } from '../../src/admission/admitted-pictures.js';
import { yieldToGate } from '../../src/room/open/ground.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { ClipStore } from '../../src/scene/clips/clip-store.js';
import { makeCode } from '../kit/draw-code.js';
import { drawText } from '../compliance/ocr/draw-text.js';
import { clipDepsOf, writeFilm, type Film } from '../kit/clip-films.js';

const kernels = loadKernels();
const WIDTH = 320;
const HEIGHT = 240;
const dir = t.testdir({});
const room = loadRoom(templatePath('rooms', 'demo-portrait', 'room.json'));
const box = (src: string) => ({
  ...{ src, where: 'layers[0] "film".items[0]', width: WIDTH, height: HEIGHT },
  ...{ maxWidth: WIDTH, maxHeight: HEIGHT, fit: 'cover' as const, radius: 0 },
});

/** A scene with a little motion; `more` paints on a frame. */
const scene = (frames: number, more: (n: number, rgb: Buffer) => void = () => undefined): Film => ({
  ...{ width: WIDTH, height: HEIGHT, frames },
  paint(n, rgb) {
    for (let y = 0; y < HEIGHT; y += 1) {
      for (let x = 0; x < WIDTH; x += 1)
        rgb.fill(90 + ((x + y + n) >> 3), (y * WIDTH + x) * 3, (y * WIDTH + x + 1) * 3);
    }
    more(n, rgb);
  },
});

function blit(
  rgb: Buffer,
  x0: number,
  y0: number,
  width: number,
  height: number,
  grey: (x: number, y: number) => number,
): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      rgb.fill(grey(x, y), ((y0 + y) * WIDTH + x0 + x) * 3, ((y0 + y) * WIDTH + x0 + x + 1) * 3);
    }
  }
}

const entries: LedgerEntry[] = [];
const admittedIn = (name: string): AdmittedPictures => openAdmittedPictures(silentLog, join(dir, name), 'd');
function admissionWith(admitted?: AdmittedPictures): Admission {
  const options = {
    kernels,
    log: silentLog,
    ledger: (e: LedgerEntry) => void entries.push(e),
    judge: new TextJudge(),
    room,
  };
  const admission = new Admission(admitted === undefined ? options : { ...options, admitted });
  t.teardown(() => admission.close());
  return admission;
}
const load = (file: string, admission: Pick<Admission, 'admitClip'>) =>
  new ClipStore(kernels, { num: 30, den: 1 }, clipDepsOf(join(dir, 'cache'), { admit: admission.admitClip })).load(
    box(file),
  );

t.test('finds a code in a single frame and reports its time', async (t) => {
  const code = await makeCode('https://evil.example/pay');
  const module = 5;
  const side = (code.width + 8) * module;
  const file = join(dir, 'flash.mp4');
  // Frame 44: at 1.5 s, and not a key frame.
  const film = scene(60, (n, rgb) => {
    if (n !== 44) return;
    blit(rgb, 60, 20, side, side, (x, y) => {
      const [mx, my] = [Math.floor(x / module) - 4, Math.floor(y / module) - 4];
      const inside = mx >= 0 && my >= 0 && mx < code.width && my < code.height;
      return inside && code.dark[my * code.width + mx] === 1 ? 0 : 255;
    });
  });
  await writeFilm(file, film);
  const admission = admissionWith();
  const e: unknown = await load(file, admission).catch((error: unknown) => error);
  t.match(e, {
    code: 'E_ASSET_REFUSED',
    where: `layers[0] "film".items[0]: ${file} at 1.5 s`,
    found: /rule 3\.3/,
  });
  t.match(entries.at(-1), { kind: 'admission', action: 'refuse', rule: '3.3' });
});

t.test('reads a phone number in a clip; admits and remembers a harmless clip', async (t) => {
  const words = await drawText([{ text: 'Call 138 1234 5678', size: 34, x: 6, y: 44, ink: '#111' }], '#fff', WIDTH, 64);
  const written = join(dir, 'written.mp4');
  await writeFilm(
    written,
    scene(50, (n, rgb) => {
      if (n >= 33 && n < 40) blit(rgb, 0, 100, WIDTH, 64, (x, y) => words.rgba[(y * WIDTH + x) * 4]!);
    }),
  );
  const harmless = join(dir, 'harmless.mp4');
  await writeFilm(harmless, scene(20));
  const admitted = admittedIn('a');
  const admission = admissionWith(admitted);
  await load(harmless, admission);
  admission.readsText = true;
  if (!(await admission.canRead())) return t.comment('no text reader on this machine');
  const e: unknown = await load(written, admission).catch((error: unknown) => error);
  t.match(e, { code: 'E_ASSET_REFUSED', where: / at 1\.[123] s$/, found: /rule 3\.2/ });
  await load(harmless, admission);
  admitted.save();
  const again = admittedIn('a');
  const { file } = (await load(harmless, { admitClip: async () => undefined }))!;
  t.equal(again.get(`clip ${file.digest}`) !== undefined, true, 'the frames need no second scan');
  const other = (await load(written, { admitClip: async () => undefined }))!;
  t.equal(again.get(`clip ${other.file.digest}`) !== undefined, false);
});

/** A clip of `stored` small frames, all different; `index` is the order in which they are shown. */
const clipOf = (index: readonly number[], keyFrames: readonly number[], read: number[] = []) => {
  const base = { path: '/cache/a.clip', width: 4, height: 4, hasAlpha: false, digest: 'd1' };
  const file = {
    ...base,
    stored: Math.max(...index) + 1,
    index: Int32Array.from(index),
    keyFrames,
  };
  const frame = async (stored: number): Promise<Uint8Array<SharedArrayBuffer>> => {
    read.push(stored);
    return new Uint8Array(new SharedArrayBuffer(24)).fill(stored === 3 ? 1 : stored);
  };
  return { where: 'film', file, rate: { num: 10, den: 1 }, frame };
};
const CLEAN: FrameVerdict = { verdict: 'clean', hits: [] };
const BAD: FrameVerdict = { verdict: 'violation', hits: [{ rule: '3.3', kind: 'qr' }] };

function partsOf(more: Partial<AdmitClipParts> = {}) {
  const seen: string[] = [];
  const parts: AdmitClipParts = {
    kernels,
    log: silentLog,
    readsWords: true,
    scanFrame: async (i420, _w, _h, where) => (seen.push(`frame ${i420[0]} ${where}`), CLEAN),
    scanPicture: async (_, where) => (seen.push(`picture ${where}`), CLEAN),
    words: async (_, where) => void seen.push(`words ${where}`),
    decide: (where, verdict) => {
      if (verdict !== 'clean') throw new Error(`refused ${where}`);
    },
    ...more,
  };
  return { seen, parts };
}

t.test('scans every distinct frame once; scans key frames hard and reads them', async (t) => {
  const { seen, parts } = partsOf();
  await admitClip(clipOf([0, 1, 1, 2, 3, 3], [0, 2, 5]), parts);
  t.same(
    seen.filter((s) => s.startsWith('frame')),
    ['frame 0 film at 0.0 s', 'frame 1 film at 0.1 s', 'frame 2 film at 0.3 s'],
  );
  t.same(
    seen.filter((s) => s.startsWith('picture')),
    ['picture film at 0.0 s', 'picture film at 0.2 s', 'picture film at 0.5 s'],
  );
  t.equal(seen.filter((s) => s.startsWith('words')).length, 3);
});

t.test('refuses the clip for one bad frame, stops the work and remembers nothing', async (t) => {
  const known = new Map<string, 'clean'>();
  let words = 0;
  const { seen, parts } = partsOf({
    known,
    scanFrame: async (i420) => (i420[0] === 1 ? BAD : CLEAN),
    words: async () => {
      words += 1;
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  const clip = clipOf(
    Array.from({ length: 90 }, (_, i) => i),
    Array.from({ length: 90 }, (_, i) => i),
  );
  await t.rejects(admitClip(clip, parts), { message: 'refused film at 0.1 s' });
  t.equal(known.size, 0);
  t.ok(words < 20, `reading stopped as well: ${words}`);
  t.same(seen, []);
  await t.rejects(admitClip(clip, partsOf({ known, scanPicture: async () => BAD }).parts), {
    message: 'refused film at 0.0 s',
  });
  const unread = async (): Promise<void> => {
    throw new Error('unread');
  };
  await t.rejects(admitClip(clipOf([0], [0]), partsOf({ known, words: unread }).parts), { message: 'unread' });
  await t.rejects(
    admitClip(clipOf([0], [0]), partsOf({ scanFrame: () => Promise.reject(new Error('no verdict')) }).parts),
    { message: 'no verdict' },
    'not shown without a verdict',
  );
});

t.test('reads a clip again that was scanned before, and judges by the present rules', async (t) => {
  const known = new Map([['clip d1', 'clean' as const]]);
  const { seen, parts } = partsOf({ known });
  await admitClip(clipOf([0, 1], [0, 1]), parts);
  t.same(seen, ['words film at 0.0 s', 'words film at 0.1 s']);
  const never = partsOf({ known, readsWords: false });
  await admitClip(clipOf([0, 1], [0, 1]), never.parts);
  t.same(never.seen, []);
});

t.test('does not remember a clip for review as clean', async (t) => {
  const known = new Map<string, 'clean'>();
  const REVIEW: FrameVerdict = { verdict: 'review', hits: [{ rule: '3.3', kind: 'learned' }] };
  const told: string[] = [];
  const decide = (where: string, verdict: string): void => void (verdict === 'review' && told.push(where));
  for (const _ of [1, 2]) {
    await admitClip(clipOf([0], [0]), partsOf({ known, decide, scanPicture: async () => REVIEW }).parts);
  }
  t.same(told, ['film at 0.0 s', 'film at 0.0 s'], 'reported at each start');
  t.equal(known.size, 0);
  await admitClip(clipOf([0], [0]), partsOf({ known }).parts);
  t.equal(known.size, 1);
});

t.test('reports the progress of a long scan', async (t) => {
  const told: object[] = [];
  const log: Log = { ...silentLog, info: (fields) => void told.push(fields) };
  const now = performance.now.bind(performance);
  let ahead = 0;
  performance.now = () => now() + ahead;
  t.teardown(() => (performance.now = now));
  const { parts } = partsOf({ log, scanFrame: async () => ((ahead += 1000), CLEAN), readsWords: false });
  await admitClip(
    clipOf(
      Array.from({ length: 20 }, (_, i) => i),
      [0],
    ),
    parts,
  );
  t.match(told, [{ where: 'film', of: 20 }, { where: 'film' }]);
});

t.test('lets the gate go first on air, with a limit', async (t) => {
  let pending = 5;
  let looks = 0;
  const board = {
    get: () => {
      looks += 1;
      if (looks === 4) pending = 0;
      return pending;
    },
  };
  const way = yieldToGate(board, new AbortController().signal);
  await way();
  t.equal(looks, 4);
  pending = 9;
  await way();
  t.ok(looks > 4 && looks <= 4 + 31, `limited: ${looks}`);
  let asked = 0;
  const { parts, seen } = partsOf({ readsWords: false, yieldToGate: async () => void (asked += 1) });
  await admitClip(clipOf([0, 1, 2], [0]), parts);
  t.equal(asked, seen.length);
});
