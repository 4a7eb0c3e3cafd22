import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import t from 'tap';
import { readersTable } from '../../scripts/tools/docs/readers-table.js';
import { AdmissionScan } from '../../src/codescan/admission/admission-scan.js';
import { CODE_READERS } from '../../src/codescan/code-reader.js';
import { ZxingReader } from '../../src/codescan/decoders/library-readers.js';
import { EFFORT } from '../../src/codescan/jobs/scan-memory.js';
import { FINDER_STRIDE } from '../../src/codescan/locate/candidate-boxes.js';
import { findCodewords } from '../../src/codescan/pdf417/bars-reader.js';
import { KnownRegions } from '../../src/codescan/pipeline/known-regions.js';
import { LiveScan } from '../../src/codescan/pipeline/live-scan.js';
import { AreaScan, ScanFindings } from '../../src/codescan/pipeline/scan-areas.js';
import type { CodeSymbol } from '../../src/codescan/pipeline/symbol.js';
import { findCodePieces } from '../../src/codescan/qr/qr-pieces.js';
import { packageRoot } from '../../src/core/files/paths.js';
import { OUTLINE } from '../../src/core/kernels.js';
import { RectList } from '../../src/core/media/picture.js';
import { loadKernels } from '../../src/native/load-kernels.js';
import { drawCode, makeCode, type Modules, plainFrame } from '../kit/draw-code.js';

t.test('known regions', async (t) => {
  const kernels = loadKernels();
  const SIDE = 60;
  /** A square of squares, `cell` pixels wide, light and dark by `seed`. */
  const pattern = (cell: number, seed: number, light = 200): Uint8Array =>
    Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
      const [x, y] = [Math.floor((i % SIDE) / cell), Math.floor(i / SIDE / cell)];
      return Math.imul(x * 31 + y * 17 + seed, 0x9e3779b1) >>> 31 === 1 ? light : 40;
    });

  t.test('recognises a read region after it moved, and nothing else', (t) => {
    const known = new KnownRegions(kernels);
    const letter = pattern(20, 1);
    known.begin();
    t.notOk(known.has(letter, 100, 100, SIDE, SIDE));
    known.add(100, 100, SIDE, SIDE);
    known.begin();
    t.ok(known.has(letter, 110, 96, SIDE, SIDE), 'moved by a few pixels');
    t.ok(
      known.has(
        letter.map((v) => v + 3),
        120,
        96,
        SIDE,
        SIDE,
      ),
      'and again, in a little more light',
    );
    t.notOk(known.has(letter, 300, 96, SIDE, SIDE), 'elsewhere it is new');
    t.notOk(known.has(letter, 120, 96, SIDE - 12, SIDE), 'new at another size');
    t.notOk(known.has(pattern(5, 2), 120, 96, SIDE, SIDE), 'new when a code replaces it');
    t.end();
  });

  t.test('compares a slowly changing region with its last reading, not with the last picture', (t) => {
    const known = new KnownRegions(kernels);
    known.begin();
    known.has(pattern(20, 1, 60), 0, 0, SIDE, SIDE);
    known.add(0, 0, SIDE, SIDE);
    const seen = [62, 75, 90, 105].map((light) => {
      known.begin();
      return known.has(pattern(20, 1, light), 0, 0, SIDE, SIDE);
    });
    t.same(seen, [true, false, false, false], 'though each step is small');
    t.end();
  });

  t.test('forgets regions not seen for a while, and drops the oldest when full', (t) => {
    const known = new KnownRegions(kernels);
    known.begin();
    known.has(pattern(20, 1), 0, 0, SIDE, SIDE);
    known.add(0, 0, SIDE, SIDE);
    for (let i = 0; i < 50; i += 1) known.begin();
    t.notOk(known.has(pattern(20, 1), 0, 0, SIDE, SIDE));
    for (let i = 0; i < 200; i += 1) {
      known.begin();
      known.has(pattern(20, i), 100 * i, 0, SIDE, SIDE);
      known.add(100 * i, 0, SIDE, SIDE);
    }
    t.ok(known.has(pattern(20, 199), 19_900, 0, SIDE, SIDE));
    t.end();
  });
});

