import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { admittedPictures, openAdmittedPictures, openKnownWords } from '../../src/admission/admitted-pictures.js';
import { Admission } from '../../src/admission/admission.js';
import { MAX_PICTURES, pictureKey, scanThreads } from '../../src/admission/picture-memory.js';
import { parseRoom } from '../../src/config/load-room.js';
import { compliance } from '../../src/config/room.js';
import { templateJson, templatePath } from '../../src/core/files/paths.js';
import { EngineError } from '../../src/core/errors.js';
import { silentLog } from '../../src/core/log.js';
import { TextJudge } from '../../src/moderation/index.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { admittedBy } from '../../scripts/tools/art/demo-rooms/admitted-by.js';
import { templateRoom } from '../kit/on-air.js';

t.test('picture memory', async (t) => {
  const picture = (first: number, width = 2, height = 2) => ({
    rgba: Uint8Array.from({ length: width * height * 4 }, (_, i) => (first + i) & 255),
    width,
    height,
  });
  const key = pictureKey(picture(1));

  t.test('remembers a clean picture over a restart, keyed by size and pixels', async (t) => {
    const folder = join(t.testdir({}), 'showroom', 'pictures');
    const first = openAdmittedPictures(silentLog, folder);
    t.equal(first.get(key), undefined);
    first.set(key, 'clean');
    first.save();
    const second = openAdmittedPictures(silentLog, folder);
    t.equal(second.get(key), 'clean');
    t.equal(second.get(pictureKey(picture(2))), undefined);
    t.not(pictureKey(picture(1, 1, 4)), key);
    t.equal(statSync(folder).mode & 0o777, 0o700);
  });

  t.test('knows the pictures of the demo rooms from the package, by the present detectors and rooms', async (t) => {
    const { by, admitted, words } = templateJson<{ by: string; admitted: string[]; words: [string, unknown][] }>(
      'admitted.json',
    );
    t.equal(by, admittedBy(), 'current: after a change run `npm run tool -- admit-demo-rooms`');
    process.env['XDG_CACHE_HOME'] = t.testdir({});
    t.teardown(() => delete process.env['XDG_CACHE_HOME']);
    t.equal(openAdmittedPictures(silentLog).get(admitted[0]!), 'clean');
    t.same(openKnownWords(silentLog).get(words[0]![0]), words[0]![1]);
    t.equal(openAdmittedPictures(silentLog, t.testdir({})).get(admitted[0]!), undefined, 'a folder of its own');
    const refused = openAdmittedPictures(silentLog, undefined, undefined, 'retail-refused');
    t.equal(refused.get(admitted[0]!), undefined, 'scanned for retail barcodes as well');
  });

  t.test('ignores results of other detectors and modified files', async (t) => {
    const folder = t.testdir({});
    const older = openAdmittedPictures(silentLog, folder, 'older detectors');
    older.set(key, 'clean');
    older.save();
    t.equal(openAdmittedPictures(silentLog, folder).get(key), undefined);
    const again = (): 'clean' | undefined => openAdmittedPictures(silentLog, folder, 'older detectors').get(key);
    t.equal(again(), 'clean');
    const file = join(folder, readdirSync(folder)[0]!);
    const text = readFileSync(file, 'utf8');
    for (const changed of [
      '',
      '[]',
      text.slice(0, -3),
      text.replace('"clean"', '"dirty"'),
      text.replace('older', 'newer'),
    ]) {
      writeFileSync(file, changed);
      t.equal(again(), undefined, JSON.stringify(changed.slice(0, 60)));
    }
    writeFileSync(file, text);
    t.equal(again(), 'clean');
  });

  t.test('neither reads nor writes a file or folder that others may write to', async (t) => {
    const folder = t.testdir({});
    const memory = openAdmittedPictures(silentLog, folder, 'd');
    memory.set(key, 'clean');
    memory.save();
    const file = join(folder, readdirSync(folder)[0]!);
    chmodSync(file, 0o666);
    t.equal(openAdmittedPictures(silentLog, folder, 'd').get(key), undefined, 'the file');
    chmodSync(file, 0o600);
    chmodSync(folder, 0o777);
    const open = openAdmittedPictures(silentLog, folder, 'd');
    t.equal(open.get(key), undefined, 'the folder');
    const before = readFileSync(file, 'utf8');
    open.set('other', 'clean');
    open.save();
    t.equal(readFileSync(file, 'utf8'), before);
    t.equal(open.get('other'), 'clean', 'this run keeps its own results');
  });

  t.test('keeps the results of both rooms when two save', async (t) => {
    const folder = t.testdir({});
    const [one, two] = [openAdmittedPictures(silentLog, folder, 'd'), openAdmittedPictures(silentLog, folder, 'd')];
    one.set('a', 'clean');
    two.set('b', 'clean');
    one.save();
    two.save();
    const both = openAdmittedPictures(silentLog, folder, 'd');
    t.same([both.get('a'), both.get('b')], ['clean', 'clean']);
  });

  t.test('drops unused pictures beyond the limit, and files beyond four versions', async (t) => {
    const folder = t.testdir({});
    const admitted = openAdmittedPictures(silentLog, folder, 'd');
    for (let i = 0; i < MAX_PICTURES; i += 1) admitted.set(`p${i}`, 'clean');
    t.equal(admitted.get('p0'), 'clean');
    admitted.set('new', 'clean');
    t.equal(admitted.get('p0'), 'clean');
    t.equal(admitted.get('p1'), undefined);
    for (let version = 1; version <= 6; version += 1) {
      const memory = openAdmittedPictures(silentLog, folder, `v${version}`);
      memory.set('p', 'clean');
      memory.save();
      utimesSync(join(folder, `admitted-v${version}.json`), version, version);
    }
    t.same(readdirSync(folder).sort(), [
      'admitted-v3.json',
      'admitted-v4.json',
      'admitted-v5.json',
      'admitted-v6.json',
    ]);
  });

  t.test('keeps words as read, and judges them by the present rules', async (t) => {
    const folder = t.testdir({});
    const words = openKnownWords(silentLog, folder);
    const line = { text: '750 ml', confidence: 0.9, box: { x: 1, y: 2, width: 30, height: 10 } };
    words.set(key, [line]);
    words.set('empty', []);
    words.save();
    const again = openKnownWords(silentLog, folder);
    t.same(again.get(key), [line]);
    t.same(again.get('empty'), []);
    t.equal(openKnownWords(silentLog, folder, 'another reader').get(key), undefined);
  });

  t.test('separates rooms that allow retail barcodes from rooms that refuse them', async (t) => {
    const cache = process.env['XDG_CACHE_HOME'];
    t.teardown(() =>
      cache === undefined ? delete process.env['XDG_CACHE_HOME'] : (process.env['XDG_CACHE_HOME'] = cache),
    );
    process.env['XDG_CACHE_HOME'] = t.testdir({});
    const of = (retailBarcodes: 'allow' | 'refuse') =>
      admittedPictures({ compliance: compliance.parse({ retailBarcodes }) }, silentLog);
    const allowing = of('allow');
    allowing.set(key, 'clean');
    allowing.save();
    t.equal(of('allow').get(key), 'clean');
    t.equal(of('refuse').get(key), undefined);
  });
});

