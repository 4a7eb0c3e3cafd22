import t from 'tap';
import { InlineScanner } from '../../../scripts/bench/scan-replay/inline-scanner.js';
import { ZxingReader } from '../../../src/codescan/decoders/library-readers.js';
import { EFFORT, OUTCOME, passesOf } from '../../../src/codescan/jobs/scan-memory.js';
import { LiveScan } from '../../../src/codescan/pipeline/live-scan.js';
import { gateBuffers } from '../../../src/compliance/gate/buffers/gate-buffers.js';
import type { GateEvent } from '../../../src/compliance/gate/gate-event.js';
import { Gate } from '../../../src/compliance/gate/gate.js';
import { AREA, OpenAreas } from '../../../src/compliance/gate/open-areas.js';
import { ScanPlan } from '../../../src/compliance/gate/scan-plan.js';
import { RectList } from '../../../src/core/media/picture.js';
import { TileGrid } from '../../../src/core/media/tile-grid.js';
import { seededRandom } from '../../../src/core/random.js';
import { frameIndex } from '../../../src/core/time.js';
import { type FrameHit, SOUND } from '../../../src/core/verdict.js';
import { loadKernels } from '../../../src/native/load-kernels.js';
import { barsOf, RETAIL_FORMS } from '../../codescan/draw-retail.js';
import { paintModules } from '../../codescan/paint-modules.js';
import { plainFrame } from '../../kit/draw-code.js';
import { sampled } from '../../kit/whole.js';
import { H, Rig, W, WHOLE } from './gate-rig.js';

t.test('abandoned scans', async (t) => {
  t.test(
    'abandons scans that never end, replaces every frame, and shows the picture again once verdicts return',
    async (t) => {
      const rig = new Rig();
      rig.scanner.coalesceOldest = () => -1;
      for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
      const from = rig.n;
      for (let i = 0; i < 400; i += 1) {
        rig.submit([0, 0, 32, 32]);
        rig.release();
      }
      t.strictSame([...new Set(rig.outcomes(from, rig.n))], ['unjudged']);
      t.ok(rig.gate.counters.noBuffer > 0);
      t.ok(rig.left.at(-1)!.picture[0] === 7, 'the slate follows the last clean picture after ten seconds');
      for (let i = 0; i < 100; i += 1) rig.clean([0, 0, 32, 32]);
      rig.drain();
      t.equal(rig.left.at(-1)!.outcome, 'released');
      const c = rig.gate.counters;
      t.equal(c.released + c.replaced, c.rendered);
    },
  );
});