t.test('scan areas', async (t) => {
  const W = 640;
  const H = 480;
  const zxing = await ZxingReader.open(W * H);
  t.teardown(() => zxing.close());

  const whole = new RectList(1);
  whole.push(0, 0, W, H);

  /** Reads the luma with a fresh scan; `marked` as in AreaScan. */
  function read(frame: Uint8Array, marked: number): { formats: string[]; reads: number; done: number } {
    const formats: string[] = [];
    const areas = new AreaScan(loadKernels(), zxing, W, H, 'luma', new Uint8Array(W * H));
    areas.marked = marked;
    const take = (symbols: readonly { valid: boolean; format: string }[]): boolean => {
      for (const { valid, format } of symbols) if (valid) formats.push(format);
      return symbols.some((s) => s.valid);
    };
    areas.run(frame.subarray(0, W * H), whole, 1, take);
    return { formats: [...new Set(formats)], reads: areas.reads, done: areas.done.count };
  }

  t.test('reads a code of any format, with or without its locator', async (t) => {
    for (const [format, module, kind] of [
      ['DataMatrix', 6, OUTLINE.corner],
      ['Aztec', 6, OUTLINE.bullseye],
      ['PDF417', 2, OUTLINE.start],
    ] as const) {
      const frame = plainFrame(W, H, [140, 128, 128]);
      drawCode(frame, W, H, await makeCode('https://evil.example/m1', format), { x: 100, y: 100, module });
      for (const marked of [0, 1 << kind]) t.strictSame(read(frame, marked).formats, [format], `marks ${marked}`);
    }
  });

  t.test('does not count a region as read after a reading for one format or at half size', async (t) => {
    const frame = plainFrame(W, H, [200, 128, 128]);
    // Merged blots: texture without a corner, a bull's eye or a start.
    const paint = (size: number): void => {
      for (let y = 100; y < 260; y += 1) {
        for (let x = 80; x < 400; x += 1) {
          const [u, v] = [x / size, y / size];
          const wave = Math.sin(u / 3 + 3 * Math.sin(v / 9)) * Math.sin(v / 3 + 3 * Math.sin(u / 11));
          frame[y * W + x] = wave > 0.2 ? 40 : 200;
        }
      }
    };
    paint(1);
    const [every, corners] = [read(frame, 0), read(frame, 1 << OUTLINE.corner)];
    t.ok(every.reads > 0 && every.done > 0, `${every.reads} readings`);
    t.ok(corners.reads > 0, `${corners.reads} readings`);
    t.equal(corners.done, 0);
    paint(4);
    const coarse = read(frame, 0);
    t.ok(coarse.reads > 0 && coarse.done < coarse.reads, `${coarse.done} of ${coarse.reads} in their own size`);
  });
});

t.test('located codes', async (t) => {
  /** An unread QR code with a corner at (x, y) and sides of these lengths. */
  function unread(x: number, y: number, width: number, height: number): CodeSymbol {
    const at = (u: number, v: number): { x: number; y: number } => ({ x: x + u * width, y: y + v * height });
    const quad = { topLeft: at(0, 0), topRight: at(1, 0), bottomLeft: at(0, 1), bottomRight: at(1, 1) };
    return { format: 'QRCode', valid: false, text: '', x, y, width, height, quad };
  }

  t.test('counts a located code without locators only when allowed and of a plausible shape', async (t) => {
    const findings = new ScanFindings();
    const grey = new Uint8Array(200 * 200).fill(128);
    const take = (symbol: CodeSymbol, located: boolean): boolean => {
      findings.clear();
      findings.lookingAt(grey, 200, 200, 1);
      return findings.take([symbol], 1, 0, 0, located);
    };
    t.equal(take(unread(40, 40, 80, 80), false), false);
    t.equal(take(unread(40, 40, 80, 80), true), true);
    t.strictSame(findings.hits, [
      { rule: '3.3', kind: 'undecoded-code', box: { x: 40, y: 40, width: 80, height: 80 } },
    ]);
    t.equal(take(unread(0, 0, 0, 0), true), false, 'no corners');
    t.equal(take(unread(40, 40, 120, 40), true), false, 'three times as long as it is wide');
    t.equal(take({ ...unread(40, 40, 80, 80), format: 'DataMatrix' }, true), false, 'another format');
  });
});

t.test('code readers', async (t) => {
  const folder = join(packageRoot(), 'src/codescan');
  /** Folders of codescan that serve all forms. */
  const COMMON = new Set(['admission', 'decoders', 'jobs', 'locate', 'pipeline']);

  t.test('every folder of a form has its reader in the table', async (t) => {
    const forms = readdirSync(folder, { withFileTypes: true }).filter(
      (one) => one.isDirectory() && !COMMON.has(one.name),
    );
    t.equal(forms.length, CODE_READERS.length);
  });

  t.test('a reader that is on by default finds codes that the scan misses without it', async (t) => {
    for (const { name, isOption, gains } of CODE_READERS) {
      if (isOption === true) continue;
      t.ok(
        gains.some(({ found, without }) => found > without),
        name,
      );
      for (const { codes, found, without } of gains) t.ok(without <= found && found <= codes, name);
    }
  });

  t.test('the page of benchmarks has the table of readers', async (t) => {
    const page = readFileSync(join(packageRoot(), 'docs', 'benchmarks-scan.md'), 'utf8');
    t.ok(page.includes(readersTable()), 'run `npm run tool -- write-readers`');
  });
});

