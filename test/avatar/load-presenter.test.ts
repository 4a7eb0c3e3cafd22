import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadPresenter } from '../../src/avatar/load-presenter.js';
import type { PresenterData } from '../../src/avatar/presenter-data.js';
import { PresenterRuntime } from '../../src/avatar/presenter-runtime.js';
import { silentLog } from '../../src/core/log.js';
import { templatePath } from '../../src/core/files/paths.js';
import { BitmapTable, DRAW_STRIDE, DrawList, i420Size, newBitmapId, RectList } from '../../src/core/media/picture.js';
import { VISEMES, type MouthTrack } from '../../src/core/speech.js';
import { frameIndex } from '../../src/core/time.js';
import { box, frame, kernels, loader, rate, script, steady } from './presenter-rig.js';
import { sampled } from '../kit/whole.js';

/** The jaw sinks with an open mouth: chin and lower cheeks move too. */
const CHIN_PX = 40;
const CHEEK_PX = 32;

const load = loader(t);
const mei = await load('mei');

t.test('loads every presenter with all items even and inside the box', async (t) => {
  for (const name of sampled(['mei', 'leo', 'amara'], 2)) {
    const data = await load(name);
    const runtime = script(new PresenterRuntime(data, rate, 3));
    const byId = new Map(data.sprites.map((s) => [s.id, s]));
    for (const s of data.sprites) {
      const { width, height } = s.bitmap;
      const inside =
        s.x >= box.x && s.y >= box.y && s.x + width <= box.x + box.width && s.y + height <= box.y + box.height;
      if (!inside || (s.x | s.y | width | height) % 2 !== 0) t.fail(`${name}: sprite ${s.x},${s.y} ${width}×${height}`);
      if (s.bitmap.data.length !== (width * height * 11) / 4) t.fail('bitmap of another length');
    }
    for (let n = 0; n < 300; n += 7) {
      const items = frame(runtime, n);
      t.ok(items.length >= 9 * DRAW_STRIDE, 'the whole figure is there');
      for (let i = 0; i < items.length; i += DRAW_STRIDE) {
        const s = byId.get(items[i]!)!;
        const [x, ...rest] = items.slice(i + 1, i + DRAW_STRIDE);
        const [clipY, clipHeight] = [rest[3]!, rest[5]!];
        const isTorso = data.bodyUpper.some((index) => data.sprites[index] === s);
        if (isTorso) t.ok((clipY | clipHeight) % 2 === 0 && clipY >= box.y && clipHeight <= data.torso.band, 'a band');
        const [top, height] = isTorso ? [clipY, clipHeight] : [box.y, box.height];
        t.same(rest, [s.y, 256, box.x, top, box.width, height]);
        // The weight moves head and arms by even pixels.
        t.ok((x! - s.x) % 2 === 0 && Math.abs(x! - s.x) <= data.shiftPx + 4, `moved by ${x! - s.x} px`);
      }
    }
  }
});

t.test('stands the figure on the bottom of its box and crops its sides only outside of the safe box', async (t) => {
  const narrow = await load('leo', { x: 0, y: 0, width: 120, height: 300 });
  const body = narrow.sprites[narrow.bodyLower]!;
  t.equal(body.y + body.bitmap.height, 300);
  t.ok(body.x >= 0 && body.x + body.bitmap.width <= 120);
  const head = narrow.sprites[narrow.sway[0]!.head]!;
  t.ok(head.y > 40, 'it became smaller instead of losing its shoulders');
  await t.rejects(load('leo', { x: 1, y: 0, width: 120, height: 300 }), { code: 'E_PRESENTER_INVALID' });
});