t.test('coalesced scans', async (t) => {
  type Box = readonly [x: number, y: number, w: number, h: number];
  const meets = (a: readonly number[], b: Box): boolean =>
    a[0]! < b[0] + b[2] && b[0] < a[0]! + a[2]! && a[1]! < b[1] + b[3] && b[1] < a[1]! + a[3]!;

  /** Ends a frame's scan as a real one would: with the codes of its picture inside the scanned areas. */
  function finishScan(rig: Rig, frame: number, codes: readonly Box[]): void {
    const { rects } = rig.scanner.job(frame)!;
    const hits = codes.filter((code) => rects.some((r) => meets(r, code))).map((code) => [...code]);
    rig.scanner.finish(frame, hits.length > 0 ? OUTCOME.violation : OUTCOME.clean, hits);
  }

  /** Ticks whose scans wait, one per damage; returns their frames. */
  const wait = (rig: Rig, ...damage: number[][]): number[] =>
    damage.map((rect) => {
      const n = rig.submit(rect);
      rig.release();
      return n;
    });

  t.test('only the last of coalesced scans has a verdict, and the show continues after it', async (t) => {
    const rig = new Rig();
    for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    const [first = 0, second = 0, third = 0] = wait(rig, [0, 0, 32, 32], [64, 64, 32, 32], [0, 0, 32, 32]);
    rig.scanner.join(first, second);
    rig.scanner.join(second, third);
    for (let i = 0; i < 20; i += 1) rig.clean([0, 0, 32, 32]);
    t.strictSame(rig.outcomes(first - 1, third + 1), ['released', 'unjudged', 'unjudged', 'released', 'released']);
    t.equal(rig.gate.counters.scanJoined, 2);
    t.equal(rig.gate.counters.scanPending, 0);
  });

  t.test(
    'frames between two coalesced ones wait for the later scan, because they contain the earlier damage',
    async (t) => {
      const rig = new Rig({ lookAheadFrames: 16 });
      for (let i = 0; i < 30; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
      const code: Box = [128, 64, 40, 40];
      const frames = wait(rig, [...code], ...Array.from({ length: 14 }, () => [0, 0, 32, 32]));
      const [drawn = 0, next = 0] = frames;
      const last = frames.at(-1)!;
      rig.scanner.join(drawn, last);
      // Their own scans are clean, as if the code were outside the scanned areas.
      for (const n of frames.slice(1, -1)) rig.scanner.finish(n);
      for (let i = 0; i < 5; i += 1) wait(rig, [0, 0, 32, 32]);
      t.strictSame([...new Set(rig.outcomes(drawn, next + 2))], ['unjudged']);
    },
  );

  t.test(
    'releases a frame only if its slices were read in time, not in a scan coalesced with a much later one',
    async (t) => {
      const rig = new Rig();
      for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
      const before = rig.clean([0, 0, 32, 32]);
      const waiting = wait(rig, ...Array.from({ length: 6 }, () => [0, 0, 32, 32]));
      for (const n of waiting.slice(0, -1)) rig.scanner.join(n, n + 1);
      for (let i = 0; i < 20; i += 1) rig.clean([0, 0, 32, 32]);
      // A round is five frames here: a slice read in the last of six frames counts for the second of them at the
      // earliest.
      t.strictSame(rig.outcomes(before, before), ['unjudged']);
      t.strictSame([...new Set(rig.outcomes(waiting[0]!, waiting.at(-2)!))], ['unjudged']);
      t.strictSame(rig.outcomes(waiting.at(-1)!, waiting.at(-1)!), ['released']);
    },
  );

  t.test('every frame finds a buffer while a thread is stuck, and the show continues one scan later', async (t) => {
    const rig = new Rig();
    for (let i = 0; i < 20; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    rig.scanner.inHand = rig.n;
    for (let i = 0; i < 60; i += 1) {
      rig.submit([0, 0, 32, 32]);
      rig.release();
    }
    t.equal(rig.gate.counters.noBuffer, 0);
    rig.scanner.inHand = -1;
    const back = rig.n;
    for (let i = 0; i < 60; i += 1) rig.clean([0, 0, 32, 32]);
    rig.drain();
    const { counters } = rig.gate;
    t.ok(counters.scanJoined > 30, `${counters.scanJoined} joined`);
    t.equal(counters.noBuffer, 0);
    t.equal(rig.outcomes(back + 5, back + 5)[0] === 'unjudged', false, 'nothing is left to be scanned again');
  });

  t.test('property: no frame with a code is released, whatever scans are coalesced', async (t) => {
    let released = 0;
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = seededRandom(seed);
      const pick = (n: number): number => Math.floor(random() * n);
      const rig = new Rig({ minimumHoldMs: 100, lookAheadFrames: 16 });
      const drawn: Box[][] = [];
      const codes: Box[] = [];
      let open: number[] = [];
      for (let i = 0; i < 300; i += 1) {
        const damage: number[][] = i === 0 ? [WHOLE] : [[0, 0, 32, 32]];
        if (random() < 0.02) {
          const code: Box = [pick(W - 64) & ~1, (32 + pick(H - 96)) & ~1, 40, 40];
          codes.push(code);
          damage.push([...code]);
        }
        if (codes.length > 0 && random() < 0.2) damage.push([...codes.shift()!]);
        drawn.push([...codes]);
        open.push(rig.submit(...damage));
        // A thread that finishes some scans and coalesces others, in bursts.
        for (let work = pick(2) === 0 ? pick(8) : 0; work > 0; work -= 1) {
          open = open.filter((n) => rig.scanner.job(n)?.done === false);
          const [frame] = open;
          if (frame === undefined) break;
          // With two threads one may be working on a frame in between.
          const into = open[1 + pick(2)];
          if (into !== undefined && random() < 0.3) rig.scanner.join(frame, into);
          else finishScan(rig, frame, drawn[frame]!);
        }
        rig.release();
      }
      const leaked = rig.left.filter((r) => r.outcome === 'released' && drawn[r.frame]!.length > 0);
      t.strictSame(
        leaked.map((r) => r.frame),
        [],
        `seed ${seed}`,
      );
      released += rig.left.filter((r) => r.outcome === 'released').length;
      t.equal(rig.gate.counters.releasedUnjudged, 0);
      t.ok(rig.gate.counters.scanJoined > 20);
    }
    t.ok(released > 500, `the show goes on: ${released} frames released`);
  });
});

t.test('open areas', async (t) => {
  t.test('unjudged areas stay open after a search for finder patterns only', (t) => {
    const areas = new OpenAreas(new TileGrid(320, 320));
    areas.add(64, 64, 64, 64, AREA.unjudged, true);
    areas.add(200, 200, 32, 32, AREA.suspect, false);
    areas.add(264, 200, 32, 32, AREA.violation, false);
    const rects = new RectList(4);
    rects.push(0, 0, 32, 32); // read for every form of code
    rects.push(0, 0, 320, 320); // searched for finder patterns
    areas.removeInside(rects, 1);
    t.equal(areas.count, 3, 'so do a code, which may have another form, and a suspect beside one');
    t.equal(rects.count, 2, 'the list is unchanged');
    areas.removeInside(rects, 2);
    t.equal(areas.count, 0, 'and all close once they are read');
    t.end();
  });

  t.test('changing suspects are searched in every frame, and close when all slices were read', (t) => {
    const grid = new TileGrid(320, 320);
    const areas = new OpenAreas(grid);
    const tiles = new Int32Array(grid.words);
    const map = new Int32Array(grid.words);
    const rects = new RectList(8);
    areas.add(64, 64, 32, 32, AREA.suspect, false);
    areas.add(192, 192, 32, 32, AREA.suspect, false);
    areas.add(256, 0, 32, 32, AREA.unjudged, true);
    grid.markRect(tiles, 0, 64, 64, 8, 8);
    areas.collect(tiles, 0, rects, AREA.unjudged);
    t.same([...rects.items.subarray(0, 4)], [256, 0, 32, 32], 'unjudged areas are read at once');
    areas.collectMilder(tiles, 0, rects, AREA.unjudged, 10, 5, map, 0);
    t.equal(rects.count, 2, 'the suspect that changed is searched');
    t.same([...rects.items.subarray(4, 8)], [64, 64, 32, 32]);
    t.equal(grid.count(map, 0), 1, 'and all of it is scheduled for reading');
    const searched = new RectList(1);
    searched.push(0, 0, 320, 320);
    areas.removeInside(searched, 0, 13);
    t.equal(areas.count, 3, 'one slice is not read yet');
    areas.removeInside(searched, 0, 14);
    t.equal(areas.count, 2, 'the suspect that did not change stays');
    areas.collectMilder(tiles, 0, rects, AREA.violation, 16, 5, map, 0);
    t.equal(rects.count, 2, 'an area is not collected twice');
    t.end();
  });

  t.test('unjudged areas wait again when one of their slices was not read', (t) => {
    const grid = new TileGrid(320, 320);
    const areas = new OpenAreas(grid);
    const tiles = new Int32Array(grid.words);
    const map = new Int32Array(grid.words);
    const searched = new RectList(1);
    searched.push(0, 0, 320, 320);
    const collect = (sequence: number): RectList => {
      const rects = new RectList(8);
      areas.collectMilder(tiles, 0, rects, AREA.violation, sequence, 5, map, 0);
      return rects;
    };
    areas.add(0, 0, 320, 320, AREA.unjudged, true);
    t.equal(collect(10).count, 1);
    areas.add(0, 0, 320, 320, AREA.unjudged, true); // of frame 12, with a failed scan
    areas.removeInside(searched, 0, 14);
    t.equal(areas.count, 1);
    t.equal(collect(15).count, 1);
    areas.removeInside(searched, 0, 18);
    t.equal(areas.count, 1);
    t.equal(collect(19).count, 1, 'in the last of those frames it is searched once more without new drawing');
    areas.removeInside(searched, 0, 19);
    t.equal(areas.count, 0);
    t.end();
  });

  t.test('reads waiting areas at once when they have become small, even if nobody draws there', (t) => {
    const grid = new TileGrid(320, 320);
    const areas = new OpenAreas(grid);
    const tiles = new Int32Array(grid.words);
    const rects = new RectList(8);
    areas.add(64, 64, 32, 32, AREA.unjudged, true);
    areas.collectMilder(tiles, 0, rects, AREA.violation, 10, 5, new Int32Array(grid.words), 0);
    rects.clear();
    areas.collect(tiles, 0, rects, AREA.unjudged);
    t.equal(rects.count, 1);
    areas.collect(tiles, 0, rects, AREA.unjudged);
    t.equal(rects.count, 1, 'once');
    t.end();
  });
});

t.test('rested tiles', async (t) => {
  const grid = new TileGrid(640, 640);
  const DAMAGE = [96, 96, 32, 32] as const;

  t.test('reads parts that come to rest for every form of code at once, each once a second', (t) => {
    const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
    const tiles = new Int32Array(grid.words);
    const moving = new RectList(1);
    moving.push(...DAMAGE);
    const read: number[] = [];
    /** Damage in all frames but these. */
    const still = [40, 41, 50, 65];
    for (let n = 0; n < 70; n += 1) {
      const rects = still.includes(n) ? new RectList(1) : moving;
      tiles.fill(0);
      grid.mark(tiles, 0, rects);
      plan.make(n, rects, tiles, 0, new OpenAreas(grid));
      if (plan.readRects > 0 && n > 0) read.push(n);
    }
    t.same(read, [40, 65], 'not again in the same second');
    t.end();
  });

  t.test('leaves out what a drawn presenter alone moves, and sees others rest on a presenter that goes on', (t) => {
    const presenter = new RectList(1);
    presenter.push(64, 64, 128, 128);
    const sticker = new RectList(1);
    sticker.push(...DAMAGE);
    const none = new RectList(1);
    const reads = (moved: (n: number) => RectList, changes: (n: number) => RectList): number[] => {
      const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
      const tiles = new Int32Array(grid.words);
      const read: number[] = [];
      for (let n = 0; n < 60; n += 1) {
        tiles.fill(0);
        grid.mark(tiles, 0, changes(n));
        plan.make(n, changes(n), tiles, 0, new OpenAreas(grid), undefined, moved(n));
        if (plan.readRects > 0 && n > 0) read.push(n);
      }
      return read;
    };
    t.same(
      reads(
        () => none,
        (n) => (n === 40 ? none : presenter),
      ),
      [],
      'the presenter stops for a frame',
    );
    t.same(
      reads(
        (n) => (n < 40 ? sticker : none),
        () => presenter,
      ),
      [40],
      'a sticker stops over the moving presenter',
    );
    t.end();
  });

  t.test('reads what moves where only every sixth frame is drawn, once a second', (t) => {
    const plan = new ScanPlan(grid, 20, { num: 30, den: 1 });
    const tiles = new Int32Array(grid.words);
    const moving = new RectList(1);
    moving.push(...DAMAGE);
    const read: number[] = [];
    for (let n = 0; n < 120; n += 1) {
      const rects = n % 6 === 0 ? moving : new RectList(1);
      tiles.fill(0);
      grid.mark(tiles, 0, rects);
      plan.make(n, rects, tiles, 0, new OpenAreas(grid), undefined, rects, n % 6 !== 0);
      if (plan.readRects > 0 && n > 0) read.push(n);
    }
    t.same(read, [13, 31, 61, 91], 'at the first repeat after two changes, then once in each second');
    t.end();
  });
});

t.test('retail codes', async (t) => {
  const W = 640;
  const H = 480;
  const K = 8;
  const kernels = loadKernels();
  const zxing = await ZxingReader.open(LiveScan.pixels(W, H));
  t.teardown(() => zxing.close());

  /** Shows a product box with a barcode in some frames of a show and returns the releases. */
  async function show(
    retail: boolean,
    form: (typeof RETAIL_FORMS)[number],
    degrees: number,
    onCode: 'slate' | 'blur' = 'slate',
  ) {
    const hits: FrameHit[] = [];
    const onEvent = (event: GateEvent): void => {
      if (event.type === 'violation') hits.push(...event.hits);
    };
    const scan = new LiveScan(kernels, zxing, W, H, undefined, retail);
    const gate = new Gate({
      width: W,
      height: H,
      rate: { num: 30, den: 1 },
      lookAheadFrames: K,
      kernels,
      scanner: new InlineScanner(scan, W, H, gateBuffers(K, 2)),
      slate: new Uint8Array((W * H * 3) / 2),
      onCode,
      minimumHoldMs: 0,
      maxSamplesPerFrame: 1600,
      poolExtraFrames: 2,
      onEvent,
    });
    const bars = await barsOf(form);
    const plain = plainFrame(W, H, [190, 120, 136]);
    const withCode = plain.slice();
    paintModules(withCode.subarray(0, W * H), W, H, bars, { x: 320, y: 240, module: 2, degrees, dark: 30 });
    const causes = new Map<number, string>();
    const pictures = new Map<number, Uint8Array>();
    const release = (): void => {
      const { frame, cause, picture, token } = gate.release();
      causes.set(frame, cause ?? 'released');
      pictures.set(frame, picture.slice());
      gate.recycle(token);
    };
    const damage = new RectList(1);
    for (let n = 0; n < 90; n += 1) {
      damage.clear();
      if (n === 0) damage.push(0, 0, W, H);
      // Frames in which the box appears and disappears.
      if (n === 40 || n === 50) damage.push(100, 20, 440, 440);
      const canvas = n >= 40 && n < 50 ? withCode : plain;
      gate.submit(frameIndex(n), canvas, damage, new Float32Array(3200), 1600, SOUND.clean);
      while (gate.ready()) release();
    }
    gate.flush();
    while (gate.ready()) release();
    return { causes, hits, pictures, plain, counters: gate.counters };
  }

  t.test('releases no frame with a refused retail code, and names it for the ledger', async (t) => {
    for (const form of sampled(RETAIL_FORMS, 2)) {
      for (const degrees of [0, 90]) {
        const { causes, hits, counters } = await show(true, form, degrees);
        for (let n = 40; n < 50; n += 1) t.equal(causes.get(n), 'violation', `${form[0]}, ${degrees}°, frame ${n}`);
        t.equal(causes.get(20), 'released');
        t.equal(causes.get(89), 'released', 'and the show is back');
        t.match(hits, [{ rule: '3.3', kind: form[2], text: String }], `${form[0]}, ${degrees}°`);
        t.equal(counters.releasedUnjudged, 0);
      }
    }
  });

  t.test('shows retail codes by default', async (t) => {
    const { counters, hits } = await show(false, RETAIL_FORMS[0], 0);
    t.strictSame([counters.released, counters.replaced, hits], [90, 0, []]);
  });

  t.test('"blur" obscures a retail code and keeps its surroundings', async (t) => {
    const { pictures, plain, counters } = await show(true, RETAIL_FORMS[0], 0, 'blur');
    const judge = new LiveScan(kernels, zxing, W, H, undefined, true);
    const whole = new RectList(1);
    whole.push(0, 0, W, H);
    for (let n = 40; n < 50; n += 1) {
      judge.run(pictures.get(n)!, whole, whole.items, EFFORT.deep | EFFORT.exact);
      t.strictSame(judge.hits, [], `frame ${n}`);
    }
    const late = pictures.get(47)!;
    const sameTo = (rows: number): boolean =>
      Buffer.compare(late.subarray(0, rows * W), plain.subarray(0, rows * W)) === 0;
    t.ok(sameTo(100), 'the rest is the picture');
    t.notOk(sameTo(H), 'and it has content');
    t.equal(counters.releasedUnjudged, 0);
  });
});

t.test('scan intake', async (t) => {
  t.test('a code in an undamaged area stays in violation without another scan', async (t) => {
    const rig = new Rig({ minimumHoldMs: 0 });
    for (let i = 0; i < 12; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    const bad = rig.submit([200, 100, 40, 40]);
    rig.scanner.finish(bad, OUTCOME.violation, [[200, 100, 40, 40]]);
    rig.release();
    for (let i = 0; i < 5; i += 1) {
      const n = rig.submit([0, 0, 32, 32]);
      const job = rig.scanner.job(n);
      const looked = job?.rects.some(([x = 0, , w = 0]) => x <= 200 && x + w >= 240) ?? false;
      // A whole sweep or the check of each second may scan it; it still finds the code.
      rig.scanner.finish(n, looked ? OUTCOME.violation : OUTCOME.clean, looked ? [[200, 100, 40, 40]] : []);
      rig.release();
    }
    const gone = rig.submit([200, 100, 40, 40]);
    t.ok(
      rig.scanner
        .job(gone)!
        .rects.some(([x = 0, y = 0, w = 0, h = 0]) => x <= 174 && y <= 74 && x + w >= 266 && y + h >= 166),
      'the whole area is scanned again once it is damaged',
    );
    t.ok((rig.scanner.job(gone)!.effort & EFFORT.deep) !== 0, 'at full effort');
    rig.scanner.finishAll();
    rig.release();
    for (let i = 0; i < 40; i += 1) rig.clean([0, 0, 32, 32]);
    rig.drain();
    t.strictSame([...new Set(rig.outcomes(bad, gone - 1))], ['violation']);
    t.equal(rig.left.at(-1)!.outcome, 'released');
  });

  t.test('an area whose scan failed is scanned again in the next frame and not shown before', async (t) => {
    const rig = new Rig();
    // A frame without enhanced passes, which have a box of their own.
    for (let i = 0; i < 73; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 32, 32]);
    const failed = rig.submit([160, 64, 64, 64]);
    rig.scanner.finish(failed, OUTCOME.failed);
    rig.release();
    const next = rig.submit([0, 0, 32, 32]);
    t.ok(
      rig.scanner.job(next)!.rects.some(([x = 0, y = 0]) => x <= 160 && y <= 64 && x > 0),
      'asked again',
    );
    rig.release();
    for (let i = 0; i < 20; i += 1) rig.clean([0, 0, 32, 32]);
    t.strictSame(rig.outcomes(failed, failed + 1), ['unjudged', 'released']);
    t.equal(rig.events.filter((e) => e.type === 'scan-failed').length, 1);
  });

  t.test('a failed scan with enhanced passes leaves nothing judged', async (t) => {
    const rig = new Rig();
    // An area that was new four frames before is scanned with it.
    for (let i = 0; i < 75; i += 1) rig.clean(i === 0 ? WHOLE : i === 71 ? [288, 160, 32, 32] : [0, 0, 32, 32]);
    const failed = rig.submit([160, 64, 64, 64]);
    t.ok(passesOf(rig.scanner.job(failed)!.effort) !== 0, 'it is a frame with enhanced passes');
    const [x = 0, y = 0, w = 0, h = 0] = rig.scanner.job(failed)!.other;
    rig.scanner.finish(failed, OUTCOME.failed);
    rig.release();
    const next = rig.submit([0, 0, 32, 32]);
    const read = rig.scanner.job(next)!.rects;
    t.ok(
      read.some(([a = 0, b = 0, c = 0, d = 0]) => a <= x && b <= y && a + c >= x + w && b + d >= y + h),
      'the box of the passes is read again',
    );
    rig.scanner.finishAll();
    rig.release();
    for (let i = 0; i < 40; i += 1) rig.clean([0, 0, 32, 32]);
    t.equal(rig.outcomes(failed, failed + 1)[0], 'unjudged');
    t.equal(rig.left.at(-1)!.outcome, 'released');
  });

  t.test('large areas whose scan failed come back within two rounds, even if nobody draws there again', async (t) => {
    for (const parts of [
      [[0, 64, 320, 128]],
      [
        [0, 64, 144, 128],
        [176, 64, 144, 128],
      ],
    ]) {
      const rig = new Rig({ minimumHoldMs: 0 });
      for (let i = 0; i < 40; i += 1) rig.clean(i === 0 ? WHOLE : [0, 0, 16, 16]);
      const failed = rig.submit(...parts);
      rig.scanner.finish(failed, OUTCOME.failed);
      rig.release();
      for (let i = 0; i < 40; i += 1) rig.clean([0, 0, 16, 16]);
      t.strictSame([...new Set(rig.outcomes(failed - 2, failed))], ['unjudged']);
      t.strictSame([...new Set(rig.outcomes(failed + 10, failed + 30))], ['released']);
    }
  });
});