t.test('pdf417 rows', async (t) => {
  const W = 640;
  const H = 320;
  const GREY = [120, 128, 128] as const;
  const code = await makeCode('https://evil.example/m1000004', 'PDF417');
  const START = 17;

  /** The first columns of a symbol, or the last. */
  function part(from: Modules, first: number, width: number): Modules {
    const dark = new Uint8Array(width * from.height);
    for (let y = 0; y < from.height; y += 1) {
      for (let x = 0; x < width; x += 1) dark[y * width + x] = from.dark[y * from.width + first + x]!;
    }
    return { width, height: from.height, dark };
  }

  function turnedBack({ width, height, dark }: Modules): Modules {
    return { width, height, dark: dark.slice().toReversed() };
  }

  const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
  t.teardown(() => zxing.close());
  const whole = new RectList(1);
  whole.push(0, 0, W, H);

  /** Codewords with modules in random order: four bars and four spaces of seventeen modules, of any cluster. */
  function notACode(rows: number): Modules {
    const words = 4;
    const width = START + 17 * words;
    const dark = new Uint8Array(width * rows);
    let seed = 1;
    const random = (n: number): number => (seed = (seed * 48_271) % 0x7fffffff) % n;
    for (let y = 0; y < rows; y += 1) {
      for (let x = 0; x < START; x += 1) dark[y * width + x] = code.dark[x]!;
      if (y % 3 !== 0) {
        dark.copyWithin(y * width, (y - 1) * width, y * width);
        continue;
      }
      for (let w = 0; w < words; w += 1) {
        const runs = Array.from({ length: 8 }, () => 1);
        for (let left = 9; left > 0; left -= 1) runs[random(8)]! += 1;
        let x = START + 17 * w;
        for (const [i, run] of runs.entries()) for (let k = 0; k < run; k += 1) dark[y * width + x++] = 1 - (i % 2);
      }
    }
    return { width, height: rows, dark };
  }

  for (const prefer of ['native', 'twin'] as const) {
    const scan = new LiveScan(loadKernels({ prefer }), zxing, W, H);
    const look = (shown: Modules, module: number): { kind: string; text?: string }[] => {
      const frame = plainFrame(W, H, GREY);
      drawCode(frame, W, H, shown, { x: 40, y: 60, module, quiet: 2 });
      scan.run(frame, whole, new Int32Array(4), EFFORT.deep);
      return scan.hits.map(({ kind, text }) => (text === undefined ? { kind } : { kind, text }));
    };

    t.test(`counts an unreadable rest of a PDF417 as one (${prefer})`, async (t) => {
      for (const module of [2, 4]) {
        const left = part(code, 0, START + 17 * 2 + 3);
        t.strictSame(look(left, module), [{ kind: 'pdf417' }], `two columns of it, ${module} px per module`);
        t.strictSame(look(turnedBack(left), module), [{ kind: 'pdf417' }], 'rotated by 180 degrees');
      }
    });

    t.test(`rejects its end alone, its start alone and bars that are not codewords (${prefer})`, async (t) => {
      t.strictSame(look(part(code, code.width - 60, 60), 2), []);
      t.strictSame(look(part(code, 0, START + 10), 2), []);
      t.strictSame(look(notACode(24), 2), []);
    });
  }

  t.test('locates codewords along columns', async (t) => {
    const frame = plainFrame(W, H, GREY);
    const module = 2;
    const [x, y] = drawCode(frame, W, H, code, { x: 40, y: 60, module, quiet: 2 });
    const luma = frame.subarray(0, W * H);
    const mark = { x: x + 2 * module, y: y + 5 * module, width: START * module, height: 6 };
    const box = findCodewords(luma, W, H, mark)!;
    t.ok(Math.abs(box.x - mark.x) <= 1 && box.width > 4 * START * module, 'from the start on');
    t.ok(box.y <= y + 5 * module && box.height > 10 * module);
    const turned = new Uint8Array(W * H);
    for (let v = 0; v < H; v += 1) for (let u = 0; u < W; u += 1) turned[u * H + v] = luma[v * W + u]!;
    t.same(findCodewords(turned, H, W, { x: mark.y, y: mark.x, width: mark.height, height: mark.width }), {
      x: box.y,
      y: box.x,
      width: box.height,
      height: box.width,
    });
  });
});