t.test('scan threads', async (t) => {
  const room = (layers: object[], compliance = {}) =>
    parseRoom(
      JSON.stringify({
        name: 'r',
        video: { width: 720, height: 1280 },
        presenter: { pack: 'mei' },
        compliance,
        layers: [{ id: 'presenter', type: 'presenter', height: '60%' }, ...layers],
        script: { segments: [{ lines: [{ text: 'Hello' }] }] },
      }),
      'room.json',
    );
  const media = (width: number, height: number) => ({ id: 'm', type: 'media', items: ['a.mp4'], width, height });
  const image = (motion: object) => ({ id: 'i', type: 'image', src: 'a.png', width: '100%', height: '100%', motion });

  t.test('starts a room with small changes with one thread, up to the number of cores', async (t) => {
    t.strictSame(scanThreads(room([]), 2), { threads: 1, leastThreads: 1, mostThreads: 2 });
    t.strictSame(
      scanThreads(room([]), 64),
      { threads: 1, leastThreads: 1, mostThreads: 4 },
      'leaves CPU to the encoder',
    );
    t.strictSame(scanThreads(room([]), 1), { threads: 1, leastThreads: 1, mostThreads: 1 });
    t.equal(scanThreads(room([media(360, 600)]), 2).threads, 1, 'less than a quarter of the picture');
    t.equal(
      scanThreads(room([image({ keyframes: [{ atMs: 0, opacity: 1 }] })]), 2).threads,
      1,
      'a layer without motion',
    );
  });

  t.test('starts a room with large motion with two threads, where there are cores', async (t) => {
    t.equal(scanThreads(room([media(720, 1280)]), 2).threads, 2);
    t.equal(scanThreads(room([media(720, 1280)]), 1).threads, 1);
    t.equal(
      scanThreads(
        room([
          image({
            keyframes: [
              { atMs: 0, dx: 0 },
              { atMs: 900, dx: 90 },
            ],
          }),
        ]),
        2,
      ).threads,
      2,
    );
  });

  t.test("uses the room file's number of threads", async (t) => {
    t.strictSame(scanThreads(room([media(720, 1280)], { scanThreads: 1 }), 8), {
      threads: 1,
      leastThreads: 1,
      mostThreads: 1,
    });
  });
});

t.test('text reader of a busy machine', async (t) => {
  const picture = { rgba: new Uint8Array(64 * 64 * 4).fill(255), width: 64, height: 64 };

  /** Whether a picture is admitted whose reader is late so many times. */
  function admissionOf(late: number) {
    const warnings: string[] = [];
    let asked = 0;
    const reader = {
      read: async () => {
        asked += 1;
        if (asked <= late) throw new EngineError('E_TIMEOUT', { where: 'text reader', found: 'none in 60000 ms' });
        return [];
      },
    };
    const scanner = { scan: async () => ({ verdict: 'clean', hits: [] }) };
    const admission = new Admission({
      kernels: loadKernels(),
      log: { ...silentLog, warn: (_fields: unknown, text?: string) => void warnings.push(text ?? '') },
      ledger: () => undefined,
      judge: new TextJudge(),
      room: parseRoom(JSON.stringify(templateRoom('minimal')), templatePath('rooms', 'minimal', 'room.json')),
      shared: { reader, scanner } as any,
    });
    admission.readsText = true;
    return { admission, warnings, asked: () => asked };
  }

  t.test('is waited for, and says so each minute', async (t) => {
    const { admission, warnings, asked } = admissionOf(3);
    t.teardown(() => admission.close());
    await admission.admit({ ...picture, where: 'layers[0]' });
    t.equal(asked(), 4);
    t.same(
      warnings,
      Array.from({ length: 3 }, () => 'the machine is busy: still waiting for the text reader'),
    );
  });

  t.test('leaves the picture unshown when it hangs', async (t) => {
    const { admission, asked } = admissionOf(Infinity);
    t.teardown(() => admission.close());
    await t.rejects(
      admission.inspect(picture, 'frame', 'layers[0]').then(({ hits }) => {
        if (hits.some(({ refused }) => refused)) throw new Error('refused');
      }),
      /refused/,
    );
    t.equal(asked(), 5, 'five minutes');
  });
});