t.test('restores a pose bank from disk and draws a damaged one again', async (t) => {
  const dir = t.testdir();
  mkdirSync(join(dir, 'sub'));
  const options = { box: { ...box, width: 160, height: 200 }, kernels, log: silentLog, cacheDir: join(dir, 'sub') };
  const digest = (d: PresenterData): string => {
    const h = createHash('sha256').update(JSON.stringify([d.sway, d.nod, d.bodyUpper, d.gestures]));
    for (const s of d.sprites) h.update(`${s.x},${s.y}`).update(s.bitmap.data);
    return h.digest('hex');
  };
  const folder = templatePath('presenters', 'amara');
  const drawn = await loadPresenter(folder, options);
  const expected = digest(drawn);
  const read = await loadPresenter(folder, options);
  t.equal(digest(read), expected);
  t.not(read.sprites[0]!.id, drawn.sprites[0]!.id, 'with handles of its own');
  const [file] = readdirSync(options.cacheDir);
  const path = join(options.cacheDir, file!);
  const bytes = readFileSync(path);
  bytes[bytes.length - 9]! ^= 1;
  // Beside and renamed: rooms on air have the old file mapped.
  const replace = (content: Uint8Array): void => {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  };
  replace(bytes);
  t.equal(digest(await loadPresenter(folder, options)), expected, 'one flipped bit is noticed');
  replace(bytes.subarray(0, 5000));
  t.equal(digest(await loadPresenter(folder, options)), expected, 'so is a file cut short');
  t.equal(digest(drawn), expected, 'a presenter on air stays as it is');
});

t.test('keeps neighbouring sway steps less than two pixels apart at the crown', async (t) => {
  const large = await load('leo', { x: 0, y: 0, width: 560, height: 700 });
  for (let i = 1; i < large.sway.length; i += 1) {
    const a = large.sprites[large.sway[i - 1]!.head]!;
    const b = large.sprites[large.sway[i]!.head]!;
    t.ok(Math.abs(a.x - b.x) <= 2 && Math.abs(a.y - b.y) <= 2, `step ${i}`);
  }
  t.ok(large.bytes < 60 * 2 ** 20, `${large.bytes} bytes`);
});

t.test('composes an opaque figure whose closed and open lips differ only at mouth and jaw', async (t) => {
  const { width, height } = { width: 320, height: 340 };
  const table = new BitmapTable();
  const ground = newBitmapId();
  const green = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i += 1) green.set([0, 255, 0, 255], i * 4);
  table.set(ground, kernels.rgbaToYuva(green, width, height, 0, 0));
  const draw = (track: MouthTrack): Uint8Array => {
    const runtime = new PresenterRuntime(mei, rate, 1);
    runtime.registerBitmaps(table);
    runtime.speak(frameIndex(0), track);
    const list = new DrawList();
    list.push(ground, 0, 0, 256, 0, 0, width, height);
    runtime.paint(frameIndex(30), list);
    const rects = new RectList();
    rects.push(0, 0, width, height);
    const canvas = new Uint8Array(i420Size(width, height));
    kernels.compose(canvas, width, height, rects, list, table);
    const rgba = new Uint8Array(width * height * 4);
    kernels.i420ToRgba(canvas, width, height, rgba);
    return rgba;
  };
  const shut = draw(steady('PP', 60, 0));
  const open = draw(steady('aa', 60));
  const greenAt = (x: number, y: number): boolean => {
    const [r, g, b] = shut.subarray((y * width + x) * 4, (y * width + x) * 4 + 3);
    return g! > 200 && r! < 80 && b! < 80;
  };
  t.ok(greenAt(45, 30) && greenAt(275, 30), 'the corners of the box are clear');
  for (let y = 60; y < 320; y += 10) t.notOk(greenAt(160, y), `the middle is covered at ${y}`);
  const mouth = mei.sprites[mei.sway[(mei.sway.length - 1) / 2]!.mouths[VISEMES.indexOf('aa') * 4 + 3]!]!;
  let outside = 0;
  let inside = 0;
  for (let i = 0; i < width * height; i += 1) {
    if (Math.abs(shut[i * 4]! - open[i * 4]!) < 8) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    const near =
      x > mouth.x - CHEEK_PX &&
      x < mouth.x + mouth.bitmap.width + CHEEK_PX &&
      y > mouth.y - 12 &&
      y < mouth.y + mouth.bitmap.height + CHIN_PX;
    if (near) inside += 1;
    else outside += 1;
  }
  t.ok(inside > 40, `${inside} pixels of mouth`);
  t.equal(outside, 0);
});