t.test('qr pieces', async (t) => {
  const W = 640;
  const H = 480;
  const GREY: [number, number, number] = [140, 128, 128];
  const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
  t.teardown(() => zxing.close());

  const code = await makeCode('https://evil.example/m1000002');

  /** Columns `from` to `to` of a code. */
  function columns({ width, height, dark }: Modules, from: number, to: number): Modules {
    const part = new Uint8Array((to - from) * height);
    for (let y = 0; y < height; y += 1) part.set(dark.subarray(y * width + from, y * width + to), y * (to - from));
    return { width: to - from, height, dark: part };
  }

  function hitsOf(frame: Uint8Array): string[] {
    const whole = new RectList(1);
    whole.push(0, 0, W, H);
    const scan = new LiveScan(loadKernels(), zxing, W, H);
    scan.run(frame, whole, whole.items, EFFORT.deep | EFFORT.exact);
    return scan.hits.map((hit) => hit.kind);
  }

  t.test('reports the halves of a code at any distance', async (t) => {
    const cut = Math.ceil(code.width / 2);
    for (const [gap, shift] of [
      [30, 0],
      [90, 40],
      [330, -60],
    ] as const) {
      const frame = plainFrame(W, H, GREY);
      drawCode(frame, W, H, columns(code, 0, cut), { x: 10, y: 150, module: 6, quiet: 1 });
      const at = { x: 10 + (cut + 2) * 6 + gap, y: 150 + shift, module: 6, quiet: 1 };
      drawCode(frame, W, H, columns(code, cut, code.width), at);
      t.strictSame(hitsOf(frame), ['undecoded-code'], `${gap} px apart, ${shift} px off`);
    }
  });

  t.test('reports the half with two finders and not the other half', async (t) => {
    const half = Math.ceil(code.width / 2);
    for (const [from, to, hits] of [
      [0, half, ['undecoded-code']],
      [half, code.width, []],
    ] as const) {
      const frame = plainFrame(W, H, GREY);
      drawCode(frame, W, H, columns(code, from, to), { x: 40, y: 150, module: 6 });
      t.strictSame(hitsOf(frame), hits, `columns ${from} to ${to}`);
    }
  });

  t.test('rejects finders without data beside them, and a wall of finders', async (t) => {
    const finder = columns(code, 0, 7);
    const mark: Modules = { width: 7, height: 7, dark: finder.dark.subarray(0, 49) };
    for (const marks of [2, 3, 12]) {
      const frame = plainFrame(W, H, GREY);
      const hits = new Int32Array(marks * FINDER_STRIDE);
      for (let i = 0; i < marks; i += 1) {
        const [x, y] = [20 + (i % 4) * 150, 20 + Math.floor(i / 4) * 140 + (i % 2) * 10];
        drawCode(frame, W, H, mark, { x, y, module: 6, quiet: 2 });
        hits.set([x + 33, y + 33, 6 * 16, 0], i * FINDER_STRIDE);
      }
      t.equal(findCodePieces(frame.subarray(0, W * H), W, H, hits, marks), undefined, `${marks} marks`);
    }
  });

  t.test('reports one finder with a timing pattern beside it, unless the adjacent lines alternate too', async (t) => {
    const part = columns(code, 0, 16);
    const corner: Modules = { width: 16, height: 16, dark: part.dark.subarray(0, 16 * 16) };
    const striped: Modules = { ...corner, dark: corner.dark.slice() };
    for (let y = 0; y < 16; y += 1) {
      for (let x = 0; x < 16; x += 1) if (x > 7 || y > 7) striped.dark[y * 16 + x] = 1 - ((x > 7 ? x : y) & 1);
    }
    for (const [marks, hits] of [
      [corner, ['undecoded-code']],
      [striped, []],
    ] as const) {
      const frame = plainFrame(W, H, GREY);
      // The rest of the code lies beyond the picture's corner.
      drawCode(frame, W, H, marks, { x: W - 18 * 8, y: H - 18 * 8, module: 8, quiet: 2 });
      t.strictSame(hitsOf(frame), hits, hits.length > 0 ? 'data on the lines beside it' : 'stripes');
    }
  });

  t.test('rejects letters with loops in outlined captions', async (t) => {
    const file = join(packageRoot(), 'test/codescan/pictures/outlined-captions.png');
    const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const scan = await AdmissionScan.open(loadKernels());
    t.teardown(() => scan.close());
    // 由 and 品 one below the other, each separately and all at once.
    const third = info.height / 3;
    for (const [top, height] of [
      [0, third],
      [third, third],
      [2 * third, third],
      [0, info.height],
    ] as const) {
      const rgba = data.subarray(top * info.width * 4, (top + height) * info.width * 4);
      t.equal(scan.scanPicture(rgba, info.width, height, 'live').verdict, 'clean', `lines ${top} to ${top + height}`);
    }
  });
});
